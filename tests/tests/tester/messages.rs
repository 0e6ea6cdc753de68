//! Messages as a test asserts on them.

use notify_http::{SendEmail, SendSms};
use notify_sandbox::{KeyType, MessageType, NewTemplate, Sandbox};

use crate::desk::{EMAIL_TEMPLATE, NUMBER, SERVICE, client, sms};

#[tokio::test]
async fn a_message_is_asserted_on_in_one_line() {
    let sandbox = Sandbox::start().unwrap();
    client(&sandbox).send(sms()).await.unwrap();
    assert_eq!(
        sandbox.messages().to("+44 7900 900123").only().body(),
        "Hello Kim, your permit E15 is ready."
    );
}

#[tokio::test]
async fn messages_are_narrowed_down_by_what_they_are() {
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
async fn a_test_that_finds_two_messages_says_which() {
    let sandbox = Sandbox::start().unwrap();
    let client = client(&sandbox);
    client.send(sms()).await.unwrap();
    client.send(sms()).await.unwrap();
    sandbox.messages().only();
}

#[tokio::test]
async fn sandboxes_in_one_process_know_nothing_of_each_other() {
    let sandboxes = [Sandbox::start().unwrap(), Sandbox::start().unwrap()];
    client(&sandboxes[0]).send(sms()).await.unwrap();
    assert_eq!(sandboxes.each_ref().map(|sandbox| sandbox.messages().len()), [1, 0]);
}

#[tokio::test]
async fn a_template_of_the_tests_own_is_sent_like_any_other() {
    let sandbox = Sandbox::start().unwrap();
    let id = sandbox.add_template(SERVICE, NewTemplate::sms("Reminder", "See you at ((time)).")).unwrap();
    let message = SendSms::new(id.parse().unwrap(), NUMBER).personalisation("time", "noon");
    client(&sandbox).send(message).await.unwrap();
    assert_eq!(sandbox.messages().of_template(&id).only().body(), "See you at noon.");
    sandbox.add_template(SERVICE, NewTemplate::sms("Reminder", "At ((time)).").id(&id)).unwrap();
    let message = SendSms::new(id.parse().unwrap(), NUMBER).personalisation("time", "noon");
    let sent = client(&sandbox).send(message).await.unwrap().value;
    assert_eq!((sent.content.body.as_str(), sent.template.version), ("At noon.", 2));
}

#[test]
fn nothing_is_left_when_a_sandbox_is_dropped() {
    let sandbox = Sandbox::start().unwrap();
    let address = sandbox.url().trim_start_matches("http://").to_owned();
    drop(sandbox);
    assert!(std::net::TcpStream::connect(address).is_err());
}
