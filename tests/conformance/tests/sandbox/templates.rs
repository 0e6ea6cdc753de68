//! Templates, callbacks and texts that a test adds: they look as the service's do, and what it would refuse is refused.

use std::time::UNIX_EPOCH;

use notify_jwt::{ApiKey, Signer};
use notify_sandbox::{ControlError, NewTemplate, Sandbox, TemplateContent};
use serde_json::{Value, json};

use crate::fixture::{SERVICE, SMS_TEMPLATE, control, exchange, replace_header, request};

fn add(sandbox: &Sandbox, template: &Value) -> (u16, Value) {
    control(sandbox, "POST", &format!("/sandbox/services/{SERVICE}/templates"), template)
}

fn read_with(sandbox: &Sandbox, key: &str, target: &str) -> Value {
    let mut asked = request(sandbox, "GET", target, &Value::Null);
    let now = sandbox.clock().now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let bearer = Signer::new(&ApiKey::parse(key).unwrap()).bearer(now);
    replace_header(&mut asked, "Authorization", Some(bearer.as_str()));
    serde_json::from_slice(&exchange(sandbox, &asked).unwrap().body).unwrap()
}

fn read(sandbox: &Sandbox, target: &str) -> Value {
    let answer = exchange(sandbox, &request(sandbox, "GET", target, &Value::Null)).unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn a_template_carries_the_time_of_the_sandbox_an_author_and_its_history() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.clock().freeze();
    let set = |time: &str| {
        control(&sandbox, "PUT", "/sandbox/clock", &json!({ "set": time }));
    };
    set("2031-05-06T07:08:09Z");
    let (_, added) = add(&sandbox, &json!({ "name": "Hi", "type": "sms", "body": "one" }));
    let path = format!("/v2/template/{}", added["id"].as_str().unwrap());
    let first = read(&sandbox, &path);
    assert_eq!(first["created_at"], "2031-05-06T07:08:09.000000Z");
    assert_eq!((&first["updated_at"], &first["version"]), (&Value::Null, &json!(1)));
    assert_eq!(first["created_by"], "team@sandbox.example.gov.uk");

    set("2031-05-07T00:00:00Z");
    add(&sandbox, &json!({ "id": added["id"], "name": "Hi", "type": "sms", "body": "two" }));
    let second = read(&sandbox, &path);
    assert_eq!((&second["body"], &second["version"]), (&json!("two"), &json!(2)));
    assert_eq!(second["created_at"], first["created_at"]);
    assert_eq!(second["updated_at"], "2031-05-07T00:00:00.000000Z");
    assert_eq!(read(&sandbox, &format!("{path}/version/1")), first);
    assert_eq!(read(&sandbox, &format!("{path}/version/2")), second);
}

#[test]
fn the_templates_of_a_service_that_a_test_adds_carry_them_too() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.clock().freeze();
    control(&sandbox, "PUT", "/sandbox/clock", &json!({ "set": "2031-05-06T07:08:09Z" }));
    let service = json!({
        "name": "New", "permissions": ["sms"], "team": [{ "email_address": "ada@example.gov.uk" }],
        "api_keys": [{ "name": "ci", "type": "live", "secret": "9d7a8f6e-5c4b-4a39-8271-605f4e3d2c1b" }],
        "templates": [{ "id": SERVICE, "name": "Hi", "type": "sms", "body": "one" }],
    });
    let (_, added) = control(&sandbox, "POST", "/sandbox/services", &service);
    let key = sandbox.keys().into_iter().find(|key| key.service == "New").unwrap();
    let template = read_with(&sandbox, key.api_key(), &format!("/v2/template/{SERVICE}"));
    assert_eq!(template["created_at"], "2031-05-06T07:08:09.000000Z", "{added}");
    assert_eq!(template["created_by"], "ada@example.gov.uk");
}

#[test]
fn a_template_that_the_service_would_not_take_is_refused_with_what_is_missing() {
    let sandbox = Sandbox::start().unwrap();
    for (template, why) in [
        (json!({ "name": "x", "type": "email", "body": "b" }), "an email template needs a subject"),
        (
            json!({ "name": "x", "type": "letter", "subject": "", "body": "b" }),
            "a letter template needs a subject",
        ),
        (
            json!({ "name": "x", "type": "sms", "subject": "s", "body": "b" }),
            "an sms template has no subject",
        ),
        (json!({ "name": "x", "type": "sms", "body": " " }), "a template needs a body"),
        (json!({ "name": "", "type": "sms", "body": "b" }), "a template needs a name"),
        (
            json!({ "name": "x", "type": "letter", "subject": "s", "body": "b", "letter_contact_id": SERVICE }),
            "the service has no letter contact with the id in `letter_contact_id`",
        ),
        (
            json!({ "name": "x", "type": "sms", "body": "b", "template_category_id": SERVICE }),
            "the world has no category with the id in `template_category_id`",
        ),
        (
            json!({ "name": "x", "type": "sms", "body": "b", "created_at": "2026-02-30T10:00:00Z" }),
            "`created_at` is not a time such as 2026-11-23T10:37:19Z",
        ),
    ] {
        let (status, answer) = add(&sandbox, &template);
        assert_eq!((status, answer["error"].as_str().unwrap()), (400, why));
    }
    assert!(matches!(
        sandbox
            .add_template(SERVICE, NewTemplate::new("x", TemplateContent::Email { subject: "", body: "b" })),
        Err(ControlError::BadTemplate(_))
    ));
}

#[test]
fn a_bearer_token_that_the_service_would_not_take_is_refused() {
    let sandbox = Sandbox::start().unwrap();
    let target = format!("/sandbox/services/{SERVICE}/callbacks/delivery_status");
    let set = |token: &str| {
        let callback = json!({ "url": "http://127.0.0.1:1/", "bearer_token": token });
        control(&sandbox, "PUT", &target, &callback)
    };
    for bad in [
        "",
        "12345",
        "123456789",
        "1234567890\n",
        "1234567890\r\nX: y",
        "12345\u{0}67890",
        "tökens-are-ascii",
    ] {
        let (status, answer) = set(bad);
        assert_eq!(status, 400, "{bad:?}");
        assert!(answer["error"].as_str().unwrap().contains("ten characters"), "{answer}");
    }
    assert_eq!(set("1234567890").0, 200);
}

#[test]
fn a_text_can_only_come_from_a_number() {
    let sandbox = Sandbox::start().unwrap();
    let receive = |from: &str| {
        control(&sandbox, "POST", "/sandbox/received-texts", &json!({ "from": from, "content": "Hi" }))
    };
    for bad in ["x", "", "12", "07900 900 12x", "+", "44790090012345678"] {
        let (status, answer) = receive(bad);
        assert_eq!(status, 400, "{bad:?}");
        assert!(answer["error"].as_str().unwrap().contains("447900900123"), "{answer}");
    }
    for good in ["447900900123", "+447900900123", "07900900123", "85123"] {
        assert_eq!(receive(good).0, 201, "{good}");
    }
}

#[test]
fn a_new_version_keeps_the_type_of_its_template() {
    let sandbox = Sandbox::start().unwrap();
    let mut version =
        json!({ "id": SMS_TEMPLATE, "name": "n", "type": "email", "subject": "s", "body": "b" });
    let refused = json!({ "error": "a template keeps its type in all its versions" });
    assert_eq!(add(&sandbox, &version), (400, refused));
    version["type"] = json!("sms");
    version["subject"] = json!(null);
    assert_eq!(add(&sandbox, &version).0, 201);
}
