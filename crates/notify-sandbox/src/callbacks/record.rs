//! An attempt to post a callback, and its outcome.

use std::fmt::{self, Debug, Display, Formatter};
use std::time::SystemTime;

use crate::world::CallbackKind;

/// One attempt to post a callback.
///
/// Its [`Display`] is one line without personal data. The body does contain some.
#[derive(Clone)]
#[non_exhaustive]
pub struct CallbackRecord {
    /// The number of the attempt among all attempts of the sandbox, counted from 1.
    pub id: u64,
    /// The id of the service.
    pub service: String,
    /// The kind of callback.
    pub kind: CallbackKind,
    /// The URL.
    pub url: String,
    /// The body.
    pub body: String,
    /// The number of the attempt, counted from 1.
    pub attempt: u32,
    /// When it began by the sandbox's clock.
    pub at: SystemTime,
    /// The outcome.
    pub outcome: CallbackOutcome,
    /// When the next attempt is due by the sandbox's clock, if there is one.
    pub next_attempt_at: Option<SystemTime>,
}

/// The outcome of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackOutcome {
    /// An answer with this status; after redirects, the last.
    Answered(u16),
    /// No answer in time.
    TimedOut,
    /// No connection, or one that broke.
    NotConnected(String),
    /// The URL cannot be posted to, such as an `https://` URL: the sandbox speaks plain HTTP only.
    Impossible(String),
}

impl CallbackOutcome {
    pub(crate) const fn is_worth_a_retry(&self) -> bool {
        match self {
            Self::Answered(status) => *status == 429 || *status >= 500,
            Self::TimedOut | Self::NotConnected(_) => true,
            Self::Impossible(_) => false,
        }
    }
}

impl Display for CallbackOutcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(status) => Display::fmt(status, f),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::NotConnected(why) | Self::Impossible(why) => f.write_str(why),
        }
    }
}

/// The address without its query, where receivers often keep a secret.
impl Display for CallbackRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let address = self.url.split(['?', '#']).next().unwrap_or_default();
        write!(f, "POST {address} {}", self.outcome)?;
        write!(f, " [{} callback, attempt {}", self.kind.as_str(), self.attempt)?;
        f.write_str(if self.next_attempt_at.is_some() { ", to be tried again]" } else { "]" })
    }
}

/// As [`Display`].
impl Debug for CallbackRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "CallbackRecord({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_about_a_callback_contains_no_person_and_no_secret() {
        let record = CallbackRecord {
            id: 1,
            service: String::new(),
            kind: CallbackKind::DeliveryStatus,
            url: "http://127.0.0.1:1/receipts?secret=s3cret".to_owned(),
            body: r#"{"to": "07700900123"}"#.to_owned(),
            attempt: 2,
            at: SystemTime::UNIX_EPOCH,
            outcome: CallbackOutcome::Answered(503),
            next_attempt_at: Some(SystemTime::UNIX_EPOCH),
        };
        let line = record.to_string();
        assert_eq!(
            line,
            "POST http://127.0.0.1:1/receipts 503 [delivery_status callback, attempt 2, to be tried again]"
        );
        assert_eq!(format!("{record:?}"), format!("CallbackRecord({line})"));
    }

    #[test]
    fn only_temporary_failures_are_retried() {
        let again = |outcome: CallbackOutcome| outcome.is_worth_a_retry();
        assert!([429, 500, 503, 599].into_iter().all(|status| again(CallbackOutcome::Answered(status))));
        assert!(
            ![200, 204, 302, 400, 404, 410]
                .into_iter()
                .any(|status| again(CallbackOutcome::Answered(status)))
        );
        assert!(again(CallbackOutcome::TimedOut) && again(CallbackOutcome::NotConnected(String::new())));
        assert!(!again(CallbackOutcome::Impossible(String::new())));
    }
}
