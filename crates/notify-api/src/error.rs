//! Why a call failed, and what you can do about it.

mod classify;
mod failure;
mod kind;
mod own_words;
mod predicates;
mod refusal;
mod remedy;
mod service_error;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::printable::Printable;
use crate::report::Report;
use crate::{Effect, InvalidRequest, NotOffered, Operation};
pub(crate) use classify::{Line, Text};
use failure::Success;
pub(crate) use failure::{Evidence, Failure};
pub use kind::ErrorKind;
pub(crate) use predicates::AFTER_RATE_LIMIT;
pub(crate) use refusal::Refusal;
pub use service_error::ServiceError;

/// Why a call failed.
///
/// Match on its [`kind`](Self::kind), or ask what you can do: [`is_retryable`](Self::is_retryable),
/// [`is_clock_refused`](Self::is_clock_refused), [`is_rate_limited`](Self::is_rate_limited),
/// [`may_have_been_sent`](Self::may_have_been_sent) and so on. [`remedy`](Self::remedy) says it in words. The error
/// keeps the evidence: [`status`](Self::status), the service's [`errors`](Self::errors), [`trace_id`](Self::trace_id),
/// [`attempts`](Self::attempts), [`elapsed`](Self::elapsed).
///
/// `Display` and `Debug` show neither key nor token. They mask the recipient, reference and personalisation of the
/// request, which the service often echoes. [`ServiceError::message`] is the full text.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
/// use notify_api::Error;
///
/// fn act_upon(error: &Error) {
///     if error.may_have_been_sent() {
///         println!("look it up by {:?} before sending it again", error.reference());
///     } else if let Some(moment) = error.retry_at(SystemTime::now()) {
///         println!("send it again after {moment:?}");
///     } else if error.is_recipient_refused() {
///         println!("ask for another address");
///     } else {
///         println!("{error}; to put it right: {}", error.remedy().unwrap_or_default());
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    report: Report,
    failure: Failure,
    evidence: Evidence,
}

impl Error {
    pub(crate) fn new(report: Report, failure: Failure, evidence: Evidence) -> Self {
        Self(Box::new(Inner { report, failure, evidence }))
    }

    pub(crate) fn invalid(operation: &Operation, reason: InvalidRequest) -> Self {
        Self::new(Report::before(operation), Failure::Invalid(reason), Evidence::None)
    }

    pub(crate) fn of_not_offered(reason: NotOffered) -> Self {
        let report = Report::before(reason.full_operation());
        Self::new(report, Failure::NotOffered(reason), Evidence::None)
    }

    pub(crate) fn unreadable(report: Report, response: &http::Response<Bytes>, problem: &str) -> Self {
        let failure = Failure::Unreadable { answer: Success::new(response), problem: problem.to_owned() };
        Self::new(report, failure, Evidence::None)
    }

    pub(crate) fn into_failure(self) -> Failure {
        self.0.failure
    }

    /// An answer that reports success but cannot be used.
    fn success(&self) -> Option<&Success> {
        match &self.0.failure {
            Failure::Unreadable { answer, .. } | Failure::OfAnother(answer) => Some(answer),
            _ => None,
        }
    }

