//! Where in a mailbox the messages with a reference are.

use std::collections::{HashMap, VecDeque};

use super::below;

/// Places by reference.
#[derive(Default)]
pub(super) struct ByReference(HashMap<Box<str>, Places>);

/// Most references have one message, of which there may be a million, so that it takes little memory.
enum Places {
    One(u64),
    /// Ascending.
    #[expect(clippy::box_collection, reason = "what is rare must not make what is common larger")]
    Many(Box<VecDeque<u64>>),
}

impl ByReference {
    /// Adds a place that is greater than all before.
    pub(super) fn add(&mut self, reference: &str, place: u64) {
        match self.0.get_mut(reference) {
            None => drop(self.0.insert(reference.into(), Places::One(place))),
            Some(Places::Many(places)) => places.push_back(place),
            Some(places) => {
                if let Places::One(first) = *places {
                    *places = Places::Many(Box::new([first, place].into()));
                }
            }
        }
    }

    /// The oldest message, which has this reference, is deleted.
    pub(super) fn discard(&mut self, reference: &str) {
        if let Some(Places::Many(places)) = self.0.get_mut(reference) {
            places.pop_front();
            if !places.is_empty() {
                return;
            }
        }
        self.0.remove(reference);
    }

    /// The places below one, newest first.
    pub(super) fn below(&self, reference: &str, before: u64) -> impl Iterator<Item = u64> {
        let (one, many) = match self.0.get(reference) {
            None => (None, None),
            Some(Places::One(place)) => (Some(*place).filter(|place| *place < before), None),
            Some(Places::Many(places)) => (None, Some(below(places, before))),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}
