//! What letters are made of.

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

/// The first character of a decomposition, as the service's library finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// The character is taken for whole.
    None,
    Letter(char),
    /// Beyond the basic plane, of which the service does not think.
    TooLarge,
}

/// The canonical decomposition, one step deep: `ç` is `c` and a cedilla.
pub(crate) fn parts(c: char) -> Option<(char, Option<char>)> {
    match CanonicalDecompositionBorrowed::new().decompose(c) {
        Decomposed::Default => None,
        Decomposed::Singleton(base) => Some((base, None)),
        Decomposed::Expansion(base, rest) => Some((base, Some(rest))),
    }
}

/// The first character of the decomposition. Hangul syllables are taken for whole, and so is what came after Unicode 15.1.
pub(crate) fn base(c: char) -> Base {
    match parts(c) {
        Some(_) if ('\u{ac00}'..='\u{d7a3}').contains(&c) || is_recent(c) => Base::None,
        Some((base, _)) if u32::from(base) > 0xffff => Base::TooLarge,
        Some((base, _)) => Base::Letter(base),
        None => Base::None,
    }
}

/// The characters of Unicode 16 that have a decomposition, all of scripts that came with it.
fn is_recent(c: char) -> bool {
    matches!(
        c,
        '\u{105c9}' | '\u{105e4}' | '\u{11380}'..='\u{113ff}' | '\u{16100}'..='\u{1613f}' | '\u{16d40}'..='\u{16d7f}'
    )
}
