//! What an error shows contains nothing of what the request said.

use notify_http::{Error, ServiceError};
use notify_testkit::wire::{Exchange, Recording};
use serde_json::Value;

use crate::call::{body, carry, refused, refused_in};

/// What a request says about or to a person, and what only its sender and the service may know.
const PERSONAL: [&str; 10] = [
    "phone_number",
    "email_address",
    "recipient_identifier",
    "reference",
    "personalisation",
    "rows",
    "content",
    "one_click_unsubscribe_url",
    "callback_url",
    "status_callback_bearer_token",
];

/// Settings for how a file is kept, rather than its contents.
const OPTIONS_OF_A_FILE: [&str; 1] = ["retention_period"];

/// The texts and numbers in a request that concern people.
fn personal(request: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for field in PERSONAL {
        leaves(&request[field], &mut found);
    }
    found
}

fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.trim().to_owned()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !OPTIONS_OF_A_FILE.contains(&name.as_str()))
            .for_each(|(_, value)| leaves(value, found)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The refusals of GOV.UK Notify, including those for inputs made up by a program.
fn all_refused() -> Vec<(Exchange, Error)> {
    let generated = refused_in(Recording::generated().unwrap());
    refused().into_iter().chain(generated).collect()
}

/// Whether `value` appears in `text` on its own, and not as part of another word or number.
fn holds(text: &str, value: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        !(is_word(before) && is_word(value.chars().next())
            || is_word(after) && is_word(value.chars().next_back()))
    })
}

/// Everything that an error shows by default, except the name of the operation, the status and the counts, which are
/// not the service's words.
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
    for (exchange, error) in all_refused() {
        let said = personal(&body(&exchange).unwrap_or_default());
        let full: String = error.errors().iter().map(ServiceError::message).collect();
        for value in said.iter().filter(|value| value.contains(char::is_alphanumeric)) {
            values += 1;
            echoed += usize::from(holds(&full, value));
            assert!(!holds(&shown(&error), value), "{}: {value} in {}", exchange.name, shown(&error));
            // Longer values must not appear at all.
            if value.len() > 6 {
                let all = format!("{error} {error:?}");
                assert!(!all.contains(value.as_str()), "{}: {value} in {all}", exchange.name);
            }
        }
    }
    // The service does echo values, so the test proves something.
    assert!(values >= 150 && echoed >= 10, "{values} values, {echoed} of them echoed");
}

/// In future the service may echo values that it does not echo today.
#[test]
fn no_error_shows_a_value_of_its_request_wherever_the_service_puts_it() {
    let mut values = 0;
    for mut exchange in Recording::gov_uk().unwrap().exchanges {
        let said = personal(&body(&exchange).unwrap_or_default());
        // Two letters appear in too many words.
        let said: Vec<&String> = said.iter().filter(|value| (3..200).contains(&value.len())).collect();
        let Some(response) = exchange.response.as_mut().filter(|it| it.json.is_some() && !said.is_empty())
        else {
            continue;
        };
        let values_said: Vec<&str> = said.iter().map(|value| value.as_str()).collect();
        let echo = format!("cannot use {}", values_said.join(", cannot use "));
        let errors = serde_json::json!([{"error": "BadRequestError", "message": echo}]);
        (response.status, response.json) =
            (400, Some(serde_json::json!({"status_code": 400, "errors": errors})));
        let error = carry(&exchange).unwrap_err();
        for value in said {
            values += 1;
            assert!(!holds(&shown(&error), value), "{}: {value} in {}", exchange.name, shown(&error));
        }
    }
    assert!(values > 200, "only {values} values were echoed");
}

/// Redacting too much helps nobody: a caller must see which of their templates, senders or reply-to addresses is
/// meant.
#[test]
fn the_id_of_a_template_or_sender_is_shown_where_the_service_names_it() {
    let mut named = 0;
    let is_id = |word: &str| word.len() == 36 && word.split('-').count() == 5;
    for (exchange, error) in all_refused() {
        let reference = body(&exchange).unwrap_or_default()["reference"].to_string();
        // A value of the wrong type is echoed unchanged, and so masked as a whole.
        for each in error.errors().iter().filter(|each| !each.message().contains(" is not of type ")) {
            let words = each.message().split([' ', '(', ')', ',']);
            for id in words.filter(|word| is_id(word) && !reference.contains(word)) {
                named += 1;
                assert!(each.to_string().contains(id), "{}: {id} is not in {each}", exchange.name);
            }
        }
    }
    assert!(named >= 2, "the service named {named}");
}

#[test]
fn a_caller_can_still_ask_for_the_full_text() {
    let (_, error) =
        refused().into_iter().find(|(exchange, _)| exchange.name == "bad/sms-phone-integer").unwrap();
    assert_eq!(error.errors()[0].message(), "phone_number 7700900001 is not of type string");
    assert_eq!(error.errors()[0].to_string(), "ValidationError: phone_number … is not of type string");
}
