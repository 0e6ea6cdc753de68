/* Uses the header as a program in C or C++ does. First it checks everything that does not depend on input. Then it reads lines of
 * an API key, a time and a text, separated by tabs, and prints the header value of each. */
#include "notify_jwt.h"
#include "notify_jwt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: %s is not true\n", __FILE__, __LINE__, #condition);  \
            exit(1);                                                                     \
        }                                                                                \
    } while (0)

#define SERVICE "61b71411-84f6-4e6b-9685-aa9ad893177c"
#define SECRET "d679f498-29a1-4484-970c-48681a543137"

static notify_status init(struct notify_signer *signer, const char *key) {
    return notify_signer_init(signer, key, strlen(key));
}

static void a_token_is_the_documented_one(void) {
    struct notify_signer signer;
    char buffer[NOTIFY_BEARER_SIZE];
    CHECK(init(&signer, "name-" SERVICE "-" SECRET "\r\n") == NOTIFY_OK);
    CHECK(notify_signer_bearer(&signer, 1795430454, buffer, sizeof buffer) == NOTIFY_OK);
    CHECK(strcmp(buffer, "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
                         ".eyJpc3MiOiI2MWI3MTQxMS04NGY2LTRlNmItOTY4NS1hYTlhZDg5MzE3N2MiLCJpYXQiOjE3OTU0MzA0NTR9"
                         ".gtpjiXttW91BnduEtBWzAwxKnh2Ttu_cgtJs8_wZT-M") == 0);
    CHECK(notify_signer_bearer(&signer, UINT64_MAX, buffer, sizeof buffer) == NOTIFY_OK);
    CHECK(strlen(buffer) == NOTIFY_BEARER_SIZE - 1);
}

static void a_wrong_key_is_told_apart_and_leaves_no_signer(void) {
    struct notify_signer signer;
    char buffer[NOTIFY_BEARER_SIZE];
    const struct {
        const char *key;
        notify_status status;
    } wrong[] = {
        {"", NOTIFY_ERROR_KEY_LENGTH},
        {"name" SERVICE "-" SECRET, NOTIFY_ERROR_KEY_NAME},
        {"name-" SERVICE "--" SECRET, NOTIFY_ERROR_KEY_SERVICE_ID},
        {"name-" SERVICE "_" SECRET, NOTIFY_ERROR_KEY_SEPARATOR},
        {"name-" SERVICE "-" SECRET "\"", NOTIFY_ERROR_KEY_SECRET},
    };
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        CHECK(init(&signer, SERVICE "-" SECRET) == NOTIFY_OK);
        CHECK(init(&signer, wrong[at].key) == wrong[at].status);
        CHECK(notify_signer_bearer(&signer, 0, buffer, sizeof buffer) == NOTIFY_ERROR_NO_KEY);
    }
}

static void a_buffer_that_is_too_small_stays_as_it_is(void) {
    struct notify_signer signer;
    char buffer[NOTIFY_BEARER_SIZE + 8];
    char untouched[sizeof buffer];
    memset(untouched, '#', sizeof untouched);
    CHECK(init(&signer, SERVICE "-" SECRET) == NOTIFY_OK);
    for (size_t size = 0; size < NOTIFY_BEARER_SIZE; size++) {
        memcpy(buffer, untouched, sizeof buffer);
        CHECK(notify_signer_bearer(&signer, 1795430454, buffer, size) == NOTIFY_ERROR_BUFFER_TOO_SMALL);
        CHECK(memcmp(buffer, untouched, sizeof buffer) == 0);
    }
    CHECK(notify_signer_bearer(&signer, UINT64_MAX, buffer, NOTIFY_BEARER_SIZE) == NOTIFY_OK);
    CHECK(memcmp(buffer + NOTIFY_BEARER_SIZE, untouched, 8) == 0);
    /* A shorter header value ends earlier. */
    CHECK(notify_signer_bearer(&signer, 0, buffer, sizeof buffer) == NOTIFY_OK);
    CHECK(strlen(buffer) == 160);
}

