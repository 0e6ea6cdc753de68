/* The doorbell of src/main.rs, in C: it sends one text message when somebody rings, exactly once, or says that it does not
 * know. Its line of input is the same, and so is what it prints. */
#include "board.h"
#include "line.h"
#include "notify_embedded.h"

/* When this firmware was built, in seconds since 1970, and how long it may lie in a drawer before it is switched on. */
#define BUILD_TIME 1767225600u
#define SHELF_LIFE (10u * 365u * 86400u)
/* After how many requests it gives up. */
#define PATIENCE 12

/* The exit statuses. */
enum { SENT = 0, NOT_SENT = 1, WRONG = 2, UNKNOWN = 7 };

static struct notify_signer signer;
static struct notify_clock wall_clock;
static struct notify_journal journal;
static struct notify_call call;
static uint8_t record[NOTIFY_RECORD_SIZE];

static int is(const char *one, const char *other) {
    while (*one != '\0' && *one == *other) {
        one++;
        other++;
    }
    return *one == *other;
}

static void keep_record(void) {
    size_t slot = 0;
    notify_journal_slot(&journal, BOARD_SLOTS, &slot);
    board_flash_write(slot, record);
}

static void keep_outcome(const struct notify_outcome *outcome) {
    notify_journal_finished(&journal, outcome, &wall_clock, record);
    keep_record();
}

/* Prints what became of a request. */
static void report(const struct notify_outcome *outcome) {
    switch (outcome->kind) {
    case NOTIFY_ACCEPTED:
        board_print("accepted", -1, "");
        break;
    case NOTIFY_REFUSED:
        board_print("refused: ", outcome->http_status, outcome->error_class);
        break;
    case NOTIFY_TRY_AGAIN:
        board_print("not taken: again in ", outcome->seconds, "s");
        break;
    case NOTIFY_LOOK_UP:
        board_print("unknown: a lookup in ", outcome->seconds, "s");
        break;
    default:
        board_print("unknown, for ever", -1, "");
    }
}

/* Makes one request, and fills in what became of it. Returns an exit status if it cannot go on, and otherwise -1. */
static int request(uint16_t port, const char *reset, struct notify_outcome *outcome) {
    static uint8_t buffer[1024];
    size_t length = 0;
    uint32_t has_record = 0;
    uint8_t piece[64];

    if (!board_connect(port)) {
        notify_call_not_connected(&call, &wall_clock, board_seconds(), outcome);
        return -1;
    }
    if (notify_call_request(&call, &signer, &wall_clock, board_seconds(), buffer, sizeof buffer, &length) !=
        NOTIFY_OK) {
        return WRONG;
    }
    /* The record goes to flash before the first byte leaves. */
    if (notify_journal_sending(&journal, &call, &wall_clock, record, &has_record) != NOTIFY_OK) {
        return UNKNOWN;
    }
    if (has_record) {
        keep_record();
    }
    if (is(reset, "before")) {
        board_reset();
    }
    if (!board_write(buffer, length)) {
        notify_call_closed(&call, &wall_clock, board_seconds(), outcome);
        return -1;
    }
    do {
        int arrived = board_read(piece, sizeof piece);
        if (arrived < 0) {
            notify_call_timed_out(&call, &wall_clock, board_seconds(), outcome);
        } else if (arrived == 0) {
            notify_call_closed(&call, &wall_clock, board_seconds(), outcome);
        } else {
            if (is(reset, "answered")) {
                board_reset();
            }
            notify_call_received(&call, &wall_clock, board_seconds(), piece, (size_t)arrived, outcome);
        }
    } while (outcome->kind == NOTIFY_PENDING);
    return -1;
}

/* Somebody rings: send a message. The line has, with tabs between, the API key, the port of the sandbox, the telephone number,
 * the number of the ring, the time if it is known, and where to reset once. */
