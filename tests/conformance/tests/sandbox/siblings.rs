//! What the inbox and the control API show of the messages of other services: what that service makes of a template, not
//! what GOV.UK Notify would.

use notify_sandbox::{CallbackKind, CallbackReceiver, DEFAULT_STEP, KeyType, Sandbox, Service};
use serde_json::{Value, json};

use crate::fixture::{EMAIL_TEMPLATE, NUMBER, SERVICE, SMS_TEMPLATE, control, exchange, json, request_with};

/// A template that each service writes in its own way.
const BODY: &str = "# Ready\n\nDear ((name)) ,\n\n* one\n* two";

fn values() -> Value {
    json!({"name": "Kim - \"K\""})
}

/// Adds a version to the template for e-mails, and sends it. Returns the message and the preview, both as the control API
/// shows them.
fn sent_and_previewed(service: Service) -> (Value, Value) {
    let sandbox = Sandbox::builder().service(service).start().unwrap();
    let path = format!("/sandbox/services/{SERVICE}/templates");
    let template =
        json!({"id": EMAIL_TEMPLATE, "name": "t", "type": "email", "subject": "Hi ((name))", "body": BODY});
    assert!(control(&sandbox, "POST", &path, &template).0 < 300);
    let (_, previewed) = control(
        &sandbox,
        "POST",
        &format!("{path}/{EMAIL_TEMPLATE}/preview"),
        &json!({"personalisation": values()}),
    );
    let form = json!({"email_address": "amala@example.com", "template_id": EMAIL_TEMPLATE, "personalisation": values()});
    let request = request_with(&sandbox, KeyType::Test, "POST", "/v2/notifications/email", &form);
    let answer = exchange(&sandbox, &request).unwrap();
    assert_eq!(answer.status, 201, "{}", json(&answer));
    let id = json(&answer)["id"].as_str().unwrap().to_owned();
    let (_, sent) = control(&sandbox, "GET", &format!("/sandbox/messages/{id}"), &Value::Null);
    (sent, previewed)
}

#[test]
fn a_preview_in_the_inbox_is_what_the_service_would_send() {
    for service in [Service::GovUk, Service::NotifyGovAu, Service::GcNotify, Service::VaNotify] {
        let (sent, previewed) = sent_and_previewed(service);
        for field in ["body", "html"] {
            assert_eq!(previewed[field], sent[field], "{field} of {service:?}");
        }
        assert_eq!(previewed["html"].is_null(), service == Service::NotifyGovAu, "{service:?}");
    }
}

#[test]
fn an_email_with_unknown_html_has_none() {
    let (sent, previewed) = sent_and_previewed(Service::NotifyGovAu);
    assert_eq!((&sent["html"], &previewed["html"]), (&Value::Null, &Value::Null));
    // This service sends the text that it makes of the Markdown.
    assert!(sent["body"].as_str().unwrap().contains("• one"), "{sent}");
}

#[test]
fn a_placeholder_without_a_value_stands_in_a_preview_as_it_is_written() {
    for service in [Service::GovUk, Service::NotifyGovAu, Service::GcNotify, Service::VaNotify] {
        let sandbox = Sandbox::builder().service(service).start().unwrap();
        let path = format!("/sandbox/services/{SERVICE}/templates");
        for kind in ["sms", "email", "letter"] {
            let mut template = json!({"name": "t", "type": kind, "body": "Dear ((name)) ((old??for you))"});
            if kind != "sms" {
                template["subject"] = json!("Hi ((name))");
            }
            let (_, made) = control(&sandbox, "POST", &path, &template);
            let path = format!("{path}/{}/preview", made["id"].as_str().unwrap());
            let (_, shown) = control(&sandbox, "POST", &path, &json!({"personalisation": {}}));
            let body = shown["body"].as_str().unwrap().trim();
            assert_eq!(body, "Dear ((name)) ((old??for you))", "{service:?}: {shown}");
            assert!(kind == "sms" || shown["subject"] == "Hi ((name))", "{service:?}: {shown}");
        }
    }
}

