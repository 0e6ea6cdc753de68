//! Messages that are only early, and go on until their time is over.

use std::io::{self, ErrorKind};
use std::time::Duration;

use http::StatusCode;
use notify_api::{
    Call, Cause, Endpoint, Error, Event, GetNotification, Policy, Priority, SendSms, Step, WaitReason,
};

use crate::network::Network;
use crate::service::{self, ServiceBucket};
use crate::{TEMPLATE, now, seconds, session};

fn text() -> SendSms {
    SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123").reference("r")
}

/// How a call ends that meets `what` for the first `until` seconds and is then taken, how often it was sent, and when it
/// ended. Each wait must tell of the attempt before it.
fn meets(
    endpoint: &impl Endpoint,
    url: &str,
    policy: Policy,
    until: f64,
    what: impl Fn() -> Event,
) -> (Result<(), Error>, usize, Duration) {
    let session = session(|builder| builder.base_url(url.parse().unwrap()).policy(policy));
    let mut at = Duration::ZERO;
    let mut requests = 0;
    let mut step = Call::new(&session, endpoint, now(at)).unwrap().next(Event::Start, now(at));
    loop {
        step = match step {
            Step::Send(_, call) => {
                requests += 1;
                at += seconds(0.01);
                let is_over = at >= seconds(until);
                let event = if is_over { Event::Response(service::created(Some("r"))) } else { what() };
                call.next(event, now(at))
            }
            Step::Wait(wait, call) => {
                let progress = call.progress(wait, now(at));
                if progress.reason == WaitReason::Retry {
                    assert_eq!(progress.attempts as usize, requests);
                    let status = match what() {
                        Event::Response(response) => Some(response.status()),
                        _ => None,
                    };
                    assert_eq!(progress.status, status);
                }
                at += wait.min(call.longest_sleep());
                call.next(Event::Elapsed, now(at))
            }
            Step::Reconnect(_) => panic!("every answer is about its message"),
            Step::Done(result) => return (result.map(drop), requests, at),
        };
    }
}

fn refused_connection() -> Event {
    Event::NotSent(Cause::new(io::Error::from(ErrorKind::ConnectionRefused)))
}

fn throttled() -> Event {
    Event::Response(service::rate_limited(3_000))
}

const FAR: &str = "https://notify.example";
const NEAR: &str = "http://127.0.0.1:6011";

#[test]
fn a_message_that_comes_too_fast_is_sent_until_its_time_is_over() {
    for url in [FAR, NEAR] {
        let policy = Policy::default().timeout(seconds(120.0));
        let (result, requests, _) = meets(&text(), url, policy, 70.0, throttled);
        assert!(result.is_ok() && requests > 5, "{requests} {result:?}");
        let (result, requests, ended) = meets(&text(), url, policy, 1_000.0, throttled);
        let error = result.unwrap_err();
        assert!(error.is_rate_limited() && !error.may_have_been_sent(), "{error:?}");
        assert!(requests > 5 && ended > seconds(100.0) && ended < seconds(120.0), "{requests} {ended:?}");
    }
}

#[test]
fn a_message_whose_connection_another_machine_refuses_is_sent_until_its_time_is_over() {
    // A service that is restarted is away for some seconds.
    let (result, requests, ended) = meets(&text(), FAR, Policy::default(), 3.0, refused_connection);
    assert!(result.is_ok() && requests > 3 && ended < seconds(8.0), "{requests} {ended:?} {result:?}");
    let (result, requests, ended) = meets(&text(), FAR, Policy::default(), 1_000.0, refused_connection);
    assert!(result.unwrap_err().is_not_sent());
    assert!(requests > 15 && ended > seconds(160.0) && ended < seconds(180.0), "{requests} {ended:?}");
}

#[test]
fn what_is_not_only_early_is_tried_five_times() {
    let request = GetNotification::new(TEMPLATE.parse().unwrap());
    let other = || Event::NotSent(Cause::new("no such host"));
    let tries = |requests: (Result<(), Error>, usize, Duration)| requests.1;
    let policy = Policy::default();
    assert_eq!(tries(meets(&text(), FAR, policy, 1_000.0, other)), 5);
    assert_eq!(tries(meets(&text(), NEAR, policy, 1_000.0, refused_connection)), 5);
    assert_eq!(tries(meets(&request, FAR, policy, 1_000.0, refused_connection)), 5);
    assert_eq!(tries(meets(&request, FAR, policy, 1_000.0, throttled)), 5);
}

#[test]
fn attempts_that_are_set_are_all() {
    for what in [refused_connection, throttled] {
        let (result, requests, _) = meets(&text(), FAR, Policy::default().attempts(3), 1_000.0, what);
        assert!(result.is_err() && requests == 3, "{requests}");
    }
}

#[test]
fn a_limit_of_the_day_is_final() {
    let used_up = || {
        Event::Response(service::error(
            429,
            "TooManyRequestsError",
            "Exceeded send limits (sms: 1) for today",
        ))
    };
    let (result, requests, _) = meets(&text(), FAR, Policy::default(), 1_000.0, used_up);
    let error = result.unwrap_err();
    assert_eq!((error.status(), requests), (Some(StatusCode::TOO_MANY_REQUESTS), 1));
}

#[test]
fn sixty_processes_at_sixty_a_minute_get_nearly_all_through_in_two_minutes() {
    let mut done = 0;
    for round in 0..10 {
        let mut network = Network::new(ServiceBucket::full(60), 60);
        let policy = Policy::default().timeout(seconds(120.0));
        let tasks: Vec<usize> = (0..60)
            .map(|process| {
                let session = session(|builder| builder.policy(policy).seed(round * 1_000 + process));
                // One message each.
                network.task(&session, Priority::Normal, Duration::from_secs(1_000_000))
            })
            .collect();
        network.run(seconds(121.0));
        let done_now: usize = tasks.iter().map(|task| network.tally(*task).done).sum();
        println!("{done_now} of 60, {} refusals", network.refused);
        done += done_now;
    }
    assert!(done >= 540, "{done} of 600");
}
