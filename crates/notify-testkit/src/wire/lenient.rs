//! JSON as the service writes it, which is Python's: with lone surrogates and with `NaN`.

/// Where a lone surrogate is mapped to: the last private-use plane, which no recording uses otherwise.
const STAND_IN: u32 = 0x10_0000;

/// The same as standard JSON. A lone surrogate becomes a character that stands in for it, and `NaN` and its like become
/// strings.
pub(super) fn strict(json: &str) -> String {
    let mut strict = String::with_capacity(json.len());
    let mut rest = json;
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        let word =
            ["NaN", "-Infinity", "Infinity"].into_iter().find(|word| !in_string && rest.starts_with(word));
        let taken = match (c, word, lone_half(rest)) {
            (_, Some(word), _) => {
                strict.extend(["\"", word, "\""]);
                word.len()
            }
            ('\\', _, Some(half)) if in_string => {
                strict.push(half);
                ESCAPE
            }
            ('\\', ..) if in_string => {
                // Skip a surrogate pair as a whole, and after any other backslash the next character.
                let length = if is_pair(rest) {
                    2 * ESCAPE
                } else {
                    1 + rest[1..].chars().next().map_or(0, char::len_utf8)
                };
                strict.push_str(&rest[..length]);
                length
            }
            _ => {
                in_string ^= c == '"';
                strict.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    strict
}

/// The length of `\u` and four digits.
const ESCAPE: usize = 6;

/// The code of the escape that `text` begins with.
fn escaped(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

fn is_pair(text: &str) -> bool {
    let low = || text.get(ESCAPE..).and_then(escaped);
    matches!(escaped(text), Some(0xD800..=0xDBFF)) && matches!(low(), Some(0xDC00..=0xDFFF))
}

/// The stand-in for the lone surrogate that `text` begins with.
fn lone_half(text: &str) -> Option<char> {
    let half = escaped(text).filter(|code| (0xD800..=0xDFFF).contains(code) && !is_pair(text))?;
    char::from_u32(STAND_IN + half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn lone_surrogates_and_nan_can_be_read() {
        let read = |text: &str| serde_json::from_str::<Value>(&strict(text)).unwrap();
        assert_eq!(read(r#"{"a": "x\ud83dx", "b": NaN}"#), json!({"a": "x\u{10d83d}x", "b": "NaN"}));
        assert_eq!(read(r#"["\ud83d\ude00", "\ude00\ud83d"]"#), json!(["\u{1f600}", "\u{10de00}\u{10d83d}"]));
    }

    #[test]
    fn everything_else_stays() {
        for json in [r#"{"a\"NaN": "\\ud83d", "b": [-1e5, null, "é\n"]}"#, "", "\"\\"] {
            assert_eq!(strict(json), json);
        }
    }
}
