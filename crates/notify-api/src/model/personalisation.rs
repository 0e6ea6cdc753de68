//! The values that fill a template's placeholders.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The values that fill a template's placeholders, by name.
///
/// The service matches names ignoring case, spaces, `_` and `-`. `Debug` shows the names alone.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Personalisation(BTreeMap<String, PersonalisationValue>);

impl Personalisation {
    /// Sets the value of a placeholder, in place of an earlier one.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<PersonalisationValue>) {
        self.0.insert(name.into(), value.into());
    }

    /// Whether no placeholder has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names that have a value, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<N: Into<String>, V: Into<PersonalisationValue>> Extend<(N, V)> for Personalisation {
    fn extend<T: IntoIterator<Item = (N, V)>>(&mut self, values: T) {
        for (name, value) in values {
            self.insert(name, value);
        }
    }
}

impl<N: Into<String>, V: Into<PersonalisationValue>> FromIterator<(N, V)> for Personalisation {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(values: T) -> Self {
        let mut personalisation = Self::default();
        personalisation.extend(values);
        personalisation
    }
}

impl fmt::Debug for Personalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// What can stand in a placeholder.
///
/// Other JSON is left out on purpose: the service would print an object in its own programming language's notation.
#[derive(Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum PersonalisationValue {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Whether a conditional placeholder `((name??text))` shows its text.
    Bool(bool),
    /// A bulleted list in e-mails and letters; `a, b and c` in text messages and subjects.
    List(Vec<String>),
}

impl fmt::Debug for PersonalisationValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalisationValue(..)")
    }
}

/// Says which variant a type becomes.
macro_rules! from {
    ($($type:ty => $variant:ident,)+) => {
        $(impl From<$type> for PersonalisationValue {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        })+
    };
}

from! {
    &str => Text,
    String => Text,
    i64 => Number,
    i32 => Number,
    u32 => Number,
    bool => Bool,
    Vec<String> => List,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_the_json_that_the_service_reads() {
        let mut personalisation = Personalisation::from_iter([("name", "Kim")]);
        personalisation.insert("count", 3);
        personalisation.insert("late", true);
        personalisation.insert("items", vec!["a".to_owned()]);
        let json = serde_json::to_string(&personalisation).unwrap();
        assert_eq!(json, r#"{"count":3,"items":["a"],"late":true,"name":"Kim"}"#);
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let personalisation = Personalisation::from_iter([("name", "Kim")]);
        assert_eq!(format!("{personalisation:?}"), r#"{"name"}"#);
    }
}
