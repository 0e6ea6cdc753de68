//! The requests that were refused: why, and what to do.

use std::time::UNIX_EPOCH;

use notify_sandbox::{Fault, KeyType, Sandbox};
use serde_json::{Value, json};

use crate::fixture::{
    NUMBER, SERVICE, SMS_TEMPLATE, control, exchange, get, post_sms, replace_header, request,
};

/// The newest refused request.
fn newest(sandbox: &Sandbox) -> Value {
    let (status, list) = control(sandbox, "GET", "/sandbox/refused-requests?limit=1", &Value::Null);
    assert_eq!(status, 200);
    list["refused_requests"][0].clone()
}

/// Sends a request with this header, which is refused.
fn with_authorization(sandbox: &Sandbox, header: Option<&str>) -> Value {
    let mut request = request(sandbox, "GET", "/v2/templates?type=sms", &Value::Null);
    replace_header(&mut request, "Authorization", header);
    assert!(exchange(sandbox, &request).unwrap().status >= 400);
    newest(sandbox)
}

/// A token by hand, signed with a secret.
fn token(claims: &Value, secret: &str) -> String {
    // The benchmarks bring another backend into the same build; an error means that one is chosen already.
    let _ = jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
    let claims: Vec<(String, Value)> = claims.as_object().unwrap().clone().into_iter().collect();
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    let claims: serde_json::Map<String, Value> = claims.into_iter().collect();
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    format!("Bearer {}", jsonwebtoken::encode(&header, &claims, &key).unwrap())
}

fn now(sandbox: &Sandbox) -> u64 {
    sandbox.clock().now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn secret(sandbox: &Sandbox) -> String {
    let key = sandbox.api_key(KeyType::Live);
    key[key.len() - 36..].to_owned()
}

fn part<'a>(refused: &'a Value, name: &str) -> &'a Value {
    refused["token"]["parts"].as_array().unwrap().iter().find(|part| part["name"] == name).unwrap()
}

#[test]
fn a_refusal_reports_the_reason_the_remedy_and_the_services_answer() {
    let sandbox = Sandbox::start().unwrap();
    let form =
        json!({ "phone_number": NUMBER, "template_id": SMS_TEMPLATE, "personalisation": { "name": "Kim" } });
    exchange(&sandbox, &request(&sandbox, "POST", "/v2/notifications/sms", &form)).unwrap();
    let refused = newest(&sandbox);
    assert_eq!((&refused["method"], &refused["path"]), (&json!("POST"), &json!("/v2/notifications/sms")));
    assert_eq!((&refused["status"], &refused["key"]), (&json!(400), &json!("live")));
    assert_eq!(refused["reason"], "Missing personalisation: permit number");
    assert!(refused["remedy"].as_str().unwrap().contains("placeholder"), "{refused}");
    assert_eq!(refused["answer"]["errors"][0]["error"], "BadRequestError");
    assert_eq!(part(&refused, "signature")["why"], "by the key “live”");
    let id = &refused["id"];
    assert_eq!(
        control(&sandbox, "GET", &format!("/sandbox/refused-requests/{id}"), &Value::Null),
        (200, refused)
    );
}

#[test]
fn a_token_is_taken_apart_claim_by_claim() {
    let sandbox = Sandbox::start().unwrap();
    let claims = json!({ "iss": SERVICE, "iat": now(&sandbox) - 600, "extra": "x" });
    let refused = with_authorization(&sandbox, Some(&token(&claims, &secret(&sandbox))));
    assert_eq!(refused["path"], "/v2/templates?type");
    assert_eq!(part(&refused, "alg")["value"], "\"HS256\"");
    assert_eq!(part(&refused, "iss")["value"], format!("\"{SERVICE}\""));
    let iat = part(&refused, "iat");
    assert_eq!(iat["value"], (now(&sandbox) - 600).to_string());
    assert_eq!(iat["is_refused"], true);
    assert_eq!(part(&refused, "extra")["value"], "\"x\"");
    assert_eq!(part(&refused, "signature")["is_refused"], false);
    assert!(refused["remedy"].as_str().unwrap().contains("clock"), "{refused}");
    let refused = with_authorization(&sandbox, Some(&token(&claims, "another secret")));
    assert_eq!(part(&refused, "signature")["why"], "by no key of this service");
    assert_eq!(with_authorization(&sandbox, None)["token"], Value::Null);
}

