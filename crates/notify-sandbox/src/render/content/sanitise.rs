//! `sanitise_content_for`: removes links, and everything that has a meaning in Markdown, from untrusted values.

mod url;

use super::personalisation::key;
use crate::python::json::{Object, Value};

/// Characters that mean something in Markdown.
const MARKDOWN: [char; 18] =
    ['`', '*', '_', '(', ')', '\\', '{', '}', '[', ']', '<', '>', '#', '+', '-', '.', '!', '|'];

/// A value that sanitising has changed, as the answer to a request reports it.
#[derive(Clone, PartialEq)]
pub(crate) struct SanitisedValue {
    /// The placeholder's name as the request spells it.
    pub(crate) name: String,
    pub(crate) unsanitised: Value,
    pub(crate) sanitised: Value,
}

/// A value to be sanitised is not a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotText;

/// Sanitises the named values in place, and returns those that changed. Names match as placeholders do.
///
/// The service compares each value with the original, so it counts as changed whatever does not equal itself: `NaN`.
///
/// # Errors
///
/// If a named value is not a text.
pub(crate) fn apply(values: &mut Object, names: &[&str]) -> Result<Vec<SanitisedValue>, NotText> {
    let names: Vec<String> = names.iter().map(|name| key(name)).collect();
    let mut changes = Vec::new();
    for (name, value) in values.iter_mut() {
        let sanitised = match &*value {
            Value::String(text) if names.contains(&key(name)) => Value::String(sanitise(text)),
            _ if names.contains(&key(name)) => return Err(NotText),
            other => other.clone(),
        };
        if sanitised != *value {
            let unsanitised = std::mem::replace(value, sanitised.clone());
            changes.push(SanitisedValue { name: name.to_owned(), unsanitised, sanitised });
        }
    }
    Ok(changes)
}

/// Removes the links from a value, and puts a backslash before Markdown characters.
pub(crate) fn sanitise(value: &str) -> String {
    let unlinked =
        url::replace_all(
            value,
            |url| {
                if url.is_bare_host() { url.text.replace('.', ". ") } else { String::new() }
            },
        );
    let mut sanitised = String::with_capacity(unlinked.len());
    for c in unlinked.chars() {
        if MARKDOWN.contains(&c) {
            sanitised.push('\\');
        }
        sanitised.push(c);
    }
    sanitised
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;
    use serde_json::json;

    #[test]
    fn only_named_values_change_and_only_changes_are_reported() {
        let mut values = json::object(&json!({"First name": "*", "plain": "x", "other": "*", "count": 5}));
        let Ok(changes) = apply(&mut values, &["first_name", "plain", "unknown"]) else {
            panic!("all are text")
        };
        let told: Vec<_> =
            changes.iter().map(|c| (c.name.as_str(), c.unsanitised.as_str(), c.sanitised.as_str())).collect();
        assert_eq!(told, [("First name", Some("*"), Some("\\*"))]);
        assert_eq!(
            values,
            json::object(&json!({"First name": "\\*", "plain": "x", "other": "*", "count": 5}))
        );
    }

    #[test]
    fn a_named_value_that_is_not_a_text_is_an_error() {
        for value in ["null", "1", "true", "NaN", "[\"a\"]", "{}", "{\"file\": \"eA==\"}"] {
            let values = json::read(format!("{{\"A\": {value}, \"b\": 1}}").as_bytes()).unwrap();
            let Value::Object(mut values) = values else { panic!("an object") };
            assert_eq!(apply(&mut values, &["a"]).err(), Some(NotText), "{value}");
            assert!(apply(&mut values, &["c"]).is_ok(), "{value}");
        }
    }
}
