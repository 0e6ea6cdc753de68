//! The control API over HTTP.

use notify_sandbox::Sandbox;
use notify_testkit::http1::RawRequest;
use serde_json::{Value, json};

use crate::fixture::{NUMBER, SERVICE, control, control_request, exchange, post_sms, replace_header};

fn get(sandbox: &Sandbox, target: &str) -> Value {
    let (status, body) = control(sandbox, "GET", target, &Value::Null);
    assert_eq!(status, 200, "{body}");
    body
}

#[test]
fn a_web_page_cannot_reach_it() {
    let sandbox = Sandbox::start().unwrap();
    let with = |change: &dyn Fn(&mut RawRequest)| {
        let mut request = control_request(&sandbox, "GET", "/sandbox/keys", &Value::Null);
        change(&mut request);
        exchange(&sandbox, &request).unwrap()
    };
    assert_eq!(with(&|_| {}).status, 200);
    let without_header = |request: &mut RawRequest| replace_header(request, "X-Sandbox", None);
    assert_eq!(with(&without_header).status, 403);
    let rebound = |request: &mut RawRequest| replace_header(request, "Host", Some("evil.example:80"));
    assert_eq!(with(&rebound).status, 403);
    // The preflight request of a browser before it sends such a header.
    let preflight = with(&|request| {
        without_header(request);
        request.method = "OPTIONS".to_owned();
        request.headers.push("Origin", "https://evil.example");
        request.headers.push("Access-Control-Request-Headers", "X-Sandbox");
    });
    assert_eq!(preflight.status, 403);
    for answer in [preflight, with(&|_| {})] {
        let cors =
            answer.headers.iter().find(|(name, _)| name.to_ascii_lowercase().starts_with("access-control"));
        assert_eq!(cors, None);
    }
}

#[test]
fn a_sandbox_beyond_this_machine_requires_a_token() {
    let sandbox = Sandbox::builder().address([0, 0, 0, 0].into()).start().unwrap();
    let token = sandbox.control_token().unwrap().to_owned();
    let status = |authorization: Option<String>| {
        let mut request = control_request(&sandbox, "GET", "/sandbox/", &Value::Null);
        if let Some(authorization) = authorization {
            request.headers.push("Authorization", authorization);
        }
        let address = format!("127.0.0.1:{}", sandbox.port()).parse().unwrap();
        notify_testkit::http1::exchange(address, &request).unwrap().status
    };
    assert_eq!(status(None), 401);
    assert_eq!(status(Some("Bearer x".to_owned())), 401);
    assert_eq!(status(Some(format!("Bearer {token}"))), 200);
    assert_eq!(Sandbox::start().unwrap().control_token(), None);
}

#[test]
fn it_describes_the_sandbox_and_hands_out_keys() {
    let sandbox = Sandbox::start().unwrap();
    let overview = get(&sandbox, "/sandbox/");
    assert_eq!(overview["services"][0]["id"], SERVICE);
    assert_eq!(overview["clock"]["frozen"], false);
    let keys = get(&sandbox, "/sandbox/keys");
    assert_eq!(keys["keys"][0]["key"], sandbox.keys()[0].api_key());
}

#[test]
fn messages_are_shown_as_rendered_and_their_status_can_be_set() {
    let sandbox = Sandbox::start().unwrap();
    post_sms(&sandbox, "first").unwrap();
    post_sms(&sandbox, "second").unwrap();
    let messages = get(&sandbox, "/sandbox/messages?reference=first&to=%2B447900900123&type=sms");
    let [message] = messages["messages"].as_array().unwrap().as_slice() else { panic!("{messages}") };
    assert_eq!(message["body"], "Hello Kim, your permit E15 is ready.");
    assert_eq!((&message["to"], &message["key_type"]), (&json!(NUMBER), &json!("live")));
    let id = message["id"].as_str().unwrap();
    let path = format!("/sandbox/messages/{id}");
    let (status, moved) =
        control(&sandbox, "PUT", &format!("{path}/status"), &json!({ "status": "permanent-failure" }));
    assert_eq!((status, &moved["status"]), (200, &json!("permanent-failure")));
    assert_eq!(get(&sandbox, &path)["status"], "permanent-failure");
    let newest = get(&sandbox, "/sandbox/messages?limit=1");
    assert_eq!(newest["messages"][0]["reference"], "second");
    let cursor = newest["messages"][0]["id"].as_str().unwrap().to_owned();
    let older = get(&sandbox, &format!("/sandbox/messages?older_than={cursor}"));
    assert_eq!(older["messages"].as_array().unwrap().len(), 1);
}

