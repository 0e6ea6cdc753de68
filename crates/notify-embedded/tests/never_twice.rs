//! No message twice, and none reported falsely: a device with faults at every point, resets at every step, and a clock that
//! jumps.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "times here are seconds and parts of them, all small; a test that cannot unwrap has failed"
)]

mod world;

use fastrand::Rng;
use notify_embedded::{Outcome, Service};
use world::{Fault, Report, World};

/// Sends so many messages, each through faults by chance, and checks what must hold of each.
fn send_many(count: usize, seed: u64, prepare: impl Fn(&mut World)) -> [usize; 3] {
    let mut rng = Rng::with_seed(seed);
    let mut counts = [0; 3];
    for _ in 0..count {
        let mut world = World::any(&mut rng);
        prepare(&mut world);
        let report = world.send(Fault::any);
        assert!(world.taken() <= 1, "sent twice: {world:?}");
        match report {
            Report::Sent => assert_eq!(world.taken(), 1, "reported sent and was not: {world:?}"),
            Report::NotSent => assert_eq!(world.taken(), 0, "reported not sent and was: {world:?}"),
            Report::Unknown => {}
        }
        counts[report as usize] += 1;
    }
    counts
}

#[test]
fn no_message_with_a_reference_of_its_own_goes_out_twice_or_is_reported_falsely() {
    let counts = send_many(10_000, 2026, |_| {});
    // Faults hit most requests, and still most messages come through in the end.
    assert!(counts[0] > 5_000 && counts[1] > 0 && counts[2] > 0, "{counts:?}");
}

#[test]
#[ignore = "takes minutes: `cargo xtask prove --only never-twice`"]
fn of_millions_of_messages_from_devices_none_goes_out_twice_or_is_reported_falsely() {
    let runs = [1, 2].map(|seed| std::thread::spawn(move || send_many(1_000_000, seed, |_| {})));
    let counts = runs.map(|run| run.join().expect("none was doubled or reported falsely"));
    let [sent, not_sent, in_doubt] = [0, 1, 2].map(|report| counts[0][report] + counts[1][report]);
    println!("doubled 0, lied 0, sent {sent}, not sent {not_sent}, in doubt {in_doubt}");
}

#[test]
fn a_message_without_a_reference_of_its_own_is_never_sent_again_when_it_may_have_been_taken() {
    send_many(5_000, 11, |world| world.is_unique = false);
}

#[test]
fn no_message_is_sent_twice_where_no_lookup_proves_absence() {
    for (seed, service) in
        [Service::gc_notify(), Service::notify_gov_au(), Service::va_notify(), Service::at("x")]
            .into_iter()
            .enumerate()
    {
        let counts = send_many(2_000, 40 + seed as u64, |world| world.service = service);
        assert!(counts[0] > 500 && counts[2] > 200, "{service:?}: {counts:?}");
    }
}

#[test]
fn the_recipients_of_smoke_tests_are_never_listed_and_so_never_sent_to_again() {
    send_many(2_000, 5, |world| world.recipient = "07700 900111");
}

#[test]
fn an_absent_message_is_sent_again_71_seconds_after_its_token_and_not_before() {
    let mut world = World::calm();
    let mut faults = [Fault::Cut { received: None, taken: None }].into_iter();
    let report = world.send(|_| faults.next().unwrap_or(Fault::None));
    assert_eq!((report, world.posts, world.taken()), (Report::Sent, 2, 1));
    assert!((71..=73).contains(&world.seconds()), "{}", world.seconds());
}

#[test]
fn a_message_that_was_taken_is_found_a_second_later() {
    let mut world = World::calm();
    let mut faults = [Fault::Cut { received: Some(0.0), taken: Some(0.0) }].into_iter();
    let report = world.send(|_| faults.next().unwrap_or(Fault::None));
    assert_eq!((report, world.posts, world.lookups), (Report::Sent, 1, 1));
    assert!(world.seconds() <= 2, "{}", world.seconds());
}

#[test]
fn the_first_token_has_the_time_of_the_build_and_the_second_that_of_the_refusal() {
    let mut world = World::calm();
    world.build_time -= 400 * 86_400;
    let report = world.send(|_| Fault::None);
    assert_eq!((report, world.posts, world.taken()), (Report::Sent, 2, 1));
    // The confirmed time is in flash, so after a reset the next message needs no refusal.
    assert!(world.last_confirmed().unwrap().abs_diff(world::START) < 5);
}

#[test]
fn outcomes_say_what_to_do_next() {
    let mut world = World::calm();
    assert!(matches!(world.once(Fault::None), Outcome::Accepted(_)));
    let mut world = World::calm();
    assert_eq!(world.once(Fault::RateLimited), Outcome::TryAgain(1));
    let mut world = World::calm();
    let Outcome::Refused(refusal) = world.once(Fault::UsedUp) else { panic!("a limit that is used up") };
    assert_eq!((refusal.status(), refusal.class()), (429, "TooManyRequestsError"));
    assert_eq!(
        format!("{refusal} {refusal:?}"),
        "429 TooManyRequestsError Refusal(429 TooManyRequestsError)"
    );
    for fault in [
        Fault::Gateway(502, false),
        Fault::Answers(503, true),
        Fault::MixedUp(true),
        Fault::Gateway(403, true),
    ] {
        let mut world = World::calm();
        let Outcome::Unknown { reference: Some(_), look_up_after: Some(1) } = world.once(fault) else {
            panic!("{fault:?} leaves it in doubt")
        };
    }
    let mut world = World::calm();
    world.is_unique = false;
    let outcome = world.once(Fault::Answers(503, true));
    assert!(matches!(outcome, Outcome::Unknown { look_up_after: None, .. }), "{outcome:?}");
    let mut world = World::calm();
    let Outcome::Refused(refusal) = world.once(Fault::Gateway(407, false)) else {
        panic!("a proxy's password")
    };
    assert_eq!(refusal.status(), 407);
}
