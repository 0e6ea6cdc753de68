//! Where in a mailbox to look for a status, so that a rare one is found among a million messages without a look at each.
//!
//! A message comes to the end of its journey by itself, and that end is known from the start. What is looked for is thus
//! among the messages whose journey ends so, those that are still on their way, and those whose status was set.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::account::message::{Message, Timing};
use crate::account::status::Status;
use crate::time::Timestamp;
use crate::world::KeyType;

/// Places of messages by status. All lists ascend.
#[derive(Default)]
pub(super) struct ByStatus {
    by_end: HashMap<(KeyType, Status), VecDeque<u64>>,
    /// On their way when somebody last looked.
    under_way: VecDeque<u64>,
    /// When somebody last looked: a clock that was set back since takes messages back on their way.
    looked_at: Option<Timestamp>,
    set: BTreeSet<u64>,
}

impl ByStatus {
    pub(super) fn add(&mut self, place: u64, message: &Message) {
        self.by_end.entry((message.key_type, message.journey.end())).or_default().push_back(place);
        self.under_way.push_back(place);
        if !message.changes_by_itself() {
            self.set.insert(place);
        }
    }

    /// A message's status was set.
    pub(super) fn set(&mut self, place: u64) {
        self.set.insert(place);
    }

    /// The oldest message is deleted.
    pub(super) fn discard(&mut self, place: u64, message: &Message) {
        if let Some(places) = self.by_end.get_mut(&(message.key_type, message.journey.end())) {
            places.pop_front();
        }
        if self.under_way.front() == Some(&place) {
            self.under_way.pop_front();
        }
        self.set.remove(&place);
    }

    /// The places below one at which a message with one of these statuses can be, newest first; none if they are
    /// everywhere.
    pub(super) fn places<'a>(
        &mut self,
        key_type: KeyType,
        filters: &[&str],
        before: u64,
        timing: Timing,
        message_at: impl Fn(u64) -> Option<&'a Message>,
    ) -> Option<Descending<'_>> {
        if filters.is_empty() || self.looked_at.is_some_and(|looked_at| timing.now < looked_at) {
            return None;
        }
        self.looked_at = Some(timing.now);
        self.under_way.retain(|place| {
            message_at(*place).is_some_and(|message| message.final_status_at(timing.step) > timing.now)
        });
        let wanted = |status: Status| filters.iter().any(|filter| status.matches(filter));
        let ends = self.by_end.iter().filter(|((of, end), _)| *of == key_type && wanted(*end));
        let mut lists: Vec<Box<dyn Iterator<Item = u64> + '_>> =
            ends.map(|(_, places)| Box::new(below(places, before)) as Box<_>).collect();
        lists.push(Box::new(below(&self.under_way, before)));
        lists.push(Box::new(self.set.range(..before).rev().copied()));
        Some(Descending::of(lists))
    }
}

/// The places below one, newest first.
pub(super) fn below(places: &VecDeque<u64>, before: u64) -> impl Iterator<Item = u64> {
    let end = places.partition_point(|place| *place < before);
    places.range(..end).rev().copied()
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
