// One message through a Notify service. Made from the source of notify-embedded-c by its tests: do not edit.

#ifndef NOTIFY_EMBEDDED_H
#define NOTIFY_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>
#include "notify_jwt.h"

// A text message.
#define NOTIFY_SMS 1

// An e-mail.
#define NOTIFY_EMAIL 2

// GOV.UK Notify.
#define NOTIFY_SERVICE_GOV_UK 1

// Notify.gov.au.
#define NOTIFY_SERVICE_GOV_AU 2

// GC Notify, of Canada.
#define NOTIFY_SERVICE_GC_NOTIFY 3

// VA Notify, of the United States Department of Veterans Affairs.
#define NOTIFY_SERVICE_VA_NOTIFY 4

// A service of which nothing is known but its host. No lookup proves that it did not take a message.
#define NOTIFY_SERVICE_OTHER 5

// How many values a message may have.
#define NOTIFY_VALUES_MAX 8

// The answer is not over: go on reading.
#define NOTIFY_PENDING 0

// The service took the message, whose id is in `id`. The call is over.
#define NOTIFY_ACCEPTED 1

// The service certainly did not take the message. Connect again after `seconds`, and make the next request.
#define NOTIFY_TRY_AGAIN 2

// The service refused the message with this HTTP status and class of error. The call is over.
#define NOTIFY_REFUSED 3

// The service may have taken the message. Connect again after `seconds`; the next request looks it up.
#define NOTIFY_LOOK_UP 4

// The service may have taken the message, and no lookup can tell. The call is over; do not send the message again.
#define NOTIFY_UNKNOWN 5

// The size of an id's text, in bytes, with its NUL.
#define NOTIFY_ID_SIZE 37

// The size of the text of an error's class, in bytes, with its NUL.
#define NOTIFY_CLASS_SIZE 49

// The service knows the message, whose id and status are in `id` and `message_status`.
#define NOTIFY_FOUND 6

// The service knows no such message, or no longer: it keeps messages for a week. For a reference, it is also the answer as
// long as the service is still taking the message.
#define NOTIFY_NOT_FOUND 7

// The size of the text of a message's status, in bytes, with its NUL.
#define NOTIFY_MESSAGE_STATUS_SIZE 25

// The size of a record, in bytes.
#define NOTIFY_RECORD_SIZE 128

// The size of the text of a reference, in bytes, with its NUL.
#define NOTIFY_REFERENCE_SIZE 65

// The journal of a device that sends one message at a time: a record before the first byte of a message leaves, and one when
// its outcome is known. It neither reads nor writes flash. Give it the records that are there; it gives you the next one.
struct notify_journal {
    uint64_t opaque[24];
};

// One message on its way: it writes the requests, reads the answers, and knows what they mean. Place it where you like, in
// static memory or on the stack, but leave its contents to the functions below, and do not copy it: it points to itself.
//
// Connect, have it write a request, send that, and tell it what came back. Each request has a connection of its own.
struct notify_call {
    uint64_t opaque[192];
};

// What became of a message after one request.
struct notify_outcome {
    // `NOTIFY_PENDING`, `NOTIFY_ACCEPTED`, `NOTIFY_TRY_AGAIN`, `NOTIFY_REFUSED`, `NOTIFY_LOOK_UP` or `NOTIFY_UNKNOWN`.
    uint32_t kind;
    // After `NOTIFY_TRY_AGAIN` and `NOTIFY_LOOK_UP`: how many seconds to wait before the next request, at least. Otherwise
    // 0.
    uint32_t seconds;
    // The HTTP status of a refusal, such as 400. Otherwise 0.
    uint32_t http_status;
    // Whether a refusal is about the time of the token, and the clock could not be adjusted: 0 or 1.
    uint32_t is_clock;
    // Whether a refusal is about the API key: 0 or 1.
    uint32_t is_api_key;
    // The id of a message that the service took. Otherwise empty.
    char id[NOTIFY_ID_SIZE];
    // The class of a refusal's first error, such as `ValidationError`. It is empty if the refusal names none.
    char error_class[NOTIFY_CLASS_SIZE];
};

