//! What became of a message.

use core::fmt;

use crate::answer::{Class, Words};
use crate::id::NotificationId;
use crate::reference::Reference;

/// What became of a message after one request, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service took the message; this is its id. The call is over.
    Accepted(NotificationId),
    /// The service certainly did not take the message. Connect again after so many seconds, and make the next request.
    TryAgain(u32),
    /// The service refused the message. Sending the same again does not help. The call is over.
    Refused(Refusal),
    /// The service may have taken the message, and no answer says whether.
    Unknown {
        /// The message's reference, if it has one.
        reference: Option<Reference>,
        /// After how many seconds the next request is worthwhile, which then looks the message up. Waiting longer is
        /// always right. `None` if no lookup can reconcile it, because the message has no reference of its own or goes to a
        /// recipient for smoke tests: the call is over.
        look_up_after: Option<u32>,
    },
}

/// A refusal in the service's own words.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    status: u16,
    class: Class,
    is_clock: bool,
}

impl Refusal {
    pub(crate) fn new(status: u16, words: Option<Words<'_>>) -> Self {
        let class = words.map_or(Class::EMPTY, |words| words.class.clone());
        Self { status, class, is_clock: words.is_some_and(|words| words.is_clock) }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The class of the first error, such as `ValidationError`. It is empty in refusals that name none, and the texts are not
    /// kept: they repeat recipients and values.
    pub fn class(&self) -> &str {
        self.class.as_str()
    }

    /// Whether the time of the token was wrong, and the clock could not be adjusted: the answer had no usable `Date`, the
    /// clock rejected it, or it did not help.
    pub const fn is_clock(&self) -> bool {
        self.is_clock
    }

    /// Whether the key is unknown, revoked, or not allowed to do this.
    pub fn is_api_key(&self) -> bool {
        matches!(self.status, 401 | 403) && !self.is_clock
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.class())
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}

/// Why a request was not written. Nothing of it may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The buffer is too small, and nothing was written into it. 1,024 bytes are enough for a message whose recipient, names
    /// and values together have 300 bytes, and 640 for a query.
    BufferTooSmall,
    /// The call is over: there is nothing more to ask.
    Over,
    /// The service's host or path cannot stand in a request. Give the host without `https://`, and the path with a slash at
    /// its beginning and none at its end.
    MalformedService,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BufferTooSmall => "the buffer is too small for the request",
            Self::Over => "the call is over",
            Self::MalformedService => {
                "the service's host or path cannot stand in a request: give the host without https://, and the path as /notify"
            }
        })
    }
}

impl core::error::Error for RequestError {}
