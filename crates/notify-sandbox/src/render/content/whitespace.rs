//! White space as the service tidies it: what is invisible, what is ignored, and what replaces it.

pub(crate) use crate::python::whitespace::{is_space, lines};

/// Zero-width characters, which the service removes wherever it tidies text; to it, line and paragraph separators are
/// such characters too.
const ZERO_WIDTH: [char; 8] =
    ['\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2028}', '\u{2029}', '\u{2060}', '\u{feff}'];

/// Characters with a width that are white space in disguise: the no-break space, and the narrow one.
const NO_BREAK_SPACES: [char; 2] = ['\u{a0}', '\u{202f}'];

/// The white space of ASCII, including vertical tab and form feed.
fn is_ascii_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// Whether `c` is white space where the service ignores it in numbers, codes and addresses.
pub(crate) fn is_ignorable(c: char) -> bool {
    is_ascii_space(c) || is_obscure(c)
}

/// Whether `c` is white space that looks like something else, or like nothing.
fn is_obscure(c: char) -> bool {
    NO_BREAK_SPACES.contains(&c) || ZERO_WIDTH.contains(&c)
}

/// Removes invisible characters, turns each run of space into one space, and trims.
pub(crate) fn normalise(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for word in visible(text).split(is_space).filter(|word| !word.is_empty()) {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// Removes invisible characters and no-break spaces everywhere, and ASCII white space at both ends.
pub(crate) fn trim_obscure(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !is_obscure(*c)).collect();
    shown.trim_matches(is_ascii_space).to_owned()
}

/// Removes what mail programs show as boxes: the line separator, and the Hangul filler.
pub(crate) fn without_unsupported(text: &str) -> String {
    text.replace(['\u{2028}', '\u{3164}'], "")
}

/// Removes spaces and tabs before a comma or a full stop.
pub(crate) fn close_up_punctuation(text: &str) -> String {
    close_up_before(&[',', '.'], text)
}

/// Removes spaces and tabs before these characters.
pub(crate) fn close_up_before(marks: &[char], text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for c in text.chars() {
        if marks.contains(&c) {
            tidy.truncate(tidy.trim_end_matches([' ', '\t']).len());
        }
        tidy.push(c);
    }
    tidy
}

fn visible(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii() || !ZERO_WIDTH.contains(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_is_tidied_and_invisible_characters_vanish() {
        assert_eq!(normalise(" a\u{a0}\u{a0}b\u{200b}c \u{1f} d\t"), "a bc d");
        assert_eq!(normalise("a\u{202f}b \u{2029} c\u{2028}d"), "a b cd");
        assert_eq!(trim_obscure("\t a\u{a0} b\u{feff}\n"), "a b");
        assert_eq!(trim_obscure("\u{202f}a\u{2028}b\u{2029}c\u{202f}"), "abc");
    }

    #[test]
    fn only_blanks_before_commas_and_full_stops_go() {
        assert_eq!(close_up_punctuation("a \t, b . c\n. d ;"), "a, b. c\n. d ;");
    }
}
