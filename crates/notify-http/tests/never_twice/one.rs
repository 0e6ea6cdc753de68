//! One message, and one fault.

use std::time::{Duration, Instant};

use notify_http::{Client, Error, Policy, SendSms};
use notify_testkit::http1::UNUSED_ADDRESS;
use notify_testkit::service::{FakeService, Fault, Request};

use crate::{KEY, RECIPIENT, TEMPLATE};

const SOON: Duration = Duration::ZERO;
const LATE: Duration = Duration::from_secs(2);

/// A service with this fault for the first message, and none after it.
fn service(fault: Fault) -> FakeService {
    let faults = move |request: &Request| if request.number == 0 { fault } else { Fault::None };
    FakeService::start(faults).unwrap()
}

async fn send(service: &FakeService, message: SendSms) -> Result<String, Error> {
    let policy = Policy::default().attempt_timeout(Duration::from_secs(5));
    let client = Client::builder(KEY).base_url(service.url()).policy(policy).build().unwrap();
    client.send(message).await.map(|sent| sent.reference.clone().unwrap_or_default())
}

/// How many messages were posted, and how many the service has stored.
fn counts(service: &FakeService, reference: &str) -> (usize, usize) {
    let seen = service.seen(reference);
    (seen.messages, seen.kept.len())
}

fn message() -> SendSms {
    SendSms::new(TEMPLATE.parse().unwrap(), RECIPIENT)
}

fn unique() -> SendSms {
    message().unique_reference("mine")
}

#[tokio::test]
async fn a_message_that_was_taken_is_found_and_not_sent_again() {
    for fault in [
        Fault::None,
        Fault::Disconnect(Some(SOON)),
        Fault::Disconnect(Some(LATE)),
        Fault::Truncate(Some(SOON)),
        Fault::Hang(Some(LATE)),
        Fault::Status(500, Some(SOON)),
        Fault::Status(504, Some(LATE)),
    ] {
        let service = service(fault);
        assert_eq!(send(&service, unique()).await.unwrap(), "mine");
        assert_eq!(counts(&service, "mine"), (1, 1), "{fault:?}");
    }
}

#[tokio::test]
async fn a_message_that_was_not_taken_is_sent_again() {
    let service = service(Fault::Disconnect(None));
    let began = Instant::now();
    assert_eq!(send(&service, unique()).await.unwrap(), "mine");
    assert_eq!(counts(&service, "mine"), (2, 1));
    // A token's seconds are whole: its message may have left up to one second later.
    assert!(began.elapsed() > Duration::from_secs(69), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_message_that_shares_its_reference_with_one_to_someone_else_is_found_or_in_doubt() {
    for (taken, messages) in [(Some(SOON), 1), (None, 1)] {
        let service = service(Fault::Disconnect(taken));
        service.keep("mine", TEMPLATE, "+447900900124");
        let policy = Policy::default().timeout(Duration::from_secs(8));
        let client = Client::builder(KEY).base_url(service.url()).policy(policy).build().unwrap();
        let result = client.send(unique()).await;
        assert_eq!(result.is_ok(), taken.is_some());
        assert!(result.err().is_none_or(|error| error.may_have_been_sent()));
        assert_eq!(counts(&service, "mine").0, messages);
    }
}

#[tokio::test]
async fn a_message_without_a_reference_of_its_own_stays_in_doubt() {
    for (message, reference) in [(message(), None), (message().reference("mine"), Some("mine"))] {
        let service = service(Fault::Disconnect(Some(SOON)));
        let error = send(&service, message).await.unwrap_err();
        assert!(error.may_have_been_sent(), "{error}");
        assert_eq!(error.reference(), reference);
        assert_eq!(counts(&service, reference.unwrap_or_default()).0, 1);
    }
}

#[tokio::test]
async fn a_message_that_reached_no_service_was_not_sent() {
    let policy = Policy::default().attempts(2);
    let client =
        Client::builder(KEY).base_url(format!("http://{UNUSED_ADDRESS}")).policy(policy).build().unwrap();
    let error = client.send(message()).await.unwrap_err();
    assert!(error.is_not_sent() && !error.may_have_been_sent(), "{error}");
    assert_eq!(error.attempts(), 2);
}
