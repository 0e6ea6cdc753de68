//! Magic recipients: who sends to them gets their outcome.

use std::time::Duration;

use notify_sandbox::{Sandbox, Service};
use notify_testkit::http1::RawResponse;
use serde_json::{Value, json};

use crate::fixture::{EMAIL_TEMPLATE, SMS_TEMPLATE, control, exchange, request};

fn sandbox() -> Sandbox {
    Sandbox::builder().step(Duration::ZERO).start().unwrap()
}

fn text_to(sandbox: &Sandbox, number: &str) -> std::io::Result<RawResponse> {
    let values = json!({ "name": "Kim", "permit number": "E15" });
    let form = json!({ "phone_number": number, "template_id": SMS_TEMPLATE, "personalisation": values });
    exchange(sandbox, &request(sandbox, "POST", "/v2/notifications/sms", &form))
}

fn email_to(sandbox: &Sandbox, address: &str) -> std::io::Result<RawResponse> {
    let values = json!({ "name": "Kim", "permit number": "E15", "parking": "no" });
    let form = json!({ "email_address": address, "template_id": EMAIL_TEMPLATE, "personalisation": values });
    exchange(sandbox, &request(sandbox, "POST", "/v2/notifications/email", &form))
}

#[test]
fn a_message_to_a_magic_recipient_comes_to_the_status_of_its_name() {
    let sandbox = sandbox();
    for status in ["delivered", "temporary-failure", "permanent-failure", "technical-failure", "sending"] {
        assert_eq!(email_to(&sandbox, &format!("{status}@sandbox.example")).unwrap().status, 201);
        assert_eq!(sandbox.messages()[0].status().as_str(), status);
    }
    for (number, status) in [
        ("07700 900962", "permanent-failure"),
        ("+1 613 555 0161", "temporary-failure"),
        ("07700900964", "sending"),
    ] {
        assert_eq!(text_to(&sandbox, number).unwrap().status, 201, "{number}");
        assert_eq!(sandbox.messages()[0].status().as_str(), status, "{number}");
    }
}

/// The number of its country that each service can send to without asking for more.
#[test]
fn each_service_takes_every_magic_number_of_its_own_country() {
    for (service, country) in
        [(Service::GovUk, 0), (Service::NotifyGovAu, 2), (Service::GcNotify, 1), (Service::VaNotify, 1)]
    {
        let sandbox = Sandbox::builder().service(service).step(Duration::ZERO).start().unwrap();
        let (_, table) = control(&sandbox, "GET", "/sandbox/magic-recipients", &Value::Null);
        for (index, row) in table["magic_recipients"].as_array().unwrap()[..5].iter().enumerate() {
            let number = row["phone_numbers"][country].as_str().unwrap();
            let spellings = [number.to_owned(), number.replace("+44", "0").replace("+61", "0")];
            for (sent, number) in spellings.iter().enumerate() {
                let answer = text_to(&sandbox, number).unwrap();
                assert_eq!(answer.status, 201, "{service:?} {number}");
                assert_eq!(sandbox.messages().len(), 2 * index + sent + 1);
                assert_eq!(sandbox.messages()[0].status().as_str(), row["outcome"], "{service:?} {number}");
            }
        }
    }
}

#[test]
fn a_request_to_a_magic_recipient_fails_as_its_name_says() {
    let sandbox = sandbox();
    for (name, status) in
        [("too-many-requests", 429), ("server-error", 500), ("unavailable", 503), ("timeout", 504)]
    {
        assert_eq!(email_to(&sandbox, &format!("{name}@sandbox.example")).unwrap().status, status, "{name}");
    }
    assert_eq!(text_to(&sandbox, "+447700900966").unwrap().status, 500);
    assert!(text_to(&sandbox, "07700900969").is_err());
    assert!(sandbox.messages().is_empty());
    assert!(email_to(&sandbox, "answer-lost@sandbox.example").is_err());
    assert_eq!(sandbox.messages().len(), 1);
}

#[test]
fn the_table_can_be_asked_for_and_is_that_of_the_documentation() {
    let documentation =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/notify-sandbox/CONTROL.md"));
    for service in Service::all() {
        let sandbox = Sandbox::builder().service(service).start().unwrap();
        let (_, table) = control(&sandbox, "GET", "/sandbox/magic-recipients", &Value::Null);
        let rows = table["magic_recipients"].as_array().unwrap();
        assert_eq!(rows.len(), 12);
        for row in rows {
            let [outcome, meaning, email] =
                ["outcome", "meaning", "email_address"].map(|name| row[name].as_str().unwrap());
            let [british, american, australian] =
                [0, 1, 2].map(|index| row["phone_numbers"][index].as_str().unwrap());
            assert!(email.starts_with(outcome));
            let line = format!("| `{email}` | `{british}` | `{american}` | `{australian}` | {meaning} |");
            assert!(documentation.contains(&line), "{line}");
        }
    }
}
