//! Text written by others, made safe for a terminal.

use std::borrow::Cow;

/// One line of text, with everything escaped that could move the cursor, break the line or reorder it.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_active(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Whether a character does something to a terminal instead of being shown: control characters, line and paragraph
/// separators, and the marks that reorder text (Unicode Standard Annex #9, section 2).
pub(crate) fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_act_on_a_terminal_is_escaped() {
        assert_eq!(escape("red \u{1b}[31m"), r"red \u{1b}[31m");
        assert_eq!(escape("a\r\nb\tc\u{9b}2J\u{7f}"), r"a\r\nb\tc\u{9b}2J\u{7f}");
        assert_eq!(escape("moc.elpmaxe\u{202e}"), r"moc.elpmaxe\u{202e}");
    }

    #[test]
    fn whatever_does_not_move_stays() {
        for text in ["Kim", "Ŵyn ap Siôn", "李", "👩‍👧", r"C:\new"] {
            assert!(matches!(escape(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
