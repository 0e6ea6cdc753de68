//! One line: a message and its reference.

use notify_http::model::PersonalisationValue;
use notify_outbox::{Intent, LinkedFile, Message};
use serde::Deserialize as _;
use serde_json::{Map, Value};

/// The message of a line, or what is wrong with the line, without its values.
pub(super) fn read(text: &str) -> Result<Intent, String> {
    // Some programs begin a file with a mark that says how its text is encoded.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end();
    let mut fields: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => "it is not a JSON object".to_owned(),
            _ => format!("it is not a JSON object: see column {}", error.column()),
        })?;
    let reference = match fields.remove("reference") {
        Some(Value::String(reference)) => reference,
        Some(_) => return Err("`reference` is not text".to_owned()),
        None => {
            return Err(
                "it has no `reference`, by which the message is known when it is put again".to_owned()
            );
        }
    };
    let intent = Intent::new(&*reference).map_err(|error| error.to_string())?;
    let message: Message = serde_json::from_value(Value::Object(fields.clone()))
        .map_err(|error| problem(&error.to_string(), &fields))?;
    message.check(&reference).map_err(|error| error.to_string())?;
    Ok(intent.payload(message.to_json()))
}

/// What is wrong with the fields of a message. The parser's own words may quote values.
fn problem(words: &str, fields: &Map<String, Value>) -> String {
    const TYPES: &str = "`type` is to be sms, email, letter or precompiled_letter";
    // A file in an e-mail has fields of its own, of which the parser says the same.
    if let Some(problem) = wrong_inside(fields) {
        return problem;
    }
    if let Some(name) = words.strip_prefix("missing field ") {
        return if name == "`type`" { TYPES.to_owned() } else { format!("it has no {name}") };
    }
    if words.starts_with("unknown variant") && !fields.get("type").is_some_and(is_kind) {
        return TYPES.to_owned();
    }
    if let Some((name, _)) = words.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
        let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let name = if is_name { name } else { "…" };
        return format!("such a message has no field `{name}`");
    }
    match fields.iter().find_map(|(name, value)| Some((name, expected(name, value)?))) {
        Some((name, form)) => format!("`{name}` is not {form}"),
        None => "one of its values has the wrong form".to_owned(),
    }
}

/// What is wrong with a value inside a field.
fn wrong_inside(fields: &Map<String, Value>) -> Option<String> {
    let values = |field: &str| fields.get(field).and_then(Value::as_object).into_iter().flatten();
    let is_value = |value: &Value| PersonalisationValue::deserialize(value).is_ok();
    if let Some((name, _)) = values("personalisation").find(|(_, value)| !is_value(value)) {
        return Some(format!(
            "`{name}` in `personalisation` is not text, a whole number, true, false, or a list of texts"
        ));
    }
    let (name, _) = values("files").find(|(_, file)| LinkedFile::deserialize(*file).is_err())?;
    Some(format!("`{name}` in `files` is not an object with the content in Base64 as its `file`"))
}

fn is_kind(kind: &Value) -> bool {
    kind.as_str().is_some_and(|kind| ["sms", "email", "letter", "precompiled_letter"].contains(&kind))
}

/// What a field should be and is not.
fn expected(name: &str, value: &Value) -> Option<&'static str> {
    let is_uuid = |value: &Value| value.as_str().is_some_and(|text| uuid::Uuid::try_parse(text).is_ok());
    let (is_right, form) = match name {
        "type" => (is_kind(value), "a kind of message"),
        "template_id" | "sms_sender_id" | "email_reply_to_id" => (is_uuid(value), "a UUID"),
        "phone_number" | "email_address" | "one_click_unsubscribe_url" | "content" | "postage" => {
            (value.is_string(), "text")
        }
        "personalisation" | "files" => (value.is_object(), "an object"),
        "sanitise_content_for" => {
            (value.as_array().is_some_and(|list| list.iter().all(Value::is_string)), "a list of texts")
        }
        _ => return None,
    };
    (!is_right).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"reference": "r", "type": "sms", "template_id": "740e5834-3a29-46b4-9a6f-16142fde533a", "phone_number": "07900900123"}"#;

    #[test]
    fn a_line_is_a_message_and_its_reference() {
        let intent = read(&format!("\u{feff}{GOOD}")).unwrap();
        assert_eq!(intent.reference(), "r");
    }

    #[test]
    fn what_is_wrong_is_said_without_the_values() {
        for (from, to, problem) in [
            ("{", "", "it is not a JSON object"),
            ("\"}", "\"\r\n", "it is not a JSON object: see column 118"),
            ("\", \"type", "\" \"type", "it is not a JSON object: see column 19"),
            (GOOD, "[\"Kim\"]", "it is not a JSON object"),
            (
                r#""reference": "r", "#,
                "",
                "it has no `reference`, by which the message is known when it is put again",
            ),
            (r#""r""#, "17", "`reference` is not text"),
            (r#""r""#, r#""""#, "the reference must not be empty"),
            (r#""sms""#, r#""Kim""#, "`type` is to be sms, email, letter or precompiled_letter"),
            (r#""type": "sms", "#, "", "`type` is to be sms, email, letter or precompiled_letter"),
            ("740e5834", "Kim", "`template_id` is not a UUID"),
            (r#""07900900123""#, "7900900123", "`phone_number` is not text"),
            (r#""template_id": "740e5834-3a29-46b4-9a6f-16142fde533a", "#, "", "it has no `template_id`"),
            ("phone_number", "email_address", "such a message has no field `email_address`"),
            ("phone_number", "Kim Smith", "such a message has no field `…`"),
            (
                r#""07900900123""#,
                r#""07900900123", "personalisation": ["Kim"]"#,
                "`personalisation` is not an object",
            ),
            (
                r#""07900900123""#,
                r#""07900900123", "personalisation": {"name": "Kim", "permit number": null}"#,
                "`permit number` in `personalisation` is not text, a whole number, true, false, or a list of texts",
            ),
            (
                r#""sms", "template_id": "740e5834-3a29-46b4-9a6f-16142fde533a", "phone_number": "07900900123""#,
                r#""email", "template_id": "740e5834-3a29-46b4-9a6f-16142fde533a", "email_address": "k@example.com", "files": {"link": {"name": "Kim"}}"#,
                "`link` in `files` is not an object with the content in Base64 as its `file`",
            ),
        ] {
            let said = read(&GOOD.replacen(from, to, 1)).unwrap_err();
            assert_eq!(said, problem);
        }
    }
}
