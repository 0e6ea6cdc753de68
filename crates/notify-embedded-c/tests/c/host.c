/* Uses the header as a program in C or C++ does that sends messages. First it checks everything that does not depend on input.
 * Then it reads lines of an API key, a time and a text, separated by tabs, and prints the header value of each one's request. */
#include "notify_jwt.h"
#include "notify_embedded.h"
#include "notify_embedded.h"

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

#define KEY "name-61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137"
#define TEMPLATE "740e5834-3a29-46b4-9a6f-16142fde533a"
#define ID "c3c56b78-5cd6-40db-a6e2-ff640bfd498d"
#define NOW 1795430454

static struct notify_signer signer;
static struct notify_clock wall_clock;
static struct notify_service service;
static struct notify_call call;
static struct notify_query query;
static struct notify_journal journal;
static uint8_t buffer[1024];
static size_t length;

static void start(const char *key, size_t key_length, uint64_t now) {
    CHECK(notify_signer_init(&signer, key, key_length) == NOTIFY_OK);
    CHECK(notify_clock_init(&wall_clock, now) == NOTIFY_OK);
    memset(&service, 0, sizeof service);
    service.which = NOTIFY_SERVICE_GOV_UK;
}

static void begin(void) {
    static const struct notify_value values[] = {{"door", "back \"door\""}};
    struct notify_message message;
    memset(&message, 0, sizeof message);
    message.kind = NOTIFY_SMS;
    message.is_unique = 1;
    message.template_id = TEMPLATE;
    message.recipient = "+447900900123";
    message.personalisation = values;
    message.personalisation_count = 1;
    message.reference = "door-17-42";
    CHECK(notify_call_init(&call, &service, &message) == NOTIFY_OK);
}

static int is_written(const char *text) {
    size_t at;
    for (at = 0; at + strlen(text) <= length; at++) {
        if (memcmp(buffer + at, text, strlen(text)) == 0) {
            return 1;
        }
    }
    return 0;
}

static notify_status request(size_t size) {
    return notify_call_request(&call, &signer, &wall_clock, 0, buffer, size, &length);
}

static notify_status ask(size_t size) {
    return notify_query_request(&query, &signer, &wall_clock, 0, buffer, size, &length);
}

static void a_message_is_sent_and_its_journal_says_so(void) {
    static const char answer[] = "HTTP/1.1 201 CREATED\r\nConnection: close\r\n\r\n"
                                 "{\"id\":\"" ID "\",\"reference\":\"door-17-42\",\"template\":{\"id\":\"" TEMPLATE "\"}}";
    uint8_t flash[2 * NOTIFY_RECORD_SIZE];
    uint32_t has_record = 0, kind = 0;
    size_t at, slot = 0;
    struct notify_outcome outcome;
    memset(flash, 0xff, sizeof flash);
    CHECK(notify_journal_read(&journal, flash, 2) == NOTIFY_OK);
    begin();
    CHECK(request(sizeof buffer) == NOTIFY_OK);
    CHECK(is_written("POST /v2/notifications/sms HTTP/1.1\r\nHost: api.notifications.service.gov.uk\r\n"));
    CHECK(is_written("{\"phone_number\":\"+447900900123\",\"template_id\":\"" TEMPLATE
                     "\",\"personalisation\":{\"door\":\"back \\\"door\\\"\"},\"reference\":\"door-17-42\"}"));
    CHECK(notify_journal_sending(&journal, &call, &wall_clock, flash, &has_record) == NOTIFY_OK && has_record == 1);
    CHECK(notify_journal_slot(&journal, 2, &slot) == NOTIFY_OK);
    for (at = 0; at < sizeof answer - 1; at++) {
        CHECK(notify_call_received(&call, &wall_clock, 0, (const uint8_t *)answer + at, 1, &outcome) == NOTIFY_OK);
        CHECK(outcome.kind == NOTIFY_PENDING);
    }
    CHECK(notify_call_closed(&call, &wall_clock, 1, &outcome) == NOTIFY_OK);
    CHECK(outcome.kind == NOTIFY_ACCEPTED && strcmp(outcome.id, ID) == 0);
    CHECK(notify_journal_finished(&journal, &outcome, &wall_clock, flash + NOTIFY_RECORD_SIZE) == NOTIFY_OK);
    CHECK(notify_journal_read(&journal, flash, 2) == NOTIFY_OK);
    CHECK(notify_journal_ending(&journal, "door-17-42", &kind) == NOTIFY_OK && kind == NOTIFY_ACCEPTED);
    CHECK(request(sizeof buffer) == NOTIFY_ERROR_OVER);
}

