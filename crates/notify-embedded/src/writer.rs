//! Writes a request into the caller's bytes.

use notify_jwt::Signer;

/// Text in a buffer of fixed size. Once something did not fit, nothing more is written.
pub(crate) struct Writer<'b> {
    buffer: &'b mut [u8],
    length: usize,
    is_full: bool,
}

impl<'b> Writer<'b> {
    pub(crate) fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, length: 0, is_full: false }
    }

    /// The room that is left.
    fn room(&mut self) -> &mut [u8] {
        if self.is_full { &mut [] } else { self.buffer.get_mut(self.length..).unwrap_or_default() }
    }

    // One copy of it: it is called thirty times.
    #[inline(never)]
    pub(crate) fn bytes(&mut self, text: &[u8]) {
        let room = self.room();
        if room.len() < text.len() {
            self.is_full = true;
            return;
        }
        // `copy_from_slice` would bring in code that panics.
        for (place, byte) in room.iter_mut().zip(text) {
            *place = *byte;
        }
        self.length += text.len();
    }

    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A JSON text, with its quotes.
    pub(crate) fn json(&mut self, text: &[u8]) {
        self.bytes(b"\"");
        for byte in text.iter().copied() {
            match byte {
                b'"' | b'\\' => self.bytes(&[b'\\', byte]),
                0..0x20 => {
                    self.bytes(b"\\u00");
                    self.bytes(&hexadecimal(byte));
                }
                _ => self.bytes(&[byte]),
            }
        }
        self.bytes(b"\"");
    }

    /// The value of a query's parameter.
    pub(crate) fn query(&mut self, text: &[u8]) {
        for byte in text.iter().copied() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                self.bytes(&[byte]);
            } else {
                self.bytes(b"%");
                self.bytes(&hexadecimal(byte).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }

    /// The value of an `Authorization` header.
    pub(crate) fn bearer(&mut self, signer: &Signer, iat: u64) {
        match signer.bearer_to_slice(iat, self.room()) {
            Ok(length) => self.length += length,
            Err(_) => self.is_full = true,
        }
    }

    /// Room for a number that is not known yet: the place of its last digit.
    pub(crate) fn number_later(&mut self) -> Later {
        self.bytes(b"     ");
        Later { end: self.length }
    }

    /// How many bytes were written so far.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// Writes a number where room was left for it.
    pub(crate) fn number(&mut self, place: &Later, number: usize) {
        let mut rest = number;
        let digits = self.buffer.get_mut(..place.end).unwrap_or_default();
        for digit in digits.iter_mut().rev().take(LATER_DIGITS) {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
            if rest == 0 {
                return;
            }
        }
        self.is_full = true;
    }

    /// What was written, if all of it fitted.
    pub(crate) fn finish(self) -> Option<&'b [u8]> {
        if self.is_full { None } else { self.buffer.get(..self.length) }
    }
}

/// Room that was left for a number.
pub(crate) struct Later {
    end: usize,
}

/// The digits of a number that is written later.
const LATER_DIGITS: usize = 5;

fn hexadecimal(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|half| if half < 10 { b'0' + half } else { b'a' + half - 10 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    extern crate std;
    use std::string::String;

    proptest! {
        #[test]
        fn json_reads_back_as_what_was_written(text in any::<String>()) {
            let mut buffer = [0; 4096];
            let mut writer = Writer::new(&mut buffer);
            writer.json(text.as_bytes());
            if let Some(written) = writer.finish() {
                assert_eq!(serde_json::from_slice::<String>(written).unwrap(), text);
            }
        }

        #[test]
        fn nothing_is_given_out_that_did_not_fit(size in 0_usize..40, number in 0_usize..200_000) {
            let mut buffer = [0; 40];
            let mut writer = Writer::new(&mut buffer[..size]);
            writer.text("Length:");
            let later = writer.number_later();
            writer.text(" and more");
            writer.number(&later, number);
            let expected = std::format!("Length:{number:>5} and more");
            let fits = expected.len() <= size && number < 100_000;
            assert_eq!(writer.finish(), fits.then_some(expected.as_bytes()));
        }
    }
}
