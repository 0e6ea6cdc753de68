//! No message twice, and none reported sent that was not: ten thousand sends with a fault at every point.

mod answers;
mod fence;
mod lookups;
mod services;

use fastrand::Rng;
use notify_api::{Endpoint, Policy, SendEmail, SendLetter, SendPrecompiledLetter, SendSms};

use crate::world::{Fault, Outcome, World};
use crate::{TEMPLATE, seconds};

const RECIPIENT: &str = "+447900900123";

fn text() -> SendSms {
    SendSms::new(TEMPLATE.parse().unwrap(), RECIPIENT)
}

/// Random bounds, about as tight as somebody may set them.
fn policy(rng: &mut Rng) -> Policy {
    Policy::default().timeout(seconds(30.0 + rng.f64() * 300.0)).attempts(rng.u32(1..8))
}

/// Sends this many messages, each through random faults, and checks what must hold of each.
fn send_many<E: Endpoint>(count: usize, seed: u64, message: impl Fn(&mut Rng) -> E) -> [usize; 3] {
    let mut rng = Rng::with_seed(seed);
    let mut counts = [0; 3];
    for _ in 0..count {
        let message = message(&mut rng);
        let mut world = World::any(&mut rng);
        let policy = policy(&mut rng);
        let outcome = world.send(&message, policy, || Fault::any(&mut rng));
        let outcome = outcome.check().unwrap_or_else(|fault| panic!("{fault}: {world:?} {policy:?}"));
        counts[outcome as usize] += 1;
    }
    println!("sent, not sent, in doubt: {counts:?}");
    counts
}

/// What happens to millions of messages, each with a reference of its own.
#[test]
#[ignore = "takes minutes: `cargo xtask prove --only never-twice`"]
fn of_millions_of_messages_none_goes_out_twice_or_is_reported_falsely() {
    const EACH: usize = 2_000_000;
    let counts = [1, 2]
        .map(|seed| std::thread::spawn(move || send_many(EACH, seed, |_| text().unique_reference("mine"))));
    let counts = counts.map(|counts| counts.join().expect("none was doubled or reported falsely"));
    let [sent, not_sent, in_doubt] = [0, 1, 2].map(|outcome| counts[0][outcome] + counts[1][outcome]);
    println!("doubled 0, lied 0, sent {sent}, not sent {not_sent}, in doubt {in_doubt}");
}

#[test]
fn no_message_with_a_reference_of_its_own_goes_out_twice_or_is_reported_falsely() {
    let counts = send_many(10_000, 2026, |_| text().unique_reference("mine"));
    // Faults hit three requests in four, and still most messages come through in the end.
    assert!(counts[0] > 4_000 && counts[1] > 0 && counts[2] > 0);
}

#[test]
fn no_e_mail_or_letter_is_sent_twice_either() {
    let template = || TEMPLATE.parse().unwrap();
    send_many(1_000, 1, |_| SendEmail::new(template(), " Kim@Example.com").unique_reference("mine"));
    send_many(1_000, 2, |_| {
        SendLetter::new(template(), ["Amala Bird", "1 High St", "SW1 1AA"]).unique_reference("mine")
    });
    send_many(1_000, 3, |_| SendPrecompiledLetter::new("mine", "%PDF-1.7").reference_is_unique());
}

#[test]
fn a_message_without_a_reference_of_its_own_is_never_sent_again_when_it_may_have_been_taken() {
    send_many(10_000, 11, |rng| if rng.bool() { text() } else { text().reference("mine") });
}

#[test]
fn the_recipients_of_smoke_tests_are_never_listed_and_so_never_sent_to_again() {
    let smoke =
        |_: &mut Rng| SendSms::new(TEMPLATE.parse().unwrap(), "07700 900111").unique_reference("mine");
    send_many(1_000, 5, smoke);
    for fault in [Fault::cut(true), Fault::cut(false), Fault::Answers(504, true)] {
        let outcome = World::new().send(&smoke(&mut Rng::new()), Policy::default(), once(fault));
        assert_eq!((outcome.posts, outcome.lookups), (1, 0));
        assert!(outcome.result.unwrap_err().may_have_been_sent());
    }
}

/// This fault first, and none after.
fn once(fault: Fault) -> impl FnMut() -> Fault {
    let mut faults = Some(fault);
    move || faults.take().unwrap_or(Fault::None)
}

fn send_through(fault: Fault) -> Outcome {
    World::new().send(&text().unique_reference("mine"), Policy::default(), once(fault))
}
