//! The pace that the workers on one store share: slots leased from the store.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::Store;

/// The slots that this worker leased and has not used.
#[derive(Debug, Default)]
pub(super) struct Pace {
    slots: VecDeque<Instant>,
    /// Whether the store keeps a pace, once that is known.
    is_shared: Option<bool>,
    /// Whether the last lease gave fewer than were asked for.
    is_short: bool,
    /// How long the service wants everyone to wait, until the store has been told.
    slow_down: Option<u32>,
}

/// When one message may leave.
#[derive(Debug)]
pub(super) struct SendSlot(Option<Instant>);

impl SendSlot {
    pub(super) async fn wait(self) {
        if let Some(at) = self.0 {
            tokio::time::sleep_until(at).await;
        }
    }
}

impl Pace {
    /// Leases a slot for each of this many messages, and returns how many may leave in time. Without an answer, the
    /// client's own pace has to do: the pace is a courtesy, and no safety rule depends on it.
    pub(super) async fn lease<S: Store>(&mut self, store: &S, sends: usize, within: Duration) -> usize {
        if let Some(seconds) = self.slow_down.take() {
            let _ = store.slow_down(seconds).await;
        }
        self.slots.clear();
        let count = u32::try_from(sends).unwrap_or(u32::MAX);
        if count == 0 {
            return 0;
        }
        let asked = Instant::now();
        let leased = store.lease_slots(count, within).await;
        self.is_shared = Some(matches!(leased, Ok(Some(_))));
        let Ok(Some(slots)) = leased else {
            self.is_short = false;
            return sends;
        };
        self.is_short = slots.count < count;
        self.slots.extend((0..slots.count).map(|number| asked + slots.first_in + slots.apart * number));
        self.slots.len()
    }

    /// Whether more messages want to leave than the pace allows.
    pub(super) const fn is_short(&self) -> bool {
        self.is_short
    }

    /// Whether the store keeps no pace.
    pub(super) fn is_alone(&self) -> bool {
        self.is_shared == Some(false)
    }

    /// How many leased slots are not used yet.
    pub(super) fn left(&self) -> usize {
        self.slots.len()
    }

    /// There were fewer messages than slots.
    pub(super) fn found_no_more(&mut self) {
        self.is_short = false;
    }

    /// The slot of the next message. `None` if there is none within its claim.
    pub(super) fn next(&mut self) -> Option<SendSlot> {
        match self.slots.pop_front() {
            None if self.is_shared == Some(true) => None,
            slot => Some(SendSlot(slot)),
        }
    }

    pub(super) fn refused(&mut self, seconds: u32) {
        self.slow_down = Some(self.slow_down.unwrap_or(0).max(seconds));
    }
}
