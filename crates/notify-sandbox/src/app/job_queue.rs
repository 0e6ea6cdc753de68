//! What is to happen later, by the sandbox's clock: receipts, callbacks that are tried again, messages that come late.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::time::Timestamp;

/// Things to do, each at its time.
pub(crate) struct Agenda<T> {
    list: Mutex<List<T>>,
    changed: watch::Sender<()>,
}

struct List<T> {
    entries: BinaryHeap<Reverse<Entry<T>>>,
    /// How many were ever added, so that what is due at the same moment keeps its order.
    added: u64,
    under_way: usize,
}

struct Entry<T> {
    due: Timestamp,
    number: u64,
    errand: T,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        let list = List { entries: BinaryHeap::new(), added: 0, under_way: 0 };
        Self { list: Mutex::new(list), changed: watch::Sender::new(()) }
    }

    pub(crate) fn add(&self, due: Timestamp, errand: T) {
        let mut list = self.lock();
        let number = list.added;
        list.added += 1;
        list.entries.push(Reverse(Entry { due, number, errand }));
        drop(list);
        self.changed.send_replace(());
    }

    /// Takes what is due first, if it is due; it counts as under way until [`done`](Self::done).
    pub(crate) fn take_due(&self, now: Timestamp) -> Option<T> {
        let mut list = self.lock();
        if list.entries.peek()?.0.due > now {
            return None;
        }
        let entry = list.entries.pop()?.0;
        list.under_way += 1;
        Some(entry.errand)
    }

    pub(crate) fn done(&self) {
        self.lock().under_way -= 1;
        self.changed.send_replace(());
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.lock().entries.peek().map(|entry| entry.0.due)
    }

    /// Whether nothing is under way and nothing is due.
    pub(crate) fn is_settled(&self, now: Timestamp) -> bool {
        let list = self.lock();
        list.under_way == 0 && list.entries.peek().is_none_or(|entry| entry.0.due > now)
    }

    /// Forgets what has not begun.
    pub(crate) fn clear(&self) {
        self.lock().entries.clear();
        self.changed.send_replace(());
    }

    /// Tells of each change.
    pub(crate) fn follow(&self) -> watch::Receiver<()> {
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
    fn errands_come_at_their_time_and_in_their_order() {
        let at = Timestamp::from_unix_seconds;
        let agenda = Agenda::new();
        agenda.add(at(2), "third");
        agenda.add(at(1), "first");
        agenda.add(at(1), "second");
        assert_eq!(agenda.take_due(at(0)), None);
        assert_eq!(agenda.next_due(), Some(at(1)));
        assert_eq!(agenda.take_due(at(5)), Some("first"));
        assert_eq!(agenda.take_due(at(5)), Some("second"));
        assert_eq!(agenda.take_due(at(1)), None);
        assert!(!agenda.is_settled(at(1)), "two are under way");
        agenda.done();
        agenda.done();
        assert!(agenda.is_settled(at(1)));
        assert!(!agenda.is_settled(at(2)));
        agenda.clear();
        assert!(agenda.is_settled(at(2)));
    }
}
