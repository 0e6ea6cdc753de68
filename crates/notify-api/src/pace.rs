//! When a message may leave, so that the service does not refuse it for coming too fast.

mod bucket;

use std::fmt;
use std::time::Duration;

pub use bucket::Bucket;

/// Says when each message may leave. All calls of a client share one.
///
/// [`Bucket`] is the one that clients use unless told otherwise. Write your own to share the service's limit between
/// processes through a store of yours. It is asked from inside calls, so it must not block: lease slots from the store
/// in the background, a second's worth at a time, and hand them out from memory.
///
/// All times are monotonic, as [`Now::monotonic`](crate::Now::monotonic).
pub trait Pacer: Send + Sync + fmt::Debug {
    /// Reserves a slot, if one can be had within `patience`.
    ///
    /// # Errors
    ///
    /// [`TooLong`] when the wait would be longer; nothing is reserved then.
    fn reserve(&self, urgency: Urgency, patience: Duration, now: Duration) -> Result<Slot, TooLong>;

    /// How long it is until a reserved slot; nothing when it has come.
    ///
    /// It is asked again when that time is over, and may have moved: everybody waits after a refusal.
    fn wait(&self, slot: Slot, now: Duration) -> Duration;

    /// Takes note that the service refused a message for coming too fast.
    ///
    /// `limit` is the number of messages a minute which the refusal named; `jitter`, from 0 to 1, keeps processes that
    /// were refused together from coming back together; `sent` is when the refused message left.
    fn refused(&self, limit: Option<u32>, jitter: f64, sent: Duration, now: Duration);
}

/// Whether a message may pass ahead of others which wait for their slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Urgency {
    /// A person waits for it, such as a login code: passes ahead.
    Urgent,
    /// Takes its turn.
    #[default]
    Bulk,
}

/// A place in the order in which messages leave; its numbers mean something to the [`Pacer`] that gave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// The line in which the place is.
    pub urgency: Urgency,
    /// The place.
    pub number: f64,
}

/// No slot can be had in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the next free slot is {:.1} s away", .wait.as_secs_f64())]
pub struct TooLong {
    /// How long the wait would be.
    pub wait: Duration,
}

/// No pace at all, for services without a limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unpaced;

impl Pacer for Unpaced {
    fn reserve(&self, urgency: Urgency, _: Duration, _: Duration) -> Result<Slot, TooLong> {
        Ok(Slot { urgency, number: 0.0 })
    }

    fn wait(&self, _: Slot, _: Duration) -> Duration {
        Duration::ZERO
    }

    fn refused(&self, _: Option<u32>, _: f64, _: Duration, _: Duration) {}
}
