//! Lookups: what finds a message in doubt, and what proves nothing.

use std::time::Duration;

use notify_api::{ApiKey, Call, Cause, Event, ListTemplates, Policy, Step};
use notify_jwt::{UntrustedToken, Verifier};

use super::{once, text};
use crate::world::{Fault, World};
use crate::{seconds, session};

#[test]
fn a_message_to_somebody_else_under_its_reference_leaves_it_in_doubt() {
    let mut world = World::new();
    world.hold_a_message("+447900900124", seconds(10.0));
    let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(Fault::cut(false)));
    let error = outcome.result.unwrap_err();
    assert!(error.may_have_been_sent());
    assert_eq!(
        error.remedy().unwrap(),
        "before sending again, look at the messages that the service lists under its reference"
    );
    assert_eq!((outcome.posts, outcome.taken), (1, 0));
    // And if it is there too, it is known.
    let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(Fault::cut(true)));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 1, 1));
}

#[test]
fn a_page_of_other_messages_proves_nothing() {
    let mut faults = [Fault::cut(true)].into_iter().chain([Fault::MixedUp(false); 12]);
    let outcome = World::new()
        .send(&text().unique_reference("mine"), Policy::default(), || faults.next().unwrap_or(Fault::None));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 1, 1));
    assert_eq!(outcome.reconnects, 12);
}

#[test]
fn a_kept_page_proves_nothing() {
    // What a cache kept from before the message, with its age or with its date.
    for says_so in [true, false] {
        let mut faults = [Fault::cut(true)].into_iter().chain([Fault::Kept(1_000.0, says_so); 12]);
        let outcome = World::new().send(&text().unique_reference("mine"), Policy::default(), || {
            faults.next().unwrap_or(Fault::None)
        });
        assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 1, 1));
    }
}

#[test]
fn a_call_that_is_not_to_reconcile_ends_in_doubt() {
    let policy = Policy::default().reconcile(false);
    let outcome = World::new().send(&text().unique_reference("mine"), policy, once(Fault::cut(true)));
    assert!(outcome.result.unwrap_err().may_have_been_sent());
    assert_eq!((outcome.posts, outcome.lookups), (1, 0));
}

#[test]
fn the_last_lookup_comes_before_the_time_is_over() {
    let policy = Policy::default().timeout(seconds(20.0));
    let fault = Fault::Cut { after: 0.1, received: 0.1, taken: Some(18.5) };
    let outcome = World::new().send(&text().unique_reference("mine"), policy, once(fault));
    assert_eq!(outcome.result.unwrap(), "mine");
    assert!(outcome.took > seconds(18.5) && outcome.took < Duration::from_secs(20), "{:?}", outcome.took);
}

#[test]
fn a_message_that_is_looked_for_is_looked_for_with_the_key_it_was_sent_with() {
    let session = session(|builder| builder);
    let other = ApiKey::parse(&crate::KEY.replace("3d844edf", "5a8a1b2c")).unwrap();
    let other = session.with_key(&other);
    let at = |at| crate::now(seconds(at));
    let message = text().unique_reference("mine");
    let call = Call::new(&session, &message, at(0.0)).unwrap();
    let Step::Send(_, mut call) = call.next(Event::Start, at(0.0)) else { panic!("a fresh bucket") };
    call.use_session(&other);
    let Step::Wait(_, mut call) = call.next(Event::Lost(Cause::new("cut")), at(0.1)) else {
        panic!("it has a reference of its own")
    };
    call.use_session(&other);
    let Step::Send(lookup, call) = call.next(Event::Elapsed, at(1.0)) else { panic!("the wait is over") };
    let signed_by = |key: &str| Verifier::new(&ApiKey::parse(key).unwrap());
    let token = lookup.headers()["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
    let now = crate::START.as_secs() + 1;
    assert!(UntrustedToken::parse(token).unwrap().verify(&signed_by(crate::KEY), now).is_ok());
    assert!(call.is_reconciling());
}

#[test]
fn a_question_whose_answer_was_lost_is_asked_again_and_a_message_without_reference_is_not_sent_again() {
    let session = session(|builder| builder);
    let at = |at| crate::now(seconds(at));
    let request = Call::new(&session, &ListTemplates::new(), at(0.0)).unwrap();
    let message = Call::new(&session, &text(), at(0.0)).unwrap();
    let lost = |call: Call| {
        let Step::Send(_, call) = call.next(Event::Start, at(0.0)) else { panic!("a fresh bucket") };
        call.next(Event::Lost(Cause::new("cut")), at(0.1))
    };
    let Step::Wait(wait, request) = lost(request) else { panic!("asking again does no harm") };
    assert!(matches!(request.next(Event::Elapsed, crate::now(seconds(0.1) + wait)), Step::Send(..)));
    let Step::Done(Err(error)) = lost(message) else { panic!("nobody can look for it") };
    assert!(error.may_have_been_sent());
}

#[test]
fn a_reference_too_long_for_a_url_is_not_looked_up_in_vain() {
    // 1,000 characters of 4 bytes, each of which takes 3 in a URL: the service reads 4,094 (recorded: `http.jsonl`).
    let message = text().unique_reference("\u{1f4e8}".repeat(1_000));
    let outcome = World::new().send(&message, Policy::default(), once(Fault::cut(true)));
    assert!(outcome.result.unwrap_err().may_have_been_sent());
    assert_eq!((outcome.posts, outcome.lookups), (1, 0));
}

#[test]
fn a_lookup_that_hangs_is_repeated() {
    let hangs = Fault::Cut { after: 35.0, received: 0.0, taken: None };
    let mut faults = [Fault::cut(true), hangs].into_iter();
    let outcome = World::new()
        .send(&text().unique_reference("mine"), Policy::default(), || faults.next().unwrap_or(Fault::None));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.lookups), ("mine", 1, 2));
    assert!(outcome.took < seconds(14.0), "{:?}", outcome.took);
}

#[test]
fn a_call_whose_driver_never_reports_a_lookup_ends_at_the_deadline() {
    let session = session(|builder| builder);
    let mut at = seconds(0.0);
    let message = text().unique_reference("mine");
    let call = Call::new(&session, &message, crate::now(at)).unwrap();
    let mut step = call.next(Event::Start, crate::now(at));
    let error = loop {
        at += seconds(1.0);
        step = match step {
            Step::Send(_, call) | Step::Wait(_, call) | Step::Reconnect(call) => {
                call.next(Event::Elapsed, crate::now(at))
            }
            Step::Done(result) => break result.unwrap_err(),
        }
    };
    assert!(error.may_have_been_sent());
    assert_eq!(at, seconds(181.0));
}
