//! What of the service's limit comes to use.

use std::sync::Arc;
use std::time::Duration;

use notify_api::{Call, Event, GetNotification, Policy, Priority, SendSms, Session, Step, TokenBucket};

use crate::network::Network;
use crate::service::{self, Limiter as _, RollingMinute, ServiceBucket};
use crate::{TEMPLATE, now, seconds, session};

const TEN_MINUTES: Duration = Duration::from_secs(600);
/// What the service could accept in ten minutes: a burst of 999 and 50 a second.
const COULD_BE_ACCEPTED: usize = 30_999;

/// This many processes with this many tasks each, all sending as fast as they can.
fn crowd(
    bucket: ServiceBucket,
    processes: usize,
    tasks: usize,
    rate_limiter: impl Fn() -> TokenBucket,
) -> Network {
    let mut network = Network::new(bucket, 3_000);
    for process in 0..processes {
        let session = session(|builder| builder.rate_limiter(rate_limiter()).seed(process as u64 * 1_000));
        for _ in 0..tasks {
            network.task(&session, Priority::Normal, Duration::ZERO);
        }
    }
    network.run(TEN_MINUTES);
    network
}

fn percent(network: &Network) -> usize {
    println!("accepted {}, refused {}", network.accepted, network.refused);
    network.accepted * 100 / COULD_BE_ACCEPTED
}

#[test]
fn a_hundred_tasks_of_one_client_use_97_percent_of_the_limit_and_meet_at_most_10_refusals() {
    let network = crowd(ServiceBucket::full(3_000), 1, 100, TokenBucket::default);
    assert!(percent(&network) >= 97);
    assert!(network.refused <= 10);
}

#[test]
fn processes_that_know_nothing_of_each_other_use_90_percent_together() {
    for processes in [2, 4, 8] {
        let network = crowd(ServiceBucket::full(3_000), processes, 50, TokenBucket::default);
        assert!(percent(&network) >= 90, "{processes} processes");
    }
}

#[test]
fn processes_that_divide_the_limit_by_hand_meet_next_to_no_refusals() {
    for processes in [2, 4] {
        let network = crowd(ServiceBucket::full(3_000), processes, 50, || {
            TokenBucket::default().share(1.0 / processes as f64)
        });
        assert!(percent(&network) >= 95, "{processes} processes");
        assert!(network.refused <= 10, "{processes} processes");
    }
}

#[test]
fn a_restart_on_an_empty_bucket_recovers() {
    let network = crowd(ServiceBucket::empty(3_000), 1, 100, TokenBucket::default);
    assert!(network.accepted * 100 / 30_000 >= 95, "{}", network.accepted);
    assert!(network.refused <= 20, "{}", network.refused);
}

#[test]
fn another_limit_is_learnt_from_the_first_refusal() {
    let mut network = Network::new(ServiceBucket::full(300), 300);
    let session = session(|builder| builder);
    for _ in 0..20 {
        network.task(&session, Priority::Normal, Duration::ZERO);
    }
    network.run(TEN_MINUTES);
    // A burst of 100 and 5 a second.
    assert!(network.accepted >= 3_100 * 85 / 100, "{}", network.accepted);
    assert!(network.refused <= 60, "{}", network.refused);
}

#[test]
fn a_service_that_counts_the_last_minute_is_used_too() {
    let mut network = Network::new(RollingMinute::new(1_000), 1_000);
    let session = session(|builder| builder);
    for _ in 0..50 {
        network.task(&session, Priority::Normal, Duration::ZERO);
    }
    network.run(TEN_MINUTES);
    println!("accepted {}, refused {}", network.accepted, network.refused);
    // After each refusal it goes slowly for a minute, which such a limit does not ask for.
    assert!(network.accepted >= 10_000 * 80 / 100, "{}", network.accepted);
    assert!(network.refused <= 50, "{}", network.refused);
}

#[test]
fn urgent_messages_pass_ahead_of_a_crowd_which_still_gets_its_share() {
    let mut network = Network::new(ServiceBucket::full(3_000), 3_000);
    let session = session(|builder| builder);
    let bulk: Vec<_> = (0..1_000).map(|_| network.task(&session, Priority::Normal, Duration::ZERO)).collect();
    let urgent: Vec<_> = (0..5).map(|_| network.task(&session, Priority::Urgent, seconds(1.0))).collect();
    network.run(TEN_MINUTES);
    let slowest = urgent.iter().flat_map(|&task| &network.tally(task).took).max().unwrap();
    assert!(*slowest < seconds(1.0), "{slowest:?}");
    let bulk: usize = bulk.iter().map(|&task| network.tally(task).done).sum();
    assert!(bulk > 24_000, "{bulk}");
    assert!(network.refused <= 10, "{}", network.refused);
}

