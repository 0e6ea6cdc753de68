//! The values that fill a template's placeholders.

use super::{html, whitespace};
use crate::python::case;
use crate::python::json::{Object, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Values by placeholder name; names match ignoring case, spaces, hyphens and underscores.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Personalisation(BTreeMap<String, PlaceholderValue>);

/// What one placeholder is filled with.
#[derive(Clone, PartialEq)]
enum PlaceholderValue {
    Text(String),
    /// The items that are worth showing: trimmed, none empty.
    List(Vec<String>),
}

/// How a list is written out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ListStyle {
    /// `a, b and c`
    Sentence,
    /// A Markdown list in its own paragraph.
    Bullets,
}

impl Personalisation {
    /// Whether there is a value for the placeholder; null is not a value.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(&key(name))
    }

    /// The text for the placeholder, or `None` if it has no value.
    pub(super) fn text(&self, name: &str, style: ListStyle) -> Option<String> {
        Some(match self.0.get(&key(name))? {
            PlaceholderValue::Text(text) => text.clone(),
            PlaceholderValue::List(items) if items.is_empty() => String::new(),
            PlaceholderValue::List(items) => match style {
                ListStyle::Sentence => sentence(items),
                ListStyle::Bullets => format!("\n\n* {}", items.join("\n* ")),
            },
        })
    }

    /// The same values under the names that the placeholders have in a template escaped for HTML.
    pub(super) fn with_escaped_names(&self) -> Self {
        Self(self.0.iter().map(|(name, value)| (key(&html::escape(name)), value.clone())).collect())
    }
}

/// Parses a request's `personalisation`; if several names match each other, the last one counts.
impl From<&Object> for Personalisation {
    fn from(values: &Object) -> Self {
        let mut personalisation = Self::default();
        for (name, value) in values.iter() {
            match PlaceholderValue::new(value) {
                Some(value) => personalisation.0.insert(key(name), value),
                None => personalisation.0.remove(&key(name)),
            };
        }
        personalisation
    }
}

/// Hides personal data in logs: only the names are shown.
impl fmt::Debug for Personalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.keys().collect();
        f.debug_tuple("Personalisation").field(&names).finish()
    }
}

impl PlaceholderValue {
    fn new(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Array(items) => {
                let items = items.iter().filter(|item| **item != Value::Null);
                let items = items.map(|item| whitespace::trim_obscure(&item.to_string()));
                Some(Self::List(items.filter(|item| !item.is_empty()).collect()))
            }
            scalar => Some(Self::Text(scalar.to_string())),
        }
    }
}

/// What remains of a name when the differences that do not count are taken out.
pub(crate) fn key(name: &str) -> String {
    const SEPARATORS: [char; 3] = [' ', '_', '-'];
    if name.is_ascii() {
        let letters = name.chars().filter(|c| !SEPARATORS.contains(c));
        return letters.map(|c| c.to_ascii_lowercase()).collect();
    }
    case::lower(&name.replace(SEPARATORS, ""))
}

fn sentence(items: &[String]) -> String {
    match items {
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;
    use serde_json::json;

    fn personalisation(values: &serde_json::Value) -> Personalisation {
        Personalisation::from(&json::object(values))
    }

    #[test]
    fn names_match_whatever_their_case_and_separators() {
        let values = personalisation(&json!({"First_name-X ": "Ada"}));
        assert_eq!(values.text("firstNAMEx", ListStyle::Sentence).as_deref(), Some("Ada"));
        assert!(!values.contains("first.namex"));
        let values = personalisation(&json!({"Οδος": "Ermou", "Σ-α": "x"}));
        assert!(values.contains("ΟΔΟΣ") && values.contains("ΟΔΟ_Σ"));
        assert!(!values.contains("οδοσ") && values.contains("σΑ") && !values.contains("ςΑ"));
    }

    #[test]
    fn null_is_not_a_value_but_an_empty_text_is() {
        let values = personalisation(&json!({"a": null, "b": "", "c": [], "d": [null, " "]}));
        assert!(!values.contains("a"));
        for name in ["b", "c", "d"] {
            assert_eq!(values.text(name, ListStyle::Bullets).as_deref(), Some(""));
        }
    }

    #[test]
    fn lists_are_sentences_or_bullets() {
        let values = personalisation(&json!({"few": ["a", 2], "many": ["a\u{200b}", " b ", null, "", true]}));
        assert_eq!(values.text("few", ListStyle::Sentence).unwrap(), "a and 2");
        assert_eq!(values.text("many", ListStyle::Sentence).unwrap(), "a, b and True");
        assert_eq!(values.text("many", ListStyle::Bullets).unwrap(), "\n\n* a\n* b\n* True");
    }

    #[test]
    fn debug_shows_names_but_no_values() {
        assert_eq!(format!("{:?}", personalisation(&json!({"name": "Ada"}))), r#"Personalisation(["name"])"#);
    }
}
