//! The messages of a service, newest first, a page at a time.
//!
//! The thousandth page costs no more than the first: a cursor is an id, and the place of an id is looked up directly.
//! Messages are deleted when their retention period is over.

mod by_reference;
mod by_status;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::account::message::{Message, Timing};
use crate::account::status::Status;
use crate::time::Timestamp;
use crate::world::{KeyType, MessageType};
use by_reference::ByReference;
use by_status::ByStatus;

/// How many messages or texts a page holds.
pub(crate) const PAGE_SIZE: usize = 250;

/// How long messages and received texts are kept.
const RETENTION: Duration = Duration::from_secs(7 * 86_400);

/// Whether a message of this age has been deleted.
pub(crate) fn has_expired(created_at: Timestamp, now: Timestamp) -> bool {
    created_at < oldest_kept(now)
}

/// The creation time of the oldest message that is still kept.
pub(crate) fn oldest_kept(now: Timestamp) -> Timestamp {
    now - RETENTION
}

/// The messages of one service.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Contents>);

/// Messages in the order in which they came. A place is a number that never changes; `first` is the place of the oldest.
#[derive(Default)]
struct Contents {
    messages: VecDeque<Arc<Message>>,
    first: u64,
    by_id: HashMap<Uuid, u64>,
    by_key_type: HashMap<KeyType, VecDeque<u64>>,
    by_reference: ByReference,
    by_status: ByStatus,
}

/// Which index to search.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Index<'a> {
    /// At each message.
    All,
    Reference(&'a str),
    /// A status, in any word that the API has for it.
    Status(&'a str),
}

/// What a list request asks for.
pub(crate) struct Filter<'a> {
    pub(crate) key_type: KeyType,
    pub(crate) types: &'a [MessageType],
    pub(crate) statuses: &'a [&'a str],
    pub(crate) reference: Option<&'a str>,
    pub(crate) template: Option<Uuid>,
    /// Whether messages that came from a bulk job are wanted.
    pub(crate) include_jobs: bool,
    pub(crate) older_than: Option<Uuid>,
}

impl Filter<'_> {
    fn selects(&self, message: &Message, timing: Timing) -> bool {
        message.key_type == self.key_type
            && self.template.is_none_or(|template| template == message.template.id)
            && (self.include_jobs || message.extras().job.is_none())
            && (self.types.is_empty() || self.types.contains(&message.message_type()))
            && (self.statuses.is_empty() || {
                let status = message.state(timing).status;
                self.statuses.iter().any(|filter| status.matches(filter))
            })
    }
}

impl Mailbox {
    pub(crate) fn add(&self, message: Arc<Message>) {
        let mut contents = self.lock();
        contents.discard_expired(message.created_at);
        let place = contents.first + contents.messages.len() as u64;
        contents.by_id.insert(message.id, place);
        contents.by_key_type.entry(message.key_type).or_default().push_back(place);
        if let Some(reference) = &message.reference {
            contents.by_reference.add(reference, place);
        }
        contents.by_status.add(place, &message);
        contents.messages.push_back(message);
    }

    pub(crate) fn get(&self, id: Uuid, now: Timestamp) -> Option<Arc<Message>> {
        let contents = self.lock();
        let message = contents.at(*contents.by_id.get(&id)?)?;
        (!has_expired(message.created_at, now)).then(|| Arc::clone(message))
    }

    /// The next page of what a filter selects.
    pub(crate) fn page(&self, filter: &Filter<'_>, timing: Timing) -> Vec<Arc<Message>> {
        let contents = self.lock();
        let contents = &*contents;
        let before = match filter.older_than.map(|id| contents.by_id.get(&id).copied()) {
            None => u64::MAX,
            Some(Some(place)) => place,
            Some(None) => return Vec::new(),
        };
        let page = |places: &mut dyn Iterator<Item = u64>| {
            let selected = |message: &Arc<Message>| filter.selects(message, timing);
            contents.newest(places, timing.now).filter(|message| selected(message)).take(PAGE_SIZE).collect()
        };
        if let Some(reference) = filter.reference {
            return page(&mut contents.by_reference.below(reference, before));
        }
        if !filter.statuses.is_empty() {
            let wanted = |status: Status| filter.statuses.iter().any(|filter| status.matches(filter));
            return page(&mut contents.with_status(Some(filter.key_type), &wanted, before, timing));
        }
        let of_key_type = contents.by_key_type.get(&filter.key_type);
        of_key_type.map_or_else(Vec::new, |places| page(&mut below(places, before)))
    }

