//! A machine whose clock is wrong.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;
use notify_api::{ApiKey, Call, Error, Event, GetNotification, Now, Policy, RawAnswer, Session, Step};
use notify_jwt::{UntrustedToken, Verifier};

use crate::{KEY, START, TEMPLATE, seconds, service, session};

const REFUSAL: &str = "Error: Your system clock must be accurate to within 30 seconds";

/// A service that reads the token's time as the real one does, and says its own.
fn answer(request: &http::Request<Bytes>, service: Duration) -> Response<Bytes> {
    let token = request.headers()["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
    let verifier = Verifier::new(&ApiKey::parse(KEY).unwrap());
    let mut response = match UntrustedToken::parse(token).unwrap().verify(&verifier, service.as_secs(), 30) {
        Ok(_) => service::error(404, "NoResultFound", "No result found"),
        Err(_) => service::error(403, "AuthError", REFUSAL),
    };
    let date = httpdate::fmt_http_date(UNIX_EPOCH + service);
    response.headers_mut().insert("date", date.parse().unwrap());
    response
}

/// Makes a call on a machine that is `behind` the service, and counts its requests.
fn call(session: &std::sync::Arc<Session>, at: Duration, behind: i64) -> (Result<RawAnswer, Error>, u32) {
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
            Step::Wait(..) => panic!("nothing to wait for"),
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
        // The clock is put right: what was learnt goes by the monotonic clock, and still holds.
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

#[test]
fn a_service_that_refuses_every_time_is_asked_twice() {
    let session = session(|builder| builder);
    let now = crate::now(seconds(1.0));
    let endpoint = GetNotification::new(TEMPLATE.parse().unwrap());
    let mut step = Call::new(&session, &endpoint, now).unwrap().next(Event::Start, now);
    let mut requests = 0;
    let error = loop {
        step = match step {
            Step::Send(_, call) => {
                requests += 1;
                let mut refusal = service::error(403, "AuthError", REFUSAL);
                refusal
                    .headers_mut()
                    .insert("date", httpdate::fmt_http_date(UNIX_EPOCH + START).parse().unwrap());
                call.next(Event::Response(refusal), now)
            }
            Step::Wait(..) => panic!("nothing to wait for"),
            Step::Done(result) => break result.unwrap_err(),
        }
    };
    assert_eq!(requests, 2);
    assert!(error.is_clock_refused());
    assert_eq!(error.clock_offset_seconds(), Some(-1));
}
