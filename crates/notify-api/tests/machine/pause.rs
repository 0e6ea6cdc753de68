//! What a refusal makes everybody do, and for how long.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use notify_api::{Call, Event, Policy, Priority, SendSms, Session, Step, TokenBucket};

use crate::network::Network;
use crate::service::{self, Limiter, ServiceBucket};
use crate::{TEMPLATE, now, seconds, session};

/// The bound of the toolkit, and what chance adds to it.
const LONGEST: f64 = 300.0 + 1.1;

/// A session whose calls have time for any pause, and which sends this many messages a minute.
fn patient(limit: u32) -> Arc<Session> {
    let policy = Policy::default().timeout(seconds(3_600.0));
    session(|builder| builder.policy(policy).rate_limiter(TokenBucket::per_minute(limit)))
}

fn begin(session: &Arc<Session>, at: f64) -> Step {
    let message = SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123").reference("r");
    Call::new(session, &message, now(seconds(at))).unwrap().next(Event::Start, now(seconds(at)))
}

fn sent(step: Step) -> Call {
    match step {
        Step::Send(_, call) => call,
        step => panic!("{step:?}"),
    }
}

/// A refusal in the service's own words, to which these headers were added on its way.
fn refusal(retry_after: &[&str]) -> Event {
    let mut refusal = service::rate_limited(3_000);
    for value in retry_after {
        refusal.headers_mut().append(RETRY_AFTER, value.parse().unwrap());
    }
    Event::Response(refusal)
}

/// Many waiting calls, each of which asks again as often as a client does.
struct Crowd {
    waiting: Vec<Call>,
    sent: Vec<Call>,
    at: f64,
}

impl Crowd {
    fn of(number: usize, session: &Arc<Session>, at: f64) -> Self {
        let wait = |step| match step {
            Step::Wait(_, call) => call,
            step => panic!("{step:?}"),
        };
        let waiting = (0..number).map(|_| wait(begin(session, at))).collect();
        Self { waiting, sent: Vec::new(), at }
    }

    /// How many leave until then.
    fn leave_until(&mut self, until: f64) -> usize {
        let before = self.sent.len();
        while self.at < until {
            self.at += 0.25;
            for call in std::mem::take(&mut self.waiting) {
                match call.next(Event::Elapsed, now(seconds(self.at))) {
                    Step::Send(_, call) => self.sent.push(call),
                    Step::Wait(_, call) => self.waiting.push(call),
                    Step::Reconnect(_) => panic!("every answer is about its message"),
                    Step::Done(result) => panic!("{result:?}"),
                }
            }
        }
        self.sent.len() - before
    }

    /// Tells the one that left last what became of it.
    fn answer_last(&mut self, event: Event) {
        let step = self.sent.pop().unwrap().next(event, now(seconds(self.at)));
        if let Step::Wait(_, call) = step {
            drop(call);
        }
    }
}

#[test]
fn a_retry_after_of_any_length_ends_all_sending_for_five_minutes_at_most() {
    for asked in
        [&["99999999999"][..], &["18446744073709551616"], &["Fri, 31 Dec 9999 23:59:59 GMT"], &["1", "86400"]]
    {
        let session = patient(3_000);
        let call = sent(begin(&session, 0.0));
        let Step::Wait(own, _) = call.next(refusal(asked), now(seconds(0.1))) else {
            panic!("it may be sent again")
        };
        assert!(own >= seconds(300.0) && own <= seconds(LONGEST), "{asked:?}: {own:?}");
        let mut crowd = Crowd::of(1, &session, 1.0);
        assert_eq!(crowd.leave_until(299.0), 0, "{asked:?}");
        assert_eq!(crowd.leave_until(LONGEST + 0.5), 1, "{asked:?}");
    }
}