#[test]
fn services_keys_and_templates_are_created_and_work() {
    let sandbox = Sandbox::start().unwrap();
    let (status, service) =
        control(&sandbox, "POST", "/sandbox/services", &json!({ "name": "New", "permissions": ["sms"] }));
    assert_eq!(status, 201, "{service}");
    let service = format!("/sandbox/services/{}", service["id"].as_str().unwrap());
    let (status, key) =
        control(&sandbox, "POST", &format!("{service}/keys"), &json!({ "name": "ci", "type": "test" }));
    assert_eq!(status, 201, "{key}");
    let template = json!({ "name": "Hi", "type": "sms", "body": "Hi ((name))" });
    let (status, template) = control(&sandbox, "POST", &format!("{service}/templates"), &template);
    assert_eq!(status, 201, "{template}");
    let client = notify_http::blocking::Client::builder(key["key"].as_str().unwrap());
    let client = client.base_url(sandbox.url()).build().unwrap();
    let id = template["id"].as_str().unwrap().parse().unwrap();
    client.send(notify_http::SendSms::new(id, NUMBER).personalisation("name", "Kim")).unwrap();
    assert_eq!(sandbox.messages().only().body(), "Hi Kim");
}

#[test]
fn the_clock_is_set_advanced_and_frozen() {
    let sandbox = Sandbox::start().unwrap();
    let change = |change: Value| control(&sandbox, "PUT", "/sandbox/clock", &change).1;
    let frozen = change(json!({ "set": "2026-11-23T10:42:43Z", "frozen": true, "advance_seconds": 0 }));
    assert_eq!(frozen["frozen"], true);
    assert!(frozen["now"].as_str().unwrap().starts_with("2026-11-23T10:42:43."));
    let later = change(json!({ "advance_seconds": 600 }));
    assert!(later["now"].as_str().unwrap().starts_with("2026-11-23T10:52:43."));
    let back = change(json!({ "advance_seconds": -600.5, "frozen": false }));
    assert_eq!(back["frozen"], false);
    assert!(back["now"].as_str().unwrap().starts_with("2026-11-23T10:42:4"));
}

#[test]
fn faults_are_injected_listed_and_cleared() {
    let sandbox = Sandbox::start().unwrap();
    let order = json!({ "fault": "answer", "status": 503, "method": "POST", "path": "/v2/notifications/*", "next": 1 });
    assert_eq!(control(&sandbox, "POST", "/sandbox/faults", &order).0, 201);
    let late = json!({ "fault": "drop", "effect": "late", "late_seconds": 3, "share": 0.0, "seed": 5 });
    assert_eq!(control(&sandbox, "POST", "/sandbox/faults", &late).0, 201);
    assert_eq!(get(&sandbox, "/sandbox/faults")["faults"][1]["late_seconds"], 3.0);
    assert_eq!(post_sms(&sandbox, "r").unwrap().status, 503);
    assert_eq!(get(&sandbox, "/sandbox/faults")["faults"].as_array().unwrap().len(), 1);
    control(&sandbox, "DELETE", "/sandbox/faults", &Value::Null);
    assert_eq!(get(&sandbox, "/sandbox/faults")["faults"], json!([]));
    for bad in [
        json!({ "fault": "answer", "status": 418 }),
        json!({ "fault": "delay" }),
        json!({ "fault": "drop", "effect": "late" }),
        json!({ "fault": "delay", "seconds": 1, "effect": "none" }),
        json!({ "fault": "drop", "share": 2 }),
        json!({ "fault": "burn" }),
        json!({ "fault": "drop", "sometimes": true }),
    ] {
        let (status, answer) = control(&sandbox, "POST", "/sandbox/faults", &bad);
        assert_eq!(status, 400, "{bad}");
        assert!(answer["error"].is_string(), "{answer}");
    }
}

