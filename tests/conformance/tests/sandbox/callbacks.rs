//! Callbacks as a receiver gets them, compared with the recordings.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use notify_sandbox::{
    CallbackKind, CallbackOutcome, CallbackReceiver, IncomingText, KeyType, Sandbox, Status,
};
use notify_testkit::http1::{RawRequest, ScriptedServer};
use notify_testkit::wire::{Exchange, Recording};
use serde_json::{Value, json};

use crate::fixture::{
    EMAIL_TEMPLATE, SERVICE, SMS_TEMPLATE, exchange, json, post_sms, replace_header, request,
};

/// The bearer token of the recorded service's callbacks.
const TOKEN: &str = "callback-bearer-token-main";

/// The time between two attempts in the recording: 300 s plus the attempt itself.
const RETRY_AFTER: Duration = Duration::from_secs(300);

/// A receiver that always answers like this, with an empty body.
fn receiver(status: u16) -> ScriptedServer {
    ScriptedServer::start(move |_| {
        format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n").into_bytes()
    })
    .unwrap()
}

/// A sandbox with a frozen clock, whose service sends this receiver every kind of callback.
fn sandbox_with(receiver: &ScriptedServer) -> Sandbox {
    let sandbox = Sandbox::start().unwrap();
    sandbox.clock().freeze();
    for kind in [
        CallbackKind::DeliveryStatus,
        CallbackKind::InboundSms,
        CallbackKind::ReturnedLetter,
        CallbackKind::Complaint,
    ] {
        sandbox
            .set_callback(
                SERVICE,
                CallbackReceiver { kind, url: &format!("{}/cb", receiver.url()), bearer_token: TOKEN },
            )
            .unwrap();
    }
    sandbox
}

/// Sends a message with a test key.
fn send(
    sandbox: &Sandbox,
    kind: &str,
    field: &str,
    to: &str,
    template: &str,
    reference: Option<&str>,
) -> String {
    let mut body = json!({
        field: to,
        "template_id": template,
        "personalisation": { "name": "Kim", "permit number": "E15", "parking": "no" },
    });
    if let Some(reference) = reference {
        body["reference"] = json!(reference);
    }
    let mut request = request(sandbox, "POST", &format!("/v2/notifications/{kind}"), &body);
    let key = notify_jwt::ApiKey::parse(&sandbox.api_key(KeyType::Test)).unwrap();
    let now = sandbox.clock().now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let bearer = notify_jwt::Signer::new(&key).bearer(now);
    replace_header(&mut request, "Authorization", Some(bearer.as_str()));
    let answer = exchange(sandbox, &request).unwrap();
    assert_eq!(answer.status, 201, "{}", json(&answer));
    json(&answer)["id"].as_str().unwrap().to_owned()
}

fn deliver(sandbox: &Sandbox) {
    sandbox.clock().advance(Duration::from_secs(1));
    sandbox.wait_until_idle();
}

/// Compares what was posted with what was recorded: headers and fields must be the same, in the same order and
/// spelling, and so must the values of `same`. Other values must have the same type and, if they are times, the same
/// format.
pub(crate) fn expect(posted: &RawRequest, recorded: &Exchange, same: &[&str]) {
    let name = &recorded.name;
    assert_eq!((posted.method.as_str(), posted.target.as_str()), ("POST", "/cb"), "{name}");
    for (header, value) in &recorded.request.headers {
        assert_eq!(posted.headers.get(header), Some(value.as_str()), "{name}: {header}");
    }
    let posted = String::from_utf8(posted.body.clone()).unwrap();
    let recorded = String::from_utf8(recorded.request.body().unwrap().unwrap()).unwrap();
    let read = |text: &str| serde_json::from_str::<serde_json::Map<String, Value>>(text).unwrap();
    let (ours, theirs) = (read(&posted), read(&recorded));
    assert_eq!(in_order(&posted, &theirs), in_order(&recorded, &theirs), "{name}: {posted}");
    assert_eq!(ours.len(), theirs.len(), "{name}: {posted}");
    for (field, value) in &theirs {
        if same.contains(&field.as_str()) {
            assert_eq!(&ours[field], value, "{name}: {field}");
        } else {
            assert_eq!(form(&ours[field]), form(value), "{name}: {field}");
        }
    }
}

/// The fields with the text around them, in the order of the text.
fn in_order(text: &str, fields: &serde_json::Map<String, Value>) -> Vec<String> {
    let mut places: Vec<(Option<usize>, String)> =
        fields.keys().map(|field| (text.find(&format!("\"{field}\": ")), field.clone())).collect();
    places.sort();
    places
        .into_iter()
        .map(|(place, field)| if place.is_some() { field } else { format!("no {field}") })
        .collect()
}

/// A value without what differs from message to message.
fn form(value: &Value) -> String {
    match value {
        Value::String(text) if text.ends_with('Z') => {
            text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect()
        }
        Value::String(text) if text.len() == 36 => "an id".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Number(_) => "number".to_owned(),
        other => other.to_string(),
    }
}

