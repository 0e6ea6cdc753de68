//! Where the service fails with an exception, the sandbox answers as it does: what passes here must not fail there.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::fixture::{Fixture, json};

const SMS: &str = "6aa4a05e-5088-4827-8751-1a888e32239a";

/// The recorded exceptions, each of a different kind.
const RECORDED: [&str; 14] = [
    "auth/header-crit",
    "auth/header-kid-integer",
    "auth/iat-1e400",
    "auth/iat-array",
    "auth/iat-infinity",
    "auth/iat-null",
    "auth/iat-object",
    "bad/404-letters-plural",
    "bad/404-unknown-notification-type",
    "bad/500-daily",
    "bad/email-sanitise-number-value",
    "bad/json-lone-surrogate",
    "bad/preview-json-array",
    "bad/reference-nul-character",
];

#[test]
fn an_exception_is_answered_as_recorded_and_the_log_says_why_the_request_is_at_fault() {
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let sink = Arc::clone(&lines);
    let fixture = Fixture::watched_by(move |record| sink.lock().unwrap().push(record.to_string()));
    for name in RECORDED {
        fixture.replay(&fixture.exchange(name));
    }
    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), RECORDED.len());
    for line in lines.iter() {
        let (_, reason) = line.split_once(" 500 ").unwrap_or_else(|| panic!("{line}"));
        assert!(reason.contains("; the service itself falls over ("), "{line}");
    }
}

/// The status of an answer, and the class of its error.
fn outcome(fixture: &Fixture, method: &str, target: &str, body: &str) -> (u16, Value) {
    let answer = fixture.call("main-test", method, target, body);
    (answer.status, json(&answer)["errors"][0]["error"].clone())
}

#[test]
fn a_value_that_cannot_be_stored_is_an_exception_only_where_it_is_stored() {
    let fixture = Fixture::new();
    let send = |number: &str, rest: &str| {
        let body = format!(r#"{{"phone_number": "{number}", "template_id": "{SMS}", {rest}}}"#);
        outcome(&fixture, "POST", "/v2/notifications/sms", &body)
    };
    let (real, smoke_test) = ("07900900123", "07700900000");
    assert_eq!(send(real, r#""reference": "\ud83d""#), (500, json!("UnicodeEncodeError")));
    assert_eq!(send(smoke_test, r#""reference": "\ud83d""#), (201, Value::Null));
    assert_eq!(send(real, r#""reference": "\u0000""#), (500, json!("ValueError")));
    assert_eq!(send(smoke_test, r#""reference": "\u0000""#), (201, Value::Null));
    for values in [r#"{"unused": "\ude00"}"#, r#"{"\ud83d": 1}"#, r#"{"a": [{"b": ["\ud83d"]}]}"#] {
        for number in [real, smoke_test] {
            let personalisation = format!(r#""personalisation": {values}"#);
            assert_eq!(send(number, &personalisation), (500, json!("UnicodeEncodeError")), "{values}");
        }
    }
    assert_eq!(send(real, r#""personalisation": {"a": "\ud83d\ude00\u0000"}"#), (201, Value::Null));
}

#[test]
fn half_a_surrogate_pair_shows_in_a_preview_as_it_came() {
    let fixture = Fixture::new();
    let preview = |template: &str, body: &str| {
        let target = format!("/v2/template/{template}/preview");
        let answer = fixture.call("main-test", "POST", &target, body);
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    let email = "50adc90e-5417-4669-a0b7-f804e54f2d32";
    for (name, shown) in [
        (r"\ud83dx", r"Newsletter for \ud83dx"),
        (r"\ude00\ud83d", r"Newsletter for \ude00\ud83d"),
        ("\u{1f600}", "Newsletter for \u{1f600}"),
    ] {
        let (status, body) = preview(email, &format!(r#"{{"personalisation": {{"name": "{name}"}}}}"#));
        assert!(status == 200 && body.contains(&format!(r#""body":"{shown}""#)), "{body}");
    }
    let sms = "ac0864ff-acc8-4dd3-a1d0-34ce1fb8f955";
    let (status, body) = preview(sms, r#"{"personalisation": {"name": "\ud83d", "code": 1}}"#);
    assert!(status == 200 && body.contains("Hello ?, your code is 1"), "{body}");
}

#[test]
fn an_id_that_the_database_cannot_read_is_not_found() {
    let fixture = Fixture::new();
    let plain = "6aa4a05e50884827 8751-1a888e32239a".replace(' ', "");
    for (id, expected) in [
        (plain.as_str(), (200, Value::Null)),
        ("urn:uuid:6aa4a05e-5088-4827-8751-1a888e32239a", (404, json!("DataError"))),
        ("6aa-4a05e50884827-8751-1a888e32239a", (404, json!("DataError"))),
        ("%EF%BC%96aa4a05e-5088-4827-8751-1a888e32239a", (404, json!("DataError"))),
        ("6aa4a05e-5088-4827-8751-1a888e32239", (400, json!("ValidationError"))),
    ] {
        assert_eq!(outcome(&fixture, "GET", &format!("/v2/template/{id}"), ""), expected, "{id}");
        let preview = outcome(&fixture, "POST", &format!("/v2/template/{id}/preview"), "{}");
        assert_eq!(preview, expected, "{id}");
    }
    let id = "urn:6aa4a05e-5088-4827-8751-1a888e32239a";
    for target in [
        "notifications/ID",
        "notifications/ID/pdf",
        "notifications?older_than=ID",
        "received-text-messages?older_than=ID",
    ] {
        let target = format!("/v2/{}", target.replace("ID", id));
        assert_eq!(outcome(&fixture, "GET", &target, ""), (404, json!("DataError")), "{target}");
    }
}

#[test]
fn a_type_without_a_limit_is_an_exception_whatever_the_body() {
    let fixture = Fixture::new();
    for body in ["", "{", "{}"] {
        let answer = outcome(&fixture, "POST", "/v2/notifications/fax", body);
        assert_eq!(answer, (500, json!("KeyError")), "{body}");
    }
    // This one has a limit, but is not a type.
    let target = "/v2/notifications/international_sms";
    assert_eq!(outcome(&fixture, "POST", target, "{"), (400, json!("BadRequestError")));
    assert_eq!(outcome(&fixture, "POST", target, "{}"), (404, Value::Null));
}

#[test]
fn a_body_that_is_not_an_object_fails_where_a_field_is_looked_up() {
    let fixture = Fixture::new();
    for (body, letter, preview) in [
        ("1", (500, json!("TypeError")), (500, json!("TypeError"))),
        ("NaN", (500, json!("TypeError")), (500, json!("TypeError"))),
        ("true", (500, json!("TypeError")), (500, json!("TypeError"))),
        ("\"x\"", (400, json!("ValidationError")), (500, json!("TypeError"))),
        ("\"a content\"", (400, json!("ValidationError")), (500, json!("TypeError"))),
        ("[\"content\"]", (400, json!("ValidationError")), (500, json!("TypeError"))),
        ("[]", (400, json!("ValidationError")), (200, Value::Null)),
        ("0", (400, json!("ValidationError")), (200, Value::Null)),
    ] {
        assert_eq!(outcome(&fixture, "POST", "/v2/notifications/letter", body), letter, "{body}");
        assert_eq!(
            outcome(&fixture, "POST", &format!("/v2/template/{SMS}/preview"), body),
            preview,
            "{body}"
        );
    }
    let answer = fixture.call("main-test", "POST", "/v2/notifications/letter", r#"["content"]"#);
    assert_eq!(json(&answer)["errors"][0]["message"], "[content] is not of type object");
}
