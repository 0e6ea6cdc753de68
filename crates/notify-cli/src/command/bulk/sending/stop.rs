//! Why a run ends early.

use std::sync::Arc;

use tokio::sync::watch;

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum StopReason {
    /// The user or a supervisor asked for it.
    Interrupted,
    /// They asked twice.
    AtOnce,
    /// A daily limit is used up until this second.
    Limit(u64),
    /// The list has changed.
    ListChanged(String),
    /// The service could not be used for a long time.
    Blocked(String),
    /// Lookups show nothing new.
    OnlyDoubtIsLeft,
}

/// Ends a run cleanly, for the first reason that comes up.
#[derive(Clone, Debug)]
pub(super) struct Stopper(Arc<watch::Sender<Option<StopReason>>>);

impl Default for Stopper {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Stopper {
    pub(super) fn stop(&self, stop: StopReason) {
        self.0.send_if_modified(|reason| {
            let is_first = reason.is_none();
            if is_first {
                *reason = Some(stop);
            }
            is_first
        });
    }

    pub(super) fn reason(&self) -> Option<StopReason> {
        self.0.borrow().clone()
    }

    /// Completes when the run has to end.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + use<> {
        let mut reason = self.0.subscribe();
        async move {
            // The sender lives as long as the run.
            let _ = reason.wait_for(Option::is_some).await;
        }
    }
}
