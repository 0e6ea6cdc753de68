//! Writes a request into the caller's bytes.

use notify_jwt::{BEARER_MAX, Signer};

/// Writes a text into a buffer, if all of it fits: otherwise not a byte.
///
/// The text is written twice, first to learn its length.
pub(crate) fn write<'b>(buffer: &'b mut [u8], text: &dyn Fn(&mut Writer<'_>)) -> Option<&'b [u8]> {
    let mut measured = Writer::new(&mut []);
    text(&mut measured);
    if measured.length > buffer.len() {
        return None;
    }
    let mut writer = Writer::new(buffer);
    text(&mut writer);
    let Writer { buffer, length } = writer;
    buffer.get(..length)
}

/// Text in a buffer of fixed size. Text that does not fit is only counted.
pub(crate) struct Writer<'b> {
    buffer: &'b mut [u8],
    length: usize,
}

impl<'b> Writer<'b> {
    pub(crate) fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, length: 0 }
    }

    // One copy of it: it is called thirty times.
    #[inline(never)]
    pub(crate) fn bytes(&mut self, text: &[u8]) {
        let end = self.length.saturating_add(text.len());
        let room = self.buffer.get_mut(self.length..end).unwrap_or_default();
        // `copy_from_slice` would bring in code that panics.
        for (place, byte) in room.iter_mut().zip(text) {
            *place = *byte;
        }
        self.length = end;
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

    /// The value of an `Authorization` header. It counts as if it were the longest.
    pub(crate) fn bearer(&mut self, signer: &Signer, iat: u64) {
        let room = self.buffer.get_mut(self.length..).unwrap_or_default();
        // With less space, the signer would need a second buffer.
        let written = if room.len() > BEARER_MAX { signer.bearer_to_slice(iat, room).ok() } else { None };
        self.length = self.length.saturating_add(written.unwrap_or(BEARER_MAX));
    }

    /// Room for a number that is not known yet: the place after its last digit.
    pub(crate) fn number_later(&mut self) -> Later {
        self.bytes(b"     ");
        Later { end: self.length }
    }

    /// How many bytes were written so far.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// Writes a number where room was left for it. If it has too many digits, nothing fits.
    pub(crate) fn number(&mut self, place: &Later, number: usize) {
        let mut rest = number;
        for at in 1..=LATER_DIGITS {
            if let Some(digit) = self.buffer.get_mut(place.end.wrapping_sub(at)) {
                *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            }
            rest /= 10;
            if rest == 0 {
                return;
            }
        }
        self.length = usize::MAX;
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
            if let Some(written) = write(&mut buffer, &|writer| writer.json(text.as_bytes())) {
                assert_eq!(serde_json::from_slice::<String>(written).unwrap(), text);
            }
        }

        #[test]
        fn what_does_not_fit_leaves_the_buffer_as_it_was(size in 0_usize..40, number in 0_usize..200_000) {
            let mut buffer = [b'#'; 40];
            let written = write(&mut buffer[..size], &|writer| {
                writer.text("Length:");
                let later = writer.number_later();
                writer.text(" and more");
                writer.number(&later, number);
            });
            let expected = std::format!("Length:{number:>5} and more");
            let fits = expected.len() <= size && number < 100_000;
            assert_eq!(written, fits.then_some(expected.as_bytes()));
            assert!(fits || buffer == [b'#'; 40]);
        }
    }
}
