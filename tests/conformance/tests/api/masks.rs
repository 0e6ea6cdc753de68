//! What an error shows holds nothing of what the request said.

use notify_http::{Error, ServiceError};
use serde_json::Value;

use crate::call::{body, refused};

/// Fields whose values name nobody, and which a caller has to read in an error.
const PUBLIC: [&str; 6] =
    ["template_id", "sms_sender_id", "email_reply_to_id", "postage", "scheduled_for", "retention_period"];

/// Texts and numbers anywhere in a body, except those that name nobody.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.trim().to_owned()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !PUBLIC.contains(&name.as_str()))
            .for_each(|(_, value)| leaves(value, found)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Whether `value` stands in `text`, and not as a part of another word or number.
fn holds(text: &str, value: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        !(is_word(before) && is_word(value.chars().next())
            || is_word(after) && is_word(value.chars().next_back()))
    })
}

/// Everything that an error shows unasked, except the name of the operation, the status and the counts, which are not
/// the service's words.
fn shown(error: &Error) -> String {
    format!(
        "{:?} {}",
        error.errors(),
        error.errors().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    )
}

#[test]
fn no_recorded_error_shows_a_value_of_its_request() {
    let (mut values, mut echoed) = (0, 0);
    for (exchange, error) in refused() {
        let mut said = Vec::new();
        leaves(&body(&exchange).unwrap_or_default(), &mut said);
        let full: String = error.errors().iter().map(ServiceError::message).collect();
        for value in said.iter().filter(|value| !value.is_empty()) {
            values += 1;
            echoed += usize::from(holds(&full, value));
            assert!(!holds(&shown(&error), value), "{}: {value} in {}", exchange.name, shown(&error));
            // Longer values stand nowhere at all.
            if value.len() > 6 {
                let all = format!("{error} {error:?}");
                assert!(!all.contains(value.as_str()), "{}: {value} in {all}", exchange.name);
            }
        }
    }
    // The service does echo, so that the test means something.
    assert!(values >= 150 && echoed >= 10, "{values} values, {echoed} of them echoed");
}

#[test]
fn a_caller_can_still_ask_for_the_full_text() {
    let (_, error) =
        refused().into_iter().find(|(exchange, _)| exchange.name == "bad/sms-phone-integer").unwrap();
    assert_eq!(error.errors()[0].message(), "phone_number 7700900001 is not of type string");
    assert_eq!(error.errors()[0].to_string(), "ValidationError: phone_number … is not of type string");
}
