//! What a query found, as numbers and texts.

use core::ffi::c_char;

use notify_embedded::Answer;

use crate::outcome::{
    NOTIFY_CLASS_SIZE, NOTIFY_ID_SIZE, NOTIFY_PENDING, NOTIFY_REFUSED, NOTIFY_TRY_AGAIN, put,
};

/// The service knows the message, whose id and status are in `id` and `message_status`.
pub const NOTIFY_FOUND: u32 = 6;
/// The service knows no such message, or no longer: it keeps messages for a week. For a reference, it is also the answer as
/// long as the service is still taking the message.
pub const NOTIFY_NOT_FOUND: u32 = 7;

/// The size of the text of a message's status, in bytes, with its NUL.
pub const NOTIFY_MESSAGE_STATUS_SIZE: usize = 25;

/// The answer to a query.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyAnswer {
    /// `NOTIFY_PENDING`, `NOTIFY_FOUND`, `NOTIFY_NOT_FOUND`, `NOTIFY_TRY_AGAIN` or `NOTIFY_REFUSED`.
    pub kind: u32,
    /// After `NOTIFY_TRY_AGAIN`: how many seconds to wait before the next request, at least. Otherwise 0.
    pub seconds: u32,
    /// The HTTP status of a refusal, such as 403. Otherwise 0.
    pub http_status: u32,
    /// Whether a refusal is about the time of the token, and the clock could not be adjusted: 0 or 1.
    pub is_clock: u32,
    /// Whether a refusal is about the API key: 0 or 1.
    pub is_api_key: u32,
    /// The id of a message that was found. Otherwise empty.
    pub id: [c_char; NOTIFY_ID_SIZE],
    /// How far it has come, in the API's words: `created`, `sending`, `delivered`, `permanent-failure` and so on.
    pub message_status: [c_char; NOTIFY_MESSAGE_STATUS_SIZE],
    /// The class of a refusal's first error, such as `AuthError`. It is empty if the refusal names none.
    pub error_class: [c_char; NOTIFY_CLASS_SIZE],
}

const _: () = assert!(size_of::<NotifyAnswer>() == 132);

impl NotifyAnswer {
    pub(crate) const PENDING: Self = Self {
        kind: NOTIFY_PENDING,
        seconds: 0,
        http_status: 0,
        is_clock: 0,
        is_api_key: 0,
        id: [0; NOTIFY_ID_SIZE],
        message_status: [0; NOTIFY_MESSAGE_STATUS_SIZE],
        error_class: [0; NOTIFY_CLASS_SIZE],
    };

    pub(crate) fn of(answer: &Answer) -> Self {
        let mut said = Self::PENDING;
        match answer {
            Answer::Found(found) => {
                said.kind = NOTIFY_FOUND;
                put(&mut said.id, &found.id().to_text());
                put(&mut said.message_status, found.status().as_bytes());
            }
            Answer::NotFound => said.kind = NOTIFY_NOT_FOUND,
            Answer::TryAgain(seconds) => (said.kind, said.seconds) = (NOTIFY_TRY_AGAIN, *seconds),
            Answer::Refused(refusal) => {
                said.kind = NOTIFY_REFUSED;
                said.http_status = refusal.status().into();
                said.is_clock = refusal.is_clock().into();
                said.is_api_key = refusal.is_api_key().into();
                put(&mut said.error_class, refusal.class().as_bytes());
            }
        }
        said
    }
}
