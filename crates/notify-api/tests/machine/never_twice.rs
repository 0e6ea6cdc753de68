//! No message twice, and none reported sent that was not: ten thousand sends with a fault at every point.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use fastrand::Rng;
use http::Response;
use notify_api::model::File;
use notify_api::{
    ApiKey, Call, Cause, Endpoint, ErrorKind, Event, ListTemplates, Policy, SendEmail, SendLetter,
    SendPrecompiledLetter, SendSms, Service, Session, Step, au, gc, va,
};
use notify_jwt::{UntrustedToken, Verifier};

use crate::world::{Date, Fault, Outcome, World};
use crate::{TEMPLATE, seconds, service, session};

const RECIPIENT: &str = "+447900900123";

fn text() -> SendSms {
    SendSms::new(TEMPLATE.parse().unwrap(), RECIPIENT)
}

/// Bounds by chance, about as tight as somebody may set them.
fn policy(rng: &mut Rng) -> Policy {
    Policy::default().timeout(seconds(30.0 + rng.f64() * 300.0)).attempts(rng.u32(1..8))
}

/// Sends so many messages, each through faults by chance, and checks what must hold of each.
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

/// What a machine meets that sends so many messages, each with a reference of its own.
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
fn so_it_is_for_e_mails_and_letters() {
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

#[test]
fn a_message_to_somebody_else_under_its_reference_leaves_it_in_doubt() {
    let mut world = World::new();
    world.hold_a_message("+447900900124", seconds(10.0));
    let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(Fault::cut(false)));
    let error = outcome.result.unwrap_err();
    assert!(error.may_have_been_sent());
    assert_eq!(
        error.remedy().unwrap(),
        "before sending again, look at the messages that the service lists under its reference"
    );
    assert_eq!((outcome.posts, outcome.taken), (1, 0));
    // And if it is there too, it is known.
    let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(Fault::cut(true)));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 1, 1));
}

#[test]
fn a_machine_that_slept_finds_the_message_that_it_sent_before() {
    // Its monotonic clock stood still, so that the message looks too old; and a proxy's date is ahead.
    for (sleeps, date) in
        [(40.0, Date::True), (100.0, Date::True), (0.0, Date::Lie(10)), (50.0, Date::Lie(10))]
    {
        let mut world = World::new();
        (world.sleeps_after_first, world.date) = (seconds(sleeps), date);
        let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(Fault::cut(true)));
        assert_eq!(outcome.result.unwrap(), "mine");
        assert_eq!((outcome.posts, outcome.taken), (1, 1), "{sleeps} {date:?}");
    }
}

#[test]
fn a_machine_that_wakes_after_eight_hours_sends_nothing_late() {
    for fault in [Fault::cut(false), Fault::RateLimited, Fault::NotConnected, Fault::Postponed(503, 5)] {
        let mut world = World::new();
        world.sleeps_after_first = seconds(8.0 * 3_600.0);
        let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(fault));
        assert!(outcome.result.is_err());
        assert_eq!((outcome.posts, outcome.lookups), (1, 0), "{fault:?}");
    }
}

#[test]
fn bytes_that_outlive_their_connection_are_waited_for() {
    // A link that was down for 20 seconds with an attempt of 5, and a commit 25 seconds late.
    let policy = Policy::default().attempt_timeout(seconds(5.0));
    for (received, taken) in [(20.0, 25.0), (29.0, 30.0), (30.5, 30.0)] {
        let fault = Fault::Cut { after: 5.0, received, taken: Some(taken) };
        let outcome = World::new().send(&text().unique_reference("mine"), policy, once(fault));
        assert_eq!(outcome.result.unwrap(), "mine");
        assert_eq!((outcome.posts, outcome.taken), (1, 1), "{received} {taken}");
    }
    // Later than that the service does not take the token.
    let fault = Fault::Cut { after: 5.0, received: 53.0, taken: Some(0.0) };
    let outcome = World::new().send(&text().unique_reference("mine"), policy, once(fault));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 2, 1));
}

#[test]
fn an_answer_about_another_message_is_no_answer_and_its_connection_is_not_used_again() {
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
fn a_page_of_other_messages_proves_nothing() {
    let mut faults = [Fault::cut(true)].into_iter().chain([Fault::MixedUp(false); 12]);
    let outcome = World::new()
        .send(&text().unique_reference("mine"), Policy::default(), || faults.next().unwrap_or(Fault::None));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 1, 1));
    assert_eq!(outcome.reconnects, 12);
}