#[test]
fn after_a_long_pause_one_message_goes_first_and_the_others_wait_for_its_answer() {
    let session = patient(3_000);
    drop(sent(begin(&session, 0.0)).next(refusal(&["60"]), now(seconds(0.1))));
    let mut crowd = Crowd::of(50, &session, 1.0);
    assert_eq!(crowd.leave_until(60.0), 0);
    assert_eq!(crowd.leave_until(69.0), 1, "one, and nobody else until its answer has come");
    crowd.answer_last(refusal(&["100"]));
    assert_eq!(crowd.leave_until(169.0), 0, "it was refused as well");
    assert_eq!(crowd.leave_until(175.0), 1);
    crowd.answer_last(Event::Response(service::created(Some("r"))));
    let left = crowd.leave_until(176.0);
    assert!((10..45).contains(&left), "the others follow at their pace: {left}");
    assert_eq!(crowd.leave_until(180.0) + left, 48);
}

#[test]
fn a_first_message_without_an_answer_holds_the_others_up_for_ten_seconds() {
    let session = patient(3_000);
    drop(sent(begin(&session, 0.0)).next(refusal(&["60"]), now(seconds(0.1))));
    let mut crowd = Crowd::of(50, &session, 1.0);
    assert_eq!(crowd.leave_until(69.0), 1);
    assert_eq!(crowd.leave_until(76.0), 49);
}

#[test]
fn a_first_message_that_is_dropped_lets_the_next_one_go() {
    let session = patient(3_000);
    drop(sent(begin(&session, 0.0)).next(refusal(&["60"]), now(seconds(0.1))));
    let mut crowd = Crowd::of(50, &session, 1.0);
    crowd.leave_until(60.0);
    // The ten that stand first give up, before and after their turn has come.
    crowd.waiting.drain(..5);
    crowd.at = 63.0;
    drop(begin(&session, 63.0));
    crowd.waiting.drain(..5);
    assert_eq!(crowd.leave_until(70.0), 1);
}

#[test]
fn where_nobody_waited_the_first_one_to_come_goes_first() {
    let session = patient(3_000);
    drop(sent(begin(&session, 0.0)).next(refusal(&["60"]), now(seconds(0.1))));
    // Long after the pause; a login code may be it as well.
    let message = SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123").reference("r");
    let at = now(seconds(500.0));
    let urgent = Call::new(&session, &message, at).unwrap().priority(Priority::Urgent);
    let first = sent(urgent.next(Event::Start, at));
    let mut crowd = Crowd::of(50, &session, 500.0);
    assert_eq!(crowd.leave_until(505.0), 0);
    drop(first.next(Event::Response(service::created(Some("r"))), now(seconds(505.0))));
    assert_eq!(crowd.leave_until(510.0), 50);
}

#[test]
fn an_urgent_message_goes_first_when_one_waits() {
    let session = patient(3_000);
    drop(sent(begin(&session, 0.0)).next(refusal(&["60"]), now(seconds(0.1))));
    let mut crowd = Crowd::of(50, &session, 1.0);
    let message = SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123").reference("r");
    let at = now(seconds(2.0));
    let urgent = Call::new(&session, &message, at).unwrap().priority(Priority::Urgent);
    let Step::Wait(wait, urgent) = urgent.next(Event::Start, at) else { panic!("it waits as well") };
    assert_eq!(crowd.leave_until(64.0), 0);
    assert!(wait < seconds(60.0), "{wait:?}");
    let urgent = sent(urgent.next(Event::Elapsed, now(seconds(64.0))));
    assert_eq!(crowd.leave_until(70.0), 0);
    drop(urgent.next(Event::Response(service::created(Some("r"))), now(seconds(70.0))));
    assert_eq!(crowd.leave_until(75.0), 50);
}

#[test]
fn a_short_pause_needs_no_probe() {
    let session = patient(3_000);
    drop(sent(begin(&session, 0.0)).next(refusal(&[]), now(seconds(0.1))));
    let mut crowd = Crowd::of(50, &session, 0.2);
    assert_eq!(crowd.leave_until(5.0), 50);
}

