//! What became of a message, as numbers and texts.

use core::ffi::c_char;

use notify_embedded::{Ending, NotificationId, Outcome};

use crate::error::NOTIFY_ERROR_OUTCOME;
use crate::pointer::Attempt;

/// The answer is not over: go on reading.
pub const NOTIFY_PENDING: u32 = 0;
/// The service took the message, whose id is in `id`. The call is over.
pub const NOTIFY_ACCEPTED: u32 = 1;
/// The service certainly did not take the message. Connect again after `seconds`, and make the next request.
pub const NOTIFY_TRY_AGAIN: u32 = 2;
/// The service refused the message with this HTTP status and class of error. The call is over.
pub const NOTIFY_REFUSED: u32 = 3;
/// The service may have taken the message. Connect again after `seconds`; the next request looks it up.
pub const NOTIFY_LOOK_UP: u32 = 4;
/// The service may have taken the message, and no lookup can tell. The call is over; do not send the message again.
pub const NOTIFY_UNKNOWN: u32 = 5;

/// The size of an id's text, in bytes, with its NUL.
pub const NOTIFY_ID_SIZE: usize = 37;
/// The size of the text of an error's class, in bytes, with its NUL.
pub const NOTIFY_CLASS_SIZE: usize = 49;

/// What became of a message after one request.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyOutcome {
    /// `NOTIFY_PENDING`, `NOTIFY_ACCEPTED`, `NOTIFY_TRY_AGAIN`, `NOTIFY_REFUSED`, `NOTIFY_LOOK_UP` or `NOTIFY_UNKNOWN`.
    pub kind: u32,
    /// After `NOTIFY_TRY_AGAIN` and `NOTIFY_LOOK_UP`: how many seconds to wait before the next request, at least. Otherwise
    /// 0.
    pub seconds: u32,
    /// The HTTP status of a refusal, such as 400. Otherwise 0.
    pub http_status: u32,
    /// Whether a refusal is about the time of the token, and the clock could not be adjusted: 0 or 1.
    pub is_clock: u32,
    /// Whether a refusal is about the API key: 0 or 1.
    pub is_api_key: u32,
    /// The id of a message that the service took. Otherwise empty.
    pub id: [c_char; NOTIFY_ID_SIZE],
    /// The class of a refusal's first error, such as `ValidationError`. It is empty if the refusal names none.
    pub error_class: [c_char; NOTIFY_CLASS_SIZE],
}

const _: () = assert!(size_of::<NotifyOutcome>() == 108);

impl NotifyOutcome {
    pub(crate) const PENDING: Self = Self {
        kind: NOTIFY_PENDING,
        seconds: 0,
        http_status: 0,
        is_clock: 0,
        is_api_key: 0,
        id: [0; NOTIFY_ID_SIZE],
        error_class: [0; NOTIFY_CLASS_SIZE],
    };

    pub(crate) fn of(outcome: &Outcome) -> Self {
        let mut said = Self::PENDING;
        match outcome {
            Outcome::Accepted(id) => {
                said.kind = NOTIFY_ACCEPTED;
                put(&mut said.id, &id.to_text());
            }
            Outcome::TryAgain(seconds) => (said.kind, said.seconds) = (NOTIFY_TRY_AGAIN, *seconds),
            Outcome::Refused(refusal) => {
                said.kind = NOTIFY_REFUSED;
                said.http_status = refusal.status().into();
                said.is_clock = refusal.is_clock().into();
                said.is_api_key = refusal.is_api_key().into();
                put(&mut said.error_class, refusal.class().as_bytes());
            }
            Outcome::Unknown { look_up_after: Some(seconds), .. } => {
                (said.kind, said.seconds) = (NOTIFY_LOOK_UP, *seconds);
            }
            Outcome::Unknown { look_up_after: None, .. } => said.kind = NOTIFY_UNKNOWN,
        }
        said
    }

    /// How a message ended that had this outcome.
    pub(crate) fn ending(&self) -> Attempt<Ending> {
        match self.kind {
            NOTIFY_ACCEPTED => {
                let digits = self.id.map(|character| u8::from_ne_bytes(character.to_ne_bytes()));
                let id = digits.split_last().and_then(|(_, digits)| NotificationId::parse_bytes(digits).ok());
                id.map(Ending::Accepted).ok_or(NOTIFY_ERROR_OUTCOME)
            }
            NOTIFY_TRY_AGAIN => Ok(Ending::NotTaken),
            NOTIFY_REFUSED => Ok(Ending::Refused),
            NOTIFY_LOOK_UP | NOTIFY_UNKNOWN => Ok(Ending::GivenUp),
            _ => Err(NOTIFY_ERROR_OUTCOME),
        }
    }
}

/// Puts a text there, whose rest is NUL.
pub(crate) fn put(place: &mut [c_char], text: &[u8]) {
    for (place, byte) in place.iter_mut().zip(text) {
        *place = c_char::from_ne_bytes([*byte]);
    }
}