#[test]
fn a_kept_page_proves_nothing() {
    // What a cache kept from before the message, with its age or with its date.
    for says_so in [true, false] {
        let mut faults = [Fault::cut(true)].into_iter().chain([Fault::Kept(1_000.0, says_so); 12]);
        let outcome = World::new().send(&text().unique_reference("mine"), Policy::default(), || {
            faults.next().unwrap_or(Fault::None)
        });
        assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 1, 1));
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
fn after_its_moment_to_leave_a_message_is_given_no_token() {
    let session = session(|builder| builder);
    let unavailable = || Event::NotSent(Cause::new("refused"));
    let start = crate::now(Duration::ZERO);
    let leave_by = (crate::START + seconds(10.0)).as_secs();
    let call = Call::new(&session, &text(), start).unwrap().leave_by(leave_by);
    let Step::Send(_, call) = call.next(Event::Start, start) else { panic!("a fresh bucket") };
    let Step::Wait(_, call) = call.next(unavailable(), crate::now(seconds(1.0))) else { panic!("not sent") };
    let Step::Send(_, call) = call.next(Event::Elapsed, crate::now(seconds(10.9))) else {
        panic!("the moment itself is not after it")
    };
    let Step::Wait(_, call) = call.next(unavailable(), crate::now(seconds(10.95))) else {
        panic!("not sent")
    };
    let Step::Done(Err(error)) = call.next(Event::Elapsed, crate::now(seconds(11.0))) else {
        panic!("it is too late")
    };
    assert!(error.is_not_sent() && !error.may_have_been_sent());

    let call = Call::new(&session, &text(), start).unwrap().leave_by(leave_by);
    let Step::Done(Err(error)) = call.next(Event::Start, crate::now(seconds(11.0))) else {
        panic!("it was too late from the beginning")
    };
    assert!(error.is_timeout() && error.attempts() == 0 && !error.may_have_been_sent());
}

#[test]
fn a_call_that_is_not_to_reconcile_ends_in_doubt() {
    let policy = Policy::default().reconcile(false);
    let outcome = World::new().send(&text().unique_reference("mine"), policy, once(Fault::cut(true)));
    assert!(outcome.result.unwrap_err().may_have_been_sent());
    assert_eq!((outcome.posts, outcome.lookups), (1, 0));
}

#[test]
fn a_message_committed_late_is_found_and_not_sent_again() {
    for after in [0.0, 1.5, 12.0, 29.0] {
        let outcome = send_through(Fault::Cut { after: 0.1, received: 0.1, taken: Some(after) });
        assert_eq!(outcome.result.unwrap(), "mine");
        assert_eq!((outcome.posts, outcome.taken), (1, 1), "{after}");
        assert!(outcome.lookups <= 9, "{}", outcome.lookups);
    }
}

#[test]
fn a_message_whose_last_byte_arrives_late_and_is_committed_late_is_not_sent_again() {
    // Uploading a file took half a minute; the service had its own half minute after that.
    let outcome = send_through(Fault::Cut { after: 31.0, received: 30.9, taken: Some(29.0) });
    assert_eq!(outcome.result.unwrap(), "mine");
    assert_eq!((outcome.posts, outcome.taken), (1, 1));
}

#[test]
fn an_absent_message_is_sent_again_70_seconds_after_its_token_and_not_before() {
    for after in [0.1, 20.0, 34.0] {
        let outcome = send_through(Fault::Cut { after, received: 0.0, taken: None });
        assert!(outcome.result.is_ok());
        assert_eq!(outcome.posts, 2);
        assert!(outcome.took >= seconds(70.0), "{:?}", outcome.took);
        assert!(outcome.took <= seconds(74.0), "{:?}", outcome.took);
    }
}

