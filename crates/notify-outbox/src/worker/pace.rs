//! The pace that workers on one store keep together: slots leased from the store.

use std::collections::VecDeque;

use tokio::time::Instant;

use crate::Store;

/// The slots that this worker leased and has not used.
#[derive(Debug, Default)]
pub(super) struct Pace {
    slots: VecDeque<Instant>,
    /// How long the service wants all to wait, until the store has been told.
    slow_down: Option<u32>,
}

/// When one message may leave.
#[derive(Debug)]
pub(super) struct Turn(Option<Instant>);

impl Turn {
    pub(super) async fn wait(self) {
        if let Some(at) = self.0 {
            tokio::time::sleep_until(at).await;
        }
    }
}

impl Pace {
    /// Leases a slot for each of so many messages. Without an answer the client's own pace has to do: the pace is
    /// politeness, and no rule for safety hangs on it.
    pub(super) async fn lease<S: Store>(&mut self, store: &S, sends: usize) {
        if let Some(seconds) = self.slow_down.take() {
            self.slots.clear();
            let _ = store.slow_down(seconds).await;
        }
        let missing = u32::try_from(sends.saturating_sub(self.slots.len())).unwrap_or(u32::MAX);
        if missing == 0 {
            return;
        }
        let asked = Instant::now();
        if let Ok(Some(slots)) = store.lease_slots(missing).await {
            self.slots.extend((0..missing).map(|number| asked + slots.first_in + slots.apart * number));
        }
    }

    pub(super) fn next(&mut self) -> Turn {
        Turn(self.slots.pop_front())
    }

    pub(super) fn refused(&mut self, seconds: u32) {
        self.slow_down = Some(self.slow_down.unwrap_or(0).max(seconds));
    }
}
