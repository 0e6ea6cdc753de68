//! How far a run has come.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
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
    in_doubt: AtomicU64,
    last: Mutex<Instant>,
    blocked: Mutex<Option<String>>,
    /// Until which second of the service's clock it waits for a daily limit, or 0.
    waits_until: AtomicU64,
}

impl Tally {
    /// Begins with these counts.
    pub(super) fn new(before: &Counts) -> Self {
        Self {
            all: before.open() + before.for_person + before.sent + before.failed,
            sent: before.sent.into(),
            failed: before.failed.into(),
            in_doubt: (before.in_doubt + before.for_person).into(),
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
        self.in_doubt.load(Relaxed)
    }

    /// One of those in doubt is in doubt no more. If this machine slept while a message was under way, the doubt was not
    /// reported, so it may be the last that is counted.
    fn resolve_doubt(&self) {
        let _ = self.in_doubt.fetch_update(Relaxed, Relaxed, |count| count.checked_sub(1));
    }

    /// How many are finished.
    pub(super) fn finished(&self) -> u64 {
        self.sent() + self.failed()
    }

    /// How many are still to be sent, as far as is known: those in doubt may have been.
    pub(super) fn left(&self) -> u64 {
        self.all.saturating_sub(self.finished() + self.in_doubt())
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
                    self.resolve_doubt();
                }
            }
            Event::Failed { .. } => _ = self.failed.fetch_add(1, Relaxed),
            // A lookup that shows nothing new is no progress.
            Event::InDoubt { is_new: true, .. } => _ = self.in_doubt.fetch_add(1, Relaxed),
            Event::Absent { .. } => self.resolve_doubt(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_looked_up_again_and_again_is_one_in_doubt_and_no_progress() {
        let mut before = Counts::default();
        (before.ready, before.in_doubt) = (3, 1);
        let tally = Tally::new(&before);
        tally.note(&Event::InDoubt { reference: "b", is_new: true });
        *tally.last.lock().unwrap() -= Duration::from_secs(60);
        for reference in ["a", "b", "a", "b"] {
            tally.note(&Event::InDoubt { reference, is_new: false });
        }
        assert_eq!((tally.in_doubt(), tally.finished(), tally.left()), (2, 0, 2));
        assert!(tally.quiet_for() >= Duration::from_secs(60));
        tally.note(&Event::Sent { reference: "a", id: "id", was_found: true });
        tally.note(&Event::Absent { reference: "b" });
        assert_eq!((tally.in_doubt(), tally.finished(), tally.left()), (0, 1, 3));
        assert!(tally.quiet_for() < Duration::from_secs(60));
    }
}
