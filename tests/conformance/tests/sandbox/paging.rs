//! The messages of several services, newest first, a page at a time.

use notify_http::SendSms;
use notify_http::blocking::Client;
use notify_sandbox::{KeyType, NewKey, NewTemplate, Sandbox, TemplateContent};
use serde_json::{Value, json};

use crate::fixture::{NUMBER, SERVICE, control};

/// A sandbox with two services, and what sends a text from one of them.
fn two_services() -> (Sandbox, impl Fn(usize, &str)) {
    let sandbox = Sandbox::start().unwrap();
    let (_, other) =
        control(&sandbox, "POST", "/sandbox/services", &json!({ "name": "Parks", "permissions": ["sms"] }));
    let services = [SERVICE.to_owned(), other["id"].as_str().unwrap().to_owned()];
    let senders = services.map(|service| {
        let key = sandbox.add_key(&service, NewKey { name: "paging", key_type: KeyType::Live }).unwrap();
        let template = sandbox
            .add_template(&service, NewTemplate::new("Hi", TemplateContent::Sms { body: "Hi" }))
            .unwrap();
        (Client::builder(key.api_key()).base_url(sandbox.url()).build().unwrap(), template)
    });
    let send = move |service: usize, reference: &str| {
        let (client, template) = &senders[service];
        client.send(SendSms::new(template.parse().unwrap(), NUMBER).reference(reference)).unwrap();
    };
    (sandbox, send)
}

fn references(messages: &Value) -> Vec<&str> {
    messages.as_array().unwrap().iter().map(|message| message["reference"].as_str().unwrap()).collect()
}

#[test]
fn messages_of_two_services_come_in_the_order_in_which_they_were_sent() {
    let (sandbox, send) = two_services();
    for (service, reference) in [(0, "a1"), (1, "b1"), (0, "a2"), (1, "b2")] {
        send(service, reference);
    }
    let (_, all) = control(&sandbox, "GET", "/sandbox/messages", &Value::Null);
    assert_eq!(references(&all["messages"]), ["b2", "a2", "b1", "a1"]);
    let in_rust: Vec<_> = sandbox.messages().iter().map(|one| one.reference().unwrap().to_owned()).collect();
    assert_eq!(in_rust, ["b2", "a2", "b1", "a1"]);
}

#[test]
fn pages_over_two_services_follow_each_other_without_gap_or_repeat() {
    let (sandbox, send) = two_services();
    let mut expected: Vec<String> = (0..11).map(|number| format!("r{number}")).collect();
    for (number, reference) in expected.iter().enumerate() {
        send(usize::from(number % 3 == 0), reference);
    }
    expected.reverse();
    for limit in [1, 2, 4] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let target = format!("/sandbox/messages?limit={limit}{cursor}");
            let (_, page) = control(&sandbox, "GET", &target, &Value::Null);
            let Some(last) = page["messages"].as_array().unwrap().last() else { break };
            assert!(references(&page["messages"]).len() <= limit);
            cursor = format!("&older_than={}", last["id"].as_str().unwrap());
            seen.extend(references(&page["messages"]).into_iter().map(str::to_owned));
        }
        assert_eq!(seen, expected, "{limit}");
    }
    let unknown = "/sandbox/messages?older_than=c0ffee00-0000-4000-8000-00000000ffff";
    assert_eq!(control(&sandbox, "GET", unknown, &Value::Null).1["messages"], json!([]));
}

#[test]
fn a_filter_that_no_message_could_pass_is_refused() {
    let sandbox = Sandbox::start().unwrap();
    for (filter, problem) in [
        ("type=fax", "fax is not a type; the types are sms, email, letter"),
        ("template=x", "x is not an id"),
        ("service=x", "x is not an id"),
        ("status=lost", "lost is not a status"),
    ] {
        let target = format!("/sandbox/messages?{filter}");
        assert_eq!(control(&sandbox, "GET", &target, &Value::Null), (400, json!({ "error": problem })));
    }
    let target = format!("/sandbox/messages?type=sms&service={}", SERVICE.to_uppercase());
    assert_eq!(control(&sandbox, "GET", &target, &Value::Null).0, 200);
}
