//! What a worker needs from a client.

use crate::{Claim, Outcome};

/// Sends messages to the service, and looks them up there. [`NotifyClient`](crate::NotifyClient) does it over
/// `notify-http`.
///
/// If the payloads are not in the store, as in a program that reads a file row by row, wrap that client and add the
/// payload to the claim.
pub trait Client: Clone + Send + Sync + 'static {
    /// Seconds since 1970 by the service's clock, as far as it is known.
    fn now(&self) -> u64;

    /// Sends the message. It mints no token after `leave_by` (F1), and does not try again if the service may have taken
    /// the message.
    fn send(&self, claim: Claim, leave_by: u64) -> impl Future<Output = SendOutcome> + Send;

    /// Looks up a message for which no token was minted after `sent_by` (F4, F5).
    fn look_up(&self, claim: Claim, sent_by: u64) -> impl Future<Output = Outcome> + Send;
}

/// The outcome of a send, and what it says about the messages that follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendOutcome {
    /// The outcome.
    pub outcome: Outcome,
    /// What keeps every message from being sent, if anything does.
    pub obstacle: Option<Obstacle>,
}

impl SendOutcome {
    /// This outcome, which says nothing about other messages.
    pub const fn alone(outcome: Outcome) -> Self {
        Self { outcome, obstacle: None }
    }
}

/// What keeps every message from being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// The service refused a message for coming too fast. For this many seconds, no message should leave, on any host.
    Throttled {
        /// For how many seconds.
        seconds: u32,
    },
    /// The service cannot be reached, refuses the key, or the clocks are off. The same would happen to every message.
    Blocked {
        /// What is wrong, without personal data.
        reason: String,
    },
}
