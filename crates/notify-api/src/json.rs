//! JSON from other machines.

mod field;
mod place;
mod repair;

use std::borrow::Cow;

use serde::de::{DeserializeOwned, IgnoredAny};

pub(crate) use field::{
    elements, entries, flag, number, number_or_zero, option, optional_word, or_default, text, text_or_empty,
    unsaid, word,
};

/// The mark that some editors and servers put before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads JSON, or says where it is wrong: the path of the field and the place in the text. The reader's own message may
/// quote a value; the place is as useful and shows none.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let read = serde_json::from_slice(text).or_else(|problem| match repair::repaired(text) {
        Some(repaired) => serde_json::from_slice(repaired.as_bytes()).map_err(|_| problem),
        None => Err(problem),
    });
    read.map_err(|problem| {
        let place = format!("line {}, column {}", problem.line(), problem.column());
        let path = place::path(text, &problem);
        if path.is_empty() { place } else { format!("{path} ({place})") }
    })
}

/// The text without a byte order mark, and with everything repaired that the service's own writer produces and not every
/// reader accepts.
pub(crate) fn sound(text: &[u8]) -> Cow<'_, [u8]> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if serde_json::from_slice::<IgnoredAny>(text).is_ok() {
        return Cow::Borrowed(text);
    }
    repair::repaired(text).map_or(Cow::Borrowed(text), |repaired| Cow::Owned(repaired.into_bytes()))
}

/// What is wrong with the part of a text at `place`.
fn problem(place: &str, part: &str, problem: &serde_json::Error) -> String {
    let inner = place::path(part.as_bytes(), problem);
    let dot = if inner.is_empty() || inner.starts_with('[') { "" } else { "." };
    format!("{place}{dot}{inner}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_fault_is_named_by_its_place_and_not_by_its_value() {
        let read = |text: &str| read::<BTreeMap<String, Vec<u32>>>(text.as_bytes());
        assert_eq!(read(r#"{"a": [1]}"#), Ok(BTreeMap::from([("a".to_owned(), vec![1])])));
        assert_eq!(read("{\"a\": [1,\n\"secret\"]}"), Err("a[1] (line 2, column 8)".to_owned()));
        assert_eq!(read(r#"{"a": [1"#), Err("a (line 1, column 8)".to_owned()));
        assert_eq!(read(r#"{"a secret": 1}"#), Err("… (line 1, column 14)".to_owned()));
        assert_eq!(read("7"), Err("line 1, column 1".to_owned()));
        assert_eq!(read(r#"{"a": []} secret"#), Err("line 1, column 11".to_owned()));
    }

    #[test]
    fn a_field_that_is_missing_is_named() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Inner {
            id: u32,
        }
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Outer {
            items: Vec<Inner>,
            links: Inner,
        }
        let read = |text: &str| read::<Outer>(text.as_bytes()).unwrap_err();
        assert_eq!(read("{}"), "items, which is missing (line 1, column 2)");
        assert_eq!(read(r#"{"items":[{"id":1},{}]}"#), "items[1].id, which is missing (line 1, column 21)");
        assert_eq!(read(r#"{"items":[],"links":{}}"#), "links.id, which is missing (line 1, column 22)");
    }

    #[test]
    fn a_text_may_begin_with_a_byte_order_mark() {
        assert_eq!(read::<u32>(b"\xef\xbb\xbf7"), Ok(7));
        assert_eq!(&*sound(b"\xef\xbb\xbf7"), b"7");
        // Only one is allowed.
        assert!(read::<u32>(b"\xef\xbb\xbf\xef\xbb\xbf7").is_err());
    }
}
