//! The fence: when an empty lookup proves that a message was not taken, on machines that sleep and clocks that are wrong.

use std::time::Duration;

use notify_api::{Call, Cause, Event, Policy, Step};

use super::{once, send_through, text};
use crate::world::{Date, Fault, World};
use crate::{seconds, session};

#[test]
fn a_machine_that_slept_finds_the_message_that_it_sent_before() {
    // Its monotonic clock stood still, so that the message looks too old; and a proxy's date is ahead.
    for (sleeps, date) in
        [(40.0, Date::True), (100.0, Date::True), (0.0, Date::Lie(10)), (50.0, Date::Lie(10))]
    {
        let mut world = World::new();
        (world.sleeps_after_first, world.date) = (seconds(sleeps), date);
        let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(Fault::cut(true)));
        assert_eq!(outcome.result.unwrap(), "mine");
        assert_eq!((outcome.posts, outcome.taken), (1, 1), "{sleeps} {date:?}");
    }
}

#[test]
fn a_machine_that_wakes_after_eight_hours_sends_nothing_late() {
    for fault in [Fault::cut(false), Fault::RateLimited, Fault::NotConnected, Fault::Postponed(503, 5)] {
        let mut world = World::new();
        world.sleeps_after_first = seconds(8.0 * 3_600.0);
        let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(fault));
        assert!(outcome.result.is_err());
        assert_eq!((outcome.posts, outcome.lookups), (1, 0), "{fault:?}");
    }
}

#[test]
fn bytes_that_outlive_their_connection_are_waited_for() {
    // A link that was down for 20 seconds with an attempt of 5, and a commit 25 seconds late.
    let policy = Policy::default().attempt_timeout(seconds(5.0));
    for (received, taken) in [(20.0, 25.0), (29.0, 30.0), (30.5, 30.0)] {
        let fault = Fault::Cut { after: 5.0, received, taken: Some(taken) };
        let outcome = World::new().send(&text().unique_reference("mine"), policy, once(fault));
        assert_eq!(outcome.result.unwrap(), "mine");
        assert_eq!((outcome.posts, outcome.taken), (1, 1), "{received} {taken}");
    }
    // Later than that the service does not take the token.
    let fault = Fault::Cut { after: 5.0, received: 53.0, taken: Some(0.0) };
    let outcome = World::new().send(&text().unique_reference("mine"), policy, once(fault));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 2, 1));
}

#[test]
fn after_its_moment_to_leave_a_message_is_given_no_token() {
    let session = session(|builder| builder);
    let unavailable = || Event::NotSent(Cause::new("refused"));
    let start = crate::now(Duration::ZERO);
    let leave_by = (crate::START + seconds(10.0)).as_secs();
    let call = Call::new(&session, &text(), start).unwrap().leave_by(leave_by);
    let Step::Send(_, call) = call.next(Event::Start, start) else { panic!("a fresh bucket") };
    let Step::Wait(_, call) = call.next(unavailable(), crate::now(seconds(1.0))) else { panic!("not sent") };
    let Step::Send(_, call) = call.next(Event::Elapsed, crate::now(seconds(10.9))) else {
        panic!("the moment itself is not after it")
    };
    let Step::Wait(_, call) = call.next(unavailable(), crate::now(seconds(10.95))) else {
        panic!("not sent")
    };
    let Step::Done(Err(error)) = call.next(Event::Elapsed, crate::now(seconds(11.0))) else {
        panic!("it is too late")
    };
    assert!(error.is_not_sent() && !error.may_have_been_sent());

    let call = Call::new(&session, &text(), start).unwrap().leave_by(leave_by);
    let Step::Done(Err(error)) = call.next(Event::Start, crate::now(seconds(11.0))) else {
        panic!("it was too late from the beginning")
    };
    assert!(error.is_timeout() && error.attempts() == 0 && !error.may_have_been_sent());
}

