//! A word of the service's, kept.

/// A word of at most so many ASCII characters. One that is longer is cut, and one in other characters is left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<const N: usize> {
    text: [u8; N],
    length: usize,
}

impl<const N: usize> Word<N> {
    pub(crate) const EMPTY: Self = Self { text: [0; N], length: 0 };

    /// Keeps this word in place of the last one.
    #[inline(never)]
    pub(crate) fn keep(&mut self, word: &[u8]) {
        self.length = 0;
        if word.is_ascii() {
            for (place, character) in self.text.iter_mut().zip(word) {
                *place = *character;
                self.length += 1;
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        let text = self.text.get(..self.length).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl<const N: usize> core::fmt::Debug for Word<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.as_str().fmt(f)
    }
}