#[test]
fn receipts_are_posted_as_recorded() {
    let recording = Recording::gov_uk().unwrap();
    let receiver = receiver(200);
    let sandbox = sandbox_with(&receiver);
    let same = ["to", "status", "reference", "notification_type", "template_version"];
    for (name, kind, field, to, template, reference) in [
        (
            "callback-sent/delivery-sms-delivered",
            "sms",
            "phone_number",
            "07700900001",
            SMS_TEMPLATE,
            Some("ref-sms-1"),
        ),
        (
            "callback-sent/delivery-sms-permanent-failure",
            "sms",
            "phone_number",
            "07700900002",
            SMS_TEMPLATE,
            None,
        ),
        (
            "callback-sent/delivery-sms-temporary-failure",
            "sms",
            "phone_number",
            "07700900003",
            SMS_TEMPLATE,
            None,
        ),
        ("callback-sent/delivery-to-is-as-given", "sms", "phone_number", "07900 900 456", SMS_TEMPLATE, None),
    ] {
        send(&sandbox, kind, field, to, template, reference);
        deliver(&sandbox);
        expect(receiver.requests().last().unwrap(), recording.exchange(name).unwrap(), &same);
    }
    // The recorded templates were other versions of other templates.
    let same = &same[..4];
    for (name, to, reference) in [
        ("callback-sent/delivery-email-delivered", "delivered@simulator.notify", Some("ref-email-1")),
        ("callback-sent/delivery-email-permanent-failure", "perm-fail@simulator.notify", None),
        ("callback-sent/delivery-email-temporary-failure", "temp-fail@simulator.notify", None),
    ] {
        send(&sandbox, "email", "email_address", to, EMAIL_TEMPLATE, reference);
        deliver(&sandbox);
        expect(receiver.requests().last().unwrap(), recording.exchange(name).unwrap(), same);
    }
    assert_eq!(receiver.requests().len(), 7);
}

#[test]
fn received_texts_complaints_and_returned_letters_are_posted_as_recorded() {
    let recording = Recording::gov_uk().unwrap();
    let receiver = receiver(200);
    let sandbox = sandbox_with(&receiver);
    sandbox.receive_text(IncomingText { from: "447700900111", content: "Hello back \u{a3}0" }).unwrap();
    sandbox.wait_until_idle();
    expect(
        receiver.requests().last().unwrap(),
        recording.exchange("callback-sent/received-text").unwrap(),
        &["source_number", "destination_number", "message"],
    );

    let to = "success@simulator.amazonses.com";
    let email = send(&sandbox, "email", "email_address", to, EMAIL_TEMPLATE, Some("ref-email-live"));
    sandbox.mark_as_spam(&email).unwrap();
    sandbox.wait_until_idle();
    expect(
        receiver.requests().last().unwrap(),
        recording.exchange("callback-sent/complaint").unwrap(),
        &["reference", "to"],
    );

    let letter = json!({
        "template_id": "c0ffee00-0000-4000-8000-000000000013",
        "personalisation": {
            "name": "Kim", "permit number": "E15",
            "address_line_1": "Kim Permit", "address_line_2": "1 Castle Street", "address_line_3": "SW1A 1AA",
        },
    });
    let answer = exchange(&sandbox, &request(&sandbox, "POST", "/v2/notifications/letter", &letter)).unwrap();
    sandbox.set_status(json(&answer)["id"].as_str().unwrap(), Status::ReturnedLetter).unwrap();
    sandbox.wait_until_idle();
    expect(
        receiver.requests().last().unwrap(),
        recording.exchange("callback-sent/returned-letter").unwrap(),
        &["reference", "sent_by", "template_version"],
    );
}

#[test]
fn a_callback_answered_5xx_or_429_is_retried_five_times_every_300_seconds() {
    let recording = Recording::gov_uk().unwrap();
    for (status, attempts) in [
        (500, ["callback-sent/answered-500-attempt-1", "callback-sent/answered-500-attempt-2"]),
        (429, ["callback-sent/answered-429-attempt-1", "callback-sent/answered-429-attempt-2"]),
    ] {
        let [first, second] = attempts.map(|name| recording.exchange(name).unwrap().sent_at);
        let wait = second - first;
        assert!((299.0..301.0).contains(&wait), "recorded: {wait} s");
        let receiver = receiver(status);
        let sandbox = sandbox_with(&receiver);
        post_sms(&sandbox, "r").unwrap();
        deliver(&sandbox);
        for attempt in 2..=6 {
            sandbox.clock().advance(Duration::from_secs(299));
            sandbox.wait_until_idle();
            assert_eq!(receiver.requests().len(), attempt - 1, "not before its time");
            deliver(&sandbox);
            assert_eq!(receiver.requests().len(), attempt);
        }
        sandbox.clock().advance(10 * RETRY_AFTER);
        sandbox.wait_until_idle();
        let requests = receiver.requests();
        assert_eq!(requests.len(), 6, "five times again, then no more");
        assert!(requests.windows(2).all(|pair| pair[0].body == pair[1].body));
        assert_eq!(sandbox.callbacks().last().unwrap().next_attempt_at, None);
    }
}