#[test]
fn a_long_text_message_has_as_many_fragments_as_a_phone_network_makes_of_it() {
    for service in [Service::NotifyGovAu, Service::GcNotify, Service::VaNotify] {
        let sandbox = Sandbox::builder().service(service).start().unwrap();
        let number = match service {
            Service::NotifyGovAu => "0412345678",
            Service::GcNotify | Service::VaNotify => "+1 613 555 0110",
            _ => NUMBER,
        };
        let templates = format!("/sandbox/services/{SERVICE}/templates");
        let template = json!({"name": "t", "type": "sms", "body": "((text))"});
        let (_, made) = control(&sandbox, "POST", &templates, &template);
        let text = "k".repeat(400);
        let form =
            json!({"phone_number": number, "template_id": made["id"], "personalisation": {"text": text}});
        let request = request_with(&sandbox, KeyType::Live, "POST", "/v2/notifications/sms", &form);
        let answer = exchange(&sandbox, &request).unwrap();
        assert_eq!(answer.status, 201, "{service:?}: {}", json(&answer));
        let id = json(&answer)["id"].as_str().unwrap().to_owned();
        let (_, sent) = control(&sandbox, "GET", &format!("/sandbox/messages/{id}"), &Value::Null);
        assert_eq!(sent["on_phone"]["fragments"], 3, "{service:?}: {sent}");
    }
}

#[test]
fn a_receipt_says_what_the_recorded_ones_say_of_a_failure() {
    for (service, recipient, field, said) in [
        (
            Service::GcNotify,
            json!("+16135550161"),
            "provider_response",
            "Phone carrier is currently unreachable/unavailable",
        ),
        (
            Service::GcNotify,
            json!("+16135550162"),
            "provider_response",
            "Phone is currently unreachable/unavailable",
        ),
        (
            Service::GcNotify,
            json!("+16135550160"),
            "provider_response",
            "Message has been accepted by phone carrier",
        ),
        (
            Service::VaNotify,
            json!("permanent-failure@sandbox.example"),
            "status_reason",
            "Undeliverable - Individual unreachable",
        ),
        (
            Service::VaNotify,
            json!("+16135550162"),
            "status_reason",
            "Undeliverable - Individual or carrier has blocked the request",
        ),
    ] {
        let sandbox = Sandbox::builder().service(service).start().unwrap();
        sandbox
            .set_callback(
                SERVICE,
                CallbackReceiver {
                    kind: CallbackKind::DeliveryStatus,
                    url: "http://127.0.0.1:9/",
                    bearer_token: "a bearer token",
                },
            )
            .unwrap();
        let is_email = recipient.as_str().unwrap().contains('@');
        let (kind, name, template) = if is_email {
            ("email", "email_address", EMAIL_TEMPLATE)
        } else {
            ("sms", "phone_number", SMS_TEMPLATE)
        };
        let values = json!({"name": "Kim", "permit number": "E15", "parking": "yes"});
        let form = json!({name: recipient, "template_id": template, "personalisation": values});
        let target = format!("/v2/notifications/{kind}");
        let answer =
            exchange(&sandbox, &request_with(&sandbox, KeyType::Live, "POST", &target, &form)).unwrap();
        assert_eq!(answer.status, 201, "{service:?}: {}", json(&answer));
        sandbox.clock().advance(DEFAULT_STEP * 3);
        sandbox.wait_until_idle();
        let (_, posted) = control(&sandbox, "GET", "/sandbox/callbacks", &Value::Null);
        assert_eq!(posted["callbacks"][0]["body"][field], said, "{service:?}: {posted}");
        let target = format!("/v2/notifications/{}", json(&answer)["id"].as_str().unwrap());
        let shown =
            exchange(&sandbox, &request_with(&sandbox, KeyType::Live, "GET", &target, &Value::Null)).unwrap();
        assert_eq!(json(&shown)[field], said, "{service:?}");
    }
}