#[test]
fn a_machine_whose_clock_is_wrong_waits_for_the_service_s() {
    for (ahead, longest) in [(-29.0, 110.0), (-15.0, 95.0), (15.0, 95.0), (29.0, 110.0)] {
        let mut world = World::new();
        world.clock_steps = vec![(Duration::ZERO, ahead)];
        let fault = Fault::cut(false);
        let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(fault));
        assert_eq!((outcome.result.unwrap().as_str(), outcome.posts), ("mine", 2), "{ahead}");
        // The service takes it that the message may come until its own clock shows 65 seconds after the token.
        let over = 65.0 + ahead + 5.0;
        assert!(outcome.took >= seconds(over), "{ahead}: {:?}", outcome.took);
        assert!(outcome.took <= seconds(longest), "{ahead}: {:?}", outcome.took);
    }
}

/// Sends many messages to a service that lists them when it likes, up to four minutes later, each through faults by
/// chance.
fn send_many_to<E: Endpoint>(service: Service, seed: u64, message: impl Fn() -> E) -> [usize; 3] {
    let mut rng = Rng::with_seed(seed);
    let mut counts = [0; 3];
    for _ in 0..2_000 {
        let mut world = World::any(&mut rng);
        world.service = Some(service);
        world.listing_delay = seconds(rng.f64() * 240.0);
        let policy = policy(&mut rng);
        let outcome = world.send(&message(), policy, || Fault::any(&mut rng));
        let known =
            outcome.check().unwrap_or_else(|fault| panic!("{service}: {fault}: {world:?} {policy:?}"));
        counts[known as usize] += 1;
    }
    counts
}

#[test]
fn no_sibling_is_sent_a_message_twice_and_none_is_reported_falsely() {
    let template = || TEMPLATE.parse().unwrap();
    for (seed, service) in
        [Service::notify_gov_au(), Service::gc_notify(), Service::va_notify()].into_iter().enumerate()
    {
        let seed = 40 + seed as u64;
        let [sent, _, in_doubt] = send_many_to(service, seed, || text().unique_reference("mine"));
        // Faults hit three requests in four, and nothing but a lookup that finds it clears a doubt.
        assert!(sent > 500 && in_doubt > 200, "{service}: {sent} sent, {in_doubt} in doubt");
    }
    let (au, gc, va) = (Service::notify_gov_au(), Service::gc_notify(), Service::va_notify());
    send_many_to(au, 50, || au::SendSms::new(template(), RECIPIENT).unique_reference("mine"));
    send_many_to(gc, 51, || gc::SendEmail::new(template(), "kim@example.com").unique_reference("mine"));
    send_many_to(va, 52, || va::SendSms::new(template(), RECIPIENT).unique_reference("mine"));
    // A person, whose number no list need show.
    let person = || va::RecipientIdentifier::new(va::IdentifierType::Pid, "17");
    send_many_to(va, 53, || va::SendSms::to_person(template(), person()).unique_reference("mine"));
}

#[test]
fn a_bulk_job_and_a_push_that_may_have_been_taken_are_in_doubt_and_never_repeated() {
    let job = || gc::SendBulk::csv(TEMPLATE.parse().unwrap(), "January", "phone number\n+16135550110\n");
    let push = || va::SendPush::new("2E4AFE7F", "17");
    for (is_taken, fault) in [
        (true, Fault::cut(true)),
        (false, Fault::cut(false)),
        (true, Fault::Answers(503, true)),
        (false, Fault::Gateway(502, false)),
    ] {
        let mut world = World::new();
        world.service = Some(Service::gc_notify());
        let bulk = world.send(&job(), Policy::default(), once(fault));
        let mut world = World::new();
        world.service = Some(Service::va_notify());
        let push = world.send(&push(), Policy::default(), once(fault));
        for outcome in [bulk, push] {
            assert!(outcome.result.unwrap_err().may_have_been_sent(), "{fault:?}");
            assert_eq!((outcome.posts, outcome.lookups, outcome.taken), (1, 0, usize::from(is_taken)));
        }
    }
    // What certainly was not taken goes out again.
    for fault in [Fault::RateLimited, Fault::NotConnected] {
        let mut world = World::new();
        world.service = Some(Service::gc_notify());
        assert_eq!(world.send(&job(), Policy::default(), once(fault)).posts, 2, "{fault:?}");
    }
}

