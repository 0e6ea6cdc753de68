//! The attempts to post callbacks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use super::dialect::CallbackDialect;
use super::lanes::{Lanes, Leave};
use super::record::CallbackRecord;

/// How many attempts are kept.
const REMEMBERED: usize = 10_000;

/// The attempts so far, and a sink for each new one.
pub(crate) struct Callbacks {
    /// How the sandbox's service posts them.
    pub(crate) dialect: &'static dyn CallbackDialect,
    are_sent: bool,
    records: Mutex<VecDeque<CallbackRecord>>,
    sink: Option<Arc<CallbackSink>>,
    lanes: Lanes,
}

/// Called for each attempt.
pub(crate) type CallbackSink = dyn Fn(&CallbackRecord) + Send + Sync;

impl Callbacks {
    pub(crate) fn new(
        dialect: &'static dyn CallbackDialect,
        are_sent: bool,
        sink: Option<Arc<CallbackSink>>,
    ) -> Self {
        Self { dialect, are_sent, records: Mutex::default(), sink, lanes: Lanes::new() }
    }

    pub(crate) const fn are_sent(&self) -> bool {
        self.are_sent
    }

    /// Waits until another callback may go to the receiver at a URL.
    pub(super) async fn leave(&self, url: &Url) -> Leave {
        self.lanes.leave(url).await
    }

    pub(super) fn keep(&self, record: CallbackRecord) {
        if let Some(sink) = &self.sink {
            sink(&record);
        }
        let mut records = self.lock();
        if records.len() == REMEMBERED {
            records.pop_front();
        }
        records.push_back(record);
    }

    pub(crate) fn list(&self) -> Vec<CallbackRecord> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<CallbackRecord>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
