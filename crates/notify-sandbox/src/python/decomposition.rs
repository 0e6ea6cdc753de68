//! How letters decompose.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::decompose_canonical;

/// Characters made in two steps whose first step cannot be composed again, because Unicode excludes it from
/// composition: two letters of Hebrew, and musical notes.
const NOT_COMPOSED: [(char, char, char); 6] = [
    ('\u{fb2c}', '\u{fb2d}', '\u{fb49}'),
    ('\u{1d160}', '\u{1d164}', '\u{1d15f}'),
    ('\u{1d1bd}', '\u{1d1bd}', '\u{1d1bb}'),
    ('\u{1d1be}', '\u{1d1be}', '\u{1d1bc}'),
    ('\u{1d1bf}', '\u{1d1bf}', '\u{1d1bb}'),
    ('\u{1d1c0}', '\u{1d1c0}', '\u{1d1bc}'),
];

/// The first character of a decomposition, as the service's library finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// The character is not taken apart.
    None,
    Letter(char),
    /// Beyond the basic plane, which the service does not consider.
    TooLarge,
}

/// The canonical decomposition, one step deep: `ç` is `c` and a cedilla.
pub(crate) fn parts(c: char) -> Option<(char, Option<char>)> {
    let mut whole = Vec::new();
    decompose_canonical(c, |part| whole.push(part));
    let (last, before) = whole.split_last()?;
    match whole.iter().copied().nfc().collect::<Vec<_>>()[..] {
        // Another code point for the same character.
        [other] if other != c => Some((other, None)),
        _ if before.is_empty() => None,
        _ => {
            let first_step = NOT_COMPOSED.iter().find(|(first, last, _)| (*first..=*last).contains(&c));
            let base = first_step.map(|(.., base)| *base).or_else(|| before.iter().copied().nfc().next())?;
            Some((base, Some(*last)))
        }
    }
}

/// The first character of the decomposition. Hangul syllables count as a whole, and so do characters added after
/// Unicode 15.1.
pub(crate) fn base(c: char) -> Base {
    match parts(c) {
        Some(_) if ('\u{ac00}'..='\u{d7a3}').contains(&c) || is_recent(c) => Base::None,
        Some((base, _)) if u32::from(base) > 0xffff => Base::TooLarge,
        Some((base, _)) => Base::Letter(base),
        None => Base::None,
    }
}

/// The characters of Unicode 16 that have a decomposition, all in scripts that came with it.
fn is_recent(c: char) -> bool {
    matches!(
        c,
        '\u{105c9}' | '\u{105e4}' | '\u{11380}'..='\u{113ff}' | '\u{16100}'..='\u{1613f}' | '\u{16d40}'..='\u{16d7f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_taken_apart_one_step_deep() {
        for (c, expected) in [
            ('c', None),
            ('ø', None),
            ('ç', Some(('c', Some('\u{327}')))),
            // Two marks.
            ('ǭ', Some(('ǫ', Some('\u{304}')))),
            // The angstrom sign is the letter with its ring, not a base letter.
            ('\u{212b}', Some(('å'.to_uppercase().next().unwrap(), None))),
            ('\u{344}', Some(('\u{308}', Some('\u{301}')))),
            ('\u{958}', Some(('\u{915}', Some('\u{93c}')))),
            ('\u{ac01}', Some(('\u{ac00}', Some('\u{11a8}')))),
            ('\u{f900}', Some(('\u{8c48}', None))),
            ('\u{fb2c}', Some(('\u{fb49}', Some('\u{5c1}')))),
            ('\u{fb49}', Some(('\u{5e9}', Some('\u{5bc}')))),
            ('\u{1d160}', Some(('\u{1d15f}', Some('\u{1d16e}')))),
            ('\u{1d1bf}', Some(('\u{1d1bb}', Some('\u{1d16f}')))),
        ] {
            assert_eq!(parts(c), expected, "{c:?}");
        }
    }
}
