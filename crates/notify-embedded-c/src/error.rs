//! The errors of these functions, beside those of the signer and the clock.

use notify_jwt_c::NotifyStatus;

/// The template's id is not a UUID.
pub const NOTIFY_ERROR_TEMPLATE_ID: NotifyStatus = -20;
/// The sender's id is not a UUID.
pub const NOTIFY_ERROR_SENDER_ID: NotifyStatus = -21;
/// A reference has 1 to 64 bytes of text, and no control characters.
pub const NOTIFY_ERROR_REFERENCE: NotifyStatus = -22;
/// A text is not UTF-8.
pub const NOTIFY_ERROR_TEXT: NotifyStatus = -23;
/// A message has more values than `NOTIFY_VALUES_MAX`.
pub const NOTIFY_ERROR_TOO_MANY_VALUES: NotifyStatus = -24;
/// There is no such service, it needs a host, or its host or path cannot stand in a request: give the host without
/// `https://`, and the path with a slash at its beginning and none at its end.
pub const NOTIFY_ERROR_SERVICE: NotifyStatus = -25;
/// The message is neither `NOTIFY_SMS` nor `NOTIFY_EMAIL`.
pub const NOTIFY_ERROR_KIND: NotifyStatus = -26;
/// The call, the query or the journal was never initialised, or the call or the query was copied from another place.
pub const NOTIFY_ERROR_NOT_INITIALISED: NotifyStatus = -27;
/// The call is over: there is nothing more to ask.
pub const NOTIFY_ERROR_OVER: NotifyStatus = -28;
/// Another message is still in doubt, or this one since before the reset: reconcile it first, or give it up.
pub const NOTIFY_ERROR_STILL_IN_DOUBT: NotifyStatus = -29;
/// Nothing is in doubt, or no lookup can tell: give it up.
pub const NOTIFY_ERROR_NOTHING_TO_LOOK_UP: NotifyStatus = -30;
/// A message cannot end with this outcome.
pub const NOTIFY_ERROR_OUTCOME: NotifyStatus = -31;
/// The message's id is not a UUID.
pub const NOTIFY_ERROR_NOTIFICATION_ID: NotifyStatus = -32;
