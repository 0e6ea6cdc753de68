/* The line that the host says what to do in: fields with tabs between. */
#ifndef LINE_H
#define LINE_H

#include <stdint.h>

static uint32_t number(const char *digits) {
    uint32_t value = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++) {
        value = value * 10u + (uint32_t)(*digits - '0');
    }
    return value;
}

/* Ends a field of the line with NUL, and returns the next one. */
static char *next(char **rest) {
    char *field = *rest;
    while (**rest != '\0' && **rest != '\t' && **rest != '\n') {
        (*rest)++;
    }
    if (**rest != '\0') {
        *(*rest)++ = '\0';
    }
    return field;
}

#endif
