//! The attempts to post callbacks.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use super::Callback;
use super::concurrency::{ConcurrencyLimits, PostPermit};
use super::dialect::{CallbackDialect, CallbackRules};
use super::record::CallbackRecord;
use crate::account::service::CallbackTarget;

/// How many attempts are kept.
const REMEMBERED: usize = 10_000;

/// The attempts so far, and a sink for each new one.
pub(crate) struct Callbacks {
    /// How the sandbox's service posts them.
    pub(crate) dialect: &'static dyn CallbackDialect,
    are_sent: bool,
    records: Mutex<VecDeque<Attempt>>,
    /// How many attempts there have been.
    count: AtomicU64,
    sink: Option<Arc<CallbackSink>>,
    limits: ConcurrencyLimits,
}

/// An attempt, and what is needed to repeat it.
struct Attempt {
    record: CallbackRecord,
    target: CallbackTarget,
    rules: &'static CallbackRules,
}

/// Called for each attempt.
pub(crate) type CallbackSink = dyn Fn(&CallbackRecord) + Send + Sync;

impl Callbacks {
    pub(crate) fn new(
        dialect: &'static dyn CallbackDialect,
        are_sent: bool,
        sink: Option<Arc<CallbackSink>>,
    ) -> Self {
        let (records, count) = (Mutex::default(), AtomicU64::new(0));
        Self { dialect, are_sent, records, count, sink, limits: ConcurrencyLimits::new() }
    }

    pub(crate) const fn are_sent(&self) -> bool {
        self.are_sent
    }

    /// Waits until another callback may go to the receiver at a URL.
    pub(super) async fn permit(&self, url: &Url) -> PostPermit {
        self.limits.acquire(url).await
    }

    /// The number of the next attempt.
    pub(super) fn next_id(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn keep(&self, record: CallbackRecord, target: CallbackTarget, rules: &'static CallbackRules) {
        if let Some(sink) = &self.sink {
            sink(&record);
        }
        let mut records = self.lock();
        if records.len() == REMEMBERED {
            records.pop_front();
        }
        records.push_back(Attempt { record, target, rules });
    }

    pub(crate) fn list(&self) -> Vec<CallbackRecord> {
        self.lock().iter().map(|attempt| attempt.record.clone()).collect()
    }

    /// The callback of an attempt, to be posted again.
    pub(crate) fn again(&self, id: u64) -> Option<Callback> {
        let records = self.lock();
        let Attempt { record, target, rules } = records.iter().find(|attempt| attempt.record.id == id)?;
        Some(Callback {
            service: record.service.parse().ok()?,
            kind: record.kind,
            target: target.clone(),
            rules,
            body: record.body.clone(),
            attempt: 1,
        })
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Attempt>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
