//! JSON from elsewhere.

use serde::de::DeserializeOwned;

/// Reads JSON, or says where it is wrong: the path of the field and the place in the text. The reader's own message may
/// quote a value; the place says as much and shows none.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    // The path to a fault costs time to keep, so it is looked for only when there is one.
    serde_json::from_slice(text).map_err(|fault| {
        let place = format!("line {}, column {}", fault.line(), fault.column());
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(fault) => format!("{} ({place})", fault.path()),
            // Only what comes after the value is wrong.
            Ok(_) => place,
        }
    })
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
        assert_eq!(read(r#"{"a": []} secret"#), Err("line 1, column 11".to_owned()));
    }
}