    /// Sets the status of a message.
    pub(crate) fn set_status(&self, message: &Message, status: Status, now: Timestamp) {
        let mut contents = self.lock();
        let before = message.set_status(status, now);
        if let Some(place) = contents.by_id.get(&message.id).copied() {
            contents.by_status.set(place, message.key_type, before, status);
        }
    }

    /// The number of a message, unless it has been deleted.
    pub(crate) fn number(&self, id: Uuid) -> Option<u64> {
        let contents = self.lock();
        contents.at(*contents.by_id.get(&id)?).map(|message| message.number)
    }

    /// Up to `count` messages that a predicate selects, newest first, of those with lower numbers. The predicate sees
    /// only messages that the indexes of this mailbox find.
    pub(crate) fn select(
        &self,
        index: Index<'_>,
        before: Option<u64>,
        count: usize,
        timing: Timing,
        selects: impl Fn(&Arc<Message>) -> bool,
    ) -> Vec<Arc<Message>> {
        let contents = self.lock();
        let contents = &*contents;
        let end = match before {
            None => contents.messages.len(),
            Some(number) => contents.messages.partition_point(|message| message.number < number),
        };
        let end = contents.first + end as u64;
        let page = |places: &mut dyn Iterator<Item = u64>| {
            contents.newest(places, timing.now).filter(|message| selects(message)).take(count).collect()
        };
        match index {
            Index::All => page(&mut (contents.first..end).rev()),
            Index::Reference(reference) => page(&mut contents.by_reference.below(reference, end)),
            Index::Status(word) => {
                let wanted = |status: Status| status.may_show_as(word);
                page(&mut contents.with_status(None, &wanted, end, timing))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    fn at(&self, place: u64) -> Option<&Arc<Message>> {
        self.messages.get(self.index(place)?)
    }

    /// The messages at places that descend, until one has been deleted.
    fn newest(
        &self,
        places: impl Iterator<Item = u64>,
        now: Timestamp,
    ) -> impl Iterator<Item = Arc<Message>> {
        let kept = places.filter_map(|place| self.at(place));
        kept.take_while(move |message| !has_expired(message.created_at, now)).map(Arc::clone)
    }

    fn with_status(
        &self,
        key_type: Option<KeyType>,
        wanted: &dyn Fn(Status) -> bool,
        before: u64,
        timing: Timing,
    ) -> impl Iterator<Item = u64> {
        let message_at = |place| self.at(place).map(Arc::as_ref);
        self.by_status.places(key_type, wanted, before, timing, &message_at)
    }

    fn index(&self, place: u64) -> Option<usize> {
        usize::try_from(place.checked_sub(self.first)?).ok()
    }

    fn discard_expired(&mut self, now: Timestamp) {
        while let Some(oldest) = self.messages.front()
            && has_expired(oldest.created_at, now)
        {
            let oldest = Arc::clone(oldest);
            self.by_status.discard(self.first, &oldest);
            self.messages.pop_front();
            self.first += 1;
            self.by_id.remove(&oldest.id);
            if let Some(places) = self.by_key_type.get_mut(&oldest.key_type) {
                places.pop_front();
            }
            if let Some(reference) = &oldest.reference {
                self.by_reference.discard(reference);
            }
        }
    }
}

/// The places below one, newest first.
fn below(places: &VecDeque<u64>, before: u64) -> impl Iterator<Item = u64> {
    let end = places.partition_point(|place| *place < before);
    places.range(..end).rev().copied()
}

#[cfg(test)]
mod tests;
