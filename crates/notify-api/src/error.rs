//! Why a call failed, and what its caller can do about it.

mod ground;
mod predicate;
mod refusal;
mod remedy;
mod service_error;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::printable::Printable;
use crate::report::Report;
use crate::{Cause, Effect, InvalidRequest, Operation, TooLong, trace_id};
pub(crate) use refusal::Refusal;
pub use service_error::ServiceError;

/// Why a call failed.
///
/// Ask it what can be done: [`is_clock_refused`](Self::is_clock_refused), [`is_rate_limited`](Self::is_rate_limited),
/// [`may_have_been_sent`](Self::may_have_been_sent) …; [`remedy`](Self::remedy) says it in words. The evidence is kept:
/// [`status`](Self::status), every item of the service's [`errors`](Self::errors), [`trace_id`](Self::trace_id),
/// [`attempts`](Self::attempts), [`elapsed`](Self::elapsed).
///
/// `Display` and `Debug` show neither key nor token, and mask the recipient, reference and personalisation of the
/// request, which the service likes to echo. [`ServiceError::message`] is the full text.
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
    kind: Kind,
}

enum Kind {
    /// Nothing was sent: the arguments cannot be right.
    Invalid(InvalidRequest),
    /// Nothing was sent: it would have had to wait too long for its slot.
    Paced(TooLong),
    /// The service, or something before it, answered that it did not do it.
    Refused(Refusal),
    /// The service did it, and its answer cannot be read.
    Unreadable { status: StatusCode, trace_id: Option<String>, body: Bytes, fault: String },
    /// The request certainly did not reach the service.
    NotSent(Cause),
    /// The request may have reached the service, and no whole answer came back.
    Lost(Cause),
}

impl Error {
    pub(crate) fn invalid(operation: Operation, reason: InvalidRequest) -> Self {
        let report = Report { operation, attempts: 0, elapsed: Duration::ZERO, reference: None };
        Self(Box::new(Inner { report, kind: Kind::Invalid(reason) }))
    }

    pub(crate) fn paced(report: Report, too_long: TooLong) -> Self {
        Self(Box::new(Inner { report, kind: Kind::Paced(too_long) }))
    }

    pub(crate) fn refused(report: Report, refusal: Refusal) -> Self {
        Self(Box::new(Inner { report, kind: Kind::Refused(refusal) }))
    }

    pub(crate) fn not_sent(report: Report, cause: Cause) -> Self {
        Self(Box::new(Inner { report, kind: Kind::NotSent(cause) }))
    }

    pub(crate) fn lost(report: Report, cause: Cause) -> Self {
        Self(Box::new(Inner { report, kind: Kind::Lost(cause) }))
    }

    pub(crate) fn unreadable(report: Report, response: &http::Response<Bytes>, fault: &str) -> Self {
        let kind = Kind::Unreadable {
            status: response.status(),
            trace_id: trace_id::of(response.headers()).map(str::to_owned),
            body: response.body().clone(),
            fault: fault.to_owned(),
        };
        Self(Box::new(Inner { report, kind }))
    }

    fn refusal(&self) -> Option<&Refusal> {
        match &self.0.kind {
            Kind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The operation that failed, such as `send_sms`.
    pub fn operation(&self) -> &'static str {
        self.0.report.operation.name()
    }

    /// What the operation does to the service: whether it was a question or a message that failed.
    pub fn effect(&self) -> Effect {
        self.0.report.operation.effect()
    }

    /// How many requests were made; 0 when the arguments could not be right.
    pub fn attempts(&self) -> u32 {
        self.0.report.attempts
    }

    /// How long the call took, waits included.
    pub fn elapsed(&self) -> Duration {
        self.0.report.elapsed
    }

    /// The HTTP status, when there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.kind {
            Kind::Refused(refusal) => Some(refusal.status()),
            Kind::Unreadable { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The id under which the service's staff can find the request, when there was an answer that named one.
    pub fn trace_id(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Refused(refusal) => refusal.trace_id(),
            Kind::Unreadable { trace_id, .. } => trace_id.as_deref(),
            _ => None,
        }
    }

    /// Every reason that the service gave; empty when the answer was not the service's.
    pub fn errors(&self) -> &[ServiceError] {
        self.refusal().map_or(&[], Refusal::errors)
    }

    /// The body of the answer, byte for byte; it may hold personal data. Empty when there was no answer.
    ///
    /// Of a refusal that is not in the service's own words, such as a proxy's page, the first 2,048 bytes are kept.
    pub fn body(&self) -> &[u8] {
        match &self.0.kind {
            Kind::Refused(refusal) => refusal.body(),
            Kind::Unreadable { body, .. } => body,
            _ => &[],
        }
    }

    /// The reference that the message was given, under which to look it up.
    pub fn reference(&self) -> Option<&str> {
        self.0.report.reference.as_deref()
    }

    /// By how many seconds the service's clock is ahead of this machine's, as measured from its refusal.
    pub fn clock_offset_seconds(&self) -> Option<i64> {
        self.refusal()?.clock_offset_seconds()
    }

    /// What the caller can do about it, in words, where the cause is known.
    pub fn remedy(&self) -> Option<String> {
        remedy::of(self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation())?;
        match &self.0.kind {
            Kind::Invalid(_) => f.write_str("the request cannot be right, so nothing was sent")?,
            Kind::Paced(_) => {
                f.write_str("the call may not take as long as its turn needs to come, so nothing was sent")?;
            }
            Kind::Refused(refusal) => write!(f, "{refusal}")?,
            Kind::Unreadable { status, fault, .. } => {
                write!(f, "answered {status} with a body that cannot be read, {}", Printable(fault))?;
            }
            Kind::NotSent(_) => f.write_str("the request did not reach the service")?,
            Kind::Lost(_) if self.may_have_been_sent() => {
                f.write_str("no whole answer came back; the message may have been sent")?;
            }
            Kind::Lost(_) => f.write_str("no whole answer came back")?,
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
        match &self.0.kind {
            Kind::Invalid(reason) => debug.field("invalid", reason),
            Kind::Paced(too_long) => debug.field("paced", too_long),
            Kind::Refused(refusal) => debug.field("refused", refusal),
            Kind::Unreadable { status, fault, .. } => {
                debug.field("status", status).field("unreadable", fault)
            }
            Kind::NotSent(cause) => debug.field("not_sent", cause),
            Kind::Lost(cause) => debug.field("lost", cause),
        };
        debug.finish_non_exhaustive()
    }
}

/// The source of what a transport could not carry is the transport's own error, to be downcast to its type.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Invalid(reason) => Some(reason),
            Kind::Paced(too_long) => Some(too_long),
            Kind::NotSent(cause) | Kind::Lost(cause) => Some(cause.inner()),
            Kind::Refused(_) | Kind::Unreadable { .. } => None,
        }
    }
}
