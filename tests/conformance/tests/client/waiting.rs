//! Polling until a message has arrived, or its PDF is ready.

use std::error::Error as _;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Response;
use notify_http::{Cause, Client, TransportError, WaitError, blocking};

use crate::fake::{Fake, refusal, response};
use crate::{ID, KEY};

const LONG: Duration = Duration::from_secs(60);

/// A message with this status, as the service shows it.
fn message(status: &str) -> Response<Bytes> {
    let body = serde_json::json!({
        "id": ID, "reference": null, "phone_number": "+447900900123", "email_address": null, "type": "sms",
        "status": status, "body": "b", "subject": null, "template": {"id": ID, "version": 1, "uri": "u"},
        "created_at": "2026-11-23T10:42:43.906471Z",
    });
    response(200, body.to_string())
}

fn client(fake: &Fake) -> Client {
    Client::builder(KEY).transport(fake.clone()).build().unwrap()
}

fn blocking_client(fake: &Fake) -> blocking::Client {
    blocking::Client::builder(KEY).transport(fake.clone()).build().unwrap()
}

/// Answers with these statuses in turn, and then always with the last one.
fn going(statuses: &'static [&'static str]) -> Fake {
    Fake::new(|number, _| Ok(message(statuses[number.min(statuses.len() - 1)])))
}

/// The times between requests.
fn waits(fake: &Fake) -> Vec<Duration> {
    let asked = fake.asked();
    asked.windows(2).map(|pair| pair[1].0.duration_since(pair[0].0)).collect()
}

#[tokio::test]
async fn each_status_is_reported_once_and_the_final_message_returned() {
    let fake = going(&["created", "sending", "sending", "delivered"]);
    let mut told = Vec::new();
    let id = ID.parse().unwrap();
    let last =
        client(&fake).wait_until_final(id, LONG, |message| told.push(message.status.to_string())).await;
    assert_eq!(last.unwrap().status.as_str(), "delivered");
    assert_eq!(told, ["created", "sending", "delivered"]);
    let waits = waits(&fake);
    assert_eq!(waits.len(), 3);
    assert!(waits[0] >= Duration::from_secs(1) && waits.is_sorted(), "they grow: {waits:?}");
}

#[test]
fn the_blocking_client_waits_in_the_same_way() {
    let fake = going(&["created", "permanent-failure"]);
    let mut told = Vec::new();
    let id = ID.parse().unwrap();
    let last =
        blocking_client(&fake).wait_until_final(id, LONG, |message| told.push(message.status.to_string()));
    assert!(last.unwrap().status.is_failure());
    assert_eq!(told, ["created", "permanent-failure"]);
}

#[tokio::test]
async fn a_message_that_does_not_arrive_in_time_is_late() {
    let fake = going(&["sending"]);
    let within = Duration::from_millis(1_500);
    let began = Instant::now();
    let error = client(&fake).wait_until_final(ID.parse().unwrap(), within, |_| {}).await.unwrap_err();
    assert!(matches!(error, WaitError::Late { within: it, last: None } if it == within), "{error:?}");
    assert!(error.source().is_none());
    // One request at the start, one a second later, and one when the time is up.
    assert_eq!(fake.asked().len(), 3);
    assert!(began.elapsed() >= within && began.elapsed() < within + Duration::from_secs(2));
}

