//! One reason for a refusal.

use std::fmt;

use http::StatusCode;

use super::{ErrorKind, own_words};
use crate::printable::Printable;
use crate::redaction::Redaction;

/// One reason for a refusal, as the service gives it: a class and a message.
///
/// `Display` and `Debug` mask the request's own values and escape terminal control characters.
/// [`message`](Self::message) is the full text.
///
/// # Examples
///
/// ```
/// # use notify_api::Error;
/// /// All that the service said, for a log that nobody else reads.
/// fn every_reason(error: &Error) -> String {
///     error.errors().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceError {
    class: Option<String>,
    message: String,
    masked: String,
    kind: ErrorKind,
}

/// How many bytes of a class are shown: the service's own classes are short names.
const LONGEST_CLASS: usize = 100;

impl ServiceError {
    pub(super) fn new(
        status: StatusCode,
        class: Option<String>,
        message: String,
        redaction: &Redaction,
    ) -> Self {
        let kind = ErrorKind::of(status, class.as_deref(), &message);
        Self { masked: redaction.apply(&message, own_words::ranges), class, message, kind }
    }

    /// The word under `error`, such as `ValidationError`. The service asks clients to branch on it.
    ///
    /// `None` in the envelope of unknown paths and wrong methods, which has no such word.
    pub fn class(&self) -> Option<&str> {
        self.class.as_deref()
    }

    /// The full text, exactly as the server sent it. It may echo the recipient, the reference or the personalisation of
    /// the request. Escape it before you print it to a terminal.
    pub fn message(&self) -> &str {
        &self.message
    }

    fn shown_class(&self) -> Option<&str> {
        self.class().map(|class| if class.len() > LONGEST_CLASS { "…" } else { class })
    }

    /// What the reason comes down to.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The fields or placeholders that the text names.
    pub(super) fn names(&self) -> Vec<&str> {
        self.kind.names(&self.message)
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(class) = self.shown_class() {
            write!(f, "{}: ", Printable(class))?;
        }
        Printable(&self.masked).fmt(f)
    }
}

impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("class", &self.shown_class())
            .field("message", &self.masked)
            .finish_non_exhaustive()
    }
}
