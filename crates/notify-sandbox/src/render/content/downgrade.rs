//! Replacements for characters that cannot be sent, in texts and in numbers alike.

use crate::python::decomposition::{self, Base};

/// Replaces each character that is not allowed: by its base letter, if that is allowed; by its plain counterpart, if it
/// has no base letter; by `?` otherwise.
pub(crate) fn downgrade(text: &str, is_allowed: impl Fn(char) -> bool) -> String {
    let mut downgraded = String::with_capacity(text.len());
    for c in text.chars() {
        if is_allowed(c) {
            downgraded.push(c);
            continue;
        }
        match decomposition::base(c) {
            Base::Letter(base) => downgraded.push(if is_allowed(base) { base } else { '?' }),
            Base::TooLarge => downgraded.push('?'),
            Base::None => downgraded.push_str(counterpart(c).unwrap_or("?")),
        }
    }
    downgraded
}

/// The first character on which the service fails instead of replacing it.
pub(crate) fn first_unreplaceable(text: &str, is_allowed: impl Fn(char) -> bool) -> Option<char> {
    text.chars().find(|c| !is_allowed(*c) && decomposition::base(*c) == Base::TooLarge)
}

/// Replacements for typographic characters, and for white space that is invisible or special.
fn counterpart(c: char) -> Option<&'static str> {
    Some(match c {
        '‑' | '–' | '—' | '−' => "-",
        '…' => "...",
        '‘' | '’' | '‚' => "'",
        '“' | '”' | '„' => "\"",
        '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}' => "",
        '\u{a0}' | '\u{202f}' | '\t' => " ",
        'Ł' => "L",
        'ł' => "l",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_letter_stands_in_only_if_it_is_allowed_itself() {
        let ascii = |text| downgrade(text, |c| c.is_ascii_alphanumeric());
        assert_eq!(ascii("eéŁй\u{3ad}が\u{2f800}가"), "eeL?????");
        assert_eq!(ascii("–…\u{a0}\u{200b}x\n"), "-... x?");
        assert_eq!(downgrade("é\u{3ad}", |c| c == 'ε'), "?ε");
    }

    #[test]
    fn the_service_fails_where_a_base_letter_is_beyond_the_basic_plane() {
        let block = |text| first_unreplaceable(text, |c| c.is_ascii());
        assert_eq!(block("a\u{2f800}🚀\u{fad1}\u{1d15e}"), Some('\u{fad1}'));
        assert_eq!(block("\u{1d15e}"), Some('\u{1d15e}'));
        assert_eq!(block("é가丽\u{2f803}"), Some('\u{2f803}'));
        assert_eq!(first_unreplaceable("\u{fad1}", |_| true), None);
    }
}
