//! How an attempt ended, and what has been learned about its message since.

use bytes::Bytes;
use http::StatusCode;

use super::Refusal;
use crate::{Cause, DeadlineExceeded, InvalidRequest, NotOffered, RawResponse, trace_id};

/// How the latest attempt of a call ended.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing was sent: the arguments are invalid.
    Invalid(InvalidRequest),
    /// Nothing was sent: the service does not offer it.
    NotOffered(NotOffered),
    /// Nothing was sent: its turn would have come too late.
    DeadlineExceeded(DeadlineExceeded),
    /// Nothing was sent: the call's time ran out first.
    Expired,
    /// The service, or something in front of it, answered that it did not do it.
    Refused(Refusal),
    /// The service did it, but its answer cannot be read.
    Unreadable { answer: Success, problem: String },
    /// The answer to a message is about another message.
    OfAnother(Success),
    /// The request certainly did not reach the service.
    NotSent(Cause),
    /// The request may have reached the service, but no whole answer came back.
    Lost(Cause),
}

/// An answer that reports success but cannot be used.
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

/// Leaves out the body, which may hold personal data.
impl std::fmt::Debug for Success {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Success").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Failure {
    pub(crate) fn of_another(raw: RawResponse) -> Self {
        Self::OfAnother(Success::new(&raw.into_response()))
    }

    /// The status of the answer to the attempt.
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

    /// Whether the attempt only came too early: too fast for the service, or while nothing accepted the connection. Any
    /// other 429 means that a limit is used up.
    pub(crate) fn is_early(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.is_rate_limit(),
            Self::NotSent(cause) => cause.is_connection_refused(),
            _ => false,
        }
    }

    /// Whether the service may have taken the message in an attempt that ended this way.
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

    /// Whether the answer came from something that does not speak like a Notify service, and is not a gateway in
    /// trouble.
    pub(crate) fn is_nobodys(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.is_nobodys(),
            Self::Unreadable { .. } => true,
            _ => false,
        }
    }
}

/// What the lookups found out about a message after its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// Nothing.
    None,
    /// Messages are listed under its reference, but none of them is certainly this one.
    Unclear,
    /// Whatever answers at the base URL is not a Notify service.
    NoService,
    /// The service did not take it, and never will.
    Absent,
}
