//! A slot in somebody's hands.

use std::sync::Arc;
use std::time::Duration;

use super::{Pacer, Slot, TooLong, Urgency};

/// A slot that is reserved for one call, which goes back to the pacer when the call ends before its turn: a future that
/// is dropped must not hold up those behind it.
#[derive(Debug)]
pub(crate) struct Turn {
    pacer: Arc<dyn Pacer>,
    slot: Option<Slot>,
}

impl Turn {
    pub(crate) fn reserve(
        pacer: &Arc<dyn Pacer>,
        urgency: Urgency,
        patience: Duration,
        now: Duration,
    ) -> Result<Self, TooLong> {
        let slot = pacer.reserve(urgency, patience, now)?;
        Ok(Self { pacer: Arc::clone(pacer), slot: Some(slot) })
    }

    /// How long it is until it comes; nothing when it has.
    pub(crate) fn wait(&self, now: Duration) -> Duration {
        self.slot.map(|slot| self.pacer.wait(slot, now)).unwrap_or_default()
    }

    /// It has come, and is used.
    pub(crate) fn end(mut self) {
        self.slot = None;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            self.pacer.release(slot);
        }
    }
}
