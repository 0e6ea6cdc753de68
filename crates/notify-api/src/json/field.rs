//! Fields of answers. Each is read so that if one is malformed, only that field is lost.
//!
//! The service returns some values as they were given, whatever JSON that was. Servers other than the recorded one may
//! leave out a field or fill it differently.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::problem;
use crate::model::UnreadableItem;

/// Any JSON, unparsed: numbers of any size, values of any depth, and texts with half a character in them.
fn raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<RawValue>, D::Error> {
    Box::deserialize(deserializer)
}

/// A text. Other JSON becomes its own text, and `null` becomes `None`.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    raw(deserializer).map(|raw| text_of(raw.get()))
}

/// The same for a text that is always there: empty for `null`.
pub(crate) fn text_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(Option::unwrap_or_default)
}

/// One of the service's words, in a type that has a place for any text.
pub(crate) fn word<'de, T: for<'t> From<&'t str>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    text_or_empty(deserializer).map(|text| T::from(&text))
}

/// The value for a word that the service did not give.
pub(crate) fn unsaid<T: for<'t> From<&'t str>>() -> T {
    T::from("")
}

/// The same for a word that is not always given.
pub(crate) fn optional_word<'de, T: for<'t> From<&'t str>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    text(deserializer).map(|text| text.map(|text| T::from(&text)))
}

/// An id, a moment, a word or an object; `None` if it cannot be read.
pub(crate) fn option<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    raw(deserializer).map(|raw| serde_json::from_str(raw.get()).unwrap_or_default())
}

/// The same for a value that is always there.
pub(crate) fn or_default<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    option(deserializer).map(Option::unwrap_or_default)
}

/// A number, even if it is written as a text.
pub(crate) fn number<'de, T: Number, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    raw(deserializer).map(|raw| text_of(raw.get()).and_then(|text| T::read(&text)))
}

/// The same for a version. 0 means that there is none, since the service counts from 1.
pub(crate) fn number_or_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    number(deserializer).map(Option::unwrap_or_default)
}

/// A flag; false if it is not given.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    or_default(deserializer)
}

/// The values of an object by name, each read on its own.
pub(crate) fn entries<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let raw = raw(deserializer)?;
    let entries: BTreeMap<Name, Box<RawValue>> = serde_json::from_str(raw.get()).unwrap_or_default();
    Ok(entries
        .into_iter()
        .filter_map(|(Name(name), value)| Some((name, serde_json::from_str(value.get()).ok()?)))
        .collect())
}

/// The elements of the list with this name: those that can be read, and those that cannot.
pub(crate) fn elements<T: DeserializeOwned>(
    name: &str,
    list: Vec<Box<RawValue>>,
) -> (Vec<T>, Vec<UnreadableItem>) {
    let mut read = Vec::with_capacity(list.len());
    let mut unreadable = Vec::new();
    for (index, raw) in list.into_iter().enumerate() {
        match serde_json::from_str(raw.get()) {
            Ok(element) => read.push(element),
            Err(error) => unreadable.push(UnreadableItem {
                index,
                problem: problem(&format!("{name}[{index}]"), raw.get(), &error),
                json: raw.get().to_owned(),
            }),
        }
    }
    (read, unreadable)
}

/// A number that a text may hold.
pub(crate) trait Number: Sized {
    fn read(text: &str) -> Option<Self>;
}

impl Number for f64 {
    fn read(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|number: &Self| number.is_finite())
    }
}

impl Number for u32 {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0'));
        digits.map_or(text, |(digits, _)| digits).parse().ok()
    }
}

fn text_of(raw: &str) -> Option<String> {
    match raw {
        "null" => None,
        _ if raw.starts_with('"') => {
            Some(serde_json::from_str::<Name>(raw).map_or_else(|_| raw.to_owned(), |Name(text)| text))
        }
        _ => Some(raw.to_owned()),
    }
}

/// A text. If it has half a character, as the service's language can write it, a replacement character takes its place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(Name(text.to_owned()))
            }

            // The reader refuses half a character in a text, but passes it on in bytes, as three.
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Name, E> {
                Ok(Name(str::from_utf8(bytes).map_or_else(|_| replaced(bytes), str::to_owned)))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// The text with one replacement character for each half of a character, not one for each of its bytes.
fn replaced(bytes: &[u8]) -> String {
    let is_half = |bytes: &[u8]| matches!(bytes, [0xed, 0xa0..=0xbf, 0x80..=0xbf, ..]);
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = (0..rest.len()).find(|at| is_half(&rest[*at..])) {
        text.push_str(&String::from_utf8_lossy(&rest[..at]));
        text.push(char::REPLACEMENT_CHARACTER);
        rest = &rest[at + 3..];
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Text {
        #[serde(default, deserialize_with = "text")]
        a: Option<String>,
    }

    fn text_in(json: &str) -> Option<String> {
        serde_json::from_str::<Text>(json).unwrap().a
    }

    #[test]
    fn a_value_that_is_not_a_text_is_kept_as_json() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        for json in [
            "1",
            "2.50",
            "1e400",
            "-0",
            "123456789012345678901234567890",
            "true",
            r#"{"a":1}"#,
            "[ 1]",
            &deep,
        ] {
            assert_eq!(text_in(&format!(r#"{{"a":{json}}}"#)).as_deref(), Some(json));
        }
        assert_eq!(text_in(r#"{"a": null}"#), None);
        assert_eq!(text_in("{}"), None);
        assert_eq!(text_in(r#"{"a": "a\n\u00e9 \ud83d\ude00"}"#).as_deref(), Some("a\né 😀"));
    }

    #[test]
    fn half_a_character_costs_only_itself() {
        for json in [r#""a\ud800b""#, r#""a\udc00b""#] {
            assert_eq!(text_in(&format!(r#"{{"a":{json}}}"#)).as_deref(), Some("a\u{fffd}b"), "{json}");
        }
    }

    #[test]
    fn a_number_may_be_written_as_a_text() {
        let whole = ["1", "\"1\"", "1.0"].map(|json| text_of(json).and_then(|text| u32::read(&text)));
        assert_eq!(whole, [Some(1); 3]);
        for json in ["-1", "1.5", "99999999999", "true", "null", "[]", "\"one\"", ""] {
            assert_eq!(text_of(json).and_then(|text| u32::read(&text)), None, "{json}");
        }
        let real = ["0.5", "\"0.5\""].map(|json| text_of(json).and_then(|text| f64::read(&text)));
        assert_eq!(real, [Some(0.5); 2]);
        for json in ["1e400", "\"NaN\"", "\"inf\"", "{}"] {
            assert_eq!(text_of(json).and_then(|text| f64::read(&text)), None, "{json}");
        }
    }

    #[test]
    fn values_with_the_same_name_do_not_affect_others() {
        #[derive(Deserialize)]
        struct Map {
            #[serde(deserialize_with = "entries")]
            a: BTreeMap<String, bool>,
        }
        let map = |json: &str| serde_json::from_str::<Map>(json).unwrap().a;
        let both = BTreeMap::from([("x".to_owned(), true), ("\u{fffd}".to_owned(), false)]);
        assert_eq!(map(r#"{"a":{"x":true,"y":7,"\ud800":false}}"#), both);
        assert_eq!(map(r#"{"a":[1]}"#), BTreeMap::new());
    }
}
