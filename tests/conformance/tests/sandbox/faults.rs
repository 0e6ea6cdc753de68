//! Injected faults, as a client sees them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use notify_http::ListTemplates;
use notify_sandbox::{ErrorResponse, Fault, Sandbox};

use serde_json::json;

use crate::fixture::{
    self, EMAIL_TEMPLATE, SMS_TEMPLATE, client, control, exchange, get, post_sms, request, sms,
};

/// Reads whatever comes until the connection ends.
fn raw(sandbox: &Sandbox, request: &[u8]) -> Vec<u8> {
    let mut socket = TcpStream::connect(sandbox.url().trim_start_matches("http://")).unwrap();
    socket.write_all(request).unwrap();
    let mut bytes = Vec::new();
    // A reset is as good an end as any other.
    let _ = socket.read_to_end(&mut bytes);
    bytes
}

#[test]
fn each_injected_error_is_in_the_words_of_the_service_or_its_load_balancer() {
    let sandbox = Sandbox::start().unwrap();
    let answer = |failure| {
        sandbox.inject_fault(Fault::respond(failure).next(1));
        get(&sandbox, "/v2/templates").unwrap()
    };
    let limited = answer(ErrorResponse::TooManyRequests);
    assert_eq!(limited.status, 429);
    assert_eq!(fixture::json(&limited)["errors"][0]["error"], "RateLimitError");
    assert_eq!(
        fixture::json(&limited)["errors"][0]["message"],
        "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"
    );
    let broken = answer(ErrorResponse::InternalError);
    assert_eq!(
        (broken.status, &fixture::json(&broken)["errors"][0]["message"]),
        (500, &"Internal server error".into())
    );
    let timed_out = answer(ErrorResponse::GatewayTimeout);
    assert_eq!(
        (timed_out.status, &fixture::json(&timed_out)["errors"][0]["error"]),
        (504, &"SoftEventletTimeout".into())
    );
    for (failure, status) in [(ErrorResponse::BadGateway, 502), (ErrorResponse::Unavailable, 503)] {
        let page = answer(failure);
        assert_eq!((page.status, page.headers.get("Content-Type")), (status, Some("text/html")));
        assert!(page.body.starts_with(b"<html>"));
    }
    assert_eq!(get(&sandbox, "/v2/templates").unwrap().status, 200);
}

#[test]
fn a_dropped_connection_stores_the_message_or_not_as_the_fault_says() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.inject_fault(Fault::drop_connection().next(1));
    assert!(post_sms(&sandbox, "before").unwrap_err().to_string().contains("without an answer"));
    sandbox.inject_fault(Fault::drop_connection().after_effect().next(1));
    assert!(post_sms(&sandbox, "after").is_err());
    assert!(sandbox.messages().with_reference("before").is_empty());
    assert_eq!(sandbox.messages().with_reference("after").len(), 1);
}

#[test]
fn a_message_that_is_committed_late_appears_when_the_clock_says_so() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.clock().freeze();
    sandbox.inject_fault(Fault::drop_connection().committed_late(Duration::from_secs(40)).next(1));
    let sent_at = sandbox.clock().now();
    assert!(post_sms(&sandbox, "late").is_err());
    sandbox.clock().advance(Duration::from_secs(39));
    sandbox.wait_until_idle();
    assert!(sandbox.messages().is_empty());
    sandbox.clock().advance(Duration::from_secs(1));
    sandbox.wait_until_idle();
    let message = sandbox.messages().with_reference("late").only();
    assert_eq!(message.created_at(), sent_at, "as the service stamps it when it begins");
}

#[test]
fn a_failure_may_hide_a_message_that_was_taken() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.inject_fault(Fault::respond(ErrorResponse::GatewayTimeout).after_effect().next(1));
    assert_eq!(post_sms(&sandbox, "taken").unwrap().status, 504);
    assert_eq!(sandbox.messages().with_reference("taken").len(), 1);
}

#[test]
fn a_cut_body_is_shorter_than_its_content_length() {
    let sandbox = Sandbox::start().unwrap();
    let request = request(&sandbox, "GET", "/v2/templates", &serde_json::Value::Null).to_bytes();
    let whole = raw(&sandbox, &request);
    sandbox.inject_fault(Fault::cut_body().next(1));
    let cut = raw(&sandbox, &request);
    let body = |bytes: &[u8]| bytes.len() - bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap() - 4;
    assert!(String::from_utf8_lossy(&cut).contains(&format!("content-length: {}\r\n", body(&whole))));
    assert_eq!(body(&cut), body(&whole) / 2);
}

