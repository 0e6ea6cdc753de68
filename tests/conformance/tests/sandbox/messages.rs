//! Assertions on messages in a test.

use notify_http::{SendEmail, SendSms};
use std::time::Duration;

use notify_sandbox::{KeyType, MessageType, NewTemplate, Sandbox, Service, TemplateContent};

use serde_json::{Value, json};

use crate::fixture::{
    EMAIL_TEMPLATE, NUMBER, SERVICE, SMS_TEMPLATE, client, control, exchange, get, json, request, sms,
};

#[tokio::test]
async fn a_message_can_be_asserted_on_in_one_line() {
    let sandbox = Sandbox::start().unwrap();
    client(&sandbox).send(sms()).await.unwrap();
    assert_eq!(
        sandbox.messages().to("+44 7900 900123").only().body(),
        "Hello Kim, your permit E15 is ready."
    );
}

#[tokio::test]
async fn messages_can_be_filtered() {
    let sandbox = Sandbox::start().unwrap();
    let client = client(&sandbox);
    client.send(sms().reference("r-1")).await.unwrap();
    let email = SendEmail::new(EMAIL_TEMPLATE.parse().unwrap(), "Kim@example.com")
        .personalisation("name", "Kim")
        .personalisation("permit number", "E15")
        .personalisation("parking", "no");
    client.send(email).await.unwrap();
    let messages = sandbox.messages();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].message_type(), MessageType::Email, "newest first");
    assert_eq!(messages.clone().with_reference("r-1").only().to(), NUMBER);
    assert_eq!(messages.clone().to("kim@EXAMPLE.com").only().subject(), Some("Your permit E15"));
    assert_eq!(messages.clone().of_template(EMAIL_TEMPLATE).only().key_type(), KeyType::Live);
    assert!(messages.to("someone@else.example").is_empty());
}

#[tokio::test]
#[should_panic(expected = "expected one message, found 2\n  sms to \"07900900123\"")]
async fn a_test_that_finds_two_messages_lists_them() {
    let sandbox = Sandbox::start().unwrap();
    let client = client(&sandbox);
    client.send(sms()).await.unwrap();
    client.send(sms()).await.unwrap();
    sandbox.messages().only();
}

#[tokio::test]
async fn sandboxes_in_one_process_are_independent() {
    let sandboxes = [Sandbox::start().unwrap(), Sandbox::start().unwrap()];
    client(&sandboxes[0]).send(sms()).await.unwrap();
    assert_eq!(sandboxes.each_ref().map(|sandbox| sandbox.messages().len()), [1, 0]);
}

#[tokio::test]
async fn a_template_that_the_test_adds_is_sent_like_any_other() {
    let sandbox = Sandbox::start().unwrap();
    let id = sandbox
        .add_template(
            SERVICE,
            NewTemplate::new("Reminder", TemplateContent::Sms { body: "See you at ((time))." }),
        )
        .unwrap();
    let message = SendSms::new(id.parse().unwrap(), NUMBER).personalisation("time", "noon");
    client(&sandbox).send(message).await.unwrap();
    assert_eq!(sandbox.messages().of_template(&id).only().body(), "See you at noon.");
    sandbox
        .add_template(
            SERVICE,
            NewTemplate::new("Reminder", TemplateContent::Sms { body: "At ((time))." }).id(&id),
        )
        .unwrap();
    let message = SendSms::new(id.parse().unwrap(), NUMBER).personalisation("time", "noon");
    let sent = client(&sandbox).send(message).await.unwrap().into_inner();
    assert_eq!((sent.content.body.as_str(), sent.template.version), ("At noon.", 2));
}

