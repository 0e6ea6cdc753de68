//! Repairs what the service writes that is not JSON.

/// The words for numbers that the service's language reads and writes, but JSON does not have.
const WORDS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// The text with those words turned into texts, and bytes that are not UTF-8 replaced. `None` if there are none.
///
/// The service returns a value as it was given, and it accepts `NaN` as a number.
pub(super) fn repaired(text: &[u8]) -> Option<String> {
    let whole = String::from_utf8_lossy(text);
    let mut repaired = String::with_capacity(whole.len() + 16);
    let mut rest: &str = &whole;
    while let Some(at) = rest.find(['"', 'N', 'I', '-']) {
        let (before, from) = rest.split_at(at);
        repaired.push_str(before);
        let length = if from.starts_with('"') {
            let length = string_len(from);
            repaired.push_str(&from[..length]);
            length
        } else if let Some(word) = WORDS.into_iter().find(|word| from.starts_with(word)) {
            repaired.extend(["\"", word, "\""]);
            word.len()
        } else {
            // It is a single byte, and not part of a word.
            repaired.push_str(&from[..1]);
            1
        };
        rest = &from[length..];
    }
    repaired.push_str(rest);
    (repaired.as_bytes() != text).then_some(repaired)
}

/// The length of the JSON string at the start of the text.
fn string_len(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_json_does_not_have_become_texts() {
        let text = r#"{"a":NaN,"b":[-Infinity, Infinity,-1],"c":"NaN \" NaN","NaN":"\\"}"#;
        let repaired = repaired(text.as_bytes()).unwrap();
        assert_eq!(repaired, r#"{"a":"NaN","b":["-Infinity", "Infinity",-1],"c":"NaN \" NaN","NaN":"\\"}"#);
    }

    #[test]
    fn invalid_utf_8_is_replaced_only_where_it_is() {
        assert_eq!(repaired(b"{\"a\":\"\xff\"}").unwrap(), "{\"a\":\"\u{fffd}\"}");
        for text in [&b"{\"a\":-1,\"N\":\"I\"}"[..], b"<html>Nobody", b"\"open"] {
            assert_eq!(repaired(text), None);
        }
    }
}
