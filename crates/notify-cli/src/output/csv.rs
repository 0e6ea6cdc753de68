//! Answers as CSV: one row for each message or template, under columns that stay.

use std::io::{self, IsTerminal as _};

use notify_http::RawResponse;
use serde_json::Value;

use super::json;
use super::text::escape;
use crate::exit::CommandError;

/// Columns: the name of each, and where its value is in the service's JSON (a pointer, RFC 6901).
pub(crate) type Columns = &'static [(&'static str, &'static str)];

/// Of a message that was looked up.
pub(crate) const MESSAGE: Columns = &[
    ("id", "/id"),
    ("reference", "/reference"),
    ("type", "/type"),
    ("status", "/status"),
    ("phone_number", "/phone_number"),
    ("email_address", "/email_address"),
    ("line_1", "/line_1"),
    ("line_2", "/line_2"),
    ("line_3", "/line_3"),
    ("line_4", "/line_4"),
    ("line_5", "/line_5"),
    ("line_6", "/line_6"),
    ("postcode", "/postcode"),
    ("postage", "/postage"),
    ("template_id", "/template/id"),
    ("template_version", "/template/version"),
    ("created_at", "/created_at"),
    ("sent_at", "/sent_at"),
    ("completed_at", "/completed_at"),
    ("estimated_delivery", "/estimated_delivery"),
    ("cost_in_pounds", "/cost_in_pounds"),
    ("created_by_name", "/created_by_name"),
    ("subject", "/subject"),
    ("body", "/body"),
];

/// Of a message that was just sent.
pub(crate) const SENT: Columns = &[
    ("id", "/id"),
    ("reference", "/reference"),
    ("template_id", "/template/id"),
    ("template_version", "/template/version"),
    ("postage", "/postage"),
    ("from_number", "/content/from_number"),
    ("from_email", "/content/from_email"),
    ("subject", "/content/subject"),
    ("body", "/content/body"),
];

/// Of a received text message.
pub(crate) const RECEIVED: Columns = &[
    ("id", "/id"),
    ("created_at", "/created_at"),
    ("user_number", "/user_number"),
    ("notify_number", "/notify_number"),
    ("content", "/content"),
];

/// Of a template, and of a preview.
pub(crate) const TEMPLATE: Columns = &[
    ("id", "/id"),
    ("type", "/type"),
    ("name", "/name"),
    ("version", "/version"),
    ("created_at", "/created_at"),
    ("updated_at", "/updated_at"),
    ("created_by", "/created_by"),
    ("placeholders", "/personalisation"),
    ("postage", "/postage"),
    ("subject", "/subject"),
    ("body", "/body"),
];

/// The line that names the columns.
pub(crate) fn header(columns: Columns) -> Result<String, CommandError> {
    record(columns.iter().map(|(name, _)| (*name).to_owned()))
}

/// The row of one item, given as JSON.
pub(crate) fn row(columns: Columns, item: &str) -> Result<String, CommandError> {
    row_of(columns, &serde_json::from_str(item).map_err(json::unreadable)?)
}

/// The row of one item.
pub(crate) fn row_of(columns: Columns, item: &Value) -> Result<String, CommandError> {
    record(columns.iter().map(|(_, pointer)| text(item.pointer(pointer))))
}

/// The table of one answer.
pub(crate) fn table(columns: Columns, answer: &RawResponse) -> Result<String, CommandError> {
    let item = json::text(answer)?;
    Ok(header(columns)? + &row(columns, item.get())?)
}

fn record(values: impl Iterator<Item = String>) -> Result<String, CommandError> {
    // A file keeps a text as it is; a terminal would obey what is in it.
    let is_shown = io::stdout().is_terminal();
    let values = values.map(|value| if is_shown { escape(&value).into_owned() } else { value });
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(values).map_err(CommandError::local)?;
    let bytes = writer.into_inner().map_err(|error| CommandError::local(error.into_error()))?;
    String::from_utf8(bytes).map_err(CommandError::local)
}

/// A value as text: nothing for what is missing, the names for an object, the items for a list.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => harmless(text),
        Some(Value::Object(fields)) => {
            harmless(&fields.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
        Some(Value::Array(items)) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect();
            harmless(&items.join(", "))
        }
        Some(other) => other.to_string(),
    }
}

/// A text that a spreadsheet does not take for a formula: people outside the service write texts, references and
/// addresses. A phone number after a plus is harmless, and stays as it is for scripts.
fn harmless(text: &str) -> String {
    let is_number =
        |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    let is_formula =
        text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !text.strip_prefix('+').is_some_and(is_number);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_what_the_columns_point_to() {
        let item = r#"{"id": "1", "template": {"id": "t", "version": 3}, "body": "a, \"b\"\nc", "subject": null, "names": ["=a", "b"]}"#;
        let columns: Columns = &[
            ("id", "/id"),
            ("version", "/template/version"),
            ("subject", "/subject"),
            ("body", "/body"),
            ("names", "/names"),
        ];
        assert_eq!(header(columns).unwrap(), "id,version,subject,body,names\n");
        assert_eq!(row(columns, item).unwrap(), "1,3,,\"a, \"\"b\"\"\nc\",\"'=a, b\"\n");
    }

    #[test]
    fn no_text_is_a_formula_and_phone_numbers_stay() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-1", "'-1"),
            ("+1+1", "'+1+1"),
            ("\t=1", "'\t=1"),
            ("+447900900123", "+447900900123"),
            ("+44 7900 900123", "+44 7900 900123"),
            ("Kim", "Kim"),
        ] {
            assert_eq!(harmless(text), written);
        }
    }
}
