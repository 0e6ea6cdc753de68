//! Bodies and tokens that only a tolerant parser accepts.

use serde_json::json;

use crate::fixture::{Fixture, json};

#[test]
fn bodies_are_parsed_as_tolerantly_as_by_the_service() {
    let fixture = Fixture::new();
    for name in ["bad/json-bom", "bad/json-utf16", "bad/json-nan-value", "bad/json-deep-nesting"] {
        fixture.replay(&fixture.exchange(name));
    }
}

#[test]
fn endless_nesting_is_an_exception_and_does_no_harm() {
    let fixture = Fixture::new();
    for body in ["[".repeat(5_000_000), format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000))] {
        let answer = fixture.call("main-test", "POST", "/v2/notifications/sms", &body);
        assert_eq!((answer.status, &json(&answer)["errors"][0]["error"]), (500, &"RecursionError".into()));
    }
}

#[test]
fn values_may_nest_as_deep_as_the_interpreter_of_the_service_allows() {
    let fixture = Fixture::new();
    let deep = "[".repeat(9_000) + &"]".repeat(9_000);
    let body = format!(r#"{{"reference": {deep}, "personalisation": {{"a": {deep}}}}}"#);
    let answer = fixture.call("main-test", "POST", "/v2/notifications/sms", &body);
    let message = format!("reference {deep} is not of type string");
    assert_eq!((answer.status, &json(&answer)["errors"][0]["message"]), (400, &message.into()));
}

#[test]
fn tokens_are_parsed_as_tolerantly_as_by_the_service() {
    let fixture = Fixture::new();
    for name in ["auth/iat-string-underscore", "auth/signature-padded"] {
        fixture.replay(&fixture.exchange(name));
    }
}

#[test]
fn an_email_of_more_than_two_million_bytes_is_too_long() {
    let fixture = Fixture::new();
    let exchange = fixture.exchange("bad/email-content-too-long");
    // The recording contains only the beginning of the body.
    let body = json!({
        "email_address": "someone@example.com",
        "template_id": "eb8e5079-679e-49c2-8cb7-eec909493214",
        "personalisation": {"name": "x".repeat(2_000_001), "link": "x", "ref number": "1"},
    });
    fixture
        .expect(&exchange, &fixture.call("main-test", "POST", "/v2/notifications/email", &body.to_string()));
}
