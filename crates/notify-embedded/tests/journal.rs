//! What a device finds in its flash after a reset.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use notify_embedded::{
    Call, Ending, Journal, Message, NotificationId, Outcome, RECORD_LEN, Record, Reference, Service,
    TemplateId,
};
use notify_jwt::{ApiKey, Clock, Signer};
use proptest::prelude::*;

const TEMPLATE: TemplateId = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");
const ID: NotificationId = NotificationId::from_static("c3c56b78-5cd6-40db-a6e2-ff640bfd498d");
const ERASED: Record = [0xff; RECORD_LEN];

/// The record of a message with this reference, and the journal that made it.
fn sending(reference: &Reference, clock: &Clock) -> (Journal, Record) {
    let key = "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
    let signer = Signer::new(&ApiKey::parse(key).unwrap());
    let message = Message::sms(TEMPLATE, "+447900900123").unique_reference(reference);
    let mut call = Call::new(Service::gov_uk(), message);
    call.request(&signer, clock, 7, &mut [0; 1024]).unwrap();
    let mut journal = Journal::read(&[ERASED; 2]);
    let record = journal.sending(&call, clock).unwrap().unwrap();
    (journal, record)
}

#[test]
fn erased_flash_holds_nothing() {
    for slots in [[ERASED; 2], [[0; RECORD_LEN]; 2]] {
        let journal = Journal::read(&slots);
        assert_eq!((journal.in_doubt(), journal.last_confirmed(), journal.is_torn()), (None, None, false));
    }
}

#[test]
fn the_latest_record_counts_whatever_its_place() {
    let reference = Reference::numbered("door", 1).unwrap();
    let mut clock = Clock::starting_at(1_000);
    let (mut journal, first) = sending(&reference, &clock);
    clock.confirm(60);
    let second = journal.finished(&Outcome::Accepted(ID), &clock);
    for slots in [[first, second], [second, first]] {
        let journal = Journal::read(&slots);
        assert_eq!((journal.in_doubt(), journal.last_confirmed()), (None, Some(1_060)));
        assert_eq!(journal.ending(&reference), Some(Ending::Accepted(ID)));
        assert_eq!(journal.ending(&Reference::numbered("door", 2).unwrap()), None);
    }
    assert_eq!(Journal::read(&[first, ERASED]).in_doubt().unwrap().reference(), Some(&reference));
}

#[test]
fn the_ending_of_the_last_message_is_kept_when_no_message_is_in_doubt() {
    // The end of a connection reported late; another message whose connection was never made, and which is given up.
    let late = Outcome::Unknown { reference: None, look_up_after: None };
    for outcome in [Outcome::Accepted(ID), late, Outcome::TryAgain(1)] {
        let reference = Reference::numbered("door", 1).unwrap();
        let clock = Clock::starting_at(1_000);
        let (mut journal, first) = sending(&reference, &clock);
        let second = journal.finished(&Outcome::Accepted(ID), &clock);
        let third = journal.finished(&outcome, &clock);
        for slots in [[first, second], [third, second]] {
            assert_eq!(Journal::read(&slots).ending(&reference), Some(Ending::Accepted(ID)), "{outcome:?}");
        }
        let fourth = journal.give_up(&clock);
        assert_eq!(Journal::read(&[third, fourth]).ending(&reference), Some(Ending::Accepted(ID)));
    }
}

#[test]
fn each_outcome_has_its_ending() {
    let reference = Reference::numbered("door", 1).unwrap();
    let clock = Clock::starting_at(1_000);
    let unknown = Outcome::Unknown { reference: None, look_up_after: None };
    for (outcome, ending) in [(Outcome::TryAgain(0), Ending::NotTaken), (unknown, Ending::GivenUp)] {
        let (mut journal, _) = sending(&reference, &clock);
        let record = journal.finished(&outcome, &clock);
        assert_eq!(Journal::read(&[record]).ending(&reference), Some(ending));
    }
}

#[test]
fn a_message_in_doubt_is_not_forgotten_for_the_next_one() {
    let clock = Clock::starting_at(1_000);
    let (_, record) = sending(&Reference::numbered("door", 1).unwrap(), &clock);
    let mut journal = Journal::read(&[record]);
    let next = Reference::numbered("door", 2).unwrap();
    let key = "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
    let signer = Signer::new(&ApiKey::parse(key).unwrap());
    let mut call =
        Call::new(Service::gov_uk(), Message::sms(TEMPLATE, "07900900123").unique_reference(&next));
    call.request(&signer, &clock, 7, &mut [0; 1024]).unwrap();
    assert!(journal.sending(&call, &clock).is_err());
    journal.give_up(&clock);
    assert!(journal.sending(&call, &clock).unwrap().is_some());
}

#[test]
fn a_message_in_doubt_since_a_reset_is_not_sent_again_as_if_nothing_had_been() {
    let reference = Reference::numbered("door", 1).unwrap();
    let clock = Clock::starting_at(1_000);
    let (_, record) = sending(&reference, &clock);
    let key = "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
    let signer = Signer::new(&ApiKey::parse(key).unwrap());
    let message = Message::sms(TEMPLATE, "+447900900123").unique_reference(&reference);
    let mut call = Call::new(Service::gov_uk(), message);
    call.request(&signer, &clock, 7, &mut [0; 1024]).unwrap();
    let mut journal = Journal::read(&[record]);
    assert!(journal.sending(&call, &clock).is_err());
    // Lookups have shown that it was not taken.
    journal.finished(&Outcome::TryAgain(0), &clock);
    assert!(journal.sending(&call, &clock).unwrap().is_some());
    // In one run, each attempt has its record.
    assert!(journal.sending(&call, &clock).unwrap().is_some());
}

#[test]
fn nothing_personal_is_shown() {
    let clock = Clock::starting_at(1_000);
    let (journal, _) = sending(&Reference::new("Kim's door").unwrap(), &clock);
    let shown = format!("{journal:?} {:?}", journal.in_doubt());
    assert!(!shown.contains("Kim") && !shown.contains("7900900"), "{shown}");
}

proptest! {
    #[test]
    fn a_record_that_was_cut_short_leaves_the_one_before_it(written in 0..RECORD_LEN, erased in prop_oneof![Just(0xff_u8), Just(0)]) {
        let reference = Reference::numbered("door", 1).unwrap();
        let clock = Clock::starting_at(1_000);
        let (mut journal, first) = sending(&reference, &clock);
        let second = journal.finished(&Outcome::Accepted(ID), &clock);
        let mut torn = [erased; RECORD_LEN];
        torn[..written].copy_from_slice(&second[..written]);
        prop_assume!(torn != second);
        let journal = Journal::read(&[first, torn]);
        prop_assert!(journal.in_doubt().is_some());
        prop_assert_eq!(journal.is_torn(), torn.iter().any(|byte| *byte != erased));
    }

    #[test]
    fn no_bit_of_a_record_can_change_unnoticed(at in 0..RECORD_LEN, bit in 0..8_u8, bytes in any::<[u8; 32]>()) {
        let clock = Clock::starting_at(1_000);
        let (_, mut record) = sending(&Reference::numbered("door", 1).unwrap(), &clock);
        record[at] ^= 1 << bit;
        let journal = Journal::read(&[record]);
        prop_assert!(journal.is_torn() && journal.in_doubt().is_none());
        // What was never a record is none.
        let mut other = [0x5a; RECORD_LEN];
        other[..32].copy_from_slice(&bytes);
        prop_assert!(Journal::read(&[other]).is_torn());
    }
}
