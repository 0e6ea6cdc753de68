/* What src/bin/query.rs does, in C: it asks what became of the message that the doorbell sent, by its reference. The line of
 * input is the doorbell's. Returns 0 if the service knows the message, 1 if not, and 7 if there is no answer. */
#include "board.h"
#include "line.h"
#include "notify_embedded.h"

/* When this firmware was built, in seconds since 1970, and how many seconds it may lie in a drawer. */
#define BUILD_TIME 1767225600u
#define SHELF_LIFE (10u * 365u * 86400u)
/* After how many requests it gives up. */
#define PATIENCE 6

/* What it needs. It lies on the stack, since the doorbell does not run meanwhile. */
struct asking {
    struct notify_signer signer;
    struct notify_clock wall_clock;
    struct notify_query query;
};

/* Makes one request, and fills in the answer. Returns 0 if it cannot. */
static int ask_once(struct asking *asking, uint16_t port, struct notify_answer *answer) {
    uint8_t buffer[640];
    size_t length = 0;
    uint8_t piece[64];
    notify_status status;

    if (!board_connect(port)) {
        return notify_query_lost(&asking->query, answer) == NOTIFY_OK;
    }
    status = notify_query_request(&asking->query, &asking->signer, &asking->wall_clock, board_seconds(), buffer,
                                  sizeof buffer, &length);
    if (status != NOTIFY_OK) {
        return 0;
    }
    if (!board_write(buffer, length)) {
        return notify_query_lost(&asking->query, answer) == NOTIFY_OK;
    }
    do {
        int arrived = board_read(piece, sizeof piece);
        if (arrived < 0) {
            status = notify_query_lost(&asking->query, answer);
        } else if (arrived == 0) {
            status = notify_query_closed(&asking->query, &asking->wall_clock, board_seconds(), answer);
        } else {
            status = notify_query_received(&asking->query, &asking->wall_clock, board_seconds(), piece,
                                           (size_t)arrived, answer);
        }
    } while (status == NOTIFY_OK && answer->kind == NOTIFY_PENDING);
    return status == NOTIFY_OK;
}

int ask(char *line) {
    struct asking asking;
    struct notify_journal journal;
    uint8_t slots[BOARD_SLOTS * NOTIFY_RECORD_SIZE];
    static char reference[] = "door-17-\0\0\0\0\0\0\0\0\0\0";
    struct notify_service service = {.which = NOTIFY_SERVICE_GOV_UK, .host = "10.0.2.2"};
    char *rest = line;
    char *key = next(&rest);
    uint16_t port = (uint16_t)number(next(&rest));
    char *phone_number = next(&rest);
    char *ring = next(&rest);
    uint64_t known = number(next(&rest)), last_confirmed = 0;
    size_t key_length = 0;

    (void)phone_number;
    while (key[key_length] != '\0') {
        key_length++;
    }
    for (size_t at = 0; ring[at] != '\0' && at < 10; at++) {
        reference[8 + at] = ring[at];
    }
    board_flash_read(slots);
    if (notify_signer_init(&asking.signer, key, key_length) != NOTIFY_OK ||
        notify_journal_read(&journal, slots, BOARD_SLOTS) != NOTIFY_OK ||
        notify_query_find(&asking.query, &service, reference) != NOTIFY_OK) {
        return 2;
    }
    notify_journal_last_confirmed(&journal, &last_confirmed);
    known = known > last_confirmed ? known : last_confirmed;
    notify_clock_init(&asking.wall_clock, known > BUILD_TIME ? known : BUILD_TIME);
    notify_clock_set_max_adjustment(&asking.wall_clock, SHELF_LIFE);

    for (int attempt = 0; attempt < PATIENCE; attempt++) {
        struct notify_answer answer;
        int is_asked = ask_once(&asking, port, &answer);
        board_close();
        if (!is_asked) {
            return 2;
        }
        switch (answer.kind) {
        case NOTIFY_FOUND:
            board_print(answer.message_status, -1, "");
            return 0;
        case NOTIFY_NOT_FOUND:
            board_print("not found", -1, "");
            return 1;
        case NOTIFY_REFUSED:
            board_print("refused: ", answer.http_status, answer.error_class);
            return 1;
        default:
            board_print("no answer: again in ", answer.seconds, "s");
            board_sleep(answer.seconds);
        }
    }
    return 7;
}
