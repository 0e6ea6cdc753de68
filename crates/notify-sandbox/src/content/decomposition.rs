//! What letters are made of.

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

/// The first character of the canonical decomposition, one step deep: `ç` is `c` and a cedilla. Hangul syllables are taken
/// for whole, and so are characters made of ones beyond the basic plane.
pub(crate) fn base(c: char) -> Option<char> {
    let base = match CanonicalDecompositionBorrowed::new().decompose(c) {
        Decomposed::Default => return None,
        Decomposed::Singleton(base) | Decomposed::Expansion(base, _) => base,
    };
    (!('\u{ac00}'..='\u{d7a3}').contains(&c) && u32::from(base) <= 0xffff).then_some(base)
}
