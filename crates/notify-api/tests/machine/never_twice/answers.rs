//! What an answer says of a message, and what it does not say.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;
use notify_api::{Call, Event, Policy, Session, Step};

use super::{once, send_through, text};
use crate::world::{Fault, World};
use crate::{seconds, service, session};

#[test]
fn an_answer_about_another_message_is_ignored_and_its_connection_is_not_reused() {
    for is_taken in [true, false] {
        let outcome = send_through(Fault::MixedUp(is_taken));
        assert_eq!(outcome.result.unwrap(), "mine");
        assert_eq!((outcome.posts, outcome.taken, outcome.reconnects), (2 - usize::from(is_taken), 1, 1));
        // Without a reference of its own it stays in doubt.
        let outcome = World::new().send(&text(), Policy::default(), once(Fault::MixedUp(is_taken)));
        let error = outcome.result.unwrap_err();
        assert!(error.may_have_been_sent() && error.is_mixed_up(), "{error}");
        assert_eq!((outcome.posts, outcome.lookups, outcome.reconnects), (1, 0, 1));
    }
}

#[test]
fn an_answer_that_a_cache_kept_is_about_an_earlier_message() {
    for (status, body) in [
        (201, service::created(Some("mine")).into_body()),
        (400, service::error(400, "BadRequestError", "Template not found").into_body()),
    ] {
        let session = session(|builder| builder);
        let start = crate::now(Duration::ZERO);
        let message = text().reference("mine");
        let Step::Send(_, call) = Call::new(&session, &message, start).unwrap().next(Event::Start, start)
        else {
            panic!("a fresh bucket")
        };
        let kept = Response::builder().status(status).header("age", "7").body(body).unwrap();
        let mut step = call.next(Event::Response(kept), crate::now(seconds(0.1)));
        if let Step::Reconnect(call) = step {
            step = call.next(Event::Elapsed, crate::now(seconds(0.1)));
        }
        let Step::Done(Err(error)) = step else { panic!("{status} was believed") };
        assert!(error.may_have_been_sent(), "{status}");
    }
}

#[test]
fn a_status_in_nobodys_words_does_not_say_that_a_message_was_not_taken() {
    for status in [301, 303, 400, 403, 404, 408, 429, 502] {
        let outcome = World::new().send(&text(), Policy::default(), once(Fault::Gateway(status, true)));
        assert!(outcome.result.unwrap_err().may_have_been_sent(), "{status}");
        assert_eq!(outcome.posts, 1, "{status}");
        // With a reference of its own it is looked up.
        let outcome = send_through(Fault::Gateway(status, true));
        assert_eq!(
            (outcome.result.unwrap().as_str(), outcome.posts, outcome.taken),
            ("mine", 1, 1),
            "{status}"
        );
    }
}

#[test]
fn where_no_notify_answers_the_call_ends_at_once_and_says_so() {
    for status in [200, 301, 303, 400, 401, 403, 404, 405] {
        let outcome = World::new()
            .send(&text().unique_reference("mine"), Policy::default(), || Fault::Gateway(status, false));
        let error = outcome.result.unwrap_err();
        assert!(error.may_have_been_sent(), "{status}");
        assert!(error.remedy().unwrap().starts_with("no Notify service answers at this address"), "{status}");
        assert!(outcome.took < seconds(2.0), "{status} {:?}", outcome.took);
    }
    // A gateway in trouble may get over it.
    let mut faults = [Fault::Gateway(502, false); 5].into_iter();
    let outcome = World::new()
        .send(&text().unique_reference("mine"), Policy::default(), || faults.next().unwrap_or(Fault::None));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts), ("mine", 2));
}

#[test]
fn a_proxy_that_wants_a_password_passed_nothing_on() {
    let outcome = World::new().send(&text(), Policy::default(), || Fault::Gateway(407, false));
    let error = outcome.result.unwrap_err();
    assert!(error.is_not_sent() && !error.may_have_been_sent());
    assert!(error.remedy().unwrap().contains("proxy"));
    assert_eq!(outcome.posts, 1);
}

#[test]
fn a_retry_after_is_obeyed_by_the_message_and_by_its_lookups() {
    let fault = Fault::Postponed(503, 50);
    let outcome = send_through(fault);
    assert!(outcome.result.is_ok());
    assert!(outcome.took >= seconds(70.0) && outcome.took < seconds(74.0), "{:?}", outcome.took);

    let mut faults = [Fault::cut(true), fault].into_iter();
    let outcome = World::new()
        .send(&text().unique_reference("mine"), Policy::default(), || faults.next().unwrap_or(Fault::None));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.lookups), ("mine", 1, 2));
    assert!(outcome.took >= seconds(50.0), "{:?}", outcome.took);
}

