//! A machine whose clock is wrong.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;
use notify_api::{ApiKey, Call, Error, Event, GetNotification, Now, Policy, RawResponse, Session, Step};
use notify_jwt::{UntrustedToken, Verifier};
use notify_testkit::service::answer::CLOCK;

use crate::{KEY, START, TEMPLATE, seconds, service, session};

/// A service that reads the token's time as the real one does, and says its own.
fn answer(request: &http::Request<Bytes>, service: Duration) -> Response<Bytes> {
    let token = request.headers()["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
    let verifier = Verifier::new(&ApiKey::parse(KEY).unwrap());
    let mut response = match UntrustedToken::parse(token).unwrap().verify(&verifier, service.as_secs()) {
        Ok(_) => service::error(404, "NoResultFound", "No result found"),
        Err(_) => service::error(403, "AuthError", CLOCK),
    };
    let date = httpdate::fmt_http_date(UNIX_EPOCH + service);
    response.headers_mut().insert("date", date.parse().unwrap());
    response
}

/// Makes a call on a machine that is `behind` the service, and counts its requests.
fn call(session: &std::sync::Arc<Session>, at: Duration, behind: i64) -> (Result<RawResponse, Error>, u32) {
    let unix = Duration::from_secs(START.as_secs().checked_add_signed(-behind).unwrap()) + at;
    let now = Now { monotonic: at, unix };
    let endpoint = GetNotification::new(TEMPLATE.parse().unwrap());
    let mut step = Call::new(session, &endpoint, now).unwrap().next(Event::Start, now);
    let mut requests = 0;
    loop {
        step = match step {
            Step::Send(request, call) => {
                requests += 1;
                call.next(Event::Response(answer(&request, START + at)), now)
            }
            Step::Wait(..) | Step::Reconnect(_) => panic!("nothing to wait for"),
            Step::Done(result) => return (result, requests),
        }
    }
}

#[test]
fn a_wrong_clock_costs_one_request_once() {
    for behind in [600, -600, 40, 86_000] {
        let session = session(|builder| builder);
        let (result, requests) = call(&session, seconds(1.0), behind);
        assert!(result.unwrap_err().is_not_found());
        assert_eq!(requests, 2);
        assert_eq!(call(&session, seconds(100.0), behind).1, 1);
        // The clock is corrected: what was learnt is relative to the monotonic clock, and still holds.
        assert_eq!(call(&session, seconds(200.0), 0).1, 1);
    }
}

#[test]
fn a_clock_within_the_tolerance_costs_nothing() {
    let session = session(|builder| builder);
    assert_eq!(call(&session, seconds(1.0), 29).1, 1);
}

#[test]
fn a_clock_beyond_the_bound_is_an_error_that_names_the_seconds() {
    let session = session(|builder| builder.policy(Policy::default().clock_bound(seconds(500.0))));
    let (result, requests) = call(&session, seconds(1.0), 600);
    let error = result.unwrap_err();
    assert_eq!(requests, 1);
    assert!(error.is_clock_refused());
    assert_eq!(error.clock_offset_seconds(), Some(600));
    assert_eq!(error.remedy().unwrap(), "set this machine's clock: it is 600 seconds behind the service's");
}

/// What comes of a call whose every attempt is refused for its time, with this date.
fn refused_with(date: Option<&str>) -> (Error, u32) {
    let session = session(|builder| builder);
    let now = crate::now(seconds(1.0));
    let endpoint = GetNotification::new(TEMPLATE.parse().unwrap());
    let mut step = Call::new(&session, &endpoint, now).unwrap().next(Event::Start, now);
    let mut requests = 0;
    loop {
        step = match step {
            Step::Send(_, call) => {
                requests += 1;
                let mut refusal = service::error(403, "AuthError", CLOCK);
                if let Some(date) = date {
                    refusal.headers_mut().insert("date", date.parse().unwrap());
                }
                call.next(Event::Response(refusal), now)
            }
            Step::Wait(..) | Step::Reconnect(_) => panic!("nothing to wait for"),
            Step::Done(result) => return (result.unwrap_err(), requests),
        }
    }
}

#[test]
fn a_service_that_refuses_every_time_is_asked_twice() {
    let (error, requests) = refused_with(Some(&httpdate::fmt_http_date(UNIX_EPOCH + START)));
    assert_eq!(requests, 2);
    assert!(error.is_clock_refused());
    assert_eq!(error.clock_offset_seconds(), Some(-1));
}

#[test]
fn a_refusal_with_no_date_or_an_absurd_one_does_not_set_the_clock() {
    for (date, seconds) in [
        (None, None),
        (Some("yesterday"), None),
        (Some("Thu, 01 Jan 1970 00:00:00 GMT"), Some(-1_795_430_455)),
        (Some("Fri, 31 Dec 9999 23:59:59 GMT"), Some(251_606_870_344)),
    ] {
        let (error, requests) = refused_with(date);
        assert_eq!(requests, 1, "{date:?}");
        assert!(error.is_clock_refused(), "{date:?}");
        assert_eq!(error.clock_offset_seconds(), seconds, "{date:?}");
    }
}

#[test]
fn a_refusal_that_a_cache_kept_teaches_no_time() {
    for age in ["100", "0"] {
        let session = session(|builder| builder);
        let now = crate::now(seconds(1.0));
        let endpoint = GetNotification::new(TEMPLATE.parse().unwrap());
        let Step::Send(_, call) = Call::new(&session, &endpoint, now).unwrap().next(Event::Start, now) else {
            panic!("a read is sent at once")
        };
        let mut refusal = service::error(403, "AuthError", CLOCK);
        let date = httpdate::fmt_http_date(UNIX_EPOCH + START - seconds(100.0));
        refusal.headers_mut().insert("date", date.parse().unwrap());
        refusal.headers_mut().insert("age", age.parse().unwrap());
        // What a cache kept may be asked for again.
        let is_kept = age != "0";
        assert_eq!(matches!(call.next(Event::Response(refusal), now), Step::Wait(..)), is_kept);
        assert_eq!(session.clock_offset_seconds(now), None);
    }
}

#[test]
fn only_the_exact_refusal_teaches_the_time() {
    let session = session(|builder| builder);
    let now = crate::now(seconds(1.0));
    let endpoint = GetNotification::new(TEMPLATE.parse().unwrap());
    let key = "Invalid token: API key not found";
    for (status, class, message) in [
        (401, "AuthError", CLOCK),
        (403, "OtherError", CLOCK),
        (403, "AuthError", key),
        (400, "AuthError", CLOCK),
    ] {
        let Step::Send(_, call) = Call::new(&session, &endpoint, now).unwrap().next(Event::Start, now) else {
            panic!("a read is sent at once")
        };
        let mut refusal = service::error(status, class, message);
        let date = httpdate::fmt_http_date(UNIX_EPOCH + START + seconds(600.0));
        refusal.headers_mut().insert("date", date.parse().unwrap());
        assert!(matches!(call.next(Event::Response(refusal), now), Step::Done(Err(_))), "{status} {class}");
        assert_eq!(session.clock_offset_seconds(now), None, "{status} {class}");
    }
}

#[test]
fn what_is_learnt_can_be_read() {
    let session = session(|builder| builder);
    let at = |unix| Now { monotonic: seconds(1.0), unix };
    assert_eq!(session.clock_offset_seconds(at(START)), None);
    assert!(call(&session, seconds(1.0), 600).0.unwrap_err().is_not_found());
    assert_eq!(
        session.clock_offset_seconds(at((START + seconds(1.0)).saturating_sub(seconds(600.0)))),
        Some(600)
    );
}
