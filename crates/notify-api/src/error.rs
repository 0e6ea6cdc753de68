//! Why a call failed, and what its caller can do about it.

mod refusal;
mod remedy;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::{Cause, Effect, InvalidRequest, Operation, TooLong};
pub(crate) use refusal::Refusal;
pub use refusal::ServiceError;

/// Why a call failed.
///
/// Ask it what can be done: [`is_clock_refused`](Self::is_clock_refused), [`is_rate_limited`](Self::is_rate_limited),
/// [`may_have_been_sent`](Self::may_have_been_sent) …; [`remedy`](Self::remedy) says it in words. The evidence is kept:
/// [`status`](Self::status), every item of the service's [`errors`](Self::errors), [`trace_id`](Self::trace_id),
/// [`attempts`](Self::attempts), [`elapsed`](Self::elapsed).
///
/// `Display` and `Debug` show neither key nor token, and mask the recipient, reference and personalisation of the
/// request, which the service likes to echo. [`ServiceError::message`] is the full text.
pub struct Error(Box<Inner>);

struct Inner {
    report: Report,
    kind: Kind,
}

/// What it took to come this far: part of every answer and every error.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) operation: Operation,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    /// The reference under which the message can be looked up, when it is its own.
    pub(crate) reference: Option<String>,
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

    pub(crate) fn unreadable(
        report: Report,
        response: &http::Response<Bytes>,
        fault: &serde_path_to_error::Error<serde_json::Error>,
    ) -> Self {
        // The reader's own message may quote a value; where the fault is says as much and shows nothing.
        let at = fault.inner();
        let fault = format!("at {} (line {}, column {})", fault.path(), at.line(), at.column());
        let kind = Kind::Unreadable {
            status: response.status(),
            trace_id: crate::answer::trace_id(response.headers()).map(str::to_owned),
            body: response.body().clone(),
            fault,
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
    pub fn body(&self) -> &[u8] {
        match &self.0.kind {
            Kind::Refused(refusal) => refusal.body(),
            Kind::Unreadable { body, .. } => body,
            _ => &[],
        }
    }

    /// Nothing was sent, because the arguments cannot be right.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.kind, Kind::Invalid(_))
    }

    /// The service did what was asked, and its answer cannot be read: do not ask again.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.0.kind, Kind::Unreadable { .. })
    }

    /// Nothing reached the service: it could not be connected to.
    pub fn is_not_sent(&self) -> bool {
        matches!(self.0.kind, Kind::NotSent(_))
    }

    /// It ended by time, while connecting or while waiting for the answer.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.0.kind, Kind::NotSent(cause) | Kind::Lost(cause) if cause.is_timeout())
    }

    /// A message was handed over and the service may have taken it, but no word of that came back.
    ///
    /// Sending again may send twice. Look the message up by its reference first.
    pub fn may_have_been_sent(&self) -> bool {
        self.0.report.operation.effect() == Effect::Sends
            && match &self.0.kind {
                Kind::Lost(_) => true,
                Kind::Refused(refusal) => refusal.is_ambiguous(),
                _ => false,
            }
    }

    /// The reference under which to look the message up, when it was declared to be its own or generated.
    pub fn reference(&self) -> Option<&str> {
        self.0.report.reference.as_deref()
    }

    /// Nothing was sent, because the next free slot comes after the time which the call may take.
    pub fn is_paced(&self) -> bool {
        matches!(self.0.kind, Kind::Paced(_))
    }

    /// The service refused the token because of its time: this machine's clock, or the network, is off.
    pub fn is_clock_refused(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_clock)
    }

    /// By how many seconds the service's clock is ahead of this machine's, as measured from its refusal.
    pub fn clock_offset_seconds(&self) -> Option<i64> {
        self.refusal()?.clock_offset_seconds()
    }

    /// The service refused the API key or the token made with it (401 or 403), for another reason than its time.
    pub fn is_key_refused(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.is_class("AuthError") && !refusal.is_clock())
    }

    /// There is no such message or template, or it is older than the service keeps messages.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Too many requests in the last seconds: wait a little and send again.
    pub fn is_rate_limited(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_rate_limit)
    }

    /// The service's messages for today are used up; the count starts anew at midnight UTC.
    pub fn is_daily_limit(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.is_class("TooManyRequestsError"))
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
                write!(f, "answered {status} with a body that cannot be read, {fault}")?;
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

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Invalid(reason) => Some(reason),
            Kind::Paced(too_long) => Some(too_long),
            Kind::NotSent(cause) | Kind::Lost(cause) => Some(cause),
            Kind::Refused(_) | Kind::Unreadable { .. } => None,
        }
    }
}
