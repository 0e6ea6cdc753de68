//! The values that fill a template's placeholders.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::placeholder::key;
use super::{Attachment, File};

/// The values that fill a template's placeholders, by name.
///
/// The service ignores case, spaces, `_` and `-` when it matches names. `Debug` shows only the names.
///
/// # Examples
///
/// ```
/// use notify_api::model::Personalisation;
///
/// let from_pairs = Personalisation::from_iter([("name", "Kim")]);
/// let from_json: Personalisation = serde_json::from_str(r#"{"name": "Kim"}"#)?;
/// assert_eq!(from_pairs, from_json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personalisation(BTreeMap<String, PersonalisationValue>);

impl Personalisation {
    /// Sets the value of a placeholder, replacing an earlier one.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<PersonalisationValue>) {
        self.0.insert(name.into(), value.into());
    }

    /// The value that fills the placeholder of this name, matched as the service matches names.
    ///
    /// If a name was given in several spellings, the last in alphabetical order counts, as it is sent last.
    pub fn get(&self, name: &str) -> Option<&PersonalisationValue> {
        let wanted = key(name);
        self.0.iter().rev().find(|(given, _)| key(given) == wanted).map(|(_, value)| value)
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

impl IntoIterator for Personalisation {
    type Item = (String, PersonalisationValue);
    type IntoIter = std::collections::btree_map::IntoIter<String, PersonalisationValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for Personalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// A value that can fill a placeholder.
///
/// Other JSON is left out on purpose: the service would print an object in the notation of its own programming
/// language.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "text, a whole number, true, false, or a list of texts")]
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

/// The values of an e-mail's placeholders, files among them. A placeholder has a value or a file, whichever was set
/// last.
#[derive(Clone, PartialEq)]
pub(crate) struct EmailPersonalisation<F = File> {
    values: Personalisation,
    files: BTreeMap<String, F>,
}

impl<F> Default for EmailPersonalisation<F> {
    fn default() -> Self {
        Self { values: Personalisation::default(), files: BTreeMap::new() }
    }
}

impl<F> EmailPersonalisation<F> {
    pub(crate) fn insert(&mut self, name: impl Into<String>, value: impl Into<PersonalisationValue>) {
        let name = name.into();
        self.files.remove(&name);
        self.values.insert(name, value);
    }

    pub(crate) fn insert_file(&mut self, name: impl Into<String>, file: F) {
        let name = name.into();
        self.values.0.remove(&name);
        self.files.insert(name, file);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.files.is_empty()
    }

    pub(crate) fn values(&self) -> &Personalisation {
        &self.values
    }

    pub(crate) fn files(&self) -> &BTreeMap<String, F> {
        &self.files
    }
}

impl<F: Attachment> EmailPersonalisation<F> {
    /// The same, but with empty files in place of those too large for any message to show. They keep their names and
    /// options.
    pub(crate) fn without_large_contents(&self) -> Self {
        let files = self.files.iter().map(|(name, file)| (name.clone(), file.without_large_content()));
        Self { values: self.values.clone(), files: files.collect() }
    }

    /// How many bytes of JSON the files take, give or take their options.
    pub(crate) fn files_len(&self) -> usize {
        self.files.values().map(Attachment::json_len).sum()
    }
}

impl<F: Serialize> Serialize for EmailPersonalisation<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.0.len() + self.files.len()))?;
        self.values.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        self.files.iter().try_for_each(|(name, file)| map.serialize_entry(name, file))?;
        map.end()
    }
}

impl<F> fmt::Debug for EmailPersonalisation<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.names()).entries(self.files.keys()).finish()
    }
}

/// Says which variant a type converts to.
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
    fn names_match_as_the_service_matches_them() {
        let personalisation = Personalisation::from_iter([("First_name", "Kim"), ("first-Name ", "Sam")]);
        let text = |value: &str| Some(PersonalisationValue::Text(value.to_owned()));
        assert_eq!(personalisation.get("FIRST NAME").cloned(), text("Sam"));
        assert_eq!(personalisation.get("first.name"), None);
        // The lower case of a sigma depends on its neighbours.
        let greek = Personalisation::from_iter([("Οδος", "1")]);
        assert_eq!(greek.get("ΟΔΟΣ").cloned(), text("1"));
        assert_eq!(greek.get("οδοσ"), None);
        // Of several spellings, the last in alphabetical order counts.
        let several = Personalisation::from_iter([("ΟΔΟΣ", "1"), ("Οδος", "2"), ("οδοσ", "3")]);
        assert_eq!(several.get("οδος").cloned(), text("2"));
    }

    #[test]
    fn what_the_service_would_print_in_a_language_of_its_own_is_refused() {
        for json in [r#"{"a": {"b": 1}}"#, r#"{"a": null}"#, r#"{"a": 1.5}"#, r#"{"a": [1]}"#] {
            let error = serde_json::from_str::<Personalisation>(json).unwrap_err();
            assert!(error.to_string().starts_with("text, a whole number"), "{error}");
        }
    }

    #[test]
    fn a_placeholder_of_an_email_has_a_value_or_a_file() {
        let mut personalisation: EmailPersonalisation = EmailPersonalisation::default();
        personalisation.insert("a", "text");
        personalisation.insert_file("a", File::new("x"));
        personalisation.insert_file("b", File::new("x"));
        personalisation.insert("b", 1);
        assert_eq!(serde_json::to_string(&personalisation).unwrap(), r#"{"b":1,"a":{"file":"eA=="}}"#);
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let personalisation = Personalisation::from_iter([("name", "Kim")]);
        assert_eq!(format!("{personalisation:?}"), r#"{"name"}"#);
    }
}