// A service, and where the device reaches it.
struct notify_service {
    // Which: `NOTIFY_SERVICE_GOV_UK` and so on.
    uint32_t which;
    // The host instead of the service's own, such as a gateway, with the port if it is not the usual one; or NULL.
    const char *host;
    // A path before the service's own, such as `/notify`; or NULL.
    const char *path;
};

// The value for a placeholder of the template.
struct notify_value {
    // The placeholder's name.
    const char *name;
    // The text that replaces it.
    const char *value;
};

// A text message or an e-mail, made from a template. All texts end in NUL and are UTF-8, and stay where they are until the
// call is over.
struct notify_message {
    // `NOTIFY_SMS` or `NOTIFY_EMAIL`.
    uint32_t kind;
    // Whether no other message of the service has the reference, now or later: 0 or 1. Only then can the message be
    // looked up if the answer is lost. It needs a reference.
    uint32_t is_unique;
    // The template's id, a UUID.
    const char *template_id;
    // The telephone number in any notation, such as `+447900900123`, or the e-mail address.
    const char *recipient;
    // The values for the template's placeholders, or NULL if there are none.
    const struct notify_value *personalisation;
    // How many values there are, at most `NOTIFY_VALUES_MAX`.
    size_t personalisation_count;
    // The reference, 1 to 64 bytes, or NULL.
    const char *reference;
    // The id of the sender of a text message, or of the address for replies to an e-mail, instead of the service's default;
    // or NULL.
    const char *sender_id;
};

// Asks for one message that was sent before, by its id or by its reference. Place it where you like, in static memory or on
// the stack, but leave its contents to the functions below, and do not copy it: it points to itself.
//
// Use it like a call. You may repeat it: it changes nothing.
struct notify_query {
    uint64_t opaque[128];
};

// The answer to a query.
struct notify_answer {
    // `NOTIFY_PENDING`, `NOTIFY_FOUND`, `NOTIFY_NOT_FOUND`, `NOTIFY_TRY_AGAIN` or `NOTIFY_REFUSED`.
    uint32_t kind;
    // After `NOTIFY_TRY_AGAIN`: how many seconds to wait before the next request, at least. Otherwise 0.
    uint32_t seconds;
    // The HTTP status of a refusal, such as 403. Otherwise 0.
    uint32_t http_status;
    // Whether a refusal is about the time of the token, and the clock could not be adjusted: 0 or 1.
    uint32_t is_clock;
    // Whether a refusal is about the API key: 0 or 1.
    uint32_t is_api_key;
    // The id of a message that was found. Otherwise empty.
    char id[NOTIFY_ID_SIZE];
    // How far it has come, in the API's words: `created`, `sending`, `delivered`, `permanent-failure` and so on.
    char message_status[NOTIFY_MESSAGE_STATUS_SIZE];
    // The class of a refusal's first error, such as `AuthError`. It is empty if the refusal names none.
    char error_class[NOTIFY_CLASS_SIZE];
};

// The template's id is not a UUID.
#define NOTIFY_ERROR_TEMPLATE_ID (-20)

// The sender's id is not a UUID.
#define NOTIFY_ERROR_SENDER_ID (-21)

// A reference has 1 to 64 bytes of text, and no control characters.
#define NOTIFY_ERROR_REFERENCE (-22)

// A text is not UTF-8.
#define NOTIFY_ERROR_TEXT (-23)

// A message has more values than `NOTIFY_VALUES_MAX`.
#define NOTIFY_ERROR_TOO_MANY_VALUES (-24)

// There is no such service, it needs a host, or its host or path cannot stand in a request: give the host without
// `https://`, and the path with a slash at its beginning and none at its end.
#define NOTIFY_ERROR_SERVICE (-25)

// The message is neither `NOTIFY_SMS` nor `NOTIFY_EMAIL`.
#define NOTIFY_ERROR_KIND (-26)