int doorbell(char *line) {
    static uint8_t slots[BOARD_SLOTS * NOTIFY_RECORD_SIZE];
    static char reference[] = "door-17-\0\0\0\0\0\0\0\0\0\0";
    char *rest = line;
    char *key = next(&rest);
    uint16_t port = (uint16_t)number(next(&rest));
    char *phone_number = next(&rest);
    char *ring = next(&rest);
    uint64_t known = number(next(&rest));
    const char *reset = next(&rest);
    uint64_t last_confirmed = 0;
    uint32_t ending = NOTIFY_PENDING, is_resumed = 0, is_this_ring = 0;
    size_t key_length = 0;

    /* Once, when the board starts: the key, what was under way, and the time. */
    while (key[key_length] != '\0') {
        key_length++;
    }
    if (notify_signer_init(&signer, key, key_length) != NOTIFY_OK) {
        return WRONG;
    }
    board_flash_read(slots);
    if (notify_journal_read(&journal, slots, BOARD_SLOTS) != NOTIFY_OK) {
        return WRONG;
    }
    notify_journal_last_confirmed(&journal, &last_confirmed);
    known = known > last_confirmed ? known : last_confirmed;
    notify_clock_init(&wall_clock, known > BUILD_TIME ? known : BUILD_TIME);
    notify_clock_set_max_adjustment(&wall_clock, SHELF_LIFE);

    for (size_t at = 0; ring[at] != '\0' && at < 10; at++) {
        reference[8 + at] = ring[at];
    }
    struct notify_value values[] = {{"name", "the house"}, {"permit number", ring}};
    struct notify_message message = {
        .kind = NOTIFY_SMS,
        .is_unique = 1,
        .template_id = "c0ffee00-0000-4000-8000-000000000011",
        .recipient = phone_number,
        .personalisation = values,
        .personalisation_count = sizeof values / sizeof values[0],
        .reference = reference,
    };
    /* The sandbox stands in for GOV.UK Notify. */
    struct notify_service service = {.which = NOTIFY_SERVICE_GOV_UK, .host = "10.0.2.2"};

    notify_journal_ending(&journal, reference, &ending);
    if (ending != NOTIFY_PENDING) {
        board_print("this ring is finished already", -1, "");
        return ending == NOTIFY_ACCEPTED ? SENT : ending == NOTIFY_UNKNOWN ? UNKNOWN : NOT_SENT;
    }
    /* What was in doubt is reconciled first, whatever it was. */
    notify_journal_in_doubt(&journal, NULL, &is_resumed);
    notify_journal_in_doubt(&journal, reference, &is_this_ring);
    if (is_resumed && notify_call_resume(&call, &service, &journal) != NOTIFY_OK) {
        board_print("a message will be in doubt for ever", -1, "");
        notify_journal_give_up(&journal, &wall_clock, record);
        keep_record();
        if (is_this_ring) {
            return UNKNOWN;
        }
        is_resumed = 0;
    }
    if (!is_resumed && notify_call_init(&call, &service, &message) != NOTIFY_OK) {
        return WRONG;
    }
    board_print(is_resumed ? "a message is in doubt since the reset" : "somebody rings", -1, "");

    for (int attempt = 0; attempt < PATIENCE; attempt++) {
        struct notify_outcome outcome;
        int status = request(port, is_resumed ? "" : reset, &outcome);
        board_close();
        if (status >= 0) {
            return status;
        }
        report(&outcome);
        switch (outcome.kind) {
        case NOTIFY_ACCEPTED:
            status = SENT;
            break;
        case NOTIFY_REFUSED:
            status = NOT_SENT;
            break;
        case NOTIFY_TRY_AGAIN:
            /* After a reset: it was not taken, and never will be. */
            status = is_resumed ? NOT_SENT : -1;
            break;
        case NOTIFY_UNKNOWN:
            status = UNKNOWN;
            break;
        default:
            break;
        }
        if (status >= 0) {
            keep_outcome(&outcome);
            if (!is_resumed || (is_this_ring && outcome.kind != NOTIFY_TRY_AGAIN)) {
                return status;
            }
            is_resumed = 0;
            reset = "";
            if (notify_call_init(&call, &service, &message) != NOTIFY_OK) {
                return WRONG;
            }
        }
        board_sleep(outcome.seconds);
    }
    return UNKNOWN;
}
