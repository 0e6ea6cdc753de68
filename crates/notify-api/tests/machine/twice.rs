//! No message twice, and none reported sent that was not: ten thousand sends with a fault at every point.

use std::time::Duration;

use fastrand::Rng;
use notify_api::{Call, Cause, Event, Policy, SendSms, Step};
use serde_json::Value;

use crate::{TEMPLATE, now, seconds, service, session};

const RECIPIENT: &str = "+447900900123";
/// The service commits a message within this time after the request arrived, or not at all.
const SERVICE_LIMIT: f64 = 29.5;

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    /// No connection.
    NotConnected,
    /// Cut before the service took the message.
    CutBefore,
    /// Cut after it.
    CutAfter,
    /// Cut, and taken this many seconds later.
    CommittedLate(f64),
    /// No answer within the attempt's time, taken or not.
    Hangs(bool),
    /// Answered with this status, taken or not.
    Answers(u16, bool),
    RateLimited,
}

impl Fault {
    fn any(rng: &mut Rng) -> Self {
        let taken = rng.bool();
        match rng.u8(0..12) {
            0..=2 => Self::None,
            3 => Self::NotConnected,
            4 => Self::CutBefore,
            5 | 6 => Self::CutAfter,
            7 => Self::CommittedLate(rng.f64() * SERVICE_LIMIT),
            8 => Self::Hangs(taken),
            9 => Self::RateLimited,
            _ => Self::Answers(rng.choice([500, 502, 503, 504]).unwrap(), taken),
        }
    }
}

/// Messages as the service keeps them: since when, and as a list shows them.
struct Kept(Vec<(Duration, Value)>);

impl Kept {
    fn take(&mut self, at: Duration) {
        self.0.push((at, service::listed("mine", RECIPIENT, at)));
    }

    fn send(&mut self, fault: Fault, at: Duration) -> (Event, Duration) {
        let latency = seconds(0.05);
        let lost = |after: f64| (Event::Lost(Cause::new("cut")), seconds(after));
        match fault {
            Fault::None => {
                self.take(at);
                (Event::Response(service::created("mine")), latency)
            }
            Fault::NotConnected => (Event::NotSent(Cause::new("refused")), latency),
            Fault::CutBefore => lost(0.05),
            Fault::CutAfter => {
                self.take(at);
                lost(0.1)
            }
            Fault::CommittedLate(after) => {
                self.take(at + seconds(after));
                lost(0.1)
            }
            Fault::Hangs(taken) => {
                if taken {
                    self.take(at + seconds(SERVICE_LIMIT));
                }
                (Event::Lost(Cause::timeout("time is over")), seconds(35.0))
            }
            Fault::Answers(status, taken) => {
                if taken {
                    self.take(at);
                }
                (Event::Response(service::error(status, "Timeout", "Internal server error")), latency)
            }
            Fault::RateLimited => (Event::Response(service::rate_limited(3_000)), latency),
        }
    }

    fn look_up(&self, fault: Fault, at: Duration) -> (Event, Duration) {
        let latency = seconds(0.05);
        match fault {
            Fault::NotConnected => (Event::NotSent(Cause::new("refused")), latency),
            Fault::CutBefore | Fault::CutAfter | Fault::CommittedLate(_) => {
                (Event::Lost(Cause::new("cut")), latency)
            }
            Fault::Answers(status, _) => (Event::Response(service::error(status, "E", "m")), latency),
            _ => {
                let seen: Vec<Value> =
                    self.0.iter().filter(|kept| kept.0 <= at).map(|kept| kept.1.clone()).collect();
                (Event::Response(service::page(&seen, at)), latency)
            }
        }
    }
}

struct Outcome {
    result: Result<String, notify_api::Error>,
    taken: usize,
    requests: u32,
}

