//! Where messages are kept: what every store does, and how it fails.

mod intent;
mod listing;
mod maintenance;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod spellings;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt;
use std::time::Duration;

use crate::{Claim, ClaimRequest, Decision, Report, RowId};
pub use intent::{Intent, InvalidIntent, LONGEST_REFERENCE};
pub use listing::{ListRequest, ListedMessage, StateName};
pub use maintenance::{Activity, Erased, Maintenance, StoredMessage};
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::{InvalidUrl, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sqlite::{Entry, OpenError, SqliteStore};

/// A place that keeps messages. Each method is one commit: it takes effect as a whole, or not at all.
///
/// A store decides nothing: [`Row`](crate::Row) says what a row becomes. A store that does the same in SQL is tested
/// against [`MemoryStore`].
pub trait Store: Clone + Send + Sync + 'static {
    /// Keeps messages to be sent. If a message's reference is already known, it is the same message, and nothing
    /// changes.
    ///
    /// The result has one element for each message, in order.
    fn put(&self, intents: Vec<Intent>) -> impl Future<Output = Result<Vec<Put>, StoreError>> + Send;

    /// Takes reports, applies everything whose time has come, and hands out claims, all in one commit.
    ///
    /// The same report may arrive twice, because an answer can be lost. The second has no effect.
    fn exchange(
        &self,
        reports: Vec<Report>,
        want: ClaimRequest,
    ) -> impl Future<Output = Result<Exchanged, StoreError>> + Send;

    /// How many messages are in each state at `now`.
    fn counts(&self, now: u64) -> impl Future<Output = Result<Counts, StoreError>> + Send;

    /// The messages about which a person has to decide, oldest first, up to `limit`.
    fn undecided(&self, limit: usize) -> impl Future<Output = Result<Vec<Undecided>, StoreError>> + Send;

    /// Carries out a person's decision about a message in doubt. Returns `false` if it is not in doubt.
    fn decide(
        &self,
        reference: &str,
        decision: Decision,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Completes when there may be new messages, so that a worker need not wait for its next poll. If the store cannot
    /// tell, it never completes.
    fn changed(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }

    /// Reserves the next slots of the pace that all workers on this store share: up to `count` slots that come `within` this
    /// time. `None` if the store keeps no pace, so that only the client's own rate limiter applies.
    fn lease_slots(
        &self,
        count: u32,
        within: Duration,
    ) -> impl Future<Output = Result<Option<Slots>, StoreError>> + Send {
        let _ = (count, within);
        std::future::ready(Ok(None))
    }

    /// Holds all workers on this store back for this many seconds, because the service said that messages come too fast.
    fn slow_down(&self, seconds: u32) -> impl Future<Output = Result<(), StoreError>> + Send {
        let _ = seconds;
        std::future::ready(Ok(()))
    }
}

/// Slots in which messages may leave, counted from the moment of the answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slots {
    /// How many there are.
    pub count: u32,
    /// How long it is until the first.
    pub first_in: Duration,
    /// How far they are apart.
    pub apart: Duration,
}

/// What happened to a message that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is new, and kept from now on.
    Created(RowId),
    /// A message with this reference was already known, and nothing changed.
    Known(RowId),
}

impl Put {
    /// The row of the message.
    pub const fn row(self) -> RowId {
        match self {
            Self::Created(row) | Self::Known(row) => row,
        }
    }
}

/// The result of an exchange.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchanged {
    /// The worker's new claims.
    pub claims: Vec<Claim>,
    /// The rows whose reports had no effect, because their claims were no longer valid (F2).
    pub without_effect: Vec<RowId>,
    /// How many rows now wait for a person to decide, because of their age.
    pub for_person: usize,
}

/// How many messages are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Ready to be sent.
    pub ready: u64,
    /// Postponed, for example until after midnight.
    pub postponed: u64,
    /// Being sent.
    pub in_flight: u64,
    /// In doubt, and being looked up.
    pub in_doubt: u64,
    /// In doubt, for a person.
    pub for_person: u64,
    /// Sent.
    pub sent: u64,
    /// Not sent, and never to be.
    pub failed: u64,
}

impl Counts {
    /// How many are not finished yet, apart from those that wait for a person.
    pub const fn open(&self) -> u64 {
        self.ready + self.postponed + self.in_flight + self.in_doubt
    }
}

/// A message about which a person has to decide.
///
/// `Debug` leaves out the reference.
#[derive(Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The row.
    pub row: RowId,
    /// The reference, by which to find the message on the service's website.
    pub reference: String,
    /// The last second at which it can have been sent.
    pub sent_by: u64,
    /// Why lookups cannot tell.
    pub reason: String,
    /// What the producer keeps with the message: [`Intent::tag`].
    pub tag: Vec<u8>,
}

impl fmt::Debug for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Undecided")
            .field("row", &self.row)
            .field("sent_by", &self.sent_by)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Why a store failed. Nothing was done, unless [`is_open`](Self::is_open) says that this is unknown.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct StoreError {
    what: String,
    kind: Kind,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Full,
    Unavailable,
    Broken,
}

impl StoreError {
    /// The store is full.
    pub fn full(what: impl Into<String>) -> Self {
        Self { what: what.into(), kind: Kind::Full, source: None }
    }

    /// The store cannot be reached, or is busy. It may work later.
    pub fn unavailable(what: impl Into<String>) -> Self {
        Self { what: what.into(), kind: Kind::Unavailable, source: None }
    }

    /// The store is broken, and will not recover by itself.
    pub fn broken(what: impl Into<String>) -> Self {
        Self { what: what.into(), kind: Kind::Broken, source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// Whether the store is full. Make room and continue.
    pub fn is_full(&self) -> bool {
        self.kind == Kind::Full
    }

    /// Whether it may work later, without anyone doing anything.
    pub fn is_temporary(&self) -> bool {
        self.kind == Kind::Unavailable
    }

    /// Whether it is unknown if the store did it: the answer to the commit may have been lost.
    pub fn is_open(&self) -> bool {
        self.kind == Kind::Unavailable
    }
}