#[test]
fn a_wait_beyond_the_deadline_fails_at_once() {
    let mut network = Network::new(ServiceBucket::full(3_000), 3_000);
    let policy = Policy::default().timeout(seconds(2.0));
    let session = session(|builder| builder.policy(policy));
    let tasks: Vec<_> = (0..1_000).map(|_| network.task(&session, Priority::Normal, seconds(60.0))).collect();
    network.run(seconds(30.0));
    let failed: Vec<_> =
        tasks.iter().map(|&task| network.tally(task)).filter(|tally| tally.failed > 0).collect();
    assert!(failed.len() > 500, "{}", failed.len());
    assert!(failed.iter().all(|tally| tally.took[0].is_zero()));
}

#[test]
fn a_flood_of_urgent_messages_leaves_bulk_ones_their_share() {
    let mut network = Network::new(ServiceBucket::full(3_000), 3_000);
    let session = session(|builder| builder);
    let mut crowd =
        |priority| -> Vec<_> { (0..100).map(|_| network.task(&session, priority, Duration::ZERO)).collect() };
    let (urgent, bulk) = (crowd(Priority::Urgent), crowd(Priority::Normal));
    network.run(TEN_MINUTES);
    let done = |tasks: &[usize]| tasks.iter().map(|&task| network.tally(task).done).sum::<usize>();
    let (urgent, bulk) = (done(&urgent), done(&bulk));
    println!("urgent {urgent}, bulk {bulk}, refused {}", network.refused);
    assert!(bulk * 100 / network.accepted >= 9, "{bulk}");
    assert!(urgent * 100 / network.accepted >= 80, "{urgent}");
    assert!(percent(&network) >= 95);
    assert!(network.refused <= 10, "{}", network.refused);
}

#[test]
fn after_a_refusal_all_calls_pause_and_do_not_return_in_a_herd() {
    let network = crowd(ServiceBucket::empty(3_000), 1, 100, TokenBucket::default);
    let in_window = |from: f64, to: f64| {
        let window = seconds(from)..seconds(to);
        network.arrivals.iter().filter(|(at, _)| window.contains(at)).count()
    };
    let refusals: Vec<f64> =
        network.arrivals.iter().filter(|(_, ok)| !ok).map(|(at, _)| at.as_secs_f64()).collect();
    assert!(!refusals.is_empty());
    for at in refusals {
        // The answer, and the messages that had left before it came, are under way for 60 ms each at most.
        assert_eq!(in_window(at + 0.121, at + 1.0), 0, "after {at}");
        for tenth in 10..40 {
            let from = at + f64::from(tenth) / 10.0;
            assert!(in_window(from, from + 0.1) <= 10, "{} at {from}", in_window(from, from + 0.1));
        }
    }
}

fn begin(session: &Arc<Session>, priority: Priority, at: Duration) -> Step {
    let message = SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123").reference("r");
    Call::new(session, &message, now(at)).unwrap().priority(priority).next(Event::Start, now(at))
}

/// How long a message waits that comes now.
fn wait(session: &Arc<Session>, at: Duration) -> Duration {
    match begin(session, Priority::Normal, at) {
        Step::Wait(wait, _) => wait,
        _ => Duration::ZERO,
    }
}

#[test]
fn dropped_calls_do_not_hold_up_the_queue() {
    // Urgent messages that left at once went ahead of the next bulk one.
    for (priority, ahead) in [(Priority::Normal, 0.1), (Priority::Urgent, 0.5)] {
        let session = session(|builder| builder);
        let waiting = || match begin(&session, priority, Duration::ZERO) {
            Step::Wait(_, call) => Some(call),
            _ => None,
        };
        let mut calls: Vec<_> = (0..2_000).filter_map(|_| waiting()).collect();
        assert!(calls.len() > 1_900);
        let before = wait(&session, Duration::ZERO);
        assert!(before > seconds(38.0), "{before:?}");
        // Those behind move up, wherever the gaps are.
        let mut number = 0;
        calls.retain(|_| {
            number += 1;
            number % 2 == 0
        });
        let half = wait(&session, Duration::ZERO);
        assert!(half < before.mul_f64(0.51) && half > before.mul_f64(0.48), "{before:?} {half:?}");
        let last = calls.pop().unwrap();
        drop(calls);
        assert!(wait(&session, Duration::ZERO) < seconds(ahead), "{:?}", wait(&session, Duration::ZERO));
        let Step::Send(..) = last.next(Event::Elapsed, now(seconds(0.05))) else {
            panic!("nobody is ahead of it any more")
        };
        // What was given back is not there twice.
        assert!(begin_all_at_once(&session, seconds(0.05)) < 25);
    }
}

/// How many messages can leave at this moment.
fn begin_all_at_once(session: &Arc<Session>, at: Duration) -> usize {
    (0..2_000).filter(|_| matches!(begin(session, Priority::Normal, at), Step::Send(..))).count()
}

