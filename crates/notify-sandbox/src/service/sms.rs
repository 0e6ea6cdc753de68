//! The text of a text message as GC Notify and VA Notify write it: both began from the same old version of GOV.UK
//! Notify, which replaced characters differently.

use crate::python::decomposition::{self, Base};
use crate::render::content::whitespace;

/// The default alphabet of GSM 03.38 other than ASCII letters and digits.
const ALPHABET: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// The extension table of GSM 03.38: each of these counts as two characters.
const EXTENSION: &str = "^{}\\[~]|€";
const WELSH: &str = "ÂâÊêÎîÔôÛûŴŵŶŷ";

/// The filled-in text as it is sent. `letters` are the characters that the service sends in addition to those that both
/// send.
pub(super) fn sent(filled: &str, letters: &[&str]) -> String {
    let encoded = close_up(&encode(filled, letters));
    whitespace::lines(&encoded).join("\n").trim_matches(whitespace::is_space).to_owned()
}

/// How many characters of the text count as two.
pub(super) fn extended(text: &str) -> usize {
    text.chars().filter(|c| EXTENSION.contains(*c)).count()
}

/// Removes spaces and tabs before a comma, a full stop or a bar, as all siblings do.
pub(super) fn close_up(text: &str) -> String {
    whitespace::close_up_before(&[',', '.', '|'], text)
}

fn encode(text: &str, letters: &[&str]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        let is_sendable = c.is_ascii_alphanumeric()
            || [ALPHABET, EXTENSION, WELSH].iter().chain(letters).any(|set| set.contains(c));
        if is_sendable {
            encoded.push(c);
            continue;
        }
        match decomposition::base(c) {
            Base::Letter(base) => encoded.push(base),
            _ => encoded.push_str(match c {
                '–' | '—' => "-",
                '…' => "...",
                '‘' | '’' => "'",
                '“' | '”' => "\"",
                '\u{200b}' | '\u{a0}' => "",
                '\t' => " ",
                _ => "?",
            }),
        }
    }
    encoded
}
