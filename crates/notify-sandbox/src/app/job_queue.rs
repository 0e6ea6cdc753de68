//! Work to do later, by the sandbox's clock: receipts, retries of callbacks, requests that take effect late.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::time::Timestamp;

/// Jobs, each with the time at which it is due.
pub(crate) struct JobQueue<T> {
    list: Mutex<List<T>>,
    changed: watch::Sender<()>,
}

struct List<T> {
    entries: BinaryHeap<Reverse<Entry<T>>>,
    /// How many jobs have been added, so that jobs due at the same time keep their order.
    added: u64,
    running: usize,
}

struct Entry<T> {
    due: Timestamp,
    number: u64,
    job: T,
}

impl<T> JobQueue<T> {
    pub(crate) fn new() -> Self {
        let list = List { entries: BinaryHeap::new(), added: 0, running: 0 };
        Self { list: Mutex::new(list), changed: watch::Sender::new(()) }
    }

    pub(crate) fn add(&self, due: Timestamp, job: T) {
        let mut list = self.lock();
        let number = list.added;
        list.added += 1;
        list.entries.push(Reverse(Entry { due, number, job }));
        drop(list);
        self.changed.send_replace(());
    }

    /// Takes the first job that is due. It counts as running until [`done`](Self::done).
    pub(crate) fn take_due(&self, now: Timestamp) -> Option<T> {
        let mut list = self.lock();
        if list.entries.peek()?.0.due > now {
            return None;
        }
        let entry = list.entries.pop()?.0;
        list.running += 1;
        Some(entry.job)
    }

    pub(crate) fn done(&self) {
        self.lock().running -= 1;
        self.changed.send_replace(());
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.lock().entries.peek().map(|entry| entry.0.due)
    }

    /// Whether no job is running and none is due.
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        let list = self.lock();
        list.running == 0 && list.entries.peek().is_none_or(|entry| entry.0.due > now)
    }

    /// Drops the jobs that have not started.
    pub(crate) fn clear(&self) {
        self.lock().entries.clear();
        self.changed.send_replace(());
    }

    /// Signals each change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, List<T>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.due.cmp(&other.due).then(self.number.cmp(&other.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_run_when_they_are_due_in_the_order_they_were_added() {
        let at = Timestamp::from_unix_seconds;
        let queue = JobQueue::new();
        queue.add(at(2), "third");
        queue.add(at(1), "first");
        queue.add(at(1), "second");
        assert_eq!(queue.take_due(at(0)), None);
        assert_eq!(queue.next_due(), Some(at(1)));
        assert_eq!(queue.take_due(at(5)), Some("first"));
        assert_eq!(queue.take_due(at(5)), Some("second"));
        assert_eq!(queue.take_due(at(1)), None);
        assert!(!queue.is_idle(at(1)), "two are running");
        queue.done();
        queue.done();
        assert!(queue.is_idle(at(1)));
        assert!(!queue.is_idle(at(2)));
        queue.clear();
        assert!(queue.is_idle(at(2)));
    }
}
