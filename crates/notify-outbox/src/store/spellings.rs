//! How a text can be spelled in a payload.

use std::fmt::Write as _;

/// The forms in which a text can appear in a payload: as it is, and as JSON may write it.
pub(crate) fn spellings(text: &str) -> [Vec<u8>; 3] {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let quoted = quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default();
    let mut ascii = String::new();
    for character in quoted.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    [text.as_bytes().to_vec(), quoted.as_bytes().to_vec(), ascii.into_bytes()]
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn a_text_is_found_as_json_writes_it() {
        let spelled = spellings("Zoë \"Z\" 😀").map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(
            spelled,
            ["Zoë \"Z\" 😀", r#"Zoë \"Z\" 😀"#, r#"Zo\u00eb \"Z\" \ud83d\ude00"#].map(str::to_owned)
        );
        assert_eq!(spellings("+447900900123")[2], b"+447900900123");
    }
}
