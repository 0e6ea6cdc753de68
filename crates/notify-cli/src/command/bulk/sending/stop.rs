//! Why a run ends before every message is finished.

use std::sync::Arc;

use tokio::sync::watch;

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Stop {
    /// The user or a supervisor said so.
    Interrupted,
    /// They said so twice.
    AtOnce,
    /// A daily limit is used up until this second.
    Limit(u64),
    /// The list is not what it was.
    ListChanged(String),
    /// The service could not be used for a long time.
    Blocked(String),
    /// Lookups show nothing new.
    OnlyDoubtIsLeft,
}

/// Ends a run in order: for the first reason that comes.
#[derive(Clone, Debug)]
pub(super) struct Stopper(Arc<watch::Sender<Option<Stop>>>);

impl Default for Stopper {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Stopper {
    pub(super) fn stop(&self, stop: Stop) {
        self.0.send_if_modified(|reason| {
            let is_first = reason.is_none();
            if is_first {
                *reason = Some(stop);
            }
            is_first
        });
    }

    pub(super) fn reason(&self) -> Option<Stop> {
        self.0.borrow().clone()
    }

    /// Ends when the run is to end.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + use<> {
        let mut reason = self.0.subscribe();
        async move {
            // The sender lives as long as the run.
            let _ = reason.wait_for(Option::is_some).await;
        }
    }
}
