//! What a worker needs of a client.

use crate::{Claim, Outcome};

/// Whatever brings a message to the service, and looks it up there. [`NotifyClient`](crate::NotifyClient) does it over
/// `notify-http`.
///
/// A program whose payloads are not in the store, such as one that reads a file row by row, wraps that one and adds
/// the payload to the claim.
pub trait Client: Clone + Send + Sync + 'static {
    /// Seconds since 1970 by the service's clock, as far as it is known.
    fn now(&self) -> u64;

    /// Sends the message, with no token minted after `leave_by` (F1), and no second try if the first may have been
    /// taken.
    fn send(&self, claim: Claim, leave_by: u64) -> impl Future<Output = Attempted> + Send;

    /// Looks the message up, with no token of which was sent after `sent_by` (F4, F5).
    fn look_up(&self, claim: Claim, sent_by: u64) -> impl Future<Output = Outcome> + Send;
}

/// What came of sending, and what it says about the messages that come next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// What came of it.
    pub outcome: Outcome,
    /// What stands in the way of every message, if anything does.
    pub obstacle: Option<Obstacle>,
}

impl Attempted {
    /// It came to this, which says nothing about other messages.
    pub const fn alone(outcome: Outcome) -> Self {
        Self { outcome, obstacle: None }
    }
}

/// What stands in the way of every message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// The service refused a message for coming too fast. For this many seconds none should leave, on any host.
    Throttled {
        /// How long.
        seconds: u32,
    },
    /// The service cannot be reached, refuses the key, or the clocks are off. The same would happen to every message.
    Blocked {
        /// What is wrong, without personal data.
        reason: String,
    },
}