#[test]
fn a_callback_is_not_retried_after_any_other_answer() {
    // As recorded: `callback-sent/answered-404-attempt-1` and `callback-sent/answered-302-attempt-1` have no second
    // attempt; the redirect led nowhere.
    let recording = Recording::gov_uk().unwrap();
    for name in ["callback-sent/answered-404-attempt-1", "callback-sent/answered-302-attempt-1"] {
        recording.exchange(name).unwrap();
        let second = name.replace("attempt-1", "attempt-2");
        assert!(recording.exchange(&second).is_err(), "{second} was recorded");
    }
    for status in [404, 302] {
        let receiver = receiver(status);
        let sandbox = sandbox_with(&receiver);
        post_sms(&sandbox, "r").unwrap();
        deliver(&sandbox);
        sandbox.clock().advance(2 * RETRY_AFTER);
        sandbox.wait_until_idle();
        assert_eq!(receiver.requests().len(), 1);
        assert_eq!(sandbox.callbacks()[0].outcome, CallbackOutcome::Answered(status));
    }
}

#[test]
fn a_callback_not_answered_within_five_seconds_is_retried() {
    let recording = Recording::gov_uk().unwrap();
    let attempts = ["callback-sent/answered-after-7s-attempt-1", "callback-sent/answered-after-7s-attempt-2"];
    let [first, second] = attempts.map(|name| recording.exchange(name).unwrap().sent_at);
    let wait = second - first;
    assert!((304.0..306.0).contains(&wait), "recorded: 5 s until it gave up, and {RETRY_AFTER:?}: {wait} s");
    let slow = ScriptedServer::start(|_| {
        std::thread::sleep(Duration::from_secs(7));
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()
    })
    .unwrap();
    let sandbox = sandbox_with(&slow);
    post_sms(&sandbox, "cb-slow").unwrap();
    let begun = Instant::now();
    deliver(&sandbox);
    let waited = begun.elapsed();
    assert!((5.0..6.5).contains(&waited.as_secs_f64()), "{waited:?}");
    let first = sandbox.callbacks().pop().unwrap();
    assert_eq!(first.outcome, CallbackOutcome::TimedOut);
    assert_eq!(first.next_attempt_at, Some(sandbox.clock().now() + RETRY_AFTER));
}

#[test]
fn a_callback_to_an_absent_receiver_is_retried() {
    let gone = receiver(200);
    let sandbox = sandbox_with(&gone);
    drop(gone);
    post_sms(&sandbox, "r").unwrap();
    deliver(&sandbox);
    let first = sandbox.callbacks().pop().unwrap();
    assert!(matches!(first.outcome, CallbackOutcome::NotConnected(_)), "{first}");
    assert!(first.next_attempt_at.is_some());
}

#[test]
fn a_redirected_callback_becomes_a_get_and_another_host_never_gets_the_token() {
    let elsewhere = receiver(200);
    let location = Arc::new(Mutex::new("/other".to_owned()));
    let moved = ScriptedServer::start({
        let location = Arc::clone(&location);
        move |request| {
            let location = location.lock().unwrap();
            let head = if request.target == "/cb" { "302 Found" } else { "200 OK" };
            format!("HTTP/1.1 {head}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n").into_bytes()
        }
    })
    .unwrap();
    let sandbox = sandbox_with(&moved);
    sandbox.receive_text(IncomingText { from: "447700900111", content: "one" }).unwrap();
    sandbox.wait_until_idle();
    let followed = moved.requests().pop().unwrap();
    assert_eq!(
        (followed.method.as_str(), followed.target.as_str(), followed.body.len()),
        ("GET", "/other", 0)
    );
    assert!(followed.headers.get("Authorization").is_some());

    *location.lock().unwrap() = format!("{}/there", elsewhere.url());
    sandbox.receive_text(IncomingText { from: "447700900111", content: "two" }).unwrap();
    sandbox.wait_until_idle();
    let followed = elsewhere.requests().pop().unwrap();
    assert_eq!(followed.target, "/there");
    assert_eq!(followed.headers.get("Authorization"), None, "another host is not told the token");
}

#[test]
fn setting_a_status_posts_that_status_and_none_in_between() {
    let receiver = receiver(200);
    let sandbox = sandbox_with(&receiver);
    post_sms(&sandbox, "r").unwrap();
    let id = sandbox.messages().only().id();
    sandbox.set_status(&id, Status::TechnicalFailure).unwrap();
    sandbox.wait_until_idle();
    deliver(&sandbox);
    let statuses: Vec<String> = receiver
        .requests()
        .iter()
        .map(|request| {
            serde_json::from_slice::<Value>(&request.body).unwrap()["status"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(statuses, ["technical-failure"]);
}

#[test]
fn letters_and_unwanted_kinds_cause_no_callbacks() {
    let receiver = receiver(200);
    let sandbox = sandbox_with(&receiver);
    sandbox.clear_callback(SERVICE, CallbackKind::DeliveryStatus).unwrap();
    post_sms(&sandbox, "r").unwrap();
    deliver(&sandbox);
    assert!(receiver.requests().is_empty() && sandbox.callbacks().is_empty());
}
