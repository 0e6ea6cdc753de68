/* A program that links our archives and another archive written in Rust. */
#include "notify_embedded.h"

#include <string.h>

uint32_t other_checksum(const unsigned char *bytes, size_t length);

int main(void) {
    static struct notify_query query;
    struct notify_signer signer;
    struct notify_clock clock;
    struct notify_service service = {NOTIFY_SERVICE_GOV_UK, NULL, NULL};
    char header[NOTIFY_BEARER_SIZE];
    uint8_t request[512];
    size_t length;
    const char *key = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
    if (notify_signer_init(&signer, key, strlen(key)) != NOTIFY_OK ||
        notify_signer_bearer(&signer, 1795430454, header, sizeof header) != NOTIFY_OK ||
        notify_clock_init(&clock, 1795430454) != NOTIFY_OK ||
        notify_query_find(&query, &service, "door-17-42") != NOTIFY_OK ||
        notify_query_request(&query, &signer, &clock, 0, request, sizeof request, &length) != NOTIFY_OK) {
        return 1;
    }
    return other_checksum((const unsigned char *)header, strlen(header)) == 0 || length < strlen(header);
}