#[test]
fn a_message_that_left_before_the_pause_makes_it_longer_when_its_refusal_asks_for_more() {
    let session = patient(3_000);
    let (first, second) = (sent(begin(&session, 0.0)), sent(begin(&session, 0.0)));
    drop(first.next(refusal(&[]), now(seconds(0.1))));
    drop(second.next(refusal(&["60"]), now(seconds(0.2))));
    let mut crowd = Crowd::of(5, &session, 0.3);
    assert_eq!(crowd.leave_until(60.0), 0);
    assert_eq!(crowd.leave_until(62.0), 1);
}

#[test]
fn an_error_says_when_to_come_back_as_the_refusal_asked() {
    let at = |asked: &[&str]| {
        let session = session(|builder| builder.policy(Policy::default().attempts(1)));
        let Step::Done(Err(error)) = sent(begin(&session, 0.0)).next(refusal(asked), now(seconds(0.1)))
        else {
            panic!("it may be sent once")
        };
        error.retry_at(SystemTime::UNIX_EPOCH).unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap()
    };
    assert_eq!(at(&[]), seconds(1.0));
    assert_eq!(at(&["0"]), seconds(1.0));
    assert_eq!(at(&["30"]), seconds(30.0));
    assert_eq!(at(&["30", "45"]), seconds(45.0));
    assert_eq!(at(&["99999999999"]), Policy::LONGEST_RETRY_AFTER);
}

/// Refuses one message before all others, and names whatever limit the network does.
struct OneSlip(ServiceBucket, bool);

impl Limiter for OneSlip {
    fn accepts(&mut self, at: Duration) -> bool {
        self.0.accepts(at) && std::mem::replace(&mut self.1, true)
    }
}

#[test]
fn a_lower_limit_that_is_named_once_does_not_last_for_ever() {
    for named in [0, 1, 30, 300] {
        let mut network = Network::new(OneSlip(ServiceBucket::full(3_000), false), named);
        let session = session(|builder| builder);
        for _ in 0..100 {
            network.task(&session, Priority::Normal, seconds(0.5));
        }
        network.run(seconds(600.0));
        let late = network.arrivals.iter().filter(|(at, ok)| *ok && *at > seconds(300.0)).count();
        println!("{named}: {} accepted, {late} of them in the second half", network.accepted);
        assert!(late > 50 * 300 * 9 / 10, "{named}: {late}");
    }
}

/// A service whose limit is this much lower for the first minutes.
struct Lowered {
    low: ServiceBucket,
    full: ServiceBucket,
}

impl Limiter for Lowered {
    fn accepts(&mut self, at: Duration) -> bool {
        if at < seconds(120.0) { self.low.accepts(at) } else { self.full.accepts(at) }
    }
}

#[test]
fn a_limit_that_was_lowered_for_two_minutes_is_used_whole_again_afterwards() {
    let limiter = Lowered { low: ServiceBucket::full(600), full: ServiceBucket::full(3_000) };
    let mut network = Network::new(limiter, 600);
    let session = session(|builder| builder);
    for _ in 0..100 {
        network.task(&session, Priority::Normal, Duration::ZERO);
    }
    network.run(seconds(600.0));
    let late = network.arrivals.iter().filter(|(at, ok)| *ok && *at > seconds(300.0)).count();
    println!("{} accepted, {late} of them in the second half", network.accepted);
    assert!(late > 50 * 300 * 8 / 10, "{late}");
}

#[test]
fn while_a_lower_limit_holds_the_wait_that_is_told_counts_on_the_one_that_comes_back() {
    let session = patient(3_000);
    let step = sent(begin(&session, 0.0)).next(Event::Response(service::rate_limited(1)), now(seconds(0.1)));
    assert!(matches!(step, Step::Wait(..)));
    for _ in 0..100 {
        let Step::Wait(wait, call) = begin(&session, 1.0) else { continue };
        assert!(wait < seconds(70.0), "{wait:?}");
        // It keeps its place.
        std::mem::forget(call);
    }
}
