//! Lone surrogates, which Python's strings can hold and ours cannot.
//!
//! Between the parser and the answer, a character of the last private-use plane stands in for each. No other use of
//! these 2,048 characters is known.

/// The offset from a lone surrogate to its stand-in.
const OFFSET: u32 = 0x10_0000;

/// The stand-in for a lone surrogate.
pub(crate) fn stand_in(half: u16) -> char {
    char::from_u32(OFFSET + u32::from(half)).expect("all of the last plane are characters")
}

/// The lone surrogate that a character stands in for.
pub(crate) fn half(c: char) -> Option<u32> {
    u32::from(c).checked_sub(OFFSET).filter(|code| (0xD800..=0xDFFF).contains(code))
}

/// Whether a text contains a lone surrogate, so that it cannot be written as UTF-8.
pub(crate) fn is_in(text: &str) -> bool {
    // All characters of the last plane begin with this byte.
    text.as_bytes().contains(&0xF4) && text.chars().any(|c| half(c).is_some())
}

/// JSON with lone surrogates as escapes, as the service writes it.
pub(crate) fn escape(json: String) -> String {
    if !is_in(&json) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match half(c) {
            Some(half) => escaped.extend(["\\u", &format!("{half:04x}")]),
            None => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_survive_the_way_in_and_out() {
        let text = format!("a{}b{}", stand_in(0xD83D), stand_in(0xDE00));
        assert!(is_in(&text));
        assert_eq!(escape(text), "a\\ud83db\\ude00");
        assert!(!is_in("\u{10ffff}\u{1f600}é"));
    }
}
