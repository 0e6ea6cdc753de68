//! The status that every function returns.

use notify_jwt::{AdjustClockError, KeyPart};

/// The outcome of a function: `NOTIFY_OK` or one of the errors, which are negative.
pub type NotifyStatus = i32;

/// It succeeded.
pub const NOTIFY_OK: NotifyStatus = 0;
/// A pointer is NULL. Nothing was done.
pub const NOTIFY_ERROR_NULL: NotifyStatus = -1;
/// The buffer is too small. Nothing was written into it.
pub const NOTIFY_ERROR_BUFFER_TOO_SMALL: NotifyStatus = -2;
/// The signer has no key: it was never initialised, or it was wiped.
pub const NOTIFY_ERROR_NO_KEY: NotifyStatus = -3;
/// The text is too short for an API key: the service id and the secret alone are 73 characters.
pub const NOTIFY_ERROR_KEY_LENGTH: NotifyStatus = -4;
/// The name in the API key contains a control character, or no hyphen follows it.
pub const NOTIFY_ERROR_KEY_NAME: NotifyStatus = -5;
/// The service id in the API key is not a UUID.
pub const NOTIFY_ERROR_KEY_SERVICE_ID: NotifyStatus = -6;
/// There is no hyphen between the service id and the secret of the API key.
pub const NOTIFY_ERROR_KEY_SEPARATOR: NotifyStatus = -7;
/// The secret of the API key is not a UUID in lower case, or `key_length` counts the NUL after it.
pub const NOTIFY_ERROR_KEY_SECRET: NotifyStatus = -8;
/// The text is not the value of an HTTP `Date` header of 1970 or later.
pub const NOTIFY_ERROR_DATE: NotifyStatus = -9;
/// The time is before the last confirmed time. The clock stays as it was.
pub const NOTIFY_ERROR_TIME_BEFORE_LAST_CONFIRMED: NotifyStatus = -10;
/// The time differs from the expected time by more than the maximum. The clock stays as it was.
pub const NOTIFY_ERROR_TIME_EXCEEDS_MAX_ADJUSTMENT: NotifyStatus = -11;
/// The clock was never initialised: call `notify_clock_init` first.
pub const NOTIFY_ERROR_CLOCK_NOT_INITIALISED: NotifyStatus = -12;

pub(crate) fn of_key(part: KeyPart) -> NotifyStatus {
    match part {
        KeyPart::Name => NOTIFY_ERROR_KEY_NAME,
        KeyPart::ServiceId => NOTIFY_ERROR_KEY_SERVICE_ID,
        KeyPart::Separator => NOTIFY_ERROR_KEY_SEPARATOR,
        KeyPart::Secret => NOTIFY_ERROR_KEY_SECRET,
        // The rest is `Length`; the enumeration may grow only together with this crate.
        _ => NOTIFY_ERROR_KEY_LENGTH,
    }
}

pub(crate) fn of_clock(error: AdjustClockError) -> NotifyStatus {
    match error {
        AdjustClockError::BeforeLastConfirmed => NOTIFY_ERROR_TIME_BEFORE_LAST_CONFIRMED,
        // The rest is `ExceedsMaxAdjustment`.
        _ => NOTIFY_ERROR_TIME_EXCEEDS_MAX_ADJUSTMENT,
    }
}
