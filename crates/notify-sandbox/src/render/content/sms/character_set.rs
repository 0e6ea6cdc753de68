//! The characters a text message can carry: GSM 03.38, its extension table, and the Welsh letters beyond both.

use std::borrow::Cow;

use crate::render::content::downgrade::{self, downgrade};

/// The default alphabet of GSM 03.38 other than ASCII letters and digits.
const BASIC: Set = Set::of("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà");

/// The extension table of GSM 03.38: each of these counts as two characters.
const EXTENDED: Set = Set::of("^{}\\[~]|€");

/// Letters that Welsh uses and GSM 03.38 lacks. They are sent unchanged, but every character of the message then takes
/// two bytes.
const WELSH: Set = Set::of("ÀÁÂÈÊËÌÍÎÏÒÓÔÙÚÛÝáâêëíîïóôúûýÿŴŵŶŷŸẀẁẂẃẄẅỲỳ");

/// A set of characters. Nearly all that are looked up are ASCII, and each character of a text is looked up several times.
struct Set {
    /// A bit for each character of ASCII that is in it.
    ascii: u128,
    all: &'static str,
}

impl Set {
    const fn of(all: &'static str) -> Self {
        let (mut ascii, mut index) = (0, 0);
        while index < all.len() {
            let byte = all.as_bytes()[index];
            if byte.is_ascii() {
                ascii |= 1 << byte;
            }
            index += 1;
        }
        Self { ascii, all }
    }

    fn contains(&self, c: char) -> bool {
        if c.is_ascii() { self.ascii & 1 << u32::from(c) != 0 } else { self.all.contains(c) }
    }
}

/// Whether a letter of `text` forces the whole message to two bytes per character.
pub(super) fn forces_unicode(text: &str) -> bool {
    text.contains(|c| WELSH.contains(c))
}

/// How many characters of `text` count as two.
pub(super) fn extended(text: &str) -> usize {
    text.chars().filter(|c| EXTENDED.contains(*c)).count()
}

/// Replaces each character that cannot be sent: by its base letter, by its plain counterpart, or by `?`.
pub(super) fn sanitise(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_sendable) { text.into() } else { downgrade(text, is_sendable).into() }
}

/// The first character on which the service fails instead of replacing it.
pub(super) fn first_unreplaceable(text: &str) -> Option<char> {
    downgrade::first_unreplaceable(text, is_sendable)
}

fn is_sendable(c: char) -> bool {
    is_gsm(c) || WELSH.contains(c)
}

/// Whether a phone network has the character in its own alphabet.
pub(super) fn is_gsm(c: char) -> bool {
    c.is_ascii_alphanumeric() || BASIC.contains(c) || EXTENDED.contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_go_unless_gsm_or_welsh_has_the_letter() {
        assert_eq!(sanitise("ça, Ça, señor Dvořák à Ŵy? Ångström"), "ca, Ça, señor Dvorák à Ŵy? Ångström");
        assert_eq!(sanitise("\u{212b}\u{1ea5}e\u{301}"), "Åâe?");
    }

    #[test]
    fn a_letter_whose_base_cannot_be_sent_becomes_a_question_mark() {
        assert_eq!(sanitise("Привет, Андрей"), "??????, ??????");
        assert_eq!(sanitise("\u{3ad}がΏ\u{2f800}"), "??Ω?");
    }

    #[test]
    fn what_has_no_base_becomes_one_question_mark_each() {
        assert_eq!(sanitise("日本 가 👨‍👩 ½ ™\0"), "?? ? ?? ? ??");
    }
}