#[tokio::test]
async fn with_a_deadline_of_zero_there_is_one_request() {
    let fake = going(&["delivered"]);
    client(&fake).wait_until_final(ID.parse().unwrap(), Duration::ZERO, |_| {}).await.unwrap();
    let fake = going(&["sending"]);
    client(&fake).wait_until_final(ID.parse().unwrap(), Duration::ZERO, |_| {}).await.unwrap_err();
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn the_longest_possible_deadline_is_accepted() {
    let fake = going(&["delivered"]);
    client(&fake).wait_until_final(ID.parse().unwrap(), Duration::MAX, |_| {}).await.unwrap();
    client(&fake).timeout(Duration::MAX).send(crate::request()).await.unwrap();
}

#[tokio::test]
async fn a_request_may_not_take_longer_than_the_deadline() {
    let fake = going(&["delivered"]);
    let within = Duration::from_secs(10);
    client(&fake).wait_until_final(ID.parse().unwrap(), within, |_| {}).await.unwrap();
    assert!(fake.asked()[0].1.timeout <= within, "{:?}", fake.asked());
}

#[tokio::test]
async fn polling_continues_through_temporary_failures() {
    // Not saved yet, a fault, a proxy's page, no connection.
    let fake = Fake::new(|number, _| match number {
        0 => Ok(refusal(404, "NoResultFound", "No result found")),
        1 => Ok(refusal(500, "Exception", "Internal server error")),
        2 => Ok(response(502, "<html>")),
        3 => Err(TransportError::NotSent(Cause::new("no route"))),
        _ => Ok(message("delivered")),
    });
    client(&fake).wait_until_final(ID.parse().unwrap(), LONG, |_| {}).await.unwrap();
}

#[tokio::test]
async fn a_failure_that_retrying_cannot_fix_ends_the_polling() {
    let fake = Fake::new(|_, _| Ok(refusal(403, "AuthError", "Invalid token: API key revoked")));
    let error = client(&fake).wait_until_final(ID.parse().unwrap(), LONG, |_| {}).await.unwrap_err();
    assert!(matches!(&error, WaitError::Call(call) if call.is_key_refused()), "{error:?}");
    assert!(error.source().unwrap().to_string().contains("revoked"));
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn an_outage_that_outlasts_the_deadline_is_reported() {
    let fake = Fake::new(|_, _| Err(TransportError::NotSent(Cause::new("no route"))));
    let error = client(&fake).wait_for_pdf(ID.parse().unwrap(), Duration::ZERO).await.unwrap_err();
    let WaitError::Late { last: Some(last), .. } = error else { panic!("{error:?}") };
    assert!(last.is_not_sent());
}

/// Not ready at first, then there.
fn being_made() -> Fake {
    Fake::new(|number, _| match number {
        0 => Ok(refusal(400, "PDFNotReadyError", "PDF not available yet, try again later")),
        _ => Ok(response(200, "%PDF-1.4")),
    })
}

#[tokio::test]
async fn a_letters_pdf_is_polled_until_it_is_ready() {
    let pdf = client(&being_made()).wait_for_pdf(ID.parse().unwrap(), LONG).await.unwrap().into_inner();
    assert_eq!(&pdf[..], b"%PDF-1.4");
}

#[test]
fn the_blocking_client_polls_for_it_too() {
    let pdf = blocking_client(&being_made()).wait_for_pdf(ID.parse().unwrap(), LONG).unwrap().into_inner();
    assert_eq!(&pdf[..], b"%PDF-1.4");
}

#[tokio::test]
async fn in_async_code_the_blocking_client_does_not_wait_at_all() {
    let began = Instant::now();
    let error = blocking_client(&being_made()).wait_for_pdf(ID.parse().unwrap(), LONG).unwrap_err();
    assert!(matches!(error, WaitError::Call(call) if call.source().unwrap().is::<blocking::InsideRuntime>()));
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_pdf_that_will_never_exist_ends_the_polling() {
    let fake = Fake::new(|_, _| Ok(refusal(400, "BadRequestError", "Notification is not a letter")));
    let error = client(&fake).wait_for_pdf(ID.parse().unwrap(), LONG).await.unwrap_err();
    assert!(matches!(error, WaitError::Call(call) if call.is_pdf_unavailable()));
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn a_pdf_is_limited_to_the_size_that_the_policy_allows() {
    let server = notify_testkit::http1::ScriptedServer::start(|_| {
        let pdf = format!("%PDF-1.4 {}", " ".repeat(100_000));
        crate::server::whole(200, &pdf).into_bytes()
    })
    .unwrap();
    let client = crate::client(&server.url());
    let error = client.send(notify_http::GetLetterPdf::new(ID.parse().unwrap())).await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("max_answer_bytes"), "{error:?}");
    let larger = client.policy(crate::impatient().max_answer_bytes(200_000));
    let pdf = larger.send(notify_http::GetLetterPdf::new(ID.parse().unwrap())).await.unwrap().into_inner();
    assert_eq!(pdf.len(), 100_009);
}