// The call, the query or the journal was never initialised, or the call or the query was copied from another place.
#define NOTIFY_ERROR_NOT_INITIALISED (-27)

// The call is over: there is nothing more to ask.
#define NOTIFY_ERROR_OVER (-28)

// Another message is still in doubt, or this one since before the reset: reconcile it first, or give it up.
#define NOTIFY_ERROR_STILL_IN_DOUBT (-29)

// Nothing is in doubt, or no lookup can tell: give it up.
#define NOTIFY_ERROR_NOTHING_TO_LOOK_UP (-30)

// A message cannot end with this outcome.
#define NOTIFY_ERROR_OUTCOME (-31)

// The message's id is not a UUID.
#define NOTIFY_ERROR_NOTIFICATION_ID (-32)

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Reads the records from flash after a start. They lie one after another, in any order. Slots that were erased and never
// written count as empty.
//
// `journal` points to a journal, initialised or not, and `slots` to `count` records of `NOTIFY_RECORD_SIZE`
// bytes each.
notify_status notify_journal_read(struct notify_journal *journal,
                                  const uint8_t *slots,
                                  size_t count);

// Makes the record of the request that the call has just written. Write it to flash before the first byte of that request
// leaves. `has_record` becomes 1; or 0 if the request is a lookup, which needs no record.
//
// `journal`, `call` and `clock` are initialised or all zeros, `record` points to `NOTIFY_RECORD_SIZE` bytes, and
// `has_record` to a number.
notify_status notify_journal_sending(struct notify_journal *journal,
                                     struct notify_call *call,
                                     const struct notify_clock *clock,
                                     uint8_t *record,
                                     uint32_t *has_record);

// Makes the record to write when the outcome is known. After `NOTIFY_TRY_AGAIN` it says that the message was not taken, and
// after `NOTIFY_LOOK_UP` or `NOTIFY_UNKNOWN` that you gave it up: nothing looks it up any more.
// If no message is under way, the record says what the last one said.
//
// `journal` and `clock` are initialised or all zeros, `outcome` points to an outcome, and `record` to `NOTIFY_RECORD_SIZE`
// bytes.
notify_status notify_journal_finished(struct notify_journal *journal,
                                      const struct notify_outcome *outcome,
                                      const struct notify_clock *clock,
                                      uint8_t *record);

// Makes the record to write when you give up a message that is in doubt. Nothing looks it up any more, and it must not be
// sent again.
//
// `journal` and `clock` are initialised or all zeros, and `record` points to `NOTIFY_RECORD_SIZE` bytes.
notify_status notify_journal_give_up(struct notify_journal *journal,
                                     const struct notify_clock *clock,
                                     uint8_t *record);

// Writes the last time that the service confirmed, in seconds since 1970: what to start the clock from. It is 0 if there is
// none.
//
// `journal` is initialised or all zeros, and `unix_seconds` points to a number.
notify_status notify_journal_last_confirmed(const struct notify_journal *journal,
                                            uint64_t *unix_seconds);

// Writes whether a message was under way when the device was reset: 0 or 1. With a reference that is not NULL, it asks about
// the message with that reference.
//
// `journal` is initialised or all zeros, `reference` is NULL or ends in NUL, and `is_in_doubt` points to a number.
notify_status notify_journal_in_doubt(const struct notify_journal *journal,
                                      const char *reference,
                                      uint32_t *is_in_doubt);

// Writes how the message with this reference ended, if it is the last one: `NOTIFY_ACCEPTED`, `NOTIFY_REFUSED`,
// `NOTIFY_TRY_AGAIN` if it was not taken, `NOTIFY_UNKNOWN` if it was given up, and otherwise `NOTIFY_PENDING`. Ask for it
// before you send a message after a reset.
//
// `journal` is initialised or all zeros, `reference` ends in NUL, and `kind` points to a number.
notify_status notify_journal_ending(const struct notify_journal *journal,
                                    const char *reference,
                                    uint32_t *kind);