#[test]
fn a_crowd_that_loses_patience_still_uses_the_limit() {
    let session = session(|builder| builder);
    let mut bucket = ServiceBucket::full(3_000);
    let mut accepted = 0;
    // Two hundred callers come each second, and each gives up after one.
    let mut waiting: Vec<(Duration, Duration, Option<Call>)> = Vec::new();
    for millisecond in (0..120_000_u64).step_by(5) {
        let at = Duration::from_millis(millisecond);
        let steps = [begin(&session, Priority::Normal, at)];
        let (due, later): (Vec<_>, Vec<_>) = waiting.drain(..).partition(|(due, ..)| *due <= at);
        waiting = later;
        let woken =
            due.into_iter().map(|(_, since, call)| (since, call.unwrap().next(Event::Elapsed, now(at))));
        for (since, step) in steps.into_iter().map(|step| (at, step)).chain(woken) {
            match step {
                Step::Send(..) => accepted += usize::from(bucket.accepts(at)),
                Step::Wait(wait, call) => waiting.push((at + wait, since, Some(call))),
                Step::Done(_) | Step::Reconnect(_) => {}
            }
        }
        waiting.retain(|(_, since, _)| *since + seconds(1.0) > at);
    }
    println!("accepted {accepted}");
    assert!(accepted >= 5_500, "{accepted}");
}

#[test]
fn a_proxy_that_asks_for_time_gets_it_from_everybody() {
    let session = session(|builder| builder);
    let Step::Send(_, call) = begin(&session, Priority::Normal, Duration::ZERO) else {
        panic!("a fresh bucket")
    };
    let mut refusal = service::rate_limited(3_000);
    refusal.headers_mut().insert("retry-after", 30.into());
    let Step::Wait(own, _call) = call.next(Event::Response(refusal), now(seconds(0.1))) else {
        panic!("it may be sent again")
    };
    let others = wait(&session, seconds(0.2));
    assert!(own >= seconds(30.0) && others >= seconds(29.9), "{own:?} {others:?}");
    assert!(others <= seconds(32.0), "{others:?}");
}

#[test]
fn a_429_in_nobodys_words_slows_everybody_and_leaves_the_message_in_doubt() {
    let session = session(|builder| builder);
    let Step::Send(_, call) = begin(&session, Priority::Normal, Duration::ZERO) else {
        panic!("a fresh bucket")
    };
    let mut page = http::Response::new(bytes::Bytes::from("<html>Slow down</html>"));
    *page.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
    page.headers_mut().insert("retry-after", 30.into());
    let Step::Done(Err(error)) = call.next(Event::Response(page), now(seconds(0.1))) else {
        panic!("whoever said so may have passed it on")
    };
    assert!(error.may_have_been_sent());
    assert!(wait(&session, seconds(0.2)) >= seconds(29.9));
}

#[test]
fn a_question_that_comes_too_fast_slows_no_message() {
    let session = session(|builder| builder);
    let request = GetNotification::new(TEMPLATE.parse().unwrap());
    let Step::Send(_, call) =
        Call::new(&session, &request, now(Duration::ZERO)).unwrap().next(Event::Start, now(Duration::ZERO))
    else {
        panic!("a read is sent at once")
    };
    let Step::Wait(..) = call.next(Event::Response(service::rate_limited(3_000)), now(seconds(0.1))) else {
        panic!("it may be asked again")
    };
    assert_eq!(wait(&session, seconds(0.1)), Duration::ZERO);
}

/// A call that waits for its turn, and the moment at which that comes.
fn waiting(session: &Arc<Session>) -> (Duration, Call) {
    loop {
        if let Step::Wait(wait, call) = begin(session, Priority::Normal, Duration::ZERO) {
            return (wait, call);
        }
    }
}

#[test]
fn a_pause_beyond_the_deadline_ends_a_call_that_waits_already() {
    let session = session(|builder| builder.policy(Policy::default().timeout(seconds(20.0))));
    let Step::Send(_, refused) = begin(&session, Priority::Normal, Duration::ZERO) else {
        panic!("a fresh bucket")
    };
    let (turn, call) = waiting(&session);
    let mut refusal = service::rate_limited(3_000);
    refusal.headers_mut().insert("retry-after", 60.into());
    drop(refused.next(Event::Response(refusal), now(turn / 2)));
    let Step::Done(Err(error)) = call.next(Event::Elapsed, now(turn)) else {
        panic!("the pause is too long")
    };
    assert!(error.is_deadline_exceeded());
}

#[test]
fn an_answer_is_kept_whenever_it_comes() {
    let session = session(|builder| builder);
    let (turn, call) = waiting(&session);
    assert_eq!(call.answer_limit(), session.policy().answer_limit());
    let step = call.next(Event::Response(service::created(Some("r"))), now(turn));
    assert!(matches!(step, Step::Done(Ok(answer)) if answer.status() == 201));
}

#[test]
fn after_a_refusal_nothing_is_believed_to_be_left_of_what_was_saved() {
    let session = session(|builder| builder);
    let Step::Send(_, call) = begin(&session, Priority::Normal, Duration::ZERO) else {
        panic!("a fresh bucket")
    };
    // A minute of silence, after which the mirror is full.
    let refusal = Event::Response(service::rate_limited(3_000));
    drop(call.next(refusal, now(seconds(60.0))));
    let at_once = begin_all_at_once(&session, seconds(63.0));
    assert!(at_once < 100, "{at_once}");
}
