// The bearer token of the Notify services. Made from the source of notify-jwt-c by its tests: do not edit.

#ifndef NOTIFY_JWT_H
#define NOTIFY_JWT_H

#include <stddef.h>
#include <stdint.h>

// The size of the buffer for a header value, in bytes: the longest value, and a NUL.
#define NOTIFY_BEARER_SIZE 187

// The outcome of a function: `NOTIFY_OK` or one of the errors, which are negative.
typedef int32_t notify_status;

// Mints the tokens of one API key. Place it where you like, in static memory or on the stack, but leave its contents to the
// functions below. Wipe it when you no longer need it.
struct notify_signer {
    uint64_t opaque[24];
};

// The service's time, computed from a device's uptime. Place it where you like, in static memory or on the stack, but leave
// its contents to the functions below.
//
// Whoever sets this clock chooses when the device's tokens are valid. So set it only from the service's own refusal of a
// token (status 403, class `AuthError`), and only over a connection on which nobody else can answer, such as TLS that
// verifies. All uptimes are whole seconds since the device started.
struct notify_clock {
    uint64_t opaque[5];
};

// The time by two clocks at the same instant: the device's and the service's.
struct notify_time_sample {
    // The device's own count of seconds, usually since it was switched on.
    uint64_t uptime;
    // The service's time, in seconds since 1970.
    uint64_t unix_seconds;
};

// It succeeded.
#define NOTIFY_OK 0

// A pointer is NULL. Nothing was done.
#define NOTIFY_ERROR_NULL (-1)

// The buffer is too small. Nothing was written into it.
#define NOTIFY_ERROR_BUFFER_TOO_SMALL (-2)

// The signer has no key: it was never initialised, or it was wiped.
#define NOTIFY_ERROR_NO_KEY (-3)

// The text is too short for an API key: the service id and the secret alone are 73 characters.
#define NOTIFY_ERROR_KEY_LENGTH (-4)

// The name in the API key contains a control character, or no hyphen follows it.
#define NOTIFY_ERROR_KEY_NAME (-5)

// The service id in the API key is not a UUID.
#define NOTIFY_ERROR_KEY_SERVICE_ID (-6)

// There is no hyphen between the service id and the secret of the API key.
#define NOTIFY_ERROR_KEY_SEPARATOR (-7)

// The secret of the API key is not a UUID in lower case, or `key_length` counts the NUL after it.
#define NOTIFY_ERROR_KEY_SECRET (-8)

// The text is not the value of an HTTP `Date` header of 1970 or later.
#define NOTIFY_ERROR_DATE (-9)

// The time is before the last confirmed time. The clock stays as it was.
#define NOTIFY_ERROR_TIME_BEFORE_LAST_CONFIRMED (-10)

// The time differs from the expected time by more than the maximum. The clock stays as it was.
#define NOTIFY_ERROR_TIME_EXCEEDS_MAX_ADJUSTMENT (-11)

// The clock was never initialised: call `notify_clock_init` first.
#define NOTIFY_ERROR_CLOCK_NOT_INITIALISED (-12)

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Prepares an API key for signing. White space around the key is ignored. `key_length` is in bytes, without a NUL at the end:
// what `strlen` returns.
//
// After an error, the signer has no key. The text of the key is no longer needed: wipe it if it is in RAM.
//
// `signer` points to a signer, initialised or not, and `key` to `key_length` bytes.
notify_status notify_signer_init(struct notify_signer *signer,
                                 const char *key,
                                 size_t key_length);

// Writes the value of an `Authorization` header, `Bearer` and a token that is issued at this time, in seconds since 1970,
// with a NUL at its end. The buffer needs `NOTIFY_BEARER_SIZE` bytes.
//
// The service accepts it while its own clock is within 30 seconds of that time. So mint a new one for each request, as late as
// you can. The bare token starts at the eighth character.
//
// `signer` points to a signer, initialised or all zeros, and `buffer` to `buffer_size` bytes.
notify_status notify_signer_bearer(const struct notify_signer *signer,
                                   uint64_t unix_seconds,
                                   char *buffer,
                                   size_t buffer_size);

// Overwrites a signer. Whoever reads its memory afterwards cannot sign with it.
//
// `signer` points to a signer, initialised or not.
notify_status notify_signer_wipe(struct notify_signer *signer);

// Starts a clock that counts on from a time in the past, in seconds since 1970: the last confirmed time of the previous run,
// or the build time of the firmware. It never goes back before that.
//
// `clock` points to a clock, initialised or not.
notify_status notify_clock_init(struct notify_clock *clock,
                                uint64_t last_confirmed);

// Sets how far, in seconds, a time sample may lie from the last confirmed time plus the uptime since then. Without this
// limit, the clock believes any time after the last confirmed one.
//
// `clock` points to a clock, initialised or all zeros.
notify_status notify_clock_set_max_adjustment(struct notify_clock *clock,
                                              uint64_t seconds);

// Writes the service's time at this uptime, in seconds since 1970, as far as the clock knows it.
//
// `clock` points to a clock, initialised or all zeros, and `unix_seconds` to a number.
notify_status notify_clock_now(const struct notify_clock *clock, uint64_t uptime, uint64_t *unix_seconds);

// Adjusts the clock to the time in an answer of the service, and the uptime when the answer arrived.
//
// `clock` points to a clock, initialised or all zeros, and `sample` to a time sample.
notify_status notify_clock_adjust(struct notify_clock *clock, const struct notify_time_sample *sample);

// Adjusts the clock to the `Date` header of an answer of the service, such as `Sun, 06 Nov 1994 08:49:37 GMT`, and the
// uptime when the answer arrived.
//
// `clock` points to a clock, initialised or all zeros, and `date` to `date_length` bytes.
notify_status notify_clock_adjust_to_date(struct notify_clock *clock,
                                          uint64_t uptime,
                                          const char *date,
                                          size_t date_length);

// Confirms the time at this uptime: the service accepted a token that was minted then.
//
// `clock` points to a clock, initialised or all zeros.
notify_status notify_clock_confirm(struct notify_clock *clock, uint64_t uptime);

// Writes the last confirmed time, in seconds since 1970. Keep it across restarts, for `notify_clock_init`.
//
// `clock` points to a clock, initialised or all zeros, and `unix_seconds` to a number.
notify_status notify_clock_last_confirmed(const struct notify_clock *clock, uint64_t *unix_seconds);

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
NOTIFY_ASSERT_SIZE(notify_signer, 192);
NOTIFY_ASSERT_SIZE(notify_clock, 40);
NOTIFY_ASSERT_SIZE(notify_time_sample, 16);
#undef NOTIFY_ASSERT_SIZE

#endif  /* NOTIFY_JWT_H */
