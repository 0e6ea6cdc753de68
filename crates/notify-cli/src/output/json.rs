//! Answers as JSON: the service's own, with its fields in its order.

use std::collections::BTreeMap;
use std::fmt::Write;

use notify_http::RawResponse;
use serde_json::value::RawValue;

use super::text::is_active;
use crate::args::Format;
use crate::exit::{CommandError, ExitStatus};

/// A JSON text unchanged, except that characters that would affect a terminal are written as JSON escapes. The value
/// stays the same.
fn inert(json: &str) -> String {
    let mut inert = String::with_capacity(json.len());
    for character in json.chars() {
        // Below 32 there is only the white space between tokens, which JSON does not allow to be escaped.
        if is_active(character) && !character.is_ascii_control() || character == '\u{7f}' {
            // Each of them is one UTF-16 code unit.
            let _ = write!(inert, "\\u{:04x}", u32::from(character));
        } else {
            inert.push(character);
        }
    }
    inert
}

/// An answer as one JSON object, as the service wrote it or on one line.
pub(crate) fn answer(format: Format, answer: &RawResponse) -> Result<String, CommandError> {
    if format == Format::Jsonl { Ok(line(text(answer)?.get())) } else { verbatim(answer) }
}

/// An answer as the service wrote it, with a line break at the end.
pub(crate) fn verbatim(answer: &RawResponse) -> Result<String, CommandError> {
    Ok(lines(text(answer)?.get()))
}

/// A JSON text unchanged, with a line break at the end.
pub(crate) fn lines(json: &str) -> String {
    inert(json.trim()) + "\n"
}

/// A JSON text on one line, with a line break at the end.
pub(crate) fn line(json: &str) -> String {
    let mut line = inert(json.trim());
    // In JSON a line break can only occur between tokens: inside a string it is escaped.
    line = line.replace(['\r', '\n'], " ");
    line.push('\n');
    line
}

/// The items of the list called `name` in an answer, each as the service wrote it.
pub(crate) fn items(answer: &RawResponse, name: &str) -> Result<Vec<Box<RawValue>>, CommandError> {
    list(text(answer)?.get(), name)
}

fn list(json: &str, name: &str) -> Result<Vec<Box<RawValue>>, CommandError> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(json).map_err(unreadable)?;
    let list = fields.get(name).map_or("[]", |list| list.get());
    serde_json::from_str(list).map_err(unreadable)
}

/// An answer as valid JSON. What the service writes is not always valid: it may contain numbers that JSON lacks.
pub(crate) fn text(answer: &RawResponse) -> Result<Box<RawValue>, CommandError> {
    Ok(answer.json()?)
}

pub(crate) fn unreadable(error: serde_json::Error) -> CommandError {
    CommandError::new(ExitStatus::Unanswered, anyhow::Error::new(error).context("the answer cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_acts_on_terminals_keeps_its_value() {
        let json = "{\"a\":\n \"\u{9b}2J\u{202e}\u{7f}é\"}";
        let inert = inert(json);
        assert_eq!(inert, "{\"a\":\n \"\\u009b2J\\u202e\\u007fé\"}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(json), value(&inert));
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line("{\"a\":\n1.10,\r\n\"b\": \"\\n\"}\n"), "{\"a\": 1.10,  \"b\": \"\\n\"}\n");
    }

    #[test]
    fn items_are_as_the_service_wrote_them() {
        let items = list(r#"{"templates": [{"z": 1, "a": 1.10}, {}], "more": 1}"#, "templates").unwrap();
        let items: Vec<&str> = items.iter().map(|item| item.get()).collect();
        assert_eq!(items, [r#"{"z": 1, "a": 1.10}"#, "{}"]);
    }
}
