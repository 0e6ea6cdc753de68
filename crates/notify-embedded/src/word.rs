//! A word from an answer, of limited length.

use heapless::String;

/// A word of at most so many ASCII characters. One that is longer is cut, and one in other characters is left out.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Word<const N: usize>(String<N, u8>);

impl<const N: usize> Word<N> {
    pub(crate) const EMPTY: Self = Self(String::new());

    /// Keeps this word in place of the last one.
    #[inline(never)]
    pub(crate) fn keep(&mut self, word: &[u8]) {
        self.0.clear();
        if word.is_ascii() {
            for character in word {
                // What does not fit is cut.
                let _ = self.0.push(char::from(*character & 0x7f));
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> core::fmt::Debug for Word<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.as_str().fmt(f)
    }
}
