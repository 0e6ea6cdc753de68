//! The messages of a service, newest first, a page at a time.
//!
//! A page costs the same whether it is the first or the thousandth: a cursor is an id, and an id leads straight to its
//! place. Messages are deleted when their retention period is over.

mod by_status;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::account::message::{Message, Timing};
use crate::account::status::Status;
use crate::time::Timestamp;
use crate::world::{KeyType, MessageType};
use by_status::{ByStatus, below};

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
    by_reference: HashMap<Box<str>, VecDeque<u64>>,
    by_status: ByStatus,
}

/// Which messages a list wants.
pub(crate) struct Filter<'a> {
    pub(crate) key_type: KeyType,
    pub(crate) types: &'a [MessageType],
    pub(crate) statuses: &'a [&'a str],
    pub(crate) reference: Option<&'a str>,
    pub(crate) template: Option<Uuid>,
    /// Whether messages that came with a job are wanted.
    pub(crate) include_jobs: bool,
    pub(crate) older_than: Option<Uuid>,
}

impl Filter<'_> {
    fn selects(&self, message: &Message, timing: Timing) -> bool {
        message.key_type == self.key_type
            && self.template.is_none_or(|template| template == message.template.id)
            && (self.include_jobs || message.extras.job.is_none())
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
            contents.by_reference.entry(reference.clone()).or_default().push_back(place);
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
        let mut contents = self.lock();
        let contents = &mut *contents;
        let before = match filter.older_than.map(|id| contents.by_id.get(&id).copied()) {
            None => u64::MAX,
            Some(Some(place)) => place,
            Some(None) => return Vec::new(),
        };
        let Contents { messages, first, by_key_type, by_reference, by_status, .. } = contents;
        let at = |place: u64| messages.get(usize::try_from(place.checked_sub(*first)?).ok()?);
        let page = |places: &mut dyn Iterator<Item = u64>| {
            places
                .filter_map(at)
                .take_while(|message| !has_expired(message.created_at, timing.now))
                .filter(|message| filter.selects(message, timing))
                .take(PAGE_SIZE)
                .map(Arc::clone)
                .collect()
        };
        if let Some(reference) = filter.reference {
            return by_reference
                .get(reference)
                .map_or_else(Vec::new, |places| page(&mut below(places, before)));
        }
        let look = |place| at(place).map(Arc::as_ref);
        if let Some(places) = by_status.places(filter.key_type, filter.statuses, before, timing, look) {
            return page(&mut { places });
        }
        by_key_type.get(&filter.key_type).map_or_else(Vec::new, |places| page(&mut below(places, before)))
    }

    /// Sets the status of a message.
    pub(crate) fn set_status(&self, message: &Message, status: Status, now: Timestamp) {
        let mut contents = self.lock();
        message.set_status(status, now);
        if let Some(place) = contents.by_id.get(&message.id).copied() {
            contents.by_status.set(place);
        }
    }

    /// The number of a message, unless it has been deleted.
    pub(crate) fn number(&self, id: Uuid) -> Option<u64> {
        let contents = self.lock();
        contents.at(*contents.by_id.get(&id)?).map(|message| message.number)
    }

    /// Up to `count` messages that a predicate selects, newest first, of those with lower numbers.
    pub(crate) fn select(
        &self,
        before: Option<u64>,
        count: usize,
        now: Timestamp,
        selects: impl Fn(&Arc<Message>) -> bool,
    ) -> Vec<Arc<Message>> {
        let contents = self.lock();
        let end = match before {
            None => contents.messages.len(),
            Some(number) => contents.messages.partition_point(|message| message.number < number),
        };
        let newest_first = contents.messages.range(..end).rev();
        newest_first
            .take_while(|message| !has_expired(message.created_at, now))
            .filter(|message| selects(message))
            .take(count)
            .map(Arc::clone)
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    fn at(&self, place: u64) -> Option<&Arc<Message>> {
        self.messages.get(self.index(place)?)
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
            if let Some(reference) = &oldest.reference
                && let Some(places) = self.by_reference.get_mut(reference)
            {
                places.pop_front();
                if places.is_empty() {
                    self.by_reference.remove(reference);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::message::{Details, Draft, Extras};
    use crate::account::status::Journey;
    use crate::account::template::Template;

    const DAY: Duration = Duration::from_secs(86_400);

    fn start() -> Timestamp {
        Timestamp::from_unix_seconds(1_795_430_454)
    }

    fn add(mailbox: &Mailbox, key_type: KeyType, reference: Option<&str>, created_at: Timestamp) -> Uuid {
        add_going(mailbox, key_type, reference, created_at, Journey::DELIVERED)
    }

    fn add_going(
        mailbox: &Mailbox,
        key_type: KeyType,
        reference: Option<&str>,
        created_at: Timestamp,
        journey: Journey,
    ) -> Uuid {
        let id = Uuid::new_v4();
        let draft = Draft {
            key_type,
            reference: reference.map(str::to_owned),
            template: Arc::new(Template::precompiled(Uuid::nil())),
            body: String::new(),
            subject: None,
            details: Details::Email {
                email_address: "a@example.com".into(),
                one_click_unsubscribe_url: None,
            },
            journey,
            extras: Extras::default(),
        };
        mailbox.add(Arc::new(Message::new(id, draft, created_at)));
        id
    }

    fn all(key_type: KeyType) -> Filter<'static> {
        Filter {
            key_type,
            types: &[],
            statuses: &[],
            reference: None,
            template: None,
            include_jobs: true,
            older_than: None,
        }
    }

    fn ids(mailbox: &Mailbox, filter: &Filter<'_>, now: Timestamp) -> Vec<Uuid> {
        let timing = Timing { now, step: Duration::from_millis(100) };
        mailbox.page(filter, timing).iter().map(|message| message.id).collect()
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repeat() {
        let mailbox = Mailbox::default();
        let mut expected: Vec<Uuid> = (0..600).map(|_| add(&mailbox, KeyType::Test, None, start())).collect();
        let _other = add(&mailbox, KeyType::Live, None, start());
        expected.reverse();
        let mut seen = Vec::new();
        let mut filter = all(KeyType::Test);
        loop {
            let page = ids(&mailbox, &filter, start());
            assert!(page.len() <= PAGE_SIZE);
            let Some(last) = page.last() else { break };
            filter.older_than = Some(*last);
            seen.extend(page);
        }
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_cursor_that_nobody_knows_gives_an_empty_page() {
        let mailbox = Mailbox::default();
        add(&mailbox, KeyType::Test, None, start());
        let filter = Filter { older_than: Some(Uuid::nil()), ..all(KeyType::Test) };
        assert!(ids(&mailbox, &filter, start()).is_empty());
    }

    #[test]
    fn references_are_found_within_the_type_of_the_key() {
        let mailbox = Mailbox::default();
        let first = add(&mailbox, KeyType::Test, Some("r"), start());
        let _live = add(&mailbox, KeyType::Live, Some("r"), start());
        let last = add(&mailbox, KeyType::Test, Some("r"), start());
        let filter = Filter { reference: Some("r"), ..all(KeyType::Test) };
        assert_eq!(ids(&mailbox, &filter, start()), [last, first]);
    }

    #[test]
    fn a_status_is_found_as_by_a_look_at_every_message() {
        const STATUSES: [&str; 7] =
            ["created", "sending", "delivered", "permanent-failure", "failed", "pending", "accepted"];
        let mut chance = fastrand::Rng::with_seed(11);
        let mailbox = Mailbox::default();
        let mut messages: Vec<Arc<Message>> = Vec::new();
        let mut now = start();
        for _ in 0..3_000 {
            now = now + Duration::from_millis(chance.u64(0..80));
            match chance.u32(0..10) {
                0 => now = now - Duration::from_millis(chance.u64(0..300)),
                1 if !messages.is_empty() => {
                    let message = &messages[chance.usize(..messages.len())];
                    mailbox.set_status(message, Status::Pending, now);
                }
                2..5 => {
                    let mut filters = STATUSES;
                    chance.shuffle(&mut filters);
                    let filter = Filter { statuses: &filters[..chance.usize(1..3)], ..all(KeyType::Live) };
                    let timing = Timing { now, step: Duration::from_millis(100) };
                    let scanned = messages.iter().rev().filter(|message| filter.selects(message, timing));
                    let scanned: Vec<Uuid> = scanned.take(PAGE_SIZE).map(|message| message.id).collect();
                    assert_eq!(ids(&mailbox, &filter, now), scanned, "{:?}", filter.statuses);
                }
                _ => {
                    let key_type = if chance.bool() { KeyType::Live } else { KeyType::Test };
                    let journeys =
                        [Journey::DELIVERED, Journey::PERMANENT_FAILURE, Journey::SENDING, Journey::WAITING];
                    let id = add_going(&mailbox, key_type, None, now, journeys[chance.usize(..4)]);
                    messages.push(mailbox.get(id, now).unwrap());
                }
            }
        }
    }

    #[test]
    fn messages_vanish_after_seven_days() {
        let mailbox = Mailbox::default();
        let old = add(&mailbox, KeyType::Test, Some("r"), start());
        let late = start() + 7 * DAY;
        assert!(mailbox.get(old, late).is_some());
        let later = late + Duration::from_secs(1);
        assert!(mailbox.get(old, later).is_none());
        assert!(ids(&mailbox, &all(KeyType::Test), later).is_empty());
        let new = add(&mailbox, KeyType::Test, Some("r"), later);
        assert!(mailbox.get(old, start()).is_none(), "what was discarded does not come back");
        assert_eq!(ids(&mailbox, &all(KeyType::Test), later), [new]);
        assert_eq!(ids(&mailbox, &Filter { reference: Some("r"), ..all(KeyType::Test) }, later), [new]);
    }
}
