//! How far a run has come.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify_outbox::{Counts, Event};

/// A message that has to wait longer than this many seconds waits for a daily limit: limits a minute are over sooner.
const LONGER_THAN_A_PAUSE: u64 = 150;

/// Counts messages from the worker's events.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) all: u64,
    sent: AtomicU64,
    failed: AtomicU64,
    /// As far as the worker reports: a claim whose window ends by itself is reported only when it is looked up.
    in_doubt: AtomicI64,
    last: Mutex<Instant>,
    blocked: Mutex<Option<String>>,
    /// Until which second of the service's clock it waits for a daily limit, or 0.
    waits_until: AtomicU64,
}

impl Tally {
    pub(super) fn new(before: &Counts) -> Self {
        let in_doubt = before.in_doubt + before.for_person;
        Self {
            all: before.open() + before.for_person + before.sent + before.failed,
            sent: before.sent.into(),
            failed: before.failed.into(),
            in_doubt: i64::try_from(in_doubt).unwrap_or(i64::MAX).into(),
            last: Mutex::new(Instant::now()),
            blocked: Mutex::default(),
            waits_until: AtomicU64::new(0),
        }
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    pub(super) fn failed(&self) -> u64 {
        self.failed.load(Relaxed)
    }

    pub(super) fn in_doubt(&self) -> u64 {
        u64::try_from(self.in_doubt.load(Relaxed)).unwrap_or(0)
    }

    /// How many are finished, or left to lookups.
    pub(super) fn done(&self) -> u64 {
        (self.sent() + self.failed() + self.in_doubt()).min(self.all)
    }

    /// How long there has been no progress.
    pub(super) fn quiet_for(&self) -> Duration {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    /// What keeps every message from being sent at the moment.
    pub(super) fn blocked(&self) -> Option<String> {
        self.blocked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that the service takes nothing more until this second.
    pub(super) fn wait_until(&self, second: u64) {
        self.waits_until.store(second, Relaxed);
    }

    /// Until when it waits for a daily limit, if it does.
    pub(super) fn waits_until(&self) -> Option<u64> {
        Some(self.waits_until.load(Relaxed)).filter(|until| *until > 0)
    }

    pub(super) fn note(&self, event: &Event<'_>) {
        match event {
            Event::Sent { was_found, .. } => {
                self.sent.fetch_add(1, Relaxed);
                if *was_found {
                    self.in_doubt.fetch_sub(1, Relaxed);
                }
            }
            Event::Failed { .. } => _ = self.failed.fetch_add(1, Relaxed),
            Event::InDoubt { .. } => _ = self.in_doubt.fetch_add(1, Relaxed),
            Event::Absent { .. } => _ = self.in_doubt.fetch_sub(1, Relaxed),
            Event::Blocked { reason, .. } => {
                *self.blocked.lock().unwrap_or_else(PoisonError::into_inner) = Some((*reason).to_owned());
                return;
            }
            _ => return,
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        if let Event::Sent { .. } | Event::Failed { .. } = event {
            self.blocked.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.waits_until.store(0, Relaxed);
        }
    }
}

/// Until when a message has to wait that a daily limit holds back.
///
/// Both moments are the service's, whose clock may be far from this machine's.
pub(super) fn limit_reached(event: &Event<'_>, now: u64) -> Option<u64> {
    let Event::Postponed { not_before, .. } = event else { return None };
    (*not_before > now + LONGER_THAN_A_PAUSE).then_some(*not_before)
}
