//! Daily limits that are used up: each kind of message has its own.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Until when the messages of a kind are used up, as the latest refusal said. Whatever else is claimed of that kind goes
/// back without a request.
#[derive(Debug, Default)]
pub(super) struct DailyLimits(Mutex<HashMap<&'static str, u64>>);

impl DailyLimits {
    pub(super) fn used_up(&self, kind: &'static str, until: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, until);
    }

    pub(super) fn until(&self, kind: &'static str) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(kind).copied()
    }
}