#[test]
fn a_dripped_answer_arrives_byte_by_byte_and_complete() {
    let sandbox = Sandbox::start().unwrap();
    let pause = Duration::from_millis(2);
    sandbox.inject_fault(Fault::drip(pause).on_method("GET").on_path("/_status").next(1));
    let begun = Instant::now();
    let answer = get(&sandbox, "/_status").unwrap();
    assert_eq!(answer.body, br#"{"status":"ok"}"#);
    assert!(begun.elapsed() >= pause * 15, "{:?}", begun.elapsed());
}

#[test]
fn a_delay_holds_a_request_back() {
    let sandbox = Sandbox::start().unwrap();
    let span = Duration::from_millis(120);
    sandbox.inject_fault(Fault::delay(span).next(1));
    let begun = Instant::now();
    assert_eq!(get(&sandbox, "/v2/templates").unwrap().status, 200);
    assert!(begun.elapsed() >= span);
}

#[test]
fn the_same_seed_fails_the_same_requests_in_two_sandboxes() {
    let series = || {
        let sandbox = Sandbox::start().unwrap();
        sandbox.inject_fault(Fault::respond(ErrorResponse::Unavailable).share(0.3, 11));
        (0..30).map(|_| get(&sandbox, "/v2/templates").unwrap().status).collect::<Vec<_>>()
    };
    let first = series();
    assert_eq!(first, series());
    assert!(first.contains(&200) && first.contains(&503));
}

#[test]
fn a_fault_for_a_recipient_spares_the_others() {
    let sandbox = Sandbox::start().unwrap();
    let order = json!({ "fault": "answer", "status": 503, "to": "+44 7900 900123" });
    assert_eq!(control(&sandbox, "POST", "/sandbox/faults", &order).0, 201);
    assert_eq!(post_sms(&sandbox, "r").unwrap().status, 503);
    let to_another = json!({
        "phone_number": "07900900124", "template_id": SMS_TEMPLATE,
        "personalisation": { "name": "07900900123", "permit number": "E15" },
    });
    let to_another = request(&sandbox, "POST", "/v2/notifications/sms", &to_another);
    assert_eq!(exchange(&sandbox, &to_another).unwrap().status, 201);
    assert_eq!(get(&sandbox, "/v2/templates").unwrap().status, 200);
    let shown = control(&sandbox, "GET", "/sandbox/faults", &serde_json::Value::Null).1;
    assert_eq!(shown["faults"][0]["to"], "+44 7900 900123");
}

#[test]
fn a_fault_for_a_template_spares_the_others() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.inject_fault(Fault::respond(ErrorResponse::Unavailable).of_template(EMAIL_TEMPLATE).next(1));
    assert_eq!(post_sms(&sandbox, "r").unwrap().status, 201);
    let email = json!({
        "email_address": "kim@example.com", "template_id": EMAIL_TEMPLATE.to_uppercase(),
        "personalisation": { "name": "Kim", "permit number": "E15", "parking": "no" },
    });
    let email = request(&sandbox, "POST", "/v2/notifications/email", &email);
    assert_eq!(exchange(&sandbox, &email).unwrap().status, 503);
    assert_eq!(exchange(&sandbox, &email).unwrap().status, 201);
}

#[test]
fn a_fault_that_could_never_strike_is_refused() {
    let sandbox = Sandbox::start().unwrap();
    for (fault, problem) in [
        (json!({ "fault": "drop", "next": 0 }), "next has to be 1 or more"),
        (json!({ "fault": "drop", "to": " " }), "to has to be a recipient"),
        (json!({ "fault": "drop", "template": "x" }), "template has to be an id"),
    ] {
        assert_eq!(control(&sandbox, "POST", "/sandbox/faults", &fault), (400, json!({ "error": problem })));
    }
    let fault = json!({ "fault": "answer", "status": 503, "method": "post", "next": 1 });
    assert_eq!(control(&sandbox, "POST", "/sandbox/faults", &fault).0, 201);
    assert_eq!(post_sms(&sandbox, "r").unwrap().status, 503);
}

#[test]
fn faults_never_affect_the_control_api() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.inject_fault(Fault::drop_connection());
    assert!(get(&sandbox, "/v2/templates").is_err());
    assert_eq!(control(&sandbox, "DELETE", "/sandbox/faults", &serde_json::Value::Null).0, 200);
    assert!(get(&sandbox, "/v2/templates").is_ok());
}

#[tokio::test]
async fn a_real_client_notices_the_cut_and_recovers() {
    let sandbox = Sandbox::start().unwrap();
    let client = client(&sandbox);
    for fault in [Fault::drop_connection(), Fault::cut_body(), Fault::respond(ErrorResponse::BadGateway)] {
        sandbox.inject_fault(fault.on_method("GET").on_path("/v2/templates").next(1));
        assert!(!client.send(ListTemplates::new()).await.unwrap().templates.is_empty());
        assert!(sandbox.faults().is_empty(), "the fault took effect");
    }
}

#[tokio::test]
async fn a_send_that_loses_its_answer_is_reported_as_in_doubt() {
    let sandbox = Sandbox::start().unwrap();
    let client = client(&sandbox);
    sandbox.inject_fault(Fault::cut_body().on_method("POST").on_path("/v2/notifications/*").next(1));
    let error = client.send(sms()).await.unwrap_err();
    assert!(error.may_have_been_sent(), "{error}");
    assert_eq!(sandbox.messages().len(), 1);
}
