//! What a run has counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use notify_outbox::Event;

/// A number that only grows.
#[derive(Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    fn add(&self, count: usize) {
        self.0.fetch_add(count.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What happened since the run began, and what keeps messages from being sent.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) sent: Counter,
    /// Those of the sent messages that were in doubt and found.
    pub(super) found: Counter,
    pub(super) failed: Counter,
    pub(super) postponed: Counter,
    pub(super) absent: Counter,
    pub(super) for_person: Counter,
    pub(super) without_effect: Counter,
    pub(super) store_failures: Counter,
    obstacle: Mutex<Option<String>>,
}

impl Tally {
    pub(super) fn count(&self, event: &Event<'_>) {
        match event {
            Event::Sent { was_found, .. } => {
                self.sent.add(1);
                self.found.add(usize::from(*was_found));
                self.set_obstacle(None);
            }
            Event::Failed { .. } => {
                self.failed.add(1);
                self.set_obstacle(None);
            }
            Event::Postponed { .. } => self.postponed.add(1),
            Event::Absent { .. } => self.absent.add(1),
            Event::NeedsPerson { .. } => self.for_person.add(1),
            Event::Forgotten { count } => self.for_person.add(*count),
            Event::WithoutEffect { .. } => self.without_effect.add(1),
            Event::Blocked { reason, .. } => self.set_obstacle(Some((*reason).to_owned())),
            Event::StoreFailed { .. } => self.store_failures.add(1),
            _ => {}
        }
    }

    /// What keeps every message from being sent, if anything does.
    pub(super) fn obstacle(&self) -> Option<String> {
        self.obstacle.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_obstacle(&self, obstacle: Option<String>) {
        *self.obstacle.lock().unwrap_or_else(PoisonError::into_inner) = obstacle;
    }
}