/// Sends one message through `faults`, one for each request.
fn send(message: &SendSms, policy: Policy, mut kept: Kept, mut faults: impl FnMut() -> Fault) -> Outcome {
    let older = kept.0.len();
    let session = session(|builder| builder.policy(policy));
    let mut at = seconds(1_000.0);
    let mut requests = 0;
    let mut step = Call::new(&session, message, now(at)).unwrap().next(Event::Start, now(at));
    let result = loop {
        step = match step {
            Step::Send(request, call) => {
                requests += 1;
                let arrived = at + seconds(0.02);
                let is_send = request.method() == "POST";
                let (event, after) =
                    if is_send { kept.send(faults(), arrived) } else { kept.look_up(faults(), arrived) };
                at += after.min(call.attempt_timeout(now(at)));
                call.next(event, now(at))
            }
            Step::Wait(wait, call) => {
                at += wait;
                call.next(Event::Elapsed, now(at))
            }
            Step::Done(result) => break result,
        }
    };
    assert!(at <= seconds(1_000.0) + policy.timeout_duration() + seconds(0.1), "{at:?}");
    let result = result.map(|raw| raw.decode::<SendSms>().unwrap().value.reference.unwrap());
    Outcome { result, taken: kept.0.len() - older, requests }
}

fn message() -> SendSms {
    SendSms::new(TEMPLATE.parse().unwrap(), RECIPIENT)
}

#[test]
fn no_message_with_a_reference_of_its_own_goes_out_twice_or_is_reported_falsely() {
    let mut rng = Rng::with_seed(2026);
    let (mut sent, mut not_sent, mut unclear) = (0, 0, 0);
    for _ in 0..10_000 {
        let policy = Policy::default().timeout(seconds(30.0 + rng.f64() * 300.0)).attempts(rng.u32(1..8));
        let outcome =
            send(&message().unique_reference("mine"), policy, Kept(Vec::new()), || Fault::any(&mut rng));
        assert!(outcome.taken <= 1, "sent {} times", outcome.taken);
        match outcome.result {
            Ok(reference) => {
                assert_eq!((outcome.taken, &*reference), (1, "mine"));
                sent += 1;
            }
            Err(error) if error.may_have_been_sent() => {
                assert_eq!(error.reference(), Some("mine"));
                assert!(!error.to_string().contains("mine") && !format!("{error:?}").contains("mine"));
                unclear += 1;
            }
            Err(error) => {
                assert_eq!(outcome.taken, 0, "{error}");
                not_sent += 1;
            }
        }
    }
    println!("sent {sent}, not sent {not_sent}, unclear {unclear}");
    // Faults hit three requests in four, and still most messages come through in the end.
    assert!(sent > 6_000 && not_sent > 0 && unclear > 0);
}

#[test]
fn a_message_without_a_reference_of_its_own_is_never_sent_again_when_it_may_have_been_taken() {
    let mut rng = Rng::with_seed(11);
    for _ in 0..10_000 {
        let message = if rng.bool() { message() } else { message().reference("shared") };
        let outcome = send(&message, Policy::default(), Kept(Vec::new()), || Fault::any(&mut rng));
        assert!(outcome.taken <= 1);
        match outcome.result {
            Ok(_) => assert_eq!(outcome.taken, 1),
            Err(error) => assert!(error.may_have_been_sent() || outcome.taken == 0),
        }
    }
}

#[test]
fn an_older_message_of_the_same_reference_is_not_taken_for_this_one() {
    let mut kept = Kept(Vec::new());
    kept.take(seconds(990.0));
    let mut faults = [Fault::CutBefore].into_iter();
    let sent = message().unique_reference("mine");
    let outcome = send(&sent, Policy::default(), kept, || faults.next().unwrap_or(Fault::None));
    assert!(outcome.result.is_ok());
    assert_eq!(outcome.taken, 1);
}

#[test]
fn a_message_committed_late_is_found_and_not_sent_again() {
    for after in [0.0, 1.5, 12.0, 29.0] {
        let mut faults = [Fault::CommittedLate(after)].into_iter();
        let sent = message().unique_reference("mine");
        let outcome =
            send(&sent, Policy::default(), Kept(Vec::new()), || faults.next().unwrap_or(Fault::None));
        assert_eq!(outcome.result.unwrap(), "mine");
        assert_eq!(outcome.taken, 1, "{after}");
        assert!(outcome.requests <= 8, "{}", outcome.requests);
    }
}
