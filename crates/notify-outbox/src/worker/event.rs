//! What a worker reports.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{Claim, Outcome, RowId, StoreError, Task};

/// What happened to a message, or to the worker.
///
/// `Debug` shows no reference.
#[non_exhaustive]
pub enum Event<'a> {
    /// The service took a message. `was_found` is true if its answer was lost and a lookup found it.
    Sent {
        /// The message.
        reference: &'a str,
        /// The service's id of it.
        id: &'a str,
        /// Whether it was in doubt before.
        was_found: bool,
    },
    /// The service refused a message, and would refuse it again.
    Failed {
        /// The message.
        reference: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A message was not sent yet, and goes back to the store.
    Postponed {
        /// The message.
        reference: &'a str,
        /// Not before this second.
        not_before: u64,
    },
    /// It is unknown whether a message was taken: it will be looked up.
    InDoubt {
        /// The message.
        reference: &'a str,
        /// Whether it was just sent. Otherwise it was in doubt before, and a lookup did not show what became of it.
        is_new: bool,
    },
    /// A message in doubt was certainly not taken: it will be sent.
    Absent {
        /// The message.
        reference: &'a str,
    },
    /// A person has to decide about a message.
    NeedsPerson {
        /// The message.
        reference: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// Messages in doubt became too old to be looked up: a person has to decide.
    Forgotten {
        /// How many.
        count: usize,
    },
    /// A report had no effect, since its claim was over: another worker has the message now.
    WithoutEffect {
        /// The row.
        row: RowId,
    },
    /// Something keeps every message from being sent. For this time, none is claimed.
    Blocked {
        /// What it is.
        reason: &'a str,
        /// How long.
        time: Duration,
    },
    /// The store could not do what was asked.
    StoreFailed {
        /// What it reported.
        error: &'a StoreError,
    },
}

impl<'a> Event<'a> {
    pub(super) fn of(claim: &'a Claim, outcome: &'a Outcome) -> Self {
        let reference = &claim.reference;
        match outcome {
            Outcome::Sent { id } => {
                Self::Sent { reference, id, was_found: matches!(claim.task, Task::LookUp { .. }) }
            }
            Outcome::Failed { reason } => Self::Failed { reference, reason },
            Outcome::NotSent { not_before } => Self::Postponed { reference, not_before: *not_before },
            Outcome::InDoubt | Outcome::StillInDoubt { .. } => {
                Self::InDoubt { reference, is_new: matches!(claim.task, Task::Send { .. }) }
            }
            Outcome::Absent => Self::Absent { reference },
            Outcome::NeedsPerson { reason } => Self::NeedsPerson { reference, reason },
        }
    }
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent { id, was_found, .. } => {
                f.debug_struct("Sent").field("id", id).field("was_found", was_found).finish_non_exhaustive()
            }
            Self::Failed { reason, .. } => {
                f.debug_struct("Failed").field("reason", reason).finish_non_exhaustive()
            }
            Self::Postponed { not_before, .. } => {
                f.debug_struct("Postponed").field("not_before", not_before).finish_non_exhaustive()
            }
            Self::InDoubt { is_new, .. } => {
                f.debug_struct("InDoubt").field("is_new", is_new).finish_non_exhaustive()
            }
            Self::Absent { .. } => f.write_str("Absent"),
            Self::NeedsPerson { reason, .. } => {
                f.debug_struct("NeedsPerson").field("reason", reason).finish_non_exhaustive()
            }
            Self::Forgotten { count } => f.debug_struct("Forgotten").field("count", count).finish(),
            Self::WithoutEffect { row } => f.debug_struct("WithoutEffect").field("row", row).finish(),
            Self::Blocked { reason, time } => {
                f.debug_struct("Blocked").field("reason", reason).field("time", time).finish()
            }
            Self::StoreFailed { error } => f.debug_struct("StoreFailed").field("error", error).finish(),
        }
    }
}

/// The observer.
#[derive(Clone, Default)]
pub(super) struct Observer(Option<Arc<Tell>>);

type Tell = dyn Fn(&Event<'_>) + Send + Sync;

impl Observer {
    pub(super) fn new(tell: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    pub(super) fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0 {
            observer(event);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
