//! Where in a mailbox to look for a status, so that a rare one is found among a million messages without a full scan.
//!
//! A message's status changes as time passes. Among messages with the same journey an older one is never behind a newer one, so
//! those with the same status are neighbours, and a binary search finds them. Messages whose status was set are kept separately.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::account::message::{Message, Timing};
use crate::account::status::{Journey, Status};
use crate::time::Timestamp;
use crate::world::KeyType;

/// Places of messages by status.
#[derive(Default)]
pub(super) struct ByStatus {
    going: HashMap<(KeyType, Journey), Vec<Run>>,
    set: HashMap<(KeyType, Status), BTreeSet<u64>>,
}

/// Ascending places of messages with the same journey, the oldest first. There is one run, and one more for each time that
/// the clock was set back.
struct Run {
    places: VecDeque<u64>,
    newest: Timestamp,
}

impl ByStatus {
    pub(super) fn add(&mut self, place: u64, message: &Message) {
        let runs = self.going.entry((message.key_type, message.journey)).or_default();
        match runs.iter_mut().find(|run| run.newest <= message.created_at) {
            Some(run) => {
                run.places.push_back(place);
                run.newest = message.created_at;
            }
            None => runs.push(Run { places: [place].into(), newest: message.created_at }),
        }
        if let Some(status) = message.status_set() {
            self.set.entry((message.key_type, status)).or_default().insert(place);
        }
    }

    /// A message's status was set; before that, it may have been set to another.
    pub(super) fn set(&mut self, place: u64, key_type: KeyType, before: Option<Status>, status: Status) {
        if let Some(places) = before.and_then(|before| self.set.get_mut(&(key_type, before))) {
            places.remove(&place);
        }
        self.set.entry((key_type, status)).or_default().insert(place);
    }

    /// The oldest message is deleted.
    pub(super) fn discard(&mut self, place: u64, message: &Message) {
        if let Some(runs) = self.going.get_mut(&(message.key_type, message.journey)) {
            for run in runs.iter_mut().filter(|run| run.places.front() == Some(&place)) {
                run.places.pop_front();
            }
            runs.retain(|run| !run.places.is_empty());
        }
        let set = message.status_set();
        if let Some(places) = set.and_then(|status| self.set.get_mut(&(message.key_type, status))) {
            places.remove(&place);
        }
    }

    /// The places below `before` at which a message may have a wanted status, newest first. Few of them turn out not
    /// to.
    pub(super) fn places<'a>(
        &'a self,
        key_type: Option<KeyType>,
        wanted: &dyn Fn(Status) -> bool,
        before: u64,
        timing: Timing,
        message_at: &dyn Fn(u64) -> Option<&'a Message>,
    ) -> Descending<'a> {
        let is_of = |of: KeyType| key_type.is_none_or(|key_type| key_type == of);
        let mut lists: Vec<Box<dyn Iterator<Item = u64> + 'a>> = Vec::new();
        for ((of, journey), runs) in &self.going {
            for steps in (0..=journey.length()).filter(|steps| is_of(*of) && wanted(journey.after(*steps))) {
                for run in runs {
                    // Those that have come this far, minus those that have come further.
                    let come = |steps: usize| {
                        let has_come = |message: &Message| message.steps(timing) >= steps;
                        run.places.partition_point(|place| message_at(*place).is_some_and(has_come))
                    };
                    let begin = if steps == journey.length() { 0 } else { come(steps + 1) };
                    let end = come(steps).min(run.places.partition_point(|place| *place < before));
                    lists.push(Box::new(run.places.range(begin.min(end)..end).rev().copied()));
                }
            }
        }
        for ((of, status), places) in &self.set {
            if is_of(*of) && wanted(*status) {
                lists.push(Box::new(places.range(..before).rev().copied()));
            }
        }
        Descending::of(lists)
    }
}

/// Several descending lists as one, each number once.
pub(super) struct Descending<'a> {
    lists: Vec<std::iter::Peekable<Box<dyn Iterator<Item = u64> + 'a>>>,
}

impl<'a> Descending<'a> {
    fn of(lists: Vec<Box<dyn Iterator<Item = u64> + 'a>>) -> Self {
        Self { lists: lists.into_iter().map(Iterator::peekable).collect() }
    }
}

impl Iterator for Descending<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let next = self.lists.iter_mut().filter_map(|list| list.peek().copied()).max()?;
        for list in &mut self.lists {
            list.next_if_eq(&next);
        }
        Some(next)
    }
}