#[test]
fn a_change_that_may_have_been_made_is_not_made_again() {
    let category = gc::TemplateCategoryId::from_bytes([0; 16]);
    let change = gc::CreateTemplate::sms("n", "c", category);
    for fault in [Fault::cut(true), Fault::Answers(500, false), Fault::Gateway(504, true)] {
        let mut world = World::new();
        world.service = Some(Service::gc_notify());
        let outcome = world.send(&change, Policy::default(), once(fault));
        let error = outcome.result.unwrap_err();
        assert!(error.may_have_been_sent() && error.to_string().contains("it may have been done"), "{error}");
        assert_eq!((outcome.posts, outcome.lookups), (1, 0));
    }
}

#[test]
fn what_a_service_does_not_offer_is_not_sent() {
    let session = session(|builder| builder.service(Service::gc_notify()));
    let now = crate::now(Duration::ZERO);
    let letter = SendPrecompiledLetter::new("mine", "%PDF-1.7");
    let error = Call::new(&session, &letter, now).unwrap_err();
    assert!(error.is_not_offered() && !error.may_have_been_sent() && !error.is_retryable());
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotOffered, 0));
    assert_eq!(
        error.to_string(),
        "send_precompiled_letter: GC Notify does not offer send_precompiled_letter; it is offered by GOV.UK Notify, \
         Notify.gov.au, so nothing was sent"
    );
    let file = SendEmail::new(TEMPLATE.parse().unwrap(), "kim@example.com").file("f", File::new("x"));
    let error = Call::new(&session, &file, now).unwrap_err();
    assert_eq!(error.not_offered().unwrap().part(), Some("files"));
    let error = Call::new(&crate::session(|builder| builder), &gc::ListReports::new(), now).unwrap_err();
    let reason = error.not_offered().unwrap();
    assert_eq!((reason.service(), reason.operation()), (Service::gov_uk(), "list_reports"));
    assert_eq!(reason.offered_by().collect::<Vec<_>>(), [Service::gc_notify()]);
    // Behind a gateway nobody knows.
    let unknown =
        crate::session(|builder| builder.base_url("https://notify.gateway.example".parse().unwrap()));
    assert!(Call::new(&unknown, &gc::ListReports::new(), now).is_ok());
}

#[test]
fn where_requests_are_not_bounded_a_message_is_found_or_in_doubt() {
    for base_url in [
        "https://api.notification.canada.ca",
        "https://rest-api.notify.gov.au",
        "https://api.va.gov/vanotify",
        "https://notify.gateway.example",
    ] {
        let policy = Policy::default().timeout(seconds(1_000.0));
        let mut world = World::new();
        world.base_url = base_url;
        world.listing_delay = seconds(137.0);
        let late = Fault::Cut { after: 0.1, received: 0.1, taken: Some(29.0) };
        let outcome = world.send(&text().unique_reference("mine"), policy, once(late));
        assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.taken), ("mine", 1, 1));

        let mut world = World::new();
        world.base_url = base_url;
        let outcome = world.send(&text().unique_reference("mine"), policy, once(Fault::cut(false)));
        assert!(outcome.result.unwrap_err().may_have_been_sent(), "{base_url}");
        assert_eq!(outcome.posts, 1, "{base_url}");

        // At the caller's own risk.
        let mut world = World::new();
        world.base_url = base_url;
        let risk = policy.assume_absent_after(seconds(300.0));
        let outcome = world.send(&text().unique_reference("mine"), risk, once(Fault::cut(false)));
        assert_eq!((outcome.result.unwrap().as_str(), outcome.posts), ("mine", 2), "{base_url}");
        assert!(outcome.took >= seconds(305.0), "{:?}", outcome.took);
    }
}

