//! Whether a call is only waiting, with nothing of it on the way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use notify_http::{Progress, WaitReason};

/// Until when a call certainly has nothing on the way: before its first attempt, or after one that had no effect.
#[derive(Clone, Default)]
pub(super) struct Idle(Arc<Mutex<Option<Instant>>>);

impl Idle {
    /// Takes note of a wait that begins now.
    pub(super) fn note(&self, progress: &Progress) {
        let is_idle = matches!(progress.reason, WaitReason::RateLimit | WaitReason::Retry);
        let until = is_idle.then(|| Instant::now().checked_add(progress.wait)).flatten();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    /// Whether such a wait is still going on.
    pub(super) fn is_now(&self) -> bool {
        let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }
}
