//! The text of a text message.

use crate::python::decomposition::{self, Base};
use crate::render::content::{Template, whitespace};
use crate::render::field::{self, Style, Values};
use crate::service::sms::close_up;

/// The most bytes that a text may take.
pub(super) const LIMIT: usize = 612;

/// The alphabet of GSM 03.38 with its extension, as the service has it: with a backtick, and without a section sign.
const ALPHABET: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ`¿äöñüà^{}\\[~]|€";

/// Characters that have a replacement although they are not accented letters: of the duplicates in Unicode, those that
/// differ only in presentation.
const COMPATIBLE: [(char, char); 33] = [
    ('\u{a8}', '\u{a8}'),
    ('\u{af}', '\u{af}'),
    ('\u{b4}', '\u{b8}'),
    ('\u{132}', '\u{1f3}'),
    ('\u{2d8}', '\u{2dd}'),
    ('\u{37a}', '\u{edd}'),
    ('\u{f77}', '\u{f79}'),
    ('\u{1e9a}', '\u{2006}'),
    ('\u{2008}', '\u{200a}'),
    ('\u{2017}', '\u{2026}'),
    ('\u{2033}', '\u{205f}'),
    ('\u{20a8}', '\u{2101}'),
    ('\u{2103}', '\u{2109}'),
    ('\u{2116}', '\u{2116}'),
    ('\u{2121}', '\u{2121}'),
    ('\u{2135}', '\u{2138}'),
    ('\u{213b}', '\u{213b}'),
    ('\u{2160}', '\u{217f}'),
    ('\u{222c}', '\u{2230}'),
    ('\u{2474}', '\u{24b5}'),
    ('\u{2a0c}', '\u{2a76}'),
    ('\u{2e9f}', '\u{2fd5}'),
    ('\u{3036}', '\u{309c}'),
    ('\u{3131}', '\u{318e}'),
    ('\u{3200}', '\u{3243}'),
    ('\u{32c0}', '\u{32cb}'),
    ('\u{3358}', '\u{3370}'),
    ('\u{33e0}', '\u{33fe}'),
    ('\u{fb00}', '\u{fb17}'),
    ('\u{fb4f}', '\u{fb4f}'),
    ('\u{fe49}', '\u{fe4f}'),
    ('\u{1f100}', '\u{1f12a}'),
    ('\u{1f240}', '\u{1f248}'),
];

/// A text message with its values filled in.
pub(super) struct SmsText {
    pub(super) body: String,
    /// Its length as the service counts it.
    pub(super) bytes: usize,
}

/// Fills in a text message.
///
/// # Errors
///
/// The character on which the service fails, if there is one.
pub(super) fn render(template: &Template, values: &Values<'_>) -> Result<SmsText, char> {
    let filled = field::fill(template, values, Style::PLAIN);
    let sent = whitespace::lines(&close_up(&encode(&filled)?)).join("\n");
    let body = sent.trim_matches(whitespace::is_space).to_owned();
    // Without values, the template itself is counted.
    let bytes = if values.is_empty() {
        encode(template.source().trim_matches(whitespace::is_space))?.len()
    } else {
        body.len()
    };
    Ok(SmsText { body, bytes })
}

/// Replaces what cannot be sent: an accented letter with its base letter, even if that cannot be sent either; anything
/// else with a question mark.
fn encode(text: &str) -> Result<String, char> {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || ALPHABET.contains(c) {
            encoded.push(c);
            continue;
        }
        match decomposition::base(c) {
            Base::Letter(base) => encoded.push(base),
            Base::TooLarge => return Err(c),
            Base::None if is_presentation(c) => return Err(c),
            Base::None => encoded.push_str(match c {
                '–' | '—' => "-",
                '…' => "...",
                '‘' | '’' => "'",
                '“' | '”' => "\"",
                '\u{200b}' => "",
                '\t' => " ",
                _ => "?",
            }),
        }
    }
    Ok(encoded)
}

/// Whether Unicode treats a character as a presentation form of another, for more than compatibility.
fn is_presentation(c: char) -> bool {
    let (mut plain, mut special) = (Vec::new(), Vec::new());
    unicode_normalization::char::decompose_canonical(c, |part| plain.push(part));
    unicode_normalization::char::decompose_compatible(c, |part| special.push(part));
    plain != special && !COMPATIBLE.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The characters on which the service fails, as recorded.
    #[test]
    fn the_service_fails_on_the_recorded_characters_alone() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/wire/siblings/au/generated/sms-500-characters.json"
        );
        let recorded = std::fs::read_to_string(path).expect("the recordings are part of the repository");
        let recorded: Vec<u32> = serde_json::from_str(&recorded).expect("a list of numbers");
        let fails = |c: char| encode(&c.to_string()).is_err();
        let found: Vec<u32> = ('\0'..=char::MAX).filter(|c| fails(*c)).map(u32::from).collect();
        let missed: Vec<_> = recorded.iter().filter(|c| !found.contains(c)).collect();
        // Unicode has grown since the service was written.
        let more: Vec<_> = found.iter().filter(|c| !recorded.contains(c)).collect();
        assert!(missed.is_empty() && more.len() < 250, "missed {}, more {}", missed.len(), more.len());
    }

    #[test]
    fn accents_are_removed_and_anything_else_becomes_a_question_mark() {
        assert_eq!(encode("Łukasz 😀 “q” – ŵ é ế й§`").as_deref(), Ok("?ukasz ? \"q\" - w é ê и?`"));
    }
}
