//! What the tests use: a sandbox, a key, and plain requests.

use std::io;
use std::time::UNIX_EPOCH;

use notify_http::{Client, SendSms};
use notify_jwt::{ApiKey, Signer};
use notify_sandbox::{KeyType, Sandbox};
use notify_testkit::http1::{self, Headers, RawRequest, RawResponse};
use serde_json::{Value, json};

/// The built-in world's template for text messages, with the placeholders `name` and `permit number`.
pub(crate) const SMS_TEMPLATE: &str = "c0ffee00-0000-4000-8000-000000000011";

/// The built-in world's template for e-mails, with the same placeholders.
pub(crate) const EMAIL_TEMPLATE: &str = "c0ffee00-0000-4000-8000-000000000012";

/// The built-in world's service.
pub(crate) const SERVICE: &str = "c0ffee00-0000-4000-8000-000000000001";

pub(crate) const NUMBER: &str = "07900900123";

/// One of our clients, with a short timeout.
pub(crate) fn client(sandbox: &Sandbox) -> Client {
    Client::builder(sandbox.api_key(KeyType::Live)).base_url(sandbox.url()).build().unwrap()
}

pub(crate) fn sms() -> SendSms {
    SendSms::new(SMS_TEMPLATE.parse().unwrap(), NUMBER)
        .personalisation("name", "Kim")
        .personalisation("permit number", "E15")
}

/// A request to the API by hand, with a valid token.
pub(crate) fn request(sandbox: &Sandbox, method: &str, target: &str, body: &Value) -> RawRequest {
    request_with(sandbox, KeyType::Live, method, target, body)
}

/// The same with a token of this type of key.
pub(crate) fn request_with(
    sandbox: &Sandbox,
    key: KeyType,
    method: &str,
    target: &str,
    body: &Value,
) -> RawRequest {
    let key = sandbox.api_key(key);
    // A client of VA Notify gets the secret alone.
    let key = if key.contains(SERVICE) { key } else { format!("va-{SERVICE}-{key}") };
    let signer = Signer::new(&ApiKey::parse(&key).unwrap());
    let now = sandbox.clock().now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut headers = Headers::default();
    headers.push("Host", sandbox.url().trim_start_matches("http://"));
    headers.push("Authorization", signer.bearer(now).as_str());
    with_body(method, target, headers, body)
}

/// A request to the control API by hand.
pub(crate) fn control_request(sandbox: &Sandbox, method: &str, target: &str, body: &Value) -> RawRequest {
    let mut headers = Headers::default();
    headers.push("Host", sandbox.url().trim_start_matches("http://"));
    headers.push("X-Sandbox", "1");
    with_body(method, target, headers, body)
}

fn with_body(method: &str, target: &str, mut headers: Headers, body: &Value) -> RawRequest {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    // The sibling services read no other body.
    headers.push("Content-Type", "application/json");
    headers.push("Content-Length", body.len().to_string());
    headers.push("Connection", "close");
    RawRequest { method: method.to_owned(), target: target.to_owned(), headers, body }
}

/// Replaces the value of a header, or removes it.
pub(crate) fn replace_header(request: &mut RawRequest, name: &str, value: Option<&str>) {
    let others = request.headers.iter().filter(|(other, _)| *other != name);
    let others = others.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let replaced = value.map(|value| (name.to_owned(), value.to_owned()));
    request.headers = others.chain(replaced).collect();
}

pub(crate) fn exchange(sandbox: &Sandbox, request: &RawRequest) -> io::Result<RawResponse> {
    http1::exchange(sandbox.url().trim_start_matches("http://").parse().unwrap(), request)
}

/// Sends a request to the API.
pub(crate) fn get(sandbox: &Sandbox, target: &str) -> io::Result<RawResponse> {
    exchange(sandbox, &request(sandbox, "GET", target, &Value::Null))
}

/// Sends a text message with a reference.
pub(crate) fn post_sms(sandbox: &Sandbox, reference: &str) -> io::Result<RawResponse> {
    let body = json!({
        "phone_number": NUMBER,
        "template_id": SMS_TEMPLATE,
        "reference": reference,
        "personalisation": { "name": "Kim", "permit number": "E15" },
    });
    exchange(sandbox, &request(sandbox, "POST", "/v2/notifications/sms", &body))
}

/// Sends a request to the control API.
pub(crate) fn control(sandbox: &Sandbox, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let answer = exchange(sandbox, &control_request(sandbox, method, target, body)).unwrap();
    (answer.status, json(&answer))
}

pub(crate) fn json(answer: &RawResponse) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}