#[test]
fn a_retry_after_beyond_the_deadline_ends_the_call_at_once() {
    for seconds_asked in [200, u64::MAX] {
        let outcome = send_through(Fault::Postponed(429, seconds_asked));
        assert!(outcome.result.unwrap_err().is_rate_limited());
        assert!(outcome.took < seconds(1.0), "{:?}", outcome.took);
    }
}

#[test]
fn a_status_that_nobody_knows_does_not_say_that_a_message_was_not_taken() {
    for status in [101, 500, 501, 502, 503, 504, 520, 599, 600, 999] {
        let outcome = World::new().send(&text(), Policy::default(), once(Fault::Answers(status, true)));
        let error = outcome.result.unwrap_err();
        assert!(error.may_have_been_sent(), "{status}");
        assert_eq!(outcome.posts, 1, "{status}");
    }
    for status in [400, 401, 403, 404, 413, 418, 499] {
        let outcome = World::new().send(&text(), Policy::default(), once(Fault::Answers(status, false)));
        let error = outcome.result.unwrap_err();
        assert!(!error.may_have_been_sent(), "{status}");
        assert_eq!(outcome.posts, 1, "{status}");
    }
}

#[test]
fn the_limit_of_a_day_is_not_tried_again() {
    let outcome = World::new().send(&text(), Policy::default(), once(Fault::UsedUp));
    let error = outcome.result.unwrap_err();
    assert!(error.is_daily_limit() && !error.may_have_been_sent());
    assert_eq!(outcome.posts, 1);
    // 2026-11-23 10:40:54, and the midnight after it.
    let now = UNIX_EPOCH + crate::START;
    let midnight = error.retry_at(now).unwrap().duration_since(UNIX_EPOCH).unwrap();
    assert_eq!(midnight, Duration::from_secs(1_795_478_400));
}

/// A message that got a 503 after a second, with a `Retry-After` of this many seconds.
fn postponed(session: &Arc<Session>, seconds_more: u64) -> Call {
    let message = text().unique_reference("mine");
    let call = Call::new(session, &message, crate::now(Duration::ZERO)).unwrap();
    let Step::Send(_, call) = call.next(Event::Start, crate::now(Duration::ZERO)) else {
        panic!("a fresh bucket")
    };
    let step = call.next(Event::Response(unavailable(seconds_more)), crate::now(seconds(1.0)));
    let Step::Wait(_, call) = step else { panic!("it has a reference of its own") };
    call
}

fn unavailable(retry_after: u64) -> Response<Bytes> {
    let mut response = service::error(503, "E", "m");
    response.headers_mut().insert("retry-after", retry_after.into());
    response
}

#[test]
fn a_message_that_could_go_again_only_when_its_time_is_over_was_not_sent() {
    let session = session(|builder| builder.policy(Policy::default().timeout(seconds(101.0))));
    let mut step = Step::Wait(Duration::ZERO, postponed(&session, 100));
    let mut at = seconds(40.0);
    let error = loop {
        at += seconds(1.0);
        step = match step {
            Step::Send(_, call) => call.next(Event::Response(service::page(&[])), crate::now(at)),
            Step::Wait(_, call) | Step::Reconnect(call) => call.next(Event::Elapsed, crate::now(at)),
            Step::Done(result) => break result.unwrap_err(),
        }
    };
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert!(!error.may_have_been_sent() && at < seconds(80.0), "{at:?}");
}

#[test]
fn a_lookup_is_asked_again_as_late_as_there_is_time_for_it() {
    for (retry_after, has_time) in [(10, true), (11, false)] {
        let session = session(|builder| builder.policy(Policy::default().timeout(seconds(14.0))));
        let call = postponed(&session, 0);
        let Step::Send(_, call) = call.next(Event::Elapsed, crate::now(seconds(2.0))) else {
            panic!("the wait is over")
        };
        let step = call.next(Event::Response(unavailable(retry_after)), crate::now(seconds(3.0)));
        assert_eq!(matches!(step, Step::Wait(wait, _) if wait == seconds(10.0)), has_time);
    }
}