#[test]
fn a_received_text_appears_in_the_api() {
    let sandbox = Sandbox::start().unwrap();
    let text = json!({ "from": "447700900111", "content": "Yes please" });
    let (status, received) = control(&sandbox, "POST", "/sandbox/received-texts", &text);
    assert_eq!(status, 201);
    let list = crate::fixture::json(&crate::fixture::get(&sandbox, "/v2/received-text-messages").unwrap());
    assert_eq!(list["received_text_messages"][0]["id"], received["id"]);
    assert_eq!(list["received_text_messages"][0]["content"], "Yes please");
}

#[test]
fn reset_restores_the_initial_state() {
    let sandbox = Sandbox::start().unwrap();
    post_sms(&sandbox, "r").unwrap();
    control(&sandbox, "PUT", "/sandbox/clock", &json!({ "advance_seconds": 86400, "frozen": true }));
    control(&sandbox, "POST", "/sandbox/faults", &json!({ "fault": "drop" }));
    control(&sandbox, "POST", "/sandbox/services", &json!({ "name": "New" }));
    assert_eq!(control(&sandbox, "POST", "/sandbox/reset", &Value::Null).0, 200);
    assert!(sandbox.messages().is_empty() && sandbox.faults().is_empty());
    assert_eq!(sandbox.services().len(), 1);
    assert!(!sandbox.clock().is_frozen());
    assert_eq!(post_sms(&sandbox, "again").unwrap().status, 201, "the clock is right again");
}

#[test]
fn unknown_things_and_malformed_requests_are_errors_that_say_so() {
    let sandbox = Sandbox::start().unwrap();
    let ask = |method: &str, target: &str, body: &Value| control(&sandbox, method, target, body).0;
    assert_eq!(ask("GET", "/sandbox/nothing", &Value::Null), 404);
    assert_eq!(ask("POST", "/sandbox/clock", &json!({})), 405);
    assert_eq!(ask("PUT", "/sandbox/clock", &json!({ "set": "noon" })), 400);
    assert_eq!(ask("GET", "/sandbox/messages/no-id", &Value::Null), 404);
    assert_eq!(ask("GET", "/sandbox/messages?colour=red", &Value::Null), 400);
    assert_eq!(ask("POST", "/sandbox/services/no-id/keys", &json!({ "name": "n", "type": "live" })), 404);
    let callback = format!("/sandbox/services/{SERVICE}/callbacks/delivery_status");
    let https = json!({ "url": "https://example.com", "bearer_token": "t" });
    assert_eq!(ask("PUT", &callback, &https), 400);
}

#[test]
fn an_error_names_the_field_of_a_request_that_is_wrong() {
    let sandbox = Sandbox::start().unwrap();
    let keys = format!("/sandbox/services/{SERVICE}/keys");
    for (method, target, body, complaint) in [
        (
            "POST",
            "/sandbox/faults",
            json!({ "fault": "drop", "nxt": 1 }),
            "there is no field `nxt`; did you mean `next`?",
        ),
        (
            "POST",
            "/sandbox/faults",
            json!({ "fault": "drop", "next": "two" }),
            "next: invalid type: string \"two\", expected a whole number, 0 or more",
        ),
        ("POST", "/sandbox/faults", json!(["drop"]), "a list stands where an object should"),
        (
            "PUT",
            "/sandbox/clock",
            json!({ "frozen": 1 }),
            "frozen: invalid type: integer `1`, expected true or false",
        ),
        (
            "POST",
            &keys,
            json!({ "name": "ci", "type": "life" }),
            "type: unknown variant `life`, expected one of `live`, `team`, `test`",
        ),
        ("POST", &keys, json!({ "name": " ", "type": "live" }), "a key needs a name"),
    ] {
        let (status, answer) = control(&sandbox, method, target, &body);
        assert_eq!((status, answer["error"].as_str()), (400, Some(complaint)), "{target} {body}");
    }
}