    fn refusal(&self) -> Option<&Refusal> {
        match &self.0.failure {
            Failure::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The operation that failed, such as `send_sms`.
    pub fn operation(&self) -> &'static str {
        self.0.report.operation.name()
    }

    /// What the operation does to the service: whether a read or a message failed.
    pub fn effect(&self) -> Effect {
        self.0.report.operation.effect()
    }

    /// How many requests were made; 0 if the arguments were invalid.
    pub fn attempts(&self) -> u32 {
        self.0.report.attempts
    }

    /// How long the call took, waits included.
    pub fn elapsed(&self) -> Duration {
        self.0.report.elapsed
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.failure.status()
    }

    /// The id by which the service's staff can find the request, if the answer named one.
    pub fn trace_id(&self) -> Option<&str> {
        let of_success = || self.success().and_then(|answer| answer.trace_id.as_deref());
        self.refusal().and_then(Refusal::trace_id).or_else(of_success)
    }

    /// The reasons that the service gave, up to a hundred. Empty if the answer did not come from the service.
    pub fn errors(&self) -> &[ServiceError] {
        self.refusal().map_or(&[], Refusal::errors)
    }

    /// The body of the answer, byte for byte; it may hold personal data. Empty if there was no answer.
    ///
    /// If a refusal is not in the service's own words, such as a proxy's page, only the first 2,048 bytes are kept.
    pub fn body(&self) -> &[u8] {
        let of_success = || self.success().map(|answer| &*answer.body);
        self.refusal().map(Refusal::body).or_else(of_success).unwrap_or_default()
    }

    /// The message's reference, by which you can look it up.
    pub fn reference(&self) -> Option<&str> {
        self.0.report.reference.as_deref()
    }

    /// How many seconds the service's clock is ahead of this machine's, as measured from its refusal.
    pub fn clock_offset_seconds(&self) -> Option<i64> {
        self.refusal()?.clock_offset_seconds()
    }

    /// What you can do about it, in words, if the cause is known.
    pub fn remedy(&self) -> Option<String> {
        remedy::of(self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation())?;
        match &self.0.failure {
            Failure::Invalid(_) => f.write_str("the request is invalid, so nothing was sent")?,
            Failure::NotOffered(reason) => write!(f, "{reason}, so nothing was sent")?,
            Failure::DeadlineExceeded(_) => {
                f.write_str("the rate limiter has no permit before the call times out, so nothing was sent")?;
            }
            Failure::Expired => {
                f.write_str("the call timed out before the request could leave, so nothing was sent")?;
            }
            Failure::Refused(refusal) => write!(f, "{refusal}")?,
            Failure::Unreadable { answer, problem } => {
                write!(
                    f,
                    "answered {} with a body that cannot be read, {}",
                    answer.status,
                    Printable(problem)
                )?;
            }
            Failure::OfAnother(answer) => write!(f, "answered {} about another message", answer.status)?,
            Failure::NotSent(_) => f.write_str("the request did not reach the service")?,
            Failure::Lost(_) => f.write_str("no whole answer came back")?,
        }
        if self.may_have_been_sent() {
            f.write_str(match self.effect() {
                Effect::Changes => "; it may have been done",
                Effect::Sends | Effect::Reads => "; the message may have been sent",
            })?;
        }
        if self.attempts() > 1 {
            write!(f, " (after {} attempts in {:.1} s)", self.attempts(), self.elapsed().as_secs_f64())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("operation", &self.operation()).field("attempts", &self.attempts());
        debug.field("elapsed", &self.elapsed());
        match &self.0.failure {
            Failure::Invalid(reason) => debug.field("invalid", reason),
            Failure::NotOffered(reason) => debug.field("not_offered", reason),
            Failure::DeadlineExceeded(exceeded) => debug.field("deadline_exceeded", exceeded),
            Failure::Expired => debug.field("expired", &true),
            Failure::Refused(refusal) => debug.field("refused", refusal),
            Failure::Unreadable { answer, problem } => {
                debug.field("status", &answer.status).field("unreadable", problem)
            }
            Failure::OfAnother(answer) => debug.field("of_another", answer),
            Failure::NotSent(cause) => debug.field("not_sent", cause),
            Failure::Lost(cause) => debug.field("lost", cause),
        };
        debug.field("evidence", &self.0.evidence);
        debug.finish_non_exhaustive()
    }
}

/// If a transport could not carry the request, the source is the transport's own error; downcast it to its type.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.failure {
            Failure::Invalid(reason) => Some(reason),
            Failure::DeadlineExceeded(exceeded) => Some(exceeded),
            Failure::NotSent(cause) | Failure::Lost(cause) => Some(cause.inner()),
            Failure::NotOffered(_)
            | Failure::Expired
            | Failure::Refused(_)
            | Failure::Unreadable { .. }
            | Failure::OfAnother(_) => None,
        }
    }
}
