//! The characters of text messages, and the replacements of others.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::decompose_canonical;

/// The basic set of GSM 03.38.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Its extension; each of these characters takes the place of two.
const DOUBLED: &str = "^{}\\[~]|€";

/// Which characters of ASCII can be sent, a bit for each: nearly every character of nearly every message is one.
const ASCII: u128 = {
    let (mut set, mut index) = (0, 0);
    let texts = [BASIC.as_bytes(), DOUBLED.as_bytes()];
    while index < BASIC.len() + DOUBLED.len() {
        let byte = if index < BASIC.len() { texts[0][index] } else { texts[1][index - BASIC.len()] };
        if byte.is_ascii() {
            set |= 1 << byte;
        }
        index += 1;
    }
    set
};

/// The letters of Welsh that GSM 03.38 lacks. For these, the service writes in sixteen bits.
const WELSH: &str = "ÀÁÂÈÊËÌÍÎÏÒÓÔÙÚÛÝáâêëíîïóôúûýÿŴŵŶŷŸẀẁẂẃẄẅỲỳ";

/// The replacements of signs that have no base letter.
const SIMILAR: [(&str, &str); 8] = [
    ("\u{2011}\u{2013}\u{2014}\u{2212}", "-"),
    ("…", "..."),
    ("‘’‚", "'"),
    ("“”„", "\""),
    ("\u{180e}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{2028}\u{2029}", ""),
    ("\u{a0}\u{202f}\t", " "),
    ("Ł", "L"),
    ("ł", "l"),
];

/// The two characters with two marks whose first step cannot be composed again, since Unicode excludes it from
/// composition.
const NOT_COMPOSED: [(char, char); 2] = [('\u{fb2c}', '\u{fb49}'), ('\u{fb2d}', '\u{fb49}')];

pub(super) fn is_doubled(c: char) -> bool {
    !c.is_ascii_alphanumeric() && c != ' ' && DOUBLED.contains(c)
}

/// How many bytes of UTF-8 a character takes, at least, at a service that takes the accents off letters that GSM 03.38
/// lacks, and that lacks the section sign.
pub(super) fn bytes_without_accents(c: char) -> usize {
    if c != '§' && BASIC.contains(c) || is_doubled(c) { c.len_utf8() } else { 1 }
}

pub(super) fn needs_sixteen_bits(c: char) -> bool {
    !c.is_ascii() && WELSH.contains(c)
}

/// The replacement of a character; `None` if it is kept. A base letter replaces it only if that letter can be sent.
///
/// For some characters, such as U+FAD1, the service finds no base letter and fails. They count as replaced by a
/// question mark, too.
pub(super) fn replacement(c: char) -> Option<Cow<'static, str>> {
    if is_kept(c) {
        return None;
    }
    if let Some(base) = base(c) {
        return Some(if is_kept(base) { base.to_string().into() } else { "?".into() });
    }
    let similar = SIMILAR.iter().find(|(signs, _)| signs.contains(c)).map_or("?", |(_, similar)| similar);
    Some(similar.into())
}

fn is_kept(c: char) -> bool {
    if c.is_ascii() {
        return ASCII >> u32::from(c) & 1 == 1;
    }
    BASIC.contains(c) || DOUBLED.contains(c) || WELSH.contains(c)
}

/// The first character of the canonical decomposition, one step deep: `ź` is `z` and an accent. The service does not
/// decompose syllables of Hangul, or characters made of ones beyond the basic plane.
fn base(c: char) -> Option<char> {
    let mut whole = Vec::new();
    decompose_canonical(c, |part| whole.push(part));
    if whole == [c] || ('\u{ac00}'..='\u{d7a3}').contains(&c) {
        return None;
    }
    if let Some((_, base)) = NOT_COMPOSED.iter().find(|(whole, _)| *whole == c) {
        return Some(*base);
    }
    let compose = |parts: &[char]| -> Vec<char> { parts.iter().copied().nfc().collect() };
    let base = match compose(&whole)[..] {
        // Another code point for the same character.
        [other] if other != c => other,
        _ => *compose(whole.split_last()?.1).first()?,
    };
    (u32::from(base) <= 0xffff).then_some(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_letter_stands_in_only_where_it_can_be_sent() {
        for (c, expected) in
            [('ź', "z"), ('ấ', "â"), ('Ώ', "Ω"), ('й', "?"), ('έ', "?"), ('が', "?"), ('\u{2f800}', "?")]
        {
            assert_eq!(replacement(c).as_deref(), Some(expected), "{c}");
        }
    }

    #[test]
    fn of_ascii_those_are_kept_that_the_alphabets_hold() {
        for c in '\0'..='\u{7f}' {
            assert_eq!(is_kept(c), BASIC.contains(c) || DOUBLED.contains(c), "{c:?}");
            assert_eq!(is_doubled(c), DOUBLED.contains(c), "{c:?}");
        }
    }

    #[test]
    fn a_letter_loses_one_accent_at_a_time() {
        for (c, expected) in [
            ('ź', Some('z')),
            ('ǖ', Some('ü')),
            ('ấ', Some('â')),
            ('\u{212b}', Some('Å')),
            ('\u{2126}', Some('Ω')),
            ('\u{1f71}', Some('ά')),
            ('\u{958}', Some('\u{915}')),
            ('가', None),
            ('a', None),
            ('🚀', None),
            ('\u{1109a}', None),
        ] {
            assert_eq!(base(c), expected, "{c}");
        }
    }
}