// Writes the number of the slot for the record that was made last, from 0 to `slots` - 1.
//
// `journal` is initialised or all zeros, and `slot` points to a number.
notify_status notify_journal_slot(const struct notify_journal *journal, size_t slots, size_t *slot);

// Writes the reference of the message that was under way when the device was reset, with a NUL at its end. It is empty if
// the message has none. The buffer needs `NOTIFY_REFERENCE_SIZE` bytes. If no message is in doubt, this is
// `NOTIFY_ERROR_NOTHING_TO_LOOK_UP`.
//
// `journal` is initialised or all zeros, and `buffer` points to `buffer_size` bytes.
notify_status notify_journal_reference(const struct notify_journal *journal,
                                       char *buffer,
                                       size_t buffer_size);

// Writes whether a record is damaged: 0 or 1. A record that the reset cut short is harmless: either no byte of its message
// had left, or the record before still says that the message is in doubt. A record that decayed later is not harmless, so a
// device whose flash wears out should report it.
//
// `journal` is initialised or all zeros, and `is_torn` points to a number.
notify_status notify_journal_is_torn(const struct notify_journal *journal,
                                     uint32_t *is_torn);

// Begins a call that sends a message. Keep the texts where they are until the call is over.
//
// `call` points to a call, initialised or not, `service` to a service and `message` to a message, whose texts end in NUL or
// are NULL. The texts stay as they are until the call is over.
notify_status notify_call_init(struct notify_call *call,
                               const struct notify_service *service,
                               const struct notify_message *message);

// Writes the next request and its length in bytes. The request sends the message, or looks it up. Call this once you are
// connected, since the token in the request is valid for 30 seconds only. If you keep a journal, write its record before the
// first byte of the request leaves.
//
// A buffer of 1,024 bytes is enough for a message whose recipient, names and values together have 300 bytes. After an
// error, the call is as it was. `uptime` is in whole seconds since the device started, here and below, and must not go back.
//
// `call`, `signer` and `clock` are initialised or all zeros, `buffer` points to `buffer_size` bytes, and `length` to a
// number.
notify_status notify_call_request(struct notify_call *call,
                                  const struct notify_signer *signer,
                                  const struct notify_clock *clock,
                                  uint64_t uptime,
                                  uint8_t *buffer,
                                  size_t buffer_size,
                                  size_t *length);

// Tells the call that you could not connect for the next request.
//
// `call` and `clock` are initialised or all zeros, and `outcome` points to where the outcome goes.
notify_status notify_call_not_connected(struct notify_call *call,
                                        struct notify_clock *clock,
                                        uint64_t uptime,
                                        struct notify_outcome *outcome);

// Hands the call a piece of the answer, of any size. The outcome is `NOTIFY_PENDING` until the answer is over. The call
// ignores what comes after that, and what comes before a request.
//
// If the service says that the token's time is wrong, this adjusts the clock. If it accepts a token, this confirms the time.
//
// `call` and `clock` are initialised or all zeros, `piece` points to `length` bytes, and `outcome` points to where the
// outcome goes.
notify_status notify_call_received(struct notify_call *call,
                                   struct notify_clock *clock,
                                   uint64_t uptime,
                                   const uint8_t *piece,
                                   size_t length,
                                   struct notify_outcome *outcome);

// Tells the call that the connection ended, in whatever way. Once the call is over, this gives the same outcome again.
//
// `call` and `clock` are initialised or all zeros, and `outcome` points to where the outcome goes.
notify_status notify_call_closed(struct notify_call *call,
                                 struct notify_clock *clock,
                                 uint64_t uptime,
                                 struct notify_outcome *outcome);

// Tells the call that you no longer wait for the answer. Close the connection.
//
// `call` and `clock` are initialised or all zeros, and `outcome` points to where the outcome goes.
notify_status notify_call_timed_out(struct notify_call *call,
                                    struct notify_clock *clock,
                                    uint64_t uptime,
                                    struct notify_outcome *outcome);

