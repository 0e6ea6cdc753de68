//! Messages reconstructed from what the service showed of them, if their sending was not recorded.

use notify_testkit::wire::Response;
use serde_json::{Map, Value, json};

use crate::fixture::{Fixture, json};

/// Sends a message like a recorded one, gives it the same status, and maps the recorded one to it.
pub(crate) fn remake(fixture: &Fixture, key: &str, message: &Value) {
    remake_all(fixture, key, std::slice::from_ref(message));
}

/// Does the same for the messages of a recorded list, oldest first. If the list was shortened, sends as many messages
/// as were left out, all like the one before the gap.
pub(crate) fn remake_all(fixture: &Fixture, key: &str, newest_first: &[Value]) {
    let mut made = Vec::new();
    for (index, message) in newest_first.iter().enumerate().rev() {
        let (message, count) = match Response::cut(message) {
            Some(count) => (&newest_first[index - 1], count),
            None => (message, 1),
        };
        for _ in 0..count {
            fixture.advance_a_moment();
            let id = send(fixture, key, message);
            if Response::cut(&newest_first[index]).is_none() {
                fixture.stand_for_id(message["id"].as_str().unwrap(), &id);
            }
            // A message that was never handed over gets its status at once, and so never is.
            if message["sent_at"].is_null() {
                fixture.set_status_of(&id, status(message));
            } else {
                made.push((id, status(message)));
            }
        }
    }
    fixture.advance_steps(1);
    for (id, status) in made {
        fixture.set_status_of(&id, status);
    }
}

/// Sends a message like this one, and returns its id.
fn send(fixture: &Fixture, key: &str, message: &Value) -> String {
    let kind = message["type"].as_str().unwrap();
    let mut body = Map::new();
    if message["line_1"] == "Provided as PDF" {
        body.insert("content".to_owned(), json!("JVBERi0xLjQK"));
        body.insert("postage".to_owned(), message["postage"].clone());
    } else {
        body.insert("template_id".to_owned(), message["template"]["id"].clone());
        body.insert("personalisation".to_owned(), personalisation(fixture, message).into());
        for field in ["phone_number", "email_address", "one_click_unsubscribe_url"] {
            body.insert(field.to_owned(), message[field].clone());
        }
    }
    body.insert("reference".to_owned(), message["reference"].clone());
    body.retain(|_, value| !value.is_null());
    let target = format!("/v2/notifications/{kind}");
    let answer = fixture.call(key, "POST", &target, &Value::from(body).to_string());
    assert_eq!(answer.status, 201, "{}", json(&answer));
    json(&answer)["id"].as_str().unwrap().to_owned()
}

/// The values that turn the message's template into the message, and a letter's address.
fn personalisation(fixture: &Fixture, message: &Value) -> Map<String, Value> {
    let template = fixture.template(&message["template"]);
    let mut values = Map::new();
    for (source, filled) in [("subject", "subject"), ("body", "body")] {
        if let (Some(source), Some(filled)) = (template[source].as_str(), message[filled].as_str()) {
            read_back(source, filled, &mut values);
        }
    }
    for number in 1..=6 {
        values.insert(format!("address_line_{number}"), message[format!("line_{number}")].clone());
    }
    values.insert("postcode".to_owned(), message["postcode"].clone());
    // A seventh line is never shown.
    if message["postcode"].is_null() && !message["line_6"].is_null() {
        values.insert("address_line_7".to_owned(), json!("SW1A 1AA"));
    }
    values.retain(|_, value| !value.is_null());
    values
}

/// Extracts a template's values from the filled-in text.
fn read_back(template: &str, filled: &str, values: &mut Map<String, Value>) {
    let (mut template, mut filled) = (template, filled);
    while let Some((literal, rest)) = template.split_once("((") {
        let (name, after) = rest.split_once("))").unwrap();
        filled = filled.strip_prefix(literal).unwrap();
        let value = if let Some((name, text)) = name.split_once("??") {
            let shown = filled.starts_with(text);
            filled = filled.strip_prefix(text).unwrap_or(filled);
            (name, if shown { "yes" } else { "no" })
        } else {
            let literal = after.split("((").next().unwrap();
            let end = if literal.is_empty() { filled.len() } else { filled.find(literal).unwrap() };
            let (value, rest) = filled.split_at(end);
            filled = rest;
            (name, value)
        };
        values.insert(value.0.to_owned(), json!(value.1));
        template = after;
    }
}

/// The status inside the service, which a letter shows under another name.
fn status(message: &Value) -> &str {
    match message["status"].as_str().unwrap() {
        "accepted" => "created",
        "received" => "delivered",
        word => word,
    }
}
