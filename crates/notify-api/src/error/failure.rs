//! What an attempt ended in, and what is known of its message since.

use bytes::Bytes;
use http::StatusCode;

use super::Refusal;
use crate::{Cause, DeadlineExceeded, InvalidRequest, NotOffered, RawResponse, trace_id};

/// What the latest attempt of a call ended in.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing was sent: the arguments cannot be right.
    Invalid(InvalidRequest),
    /// Nothing was sent: the service does not offer it.
    NotOffered(NotOffered),
    /// Nothing was sent: it would have had to wait too long for its turn.
    DeadlineExceeded(DeadlineExceeded),
    /// Nothing was sent: the time of the call was over before it could leave.
    Expired,
    /// The service, or something before it, answered that it did not do it.
    Refused(Refusal),
    /// The service did it, and its answer cannot be read.
    Unreadable { answer: Success, fault: String },
    /// The answer to a message is about another message.
    OfAnother(Success),
    /// The request certainly did not reach the service.
    NotSent(Cause),
    /// The request may have reached the service, and no whole answer came back.
    Lost(Cause),
}

/// An answer that reports success, and is of no use.
pub(crate) struct Success {
    pub(super) status: StatusCode,
    pub(super) trace_id: Option<String>,
    pub(super) body: Bytes,
}

impl Success {
    pub(super) fn new(response: &http::Response<Bytes>) -> Self {
        Self {
            status: response.status(),
            trace_id: trace_id::of(response.headers()).map(str::to_owned),
            body: response.body().clone(),
        }
    }
}

/// The body is left out, which may hold personal data.
impl std::fmt::Debug for Success {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Success").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Failure {
    pub(crate) fn of_another(raw: RawResponse) -> Self {
        Self::OfAnother(Success::new(&raw.into_response()))
    }

    /// What the attempt was answered with.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.status()),
            Self::Unreadable { answer, .. } | Self::OfAnother(answer) => Some(answer.status),
            Self::Invalid(_)
            | Self::NotOffered(_)
            | Self::DeadlineExceeded(_)
            | Self::Expired
            | Self::NotSent(_)
            | Self::Lost(_) => None,
        }
    }

    /// Whether the attempt came only too early: too fast for the service, or while nobody took the connection. The other
    /// 429s are used-up limits.
    pub(crate) fn is_early(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.is_rate_limit(),
            Self::NotSent(cause) => cause.is_connection_refused(),
            _ => false,
        }
    }

    /// Whether a message may have been taken by the attempt that ended so.
    pub(super) fn is_ambiguous(&self) -> bool {
        match self {
            Self::Lost(_) | Self::OfAnother(_) | Self::Unreadable { .. } => true,
            Self::Refused(refusal) => refusal.is_ambiguous(),
            Self::Invalid(_)
            | Self::NotOffered(_)
            | Self::DeadlineExceeded(_)
            | Self::Expired
            | Self::NotSent(_) => false,
        }
    }

    /// Whether something answered that speaks as no Notify service does, and not as a gateway that is in trouble.
    pub(crate) fn is_nobodys(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.is_nobodys(),
            Self::Unreadable { .. } => true,
            _ => false,
        }
    }
}

/// What was found out about a message after its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// Nothing.
    None,
    /// Messages are listed under its reference, and none of them is surely this one.
    Unclear,
    /// What answers at the base URL is no Notify service.
    NoService,
    /// It was not taken, and will not be.
    Absent,
}
