//! Daily limits that are used up. Each type of message has its own.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Until when each type of message is used up, according to the latest refusal. Further claims of that type go back
/// without a request.
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