static void a_message_is_looked_up_by_its_id_and_by_its_reference(void) {
    static const char found[] = "HTTP/1.1 200 OK\r\nContent-Length: 66\r\n\r\n"
                                "{\"id\":\"" ID "\",\"status\":\"delivered\"}";
    static const char empty[] = "HTTP/1.1 200 OK\r\n\r\n{\"notifications\":[],\"links\":{\"current\":"
                                "\"https://api.notifications.service.gov.uk/v2/notifications?reference=door-17-42\"}}";
    struct notify_answer answer;
    CHECK(notify_query_get(&query, &service, ID) == NOTIFY_OK);
    CHECK(ask(sizeof buffer) == NOTIFY_OK && is_written("GET /v2/notifications/" ID " HTTP/1.1\r\n"));
    CHECK(notify_query_received(&query, &wall_clock, 1, (const uint8_t *)found, sizeof found - 1, &answer) == NOTIFY_OK);
    CHECK(answer.kind == NOTIFY_FOUND && strcmp(answer.id, ID) == 0);
    CHECK(strcmp(answer.message_status, "delivered") == 0);
    CHECK(notify_query_find(&query, &service, "door-17-42") == NOTIFY_OK);
    CHECK(ask(sizeof buffer) == NOTIFY_OK && is_written("GET /v2/notifications?reference=door-17-42 HTTP/1.1\r\n"));
    CHECK(notify_query_received(&query, &wall_clock, 1, (const uint8_t *)empty, sizeof empty - 1, &answer) == NOTIFY_OK);
    CHECK(answer.kind == NOTIFY_PENDING);
    CHECK(notify_query_closed(&query, &wall_clock, 1, &answer) == NOTIFY_OK && answer.kind == NOTIFY_NOT_FOUND);
    CHECK(ask(sizeof buffer) == NOTIFY_OK);
    CHECK(notify_query_lost(&query, &answer) == NOTIFY_OK);
    CHECK(answer.kind == NOTIFY_TRY_AGAIN && answer.seconds == 1);
}

static void what_cannot_be_done_is_refused_and_changes_nothing(void) {
    static uint8_t untouched[sizeof buffer];
    static struct notify_call copy;
    struct notify_answer answer;
    struct notify_outcome outcome;
    size_t size;
    memset(untouched, '#', sizeof untouched);
    memset(&call, 0, sizeof call);
    memset(&query, 0, sizeof query);
    CHECK(request(sizeof buffer) == NOTIFY_ERROR_NOT_INITIALISED);
    CHECK(ask(sizeof buffer) == NOTIFY_ERROR_NOT_INITIALISED);
    CHECK(notify_query_lost(&query, &answer) == NOTIFY_ERROR_NOT_INITIALISED);
    CHECK(notify_query_get(&query, &service, NULL) == NOTIFY_ERROR_NULL);
    CHECK(notify_query_find(NULL, &service, "r") == NOTIFY_ERROR_NULL);
    CHECK(notify_query_get(&query, &service, "an id") == NOTIFY_ERROR_NOTIFICATION_ID);
    CHECK(notify_call_closed(NULL, &wall_clock, 0, &outcome) == NOTIFY_ERROR_NULL);
    begin();
    memcpy(buffer, untouched, sizeof buffer);
    for (size = 0; request(size) != NOTIFY_OK; size++) {
        CHECK(request(size) == NOTIFY_ERROR_BUFFER_TOO_SMALL);
        CHECK(memcmp(buffer, untouched, sizeof buffer) == 0);
    }
    CHECK(length <= size && memcmp(buffer + size, untouched, sizeof buffer - size) == 0);
    copy = call;
    CHECK(notify_call_closed(&copy, &wall_clock, 0, &outcome) == NOTIFY_ERROR_NOT_INITIALISED);
    CHECK(notify_signer_wipe(&signer) == NOTIFY_OK);
    CHECK(request(sizeof buffer) == NOTIFY_ERROR_NO_KEY);
}

int main(void) {
    char line[512];
    start(KEY, strlen(KEY), NOW);
    a_message_is_sent_and_its_journal_says_so();
    a_message_is_looked_up_by_its_id_and_by_its_reference();
    what_cannot_be_done_is_refused_and_changes_nothing();
    while (fgets(line, sizeof line, stdin) != NULL) {
        const char *tab = strchr(line, '\t');
        char *value, *end;
        CHECK(tab != NULL);
        start(line, (size_t)(tab - line), strtoull(tab + 1, NULL, 10));
        begin();
        CHECK(request(sizeof buffer - 1) == NOTIFY_OK);
        buffer[length] = 0;
        value = strstr((char *)buffer, "Bearer ");
        CHECK(value != NULL);
        end = strchr(value, '\r');
        CHECK(end != NULL);
        *end = 0;
        puts(value);
    }
    return 0;
}