#[test]
fn a_message_committed_late_is_found_and_not_sent_again() {
    for after in [0.0, 1.5, 12.0, 29.0] {
        let outcome = send_through(Fault::Cut { after: 0.1, received: 0.1, taken: Some(after) });
        assert_eq!(outcome.result.unwrap(), "mine");
        assert_eq!((outcome.posts, outcome.taken), (1, 1), "{after}");
        assert!(outcome.lookups <= 9, "{}", outcome.lookups);
    }
}

#[test]
fn a_message_whose_last_byte_arrives_late_and_is_committed_late_is_not_sent_again() {
    // Uploading a file took half a minute; the service had its own half minute after that.
    let outcome = send_through(Fault::Cut { after: 31.0, received: 30.9, taken: Some(29.0) });
    assert_eq!(outcome.result.unwrap(), "mine");
    assert_eq!((outcome.posts, outcome.taken), (1, 1));
}

#[test]
fn an_absent_message_is_sent_again_70_seconds_after_its_token_and_not_before() {
    for after in [0.1, 20.0, 34.0] {
        let outcome = send_through(Fault::Cut { after, received: 0.0, taken: None });
        assert!(outcome.result.is_ok());
        assert_eq!(outcome.posts, 2);
        assert!(outcome.took >= seconds(70.0), "{:?}", outcome.took);
        assert!(outcome.took <= seconds(74.0), "{:?}", outcome.took);
    }
}

#[test]
fn a_machine_whose_clock_is_wrong_waits_for_the_service_s() {
    for (ahead, longest) in [(-29.0, 110.0), (-15.0, 95.0), (15.0, 95.0), (29.0, 110.0)] {
        let mut world = World::new();
        world.clock_steps = vec![(Duration::ZERO, ahead)];
        let fault = Fault::cut(false);
        let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(fault));
        assert_eq!((outcome.result.unwrap().as_str(), outcome.posts), ("mine", 2), "{ahead}");
        // The service takes it that the message may come until its own clock shows 65 seconds after the token.
        let over = 65.0 + ahead + 5.0;
        assert!(outcome.took >= seconds(over), "{ahead}: {:?}", outcome.took);
        assert!(outcome.took <= seconds(longest), "{ahead}: {:?}", outcome.took);
    }
}

#[test]
fn a_lookup_tells_the_service_s_time_when_the_clock_was_set_meanwhile() {
    let mut world = World::new();
    // From right to ten minutes late, between the message and its lookup.
    world.clock_steps = vec![(seconds(0.0), 0.0), (seconds(0.08), -600.0)];
    let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(Fault::cut(true)));
    assert_eq!(outcome.result.unwrap(), "mine");
    assert_eq!((outcome.posts, outcome.taken), (1, 1));
}

#[test]
fn where_requests_are_not_bounded_a_message_is_found_or_in_doubt() {
    for base_url in [
        "https://api.notification.canada.ca",
        "https://rest-api.notify.gov.au",
        "https://api.va.gov/vanotify",
        "https://notify.gateway.example",
    ] {
        let policy = Policy::default().timeout(seconds(1_000.0));
        let mut world = World::new();
        world.base_url = base_url;
        world.listing_delay = seconds(137.0);
        let late = Fault::Cut { after: 0.1, received: 0.1, taken: Some(29.0) };
        let outcome = world.send(&text().unique_reference("mine"), policy, once(late));
        assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 1, 1));

        let mut world = World::new();
        world.base_url = base_url;
        let outcome = world.send(&text().unique_reference("mine"), policy, once(Fault::cut(false)));
        assert!(outcome.result.unwrap_err().may_have_been_sent(), "{base_url}");
        assert_eq!(outcome.posts, 1, "{base_url}");

        // At the caller's own risk.
        let mut world = World::new();
        world.base_url = base_url;
        let risk = policy.assume_absent_after(seconds(300.0));
        let outcome = world.send(&text().unique_reference("mine"), risk, once(Fault::cut(false)));
        assert_eq!((outcome.result.unwrap().as_str(), outcome.posts), ("mine", 2), "{base_url}");
        assert!(outcome.took >= seconds(305.0), "{:?}", outcome.took);
    }
}
