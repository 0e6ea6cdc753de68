//! JSON from elsewhere.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

/// Reads JSON, or says where it is wrong: the path of the field and the place in the text. The reader's own message may
/// quote a value; the place says as much and shows none.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    // The path to a fault costs time to keep, so it is looked for only when there is one.
    serde_json::from_slice(text).map_err(|fault| {
        let place = format!("line {}, column {}", fault.line(), fault.column());
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(fault) => format!("{} ({place})", shown(fault.path())),
            // Only what comes after the value is wrong.
            Ok(_) => place,
        }
    })
}

/// A path whose keys are the names of fields. Another key is the server's to choose, and not shown.
fn shown(path: &Path) -> String {
    let is_name = |key: &str| {
        key.len() <= 64 && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let mut shown = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => shown.extend(["[", &index.to_string(), "]"]),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                let dot = if shown.is_empty() { "" } else { "." };
                shown.extend([dot, if is_name(key) { key } else { "…" }]);
            }
            Segment::Unknown => shown.push('?'),
        }
    }
    if shown.is_empty() { ".".to_owned() } else { shown }
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
        assert_eq!(read("7"), Err(". (line 1, column 1)".to_owned()));
        assert_eq!(read(r#"{"a": []} secret"#), Err("line 1, column 11".to_owned()));
    }
}