#[tokio::test]
async fn links_to_files_begin_with_the_document_host_of_ones_own() {
    let sandbox = Sandbox::builder().document_url("https://documents.service.gov.uk/").start().unwrap();
    let file = notify_http::model::File::new("%PDF-1.5 a permit").filename("permit.pdf");
    let email = SendEmail::new("c0ffee00-0000-4000-8000-000000000014".parse().unwrap(), "kim@example.com")
        .personalisation("name", "Kim")
        .file("link_to_file", file);
    client(&sandbox).send(email).await.unwrap();
    let message = sandbox.messages().only();
    let (_, link) = message.body().split_once("https://documents.service.gov.uk").unwrap();
    assert!(link.starts_with("/d/"), "{link}");
    assert_eq!(get(&sandbox, link.trim()).unwrap().status, 200, "the sandbox serves it, whatever the host");
}

#[test]
fn nothing_is_left_when_a_sandbox_is_dropped() {
    let sandbox = Sandbox::start().unwrap();
    let address = sandbox.url().trim_start_matches("http://").to_owned();
    drop(sandbox);
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn a_recipient_is_shown_as_the_service_normalises_it() {
    let sandbox = Sandbox::start().unwrap();
    for (kind, field, template, given, shown_as) in [
        ("sms", "phone_number", SMS_TEMPLATE, "07900\u{200b}900123", "07900900123"),
        ("sms", "phone_number", SMS_TEMPLATE, " 07900\u{a0}900 123\u{202f}", "07900900 123"),
        ("sms", "phone_number", SMS_TEMPLATE, "+44 (0)7900\t900123", "+44 (0)7900\t900123"),
        ("email", "email_address", EMAIL_TEMPLATE, "a@b.co\u{200b}", "a@b.co"),
        ("email", "email_address", EMAIL_TEMPLATE, "\u{feff}A@b.co\u{2029}", "A@b.co"),
        ("email", "email_address", EMAIL_TEMPLATE, "\ta@b\u{a0}.co\r\n", "a@b.co"),
    ] {
        let body = json!({field: given, "template_id": template,
            "personalisation": {"name": "Kim", "permit number": "E15", "parking": "no"}});
        let target = format!("/v2/notifications/{kind}");
        let sent = exchange(&sandbox, &request(&sandbox, "POST", &target, &body)).unwrap();
        assert_eq!(sent.status, 201, "{given:?}");
        let target = format!("/v2/notifications/{}", json(&sent)["id"].as_str().unwrap());
        let message = json(&get(&sandbox, &target).unwrap());
        assert_eq!(message[field], shown_as, "{given:?}");
        assert_eq!(sandbox.messages()[0].to(), shown_as, "{given:?}");
    }
}

/// VA Notify hides every value in its answers. What its recipients read, a test has to see all the same.
#[test]
fn what_recipients_read_is_seen_even_if_the_service_hides_it() {
    let sandbox = Sandbox::builder().service(Service::VaNotify).step(Duration::ZERO).start().unwrap();
    let form = json!({
        "email_address": "kim@example.com",
        "template_id": EMAIL_TEMPLATE,
        "personalisation": { "name": "Kim", "permit number": "E15", "parking": "no" },
    });
    let answer = request(&sandbox, "POST", "/v2/notifications/email", &form);
    let answer = exchange(&sandbox, &answer).unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(answer["content"]["body"].as_str().unwrap().contains("Dear <redacted>"), "{answer}");
    let message = sandbox.messages().only();
    assert!(message.body().contains("Dear Kim"), "{}", message.body());
    let target = format!("/sandbox/messages/{}", message.id());
    let (_, seen) = control(&sandbox, "GET", &target, &Value::Null);
    for field in ["body", "html"] {
        assert!(seen[field].as_str().unwrap().contains("Dear Kim"), "{seen}");
    }
    let by_api = request(&sandbox, "GET", &format!("/v2/notifications/{}", message.id()), &Value::Null);
    let by_api: Value = serde_json::from_slice(&exchange(&sandbox, &by_api).unwrap().body).unwrap();
    assert!(by_api["body"].as_str().unwrap().contains("Dear <redacted>"), "{by_api}");
}
