//! The characters a text message can carry: GSM 03.38, its extension table, and the Welsh letters beyond both.

use crate::content::decomposition::base;

/// The default alphabet of GSM 03.38 other than ASCII letters and digits.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";

/// The extension table of GSM 03.38: each of these takes the room of two.
const EXTENDED: &str = "^{}\\[~]|€";

/// Letters which Welsh writes and GSM 03.38 lacks. They are sent as they are, at the price of two bytes for every
/// character of the message.
const WELSH: &str = "ÀÁÂÈÊËÌÍÎÏÒÓÔÙÚÛÝáâêëíîïóôúûýÿŴŵŶŷŸẀẁẂẃẄẅỲỳ";

/// Whether a letter of `text` forces the whole message into two bytes per character.
pub(super) fn forces_unicode(text: &str) -> bool {
    text.contains(|c| WELSH.contains(c))
}

/// How many characters of `text` take the room of two.
pub(super) fn extended(text: &str) -> usize {
    text.chars().filter(|c| EXTENDED.contains(*c)).count()
}

/// Replaces each character that cannot be sent: by its base letter, by its plain counterpart, or by `?`.
pub(super) fn sanitise(text: &str) -> String {
    let mut sanitised = String::with_capacity(text.len());
    for c in text.chars() {
        if is_sendable(c) {
            sanitised.push(c);
        } else if let Some(base) = base(c) {
            sanitised.push(base);
        } else {
            sanitised.push_str(counterpart(c).unwrap_or("?"));
        }
    }
    sanitised
}

fn is_sendable(c: char) -> bool {
    c.is_ascii_alphanumeric() || BASIC.contains(c) || EXTENDED.contains(c) || WELSH.contains(c)
}

/// What stands in for typographic characters, and for white space that is invisible or special.
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
    use crate::contract;
    use serde_json::Value;
    use std::collections::BTreeMap;

    #[test]
    fn the_sets_are_those_that_the_service_uses() {
        let Some(sets) = contract::read("sms_character_sets.json") else { return };
        let every =
            |pick: &dyn Fn(char) -> bool| -> String { ('\0'..=char::MAX).filter(|c| pick(*c)).collect() };
        let set = |name: &str| sets[name].as_str().unwrap().to_owned();
        assert_eq!(every(&|c| is_sendable(c) && !WELSH.contains(c)), set("gsm7"));
        assert_eq!(every(&|c| EXTENDED.contains(c)), set("gsm7_extended"));
        assert_eq!(every(&|c| WELSH.contains(c)), set("welsh_forces_ucs2"));
        let replacements: BTreeMap<String, Value> =
            ('\0'..=char::MAX).filter_map(|c| Some((c.to_string(), counterpart(c)?.into()))).collect();
        assert_eq!(replacements, sets["replacements"].as_object().unwrap().clone().into_iter().collect());
    }

    #[test]
    fn accents_go_unless_gsm_or_welsh_has_the_letter() {
        assert_eq!(sanitise("ça, Ça, señor Dvořák à Ŵy? Ångström"), "ca, Ça, señor Dvorák à Ŵy? Ångström");
        assert_eq!(sanitise("\u{212b}\u{1ea5}e\u{301}"), "Åâe?");
    }

    #[test]
    fn what_has_no_base_becomes_one_question_mark_each() {
        assert_eq!(sanitise("日本 가 👨‍👩 ½ ™\0"), "?? ? ?? ? ??");
        assert_eq!(sanitise("\u{2f800}\u{1d15e}"), "丽?");
    }
}