// Begins a call that finds out what became of the message that was in doubt when the device was reset. It looks the message
// up and sends nothing. If it ends in `NOTIFY_TRY_AGAIN`, the service did not take the message: begin a new call to send
// it.
//
// `call` points to a call, initialised or not, `service` to a service whose texts stay as they are until the call is over,
// and `journal` to an initialised journal.
notify_status notify_call_resume(struct notify_call *call,
                                 const struct notify_service *service,
                                 const struct notify_journal *journal);

// Begins a query for the message with this id.
//
// `query` points to a query, initialised or not, `service` to a service whose texts stay as they are until the query is
// answered, and `id` ends in NUL.
notify_status notify_query_get(struct notify_query *query,
                               const struct notify_service *service,
                               const char *id);

// Begins a query for a message with this reference, the newest if there are several. You need not keep the text of the
// reference.
//
// `query` points to a query, initialised or not, `service` to a service whose texts stay as they are until the query is
// answered, and `reference` ends in NUL.
notify_status notify_query_find(struct notify_query *query,
                                const struct notify_service *service,
                                const char *reference);

// Writes the request and its length in bytes. Call this once you are connected, since the token in the request is valid for
// 30 seconds only. 512 bytes are enough for an id, and 640 for any reference. After an error, the query is as it was.
//
// `query`, `signer` and `clock` are initialised or all zeros, `buffer` points to `buffer_size` bytes, and `length` to a
// number.
notify_status notify_query_request(struct notify_query *query,
                                   const struct notify_signer *signer,
                                   const struct notify_clock *clock,
                                   uint64_t uptime,
                                   uint8_t *buffer,
                                   size_t buffer_size,
                                   size_t *length);

// Hands the query a piece of the answer, of any size. The answer is `NOTIFY_PENDING` until it is over. The query ignores
// what comes after that, and what comes before a request.
//
// If the service says that the token's time is wrong, this adjusts the clock. If it accepts a token, this confirms the time.
//
// `query` and `clock` are initialised or all zeros, `piece` points to `length` bytes, and `answer` points to where the
// answer goes.
notify_status notify_query_received(struct notify_query *query,
                                    struct notify_clock *clock,
                                    uint64_t uptime,
                                    const uint8_t *piece,
                                    size_t length,
                                    struct notify_answer *answer);

// Tells the query that the connection ended. That may be the end of the answer. If the answer is known already, this gives
// it once more.
//
// `query` and `clock` are initialised or all zeros, and `answer` points to where the answer goes.
notify_status notify_query_closed(struct notify_query *query,
                                  struct notify_clock *clock,
                                  uint64_t uptime,
                                  struct notify_answer *answer);

// Tells the query that you could not connect, or no longer wait for the answer. Close the connection.
//
// `query` is initialised or all zeros, and `answer` points to where the answer goes.
notify_status notify_query_lost(struct notify_query *query, struct notify_answer *answer);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#if defined(__cplusplus) && __cplusplus >= 201103L
#define NOTIFY_ASSERT_SIZE(type, size) static_assert(sizeof(struct type) == (size), "the size of " #type)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define NOTIFY_ASSERT_SIZE(type, size) _Static_assert(sizeof(struct type) == (size), "the size of " #type)
#else
#define NOTIFY_ASSERT_SIZE(type, size) typedef char type##_has_its_size[sizeof(struct type) == (size) ? 1 : -1]
#endif
NOTIFY_ASSERT_SIZE(notify_outcome, 108);
NOTIFY_ASSERT_SIZE(notify_journal, 192);
NOTIFY_ASSERT_SIZE(notify_call, 1536);
NOTIFY_ASSERT_SIZE(notify_answer, 132);
NOTIFY_ASSERT_SIZE(notify_query, 1024);
#undef NOTIFY_ASSERT_SIZE

#endif  /* NOTIFY_EMBEDDED_H */
