//! Calls that wait for their turn, each on a timer of its own, while others give up.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use notify_api::{Call, Event, GetNotification, Policy, SendSms, Session, Step, TokenBucket};

use crate::{TEMPLATE, now, seconds, session};

/// A call that sleeps until then.
type Sleeping = (Duration, Call);

/// As many as have to wait, at ten messages a second.
fn waiting(number: usize) -> (Arc<Session>, Vec<Sleeping>) {
    let policy = Policy::default().timeout(seconds(10_000.0));
    let session = session(|builder| builder.policy(policy).rate_limiter(TokenBucket::per_minute(600)));
    let message = SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123").reference("r");
    let mut sleeping = Vec::new();
    while sleeping.len() < number {
        let call = Call::new(&session, &message, now(Duration::ZERO)).unwrap();
        if let Step::Wait(wait, call) = call.next(Event::Start, now(Duration::ZERO)) {
            sleeping.push((wait.min(call.longest_sleep()), call));
        }
    }
    (session, sleeping)
}

/// When each of them leaves, and how often one of them woke.
fn drive(mut sleeping: Vec<Sleeping>) -> (Vec<Duration>, usize) {
    let (mut left, mut wakes) = (Vec::new(), 0);
    while let Some(next) = (0..sleeping.len()).min_by_key(|&index| sleeping[index].0) {
        let (at, call) = sleeping.swap_remove(next);
        wakes += 1;
        match call.next(Event::Elapsed, now(at)) {
            Step::Send(..) => left.push(at),
            Step::Wait(wait, call) => sleeping.push((at + wait.min(call.longest_sleep()), call)),
            Step::Reconnect(_) => panic!("every answer is about its message"),
            Step::Done(result) => panic!("{result:?}"),
        }
    }
    (left, wakes)
}

#[test]
fn those_who_stay_leave_as_if_the_others_had_never_waited() {
    let mut rng = Rng::with_seed(7);
    for first_alone in [true, false] {
        let (_session, mut sleeping) = waiting(200);
        if first_alone {
            sleeping.drain(..180);
        } else {
            rng.shuffle(&mut sleeping);
            sleeping.truncate(20);
        }
        let (left, _) = drive(sleeping);
        // The bucket is fresh, and may hold more than is known.
        assert!(left[19] <= seconds(2.1), "{left:?}");
        // Nobody sleeps while it could leave for longer than it takes to look again.
        for (number, at) in left.iter().enumerate() {
            assert!(*at <= seconds((number + 1) as f64 / 9.8 + 0.25), "{number}: {at:?}");
        }
    }
}

#[test]
fn polling_for_a_permit_delays_nobody() {
    let (_session, sleeping) = waiting(100);
    let (left, wakes) = drive(sleeping);
    for pair in left.windows(2) {
        assert!(pair[1].saturating_sub(pair[0]) <= seconds(1.0 / 9.8), "{pair:?}");
    }
    // Four times a second, and once when its turn has come.
    let most: f64 = left.iter().map(|at| at.as_secs_f64() * 4.0 + 2.0).sum();
    assert!(wakes as f64 <= most, "{wakes} {most}");
}

#[test]
fn a_wait_for_anything_but_a_turn_is_slept_whole() {
    let session = session(|builder| builder);
    let request = GetNotification::new(TEMPLATE.parse().unwrap());
    let at = now(Duration::ZERO);
    let Step::Send(_, call) = Call::new(&session, &request, at).unwrap().next(Event::Start, at) else {
        panic!("a read is sent at once")
    };
    let unavailable = http::Response::builder().status(503).body(bytes::Bytes::new()).unwrap();
    let Step::Wait(_, call) = call.next(Event::Response(unavailable), at) else {
        panic!("a read is sent again after a 503")
    };
    assert_eq!(call.longest_sleep(), Duration::MAX);
}