static void null_is_an_error(void) {
    struct notify_signer signer;
    struct notify_clock clock;
    struct notify_time_sample sample = {1, 2};
    uint64_t number;
    char buffer[NOTIFY_BEARER_SIZE];
    CHECK(notify_signer_init(NULL, "", 0) == NOTIFY_ERROR_NULL);
    CHECK(notify_signer_init(&signer, NULL, 0) == NOTIFY_ERROR_NULL);
    CHECK(init(&signer, SERVICE "-" SECRET) == NOTIFY_OK);
    CHECK(notify_signer_bearer(NULL, 0, buffer, sizeof buffer) == NOTIFY_ERROR_NULL);
    CHECK(notify_signer_bearer(&signer, 0, NULL, sizeof buffer) == NOTIFY_ERROR_NULL);
    CHECK(notify_signer_wipe(NULL) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_init(NULL, 0) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_init(&clock, 0) == NOTIFY_OK);
    CHECK(notify_clock_set_max_adjustment(NULL, 0) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_now(NULL, 0, &number) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_now(&clock, 0, NULL) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_adjust(NULL, &sample) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_adjust(&clock, NULL) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_adjust_to_date(NULL, 0, "", 0) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_adjust_to_date(&clock, 0, NULL, 0) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_confirm(NULL, 0) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_last_confirmed(NULL, &number) == NOTIFY_ERROR_NULL);
    CHECK(notify_clock_last_confirmed(&clock, NULL) == NOTIFY_ERROR_NULL);
}

static void a_wiped_signer_is_all_zeros_and_has_no_key(void) {
    struct notify_signer signer;
    const struct notify_signer zeros = {{0}};
    char buffer[NOTIFY_BEARER_SIZE];
    CHECK(init(&signer, SERVICE "-" SECRET) == NOTIFY_OK);
    CHECK(notify_signer_wipe(&signer) == NOTIFY_OK);
    CHECK(memcmp(&signer, &zeros, sizeof signer) == 0);
    CHECK(notify_signer_bearer(&signer, 0, buffer, sizeof buffer) == NOTIFY_ERROR_NO_KEY);
}

static uint64_t now(const struct notify_clock *clock, uint64_t uptime) {
    uint64_t unix_seconds = 0;
    CHECK(notify_clock_now(clock, uptime, &unix_seconds) == NOTIFY_OK);
    return unix_seconds;
}

static void a_clock_learns_the_time_and_does_not_go_back(void) {
    const char date[] = "Tue, 24 Nov 2026 03:34:00 GMT";
    struct notify_clock clock;
    struct notify_time_sample sample = {0, 0};
    uint64_t confirmed = 0;
    CHECK(notify_clock_init(&clock, 1767225600) == NOTIFY_OK);
    CHECK(now(&clock, 0) == 1767225600 && now(&clock, 7) == 1767225607);
    CHECK(notify_clock_adjust_to_date(&clock, 8, date, sizeof date - 1) == NOTIFY_OK);
    CHECK(now(&clock, 68) == 1795491300);
    CHECK(notify_clock_adjust_to_date(&clock, 8, date, sizeof date - 2) == NOTIFY_ERROR_DATE);
    CHECK(notify_clock_adjust_to_date(&clock, 8, "\xff", 1) == NOTIFY_ERROR_DATE);
    CHECK(notify_clock_confirm(&clock, 68) == NOTIFY_OK);
    CHECK(notify_clock_last_confirmed(&clock, &confirmed) == NOTIFY_OK && confirmed == 1795491300);
    sample.uptime = 69;
    sample.unix_seconds = 1795491299;
    CHECK(notify_clock_adjust(&clock, &sample) == NOTIFY_ERROR_TIME_BEFORE_LAST_CONFIRMED);
    CHECK(notify_clock_set_max_adjustment(&clock, 60) == NOTIFY_OK);
    sample.unix_seconds = 1795491301 + 61;
    CHECK(notify_clock_adjust(&clock, &sample) == NOTIFY_ERROR_TIME_EXCEEDS_MAX_ADJUSTMENT);
    sample.unix_seconds--;
    CHECK(notify_clock_adjust(&clock, &sample) == NOTIFY_OK);
    CHECK(now(&clock, 69) == 1795491361);
}

int main(void) {
    char line[512];
    a_token_is_the_documented_one();
    a_wrong_key_is_told_apart_and_leaves_no_signer();
    a_buffer_that_is_too_small_stays_as_it_is();
    null_is_an_error();
    a_wiped_signer_is_all_zeros_and_has_no_key();
    a_clock_learns_the_time_and_does_not_go_back();
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct notify_signer signer;
        char buffer[NOTIFY_BEARER_SIZE];
        char *tab = strchr(line, '\t');
        CHECK(tab != NULL);
        CHECK(notify_signer_init(&signer, line, (size_t)(tab - line)) == NOTIFY_OK);
        CHECK(notify_signer_bearer(&signer, strtoull(tab + 1, NULL, 10), buffer, sizeof buffer) == NOTIFY_OK);
        CHECK(notify_signer_wipe(&signer) == NOTIFY_OK);
        puts(buffer);
    }
    return 0;
}
