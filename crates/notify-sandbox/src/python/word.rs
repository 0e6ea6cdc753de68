//! Letters and digits as Python sees them.

use unicode_normalization::char::is_combining_mark;

/// Whether a character is part of a word to Python's patterns: a letter or a number, but not a mark that is part of
/// one, nor a letter in a circle or a square.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.is_alphanumeric() && !is_combining_mark(c) && !is_framed(c)
}

fn is_framed(c: char) -> bool {
    matches!(
        c,
        '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_made_of_letters_and_numbers() {
        for c in ['a', '_', '0', 'é', '½', 'Ⅷ', '日', '١'] {
            assert!(is_word(c), "{c}");
        }
        for c in ['-', '\u{301}', '\u{93e}', 'Ⓐ', '\u{200d}', '🄰'] {
            assert!(!is_word(c), "{c}");
        }
    }
}
