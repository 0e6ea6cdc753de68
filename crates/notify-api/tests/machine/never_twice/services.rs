//! The sibling services, which promise less than GOV.UK Notify.

use std::time::Duration;

use fastrand::Rng;
use notify_api::model::File;
use notify_api::{Call, Endpoint, ErrorKind, Policy, SendEmail, SendPrecompiledLetter, Service, au, gc, va};

use super::{RECIPIENT, once, policy, text};
use crate::world::{Fault, World};
use crate::{TEMPLATE, seconds, session};

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
    let job = || {
        let csv = gc::Csv::new("phone number\n+16135550110\n");
        gc::SendBulk::csv(TEMPLATE.parse().unwrap(), "January", csv)
    };
    let push = || va::SendPush::new(va::PushTemplateId::new("2E4AFE7F"), "17");
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
    let change = gc::CreateTemplate::new("n", category, gc::TemplateContent::Sms { content: "c".into() });
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
