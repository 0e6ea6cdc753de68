//! Pages, references and statuses of a mailbox.

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
        details: Details::Email { email_address: "a@example.com".into(), one_click_unsubscribe_url: None },
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
fn an_unknown_cursor_gives_an_empty_page() {
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
fn the_index_finds_the_same_statuses_as_a_full_scan() {
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

/// One message's status among many, whatever statuses the others have, and with the clock set back in between.
#[test]
fn a_rare_status_is_found_without_a_full_scan() {
    const MANY: u64 = 20_000;
    let mailbox = Mailbox::default();
    let rare = MANY / 2;
    let ids: Vec<Uuid> = (0..MANY)
        .map(|number| {
            let journey = if number == rare { Journey::SENT } else { Journey::DELIVERED };
            let minute = Duration::from_secs(60) * u32::from(number > MANY / 3);
            add_going(
                &mailbox,
                KeyType::Live,
                None,
                start() + Duration::from_millis(number) - minute,
                journey,
            )
        })
        .collect();
    let set = mailbox.get(ids[7], start()).unwrap();
    mailbox.set_status(&set, Status::Pending, start());
    let end = start() + Duration::from_millis(MANY);
    let step = Duration::from_secs(3_600);
    // With a frozen clock everything is under way. A day later nothing is.
    for (word, now, expected) in [
        ("pending", end, Some(ids[7])),
        ("sent", end, None),
        ("sent", end + DAY, Some(ids[usize::try_from(rare).unwrap()])),
        ("sending", end, None),
        ("sending", end + DAY, None),
        ("created", end + DAY, None),
        ("failed", end, None),
        ("temporary-failure", end + DAY, None),
    ] {
        let asked = std::cell::Cell::new(0);
        let timing = Timing { now, step };
        let found = mailbox.select(Index::Status(word), None, 250, timing, |message| {
            asked.set(asked.get() + 1);
            message.state(timing).status.may_show_as(word)
        });
        assert_eq!(found.first().map(|message| message.id), expected, "{word}");
        assert!(asked.get() <= 1, "{word}: looked at {} messages", asked.get());
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
