//! What passes between a store and a worker: claims one way, reports the other.

use std::fmt;

use uuid::Uuid;

/// The row of a message in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub i64);

/// Who holds a claim: a random id for each worker, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder(Uuid);

impl Holder {
    /// A new holder, different from all others.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// The holder with these bytes, as read from a store.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The bytes of the holder, for a store to keep.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

/// The right to do one thing with one message, for a limited time.
///
/// `Debug` shows neither payload nor reference.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// The row.
    pub row: RowId,
    /// The reference by which the service finds the message. No other message has it.
    pub reference: String,
    /// The number of this claim, counted over the whole life of the row.
    pub attempt: u32,
    /// Who holds the claim.
    pub holder: Holder,
    /// What to do.
    pub task: Task,
    /// What the producer keeps with the row, such as a line number. It stays after the payload is erased.
    pub tag: Vec<u8>,
    /// The message, unless it is kept elsewhere.
    pub payload: Option<Vec<u8>>,
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("row", &self.row)
            .field("attempt", &self.attempt)
            .field("holder", &self.holder)
            .field("task", &self.task)
            .finish_non_exhaustive()
    }
}

/// What a claim is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Send the message. No token is minted for it after `leave_by`, in seconds since 1970 by the service's clock.
    Send {
        /// The last second for which a token may be minted.
        leave_by: u64,
    },
    /// Look the message up, because it is not known whether the service took it.
    LookUp {
        /// No token was minted for the message after this second.
        sent_by: u64,
    },
}

/// The outcome of a claim, reported to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The row.
    pub row: RowId,
    /// The attempt of the claim.
    pub attempt: u32,
    /// Who holds it.
    pub holder: Holder,
    /// How it ended.
    pub outcome: Outcome,
}

impl Report {
    /// Reports this outcome of a claim.
    pub fn of(claim: &Claim, outcome: Outcome) -> Self {
        Self { row: claim.row, attempt: claim.attempt, holder: claim.holder, outcome }
    }
}

/// How a claim ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The service took the message or lists it, with this id.
    Sent {
        /// The service's id of the message.
        id: String,
    },
    /// The service certainly did not take the message, but may take it later, from this second on.
    NotSent {
        /// When it may be tried again, in seconds since 1970.
        not_before: u64,
    },
    /// The service refused it, and would refuse it again.
    Failed {
        /// Why, and what to do about it, without personal data.
        reason: String,
    },
    /// It is unknown whether the service took the message.
    InDoubt,
    /// Lookups proved that the service did not take the message, and never will.
    Absent,
    /// The lookups were not conclusive. Look the message up again.
    StillInDoubt {
        /// Not before this second.
        look_at: u64,
    },
    /// Lookups can never find the message, so a person has to decide.
    NeedsPerson {
        /// Why, without personal data.
        reason: String,
    },
}

/// What a worker asks the store for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimRequest {
    /// The worker's holder.
    pub holder: Holder,
    /// Seconds since 1970 by the service's clock, as far as the worker knows it.
    pub now: u64,
    /// How many messages to send, at most.
    pub sends: usize,
    /// How many messages to look up, at most.
    pub lookups: usize,
    /// For how many seconds a message is claimed: its `leave_by` is `now` plus this. At most
    /// [`LONGEST_WINDOW`](crate::LONGEST_WINDOW).
    pub window: u64,
}
