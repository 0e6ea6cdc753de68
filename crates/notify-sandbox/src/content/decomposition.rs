//! What letters are made of.

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

/// The canonical decomposition, one step deep: `ç` is `c` and a cedilla.
pub(crate) fn parts(c: char) -> Option<(char, Option<char>)> {
    match CanonicalDecompositionBorrowed::new().decompose(c) {
        Decomposed::Default => None,
        Decomposed::Singleton(base) => Some((base, None)),
        Decomposed::Expansion(base, rest) => Some((base, Some(rest))),
    }
}

/// The first character of the decomposition, as the service's library finds it: Hangul syllables are taken for whole, and
/// so are characters made of ones beyond the basic plane.
pub(crate) fn base(c: char) -> Option<char> {
    let (base, _) = parts(c)?;
    (!('\u{ac00}'..='\u{d7a3}').contains(&c) && u32::from(base) <= 0xffff).then_some(base)
}
