//! Detects a list that leads in a circle.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The cursors that led a request to its page. A service that leads to one of them again leads in a circle.
///
/// All requests of one walk through a list share this memory, one id per page, and each knows how much of it lies
/// before it. It is not a circle if a request is repeated, or if a walk takes another way from some page on.
#[derive(Clone)]
pub(crate) struct VisitedCursors<I> {
    /// Each cursor with how many came before it.
    used: Arc<Mutex<HashMap<I, usize>>>,
    /// How many of them belong to this request.
    length: usize,
}

impl<I: Eq + Hash + Copy> VisitedCursors<I> {
    /// The cursors of the request for the page after `next`, made from the page after `current`. `None` if `next` is
    /// among them already.
    pub(crate) fn after(&self, current: Option<I>, next: I) -> Option<Self> {
        match current {
            // A walk may begin anywhere in the list; only now do we know that it begins here.
            Some(begin) if self.length == 0 => Self::default().then(begin)?.then(next),
            None if self.length == 0 => Self::default().then(next),
            _ => self.then(next),
        }
    }

    fn then(&self, next: I) -> Option<Self> {
        let mut used = self.used();
        match used.get(&next) {
            Some(place) if *place < self.length => return None,
            // The same page was requested twice.
            Some(place) if *place == self.length => {}
            None if used.len() == self.length => {
                used.insert(next, self.length);
            }
            // Another walk went on from here, elsewhere.
            _ => {
                let own = used.iter().filter(|(_, place)| **place < self.length);
                let mut used: HashMap<I, usize> = own.map(|(cursor, place)| (*cursor, *place)).collect();
                used.insert(next, self.length);
                return Some(Self { used: Arc::new(Mutex::new(used)), length: self.length + 1 });
            }
        }
        Some(Self { used: Arc::clone(&self.used), length: self.length + 1 })
    }

    fn used(&self) -> MutexGuard<'_, HashMap<I, usize>> {
        // Nothing in here can panic halfway.
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I> Default for VisitedCursors<I> {
    fn default() -> Self {
        Self { used: Arc::default(), length: 0 }
    }
}

/// The history of a request is not part of what it asks.
impl<I> PartialEq for VisitedCursors<I> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<I> Eq for VisitedCursors<I> {}

impl<I> fmt::Debug for VisitedCursors<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VisitedCursors({} pages)", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cursors of a walk over these, starting at the newest message. `None` if it leads in a circle.
    fn over(cursors: &[u32]) -> Option<VisitedCursors<u32>> {
        let mut current = None;
        cursors
            .iter()
            .try_fold(VisitedCursors::default(), |visited, next| visited.after(current.replace(*next), *next))
    }

    #[test]
    fn a_list_that_leads_back_to_any_earlier_cursor_ends() {
        assert!(over(&[1, 2, 3]).is_some());
        for circle in [&[1, 1][..], &[1, 2, 1], &[1, 2, 3, 2], &[1, 2, 3, 4, 5, 1]] {
            assert!(over(circle).is_none(), "{circle:?}");
        }
        // It began after a message.
        assert!(VisitedCursors::default().after(Some(7), 8).unwrap().after(Some(8), 7).is_none());
    }

    #[test]
    fn a_page_that_is_requested_twice_is_not_a_circle_and_neither_is_another_way() {
        let two = over(&[1, 2]).unwrap();
        let three = two.after(Some(2), 3).unwrap();
        assert!(two.after(Some(2), 3).is_some());
        // From the second page on, the list has changed: it leads to the fourth page of the first walk.
        assert!(three.after(Some(3), 4).is_some());
        let other = two.after(Some(2), 4).unwrap();
        assert!(other.after(Some(4), 3).is_some() && three.after(Some(3), 4).is_some());
        assert!(other.after(Some(4), 1).is_none());
    }
}