#[test]
fn neither_a_secret_nor_a_signature_is_ever_shown() {
    let sandbox = Sandbox::start().unwrap();
    let (key, secret) = (sandbox.api_key(KeyType::Live), secret(&sandbox));
    let elsewhere = "9d7a8f6e-5c4b-4a39-8271-605f4e3d2c1b";
    let fresh = now(&sandbox);
    let claims = [
        json!({ "iss": secret, "iat": fresh }),
        json!({ "iss": elsewhere, "iat": fresh }),
        json!({ "iss": SERVICE, "iat": fresh - 600, "key": key, "list": [{ "deep": secret.to_uppercase() }] }),
        json!({ secret.clone(): 1, "iss": SERVICE }),
    ];
    let signed: Vec<String> = claims.iter().map(|claims| token(claims, &secret)).collect();
    let headers = signed.iter().map(String::as_str);
    let bare =
        [format!("Bearer {key}"), format!("Bearer {secret}"), secret.clone(), format!("ApiKey-v1 {key}")];
    for header in headers.chain(bare.iter().map(String::as_str)) {
        let refused = with_authorization(&sandbox, Some(header));
        let text = refused.to_string().to_lowercase();
        assert!(!text.contains(&secret) && !text.contains(&elsewhere[9..]), "{refused}");
        let signature = header.rsplit('.').next().unwrap();
        assert!(!refused.to_string().contains(signature), "{refused}");
    }
    let refused = with_authorization(&sandbox, Some(&bare[0]));
    assert_eq!(refused["token"]["problem"], "it is the key itself; send a token that is signed with it");
    let target = format!("/v2/notifications/{secret}?{secret}=1");
    exchange(&sandbox, &request(&sandbox, "GET", &target, &Value::Null)).unwrap();
    assert!(!newest(&sandbox).to_string().contains(&secret));
}

#[test]
fn requests_that_faults_strike_are_kept_and_say_so() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.inject_fault(Fault::drop_connection().next(1));
    assert!(post_sms(&sandbox, "r").is_err());
    let refused = newest(&sandbox);
    assert_eq!(
        (&refused["status"], &refused["reason"]),
        (&Value::Null, &json!("an injected fault cut the connection"))
    );
    assert!(refused["remedy"].as_str().unwrap().contains("fault"), "{refused}");
}

#[test]
fn the_newest_thousand_are_kept_a_page_at_a_time() {
    let sandbox = Sandbox::start().unwrap();
    assert_eq!(get(&sandbox, "/v2/templates").unwrap().status, 200);
    for _ in 0..1_005 {
        assert_eq!(get(&sandbox, "/v2/nothing").unwrap().status, 404);
    }
    let list = |query: &str| {
        let target = format!("/sandbox/refused-requests{query}");
        let (_, list) = control(&sandbox, "GET", &target, &Value::Null);
        let requests = list["refused_requests"].as_array().unwrap().clone();
        requests.iter().map(|one| one["id"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(list("?limit=5000"), (6..=1_005).rev().collect::<Vec<_>>());
    assert_eq!(list("?limit=2&older_than=1000"), [999, 998]);
    assert_eq!(list("").len(), 250);
    assert_eq!(control(&sandbox, "DELETE", "/sandbox/refused-requests", &Value::Null).0, 200);
    assert_eq!(list(""), [0; 0]);
    assert_eq!(control(&sandbox, "GET", "/sandbox/refused-requests/6", &Value::Null).0, 404);
}