#[test]
fn a_lookup_tells_the_service_s_time_when_the_clock_was_set_meanwhile() {
    let mut world = World::new();
    // From right to ten minutes late, between the message and its lookup.
    world.clock_steps = vec![(seconds(0.0), 0.0), (seconds(0.08), -600.0)];
    let outcome = world.send(&text().unique_reference("mine"), Policy::default(), once(Fault::cut(true)));
    assert_eq!(outcome.result.unwrap(), "mine");
    assert_eq!((outcome.posts, outcome.taken), (1, 1));
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
fn the_last_lookup_comes_before_the_time_is_over() {
    let policy = Policy::default().timeout(seconds(20.0));
    let fault = Fault::Cut { after: 0.1, received: 0.1, taken: Some(18.5) };
    let outcome = World::new().send(&text().unique_reference("mine"), policy, once(fault));
    assert_eq!(outcome.result.unwrap(), "mine");
    assert!(outcome.took > seconds(18.5) && outcome.took < Duration::from_secs(20), "{:?}", outcome.took);
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

#[test]
fn a_message_that_is_looked_for_is_looked_for_with_the_key_it_was_sent_with() {
    let session = session(|builder| builder);
    let other = ApiKey::parse(&crate::KEY.replace("3d844edf", "5a8a1b2c")).unwrap();
    let other = session.with_key(&other);
    let at = |at| crate::now(seconds(at));
    let message = text().unique_reference("mine");
    let call = Call::new(&session, &message, at(0.0)).unwrap();
    let Step::Send(_, mut call) = call.next(Event::Start, at(0.0)) else { panic!("a fresh bucket") };
    call.use_session(&other);
    let Step::Wait(_, mut call) = call.next(Event::Lost(Cause::new("cut")), at(0.1)) else {
        panic!("it has a reference of its own")
    };
    call.use_session(&other);
    let Step::Send(lookup, call) = call.next(Event::Elapsed, at(1.0)) else { panic!("the wait is over") };
    let signed_by = |key: &str| Verifier::new(&ApiKey::parse(key).unwrap());
    let token = lookup.headers()["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
    let now = crate::START.as_secs() + 1;
    assert!(UntrustedToken::parse(token).unwrap().verify(&signed_by(crate::KEY), now).is_ok());
    assert!(call.is_reconciling());
}

#[test]
fn a_question_whose_answer_was_lost_is_asked_again_and_a_message_without_reference_is_not_sent_again() {
    let session = session(|builder| builder);
    let at = |at| crate::now(seconds(at));
    let request = Call::new(&session, &ListTemplates::new(), at(0.0)).unwrap();
    let message = Call::new(&session, &text(), at(0.0)).unwrap();
    let lost = |call: Call| {
        let Step::Send(_, call) = call.next(Event::Start, at(0.0)) else { panic!("a fresh bucket") };
        call.next(Event::Lost(Cause::new("cut")), at(0.1))
    };
    let Step::Wait(wait, request) = lost(request) else { panic!("asking again does no harm") };
    assert!(matches!(request.next(Event::Elapsed, crate::now(seconds(0.1) + wait)), Step::Send(..)));
    let Step::Done(Err(error)) = lost(message) else { panic!("nobody can look for it") };
    assert!(error.may_have_been_sent());
}

#[test]
fn a_reference_too_long_for_a_url_is_not_looked_up_in_vain() {
    // 1,000 characters of 4 bytes, each of which takes 3 in a URL: the service reads 4,094 (recorded: `http.jsonl`).
    let message = text().unique_reference("\u{1f4e8}".repeat(1_000));
    let outcome = World::new().send(&message, Policy::default(), once(Fault::cut(true)));
    assert!(outcome.result.unwrap_err().may_have_been_sent());
    assert_eq!((outcome.posts, outcome.lookups), (1, 0));
}

#[test]
fn a_lookup_that_hangs_is_asked_anew() {
    let hangs = Fault::Cut { after: 35.0, received: 0.0, taken: None };
    let mut faults = [Fault::cut(true), hangs].into_iter();
    let outcome = World::new()
        .send(&text().unique_reference("mine"), Policy::default(), || faults.next().unwrap_or(Fault::None));
    assert_eq!((outcome.result.unwrap().as_str(), outcome.posts, outcome.lookups), ("mine", 1, 2));
    assert!(outcome.took < seconds(14.0), "{:?}", outcome.took);
}

#[test]
fn a_driver_that_never_tells_what_became_of_a_lookup_is_given_up_when_the_time_is_over() {
    let session = session(|builder| builder);
    let mut at = seconds(0.0);
    let message = text().unique_reference("mine");
    let call = Call::new(&session, &message, crate::now(at)).unwrap();
    let mut step = call.next(Event::Start, crate::now(at));
    let error = loop {
        at += seconds(1.0);
        step = match step {
            Step::Send(_, call) | Step::Wait(_, call) | Step::Reconnect(call) => {
                call.next(Event::Elapsed, crate::now(at))
            }
            Step::Done(result) => break result.unwrap_err(),
        }
    };
    assert!(error.may_have_been_sent());
    assert_eq!(at, seconds(181.0));
}

/// A message that met a 503 after a second, and is asked to come back after so many more.
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
