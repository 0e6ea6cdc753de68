//! The text of our own tokens, byte for byte: the constant header and the two claims.

use crate::base64url::GROUP_BYTES;
use crate::decimal::{self, DIGITS_MAX};
use crate::service_id::{ServiceId, UUID_LEN};
use core::ops::Range;

/// The header of every token, `{"alg":"HS256","typ":"JWT"}`, in base64url.
pub(crate) const HEADER: &[u8; 36] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// The text before the service id.
pub(crate) const BEFORE_ISSUER: &[u8; 8] = br#"{"iss":""#;

/// The text between the service id and the colon before the seconds.
pub(crate) const AFTER_ISSUER: &[u8; 7] = br#"","iat""#;

/// The bytes of the claims that are the same in every token of a key.
///
/// Their number is a multiple of three, so that they end at a character boundary in base64url. For the same reason, the
/// colon after them belongs to the suffix.
pub(crate) const CLAIMS_PREFIX_LEN: usize = BEFORE_ISSUER.len() + UUID_LEN + AFTER_ISSUER.len();
const _: () = assert!(CLAIMS_PREFIX_LEN % 3 == 0);

/// The buffer for them, in whole groups of the encoder.
const CLAIMS_PREFIX_BUFFER: usize = CLAIMS_PREFIX_LEN.next_multiple_of(GROUP_BYTES);

/// The most bytes of the claims that differ between the tokens of a key: a colon, the seconds, a brace.
pub(crate) const SUFFIX_MAX: usize = 1 + DIGITS_MAX + 1;

/// The buffer for them. Whatever their length, zeros complete the last group of the encoder.
const SUFFIX_BUFFER: usize = SUFFIX_MAX + GROUP_BYTES - 1;

/// The start of the claims of a service's tokens, padded with zeros.
pub(crate) fn prefix(service_id: &ServiceId) -> [u8; CLAIMS_PREFIX_BUFFER] {
    let mut text = [0; CLAIMS_PREFIX_BUFFER];
    if let Some((before, rest)) = text.split_first_chunk_mut() {
        *before = *BEFORE_ISSUER;
        if let Some((issuer, rest)) = rest.split_first_chunk_mut() {
            *issuer = *service_id.as_bytes();
            if let Some(after) = rest.first_chunk_mut() {
                *after = *AFTER_ISSUER;
            }
        }
    }
    text
}

/// A buffer for the end of the claims.
pub(crate) struct SuffixBuffer([u8; SUFFIX_BUFFER]);

impl SuffixBuffer {
    pub(crate) const EMPTY: Self = Self([0; SUFFIX_BUFFER]);

    /// Writes the end of the claims. Returns it padded with zeros, and its length without them.
    ///
    /// It ends at [`SUFFIX_MAX`] whatever its length is. Only its start depends on that, so nothing has to be moved.
    pub(crate) fn write(&mut self, unix_seconds: u64) -> (&[u8], usize) {
        let Self(buffer) = self;
        if let Some((_, rest)) = buffer.split_first_mut() {
            if let Some((digits, rest)) = rest.split_first_chunk_mut() {
                *digits = decimal::digits(unix_seconds);
                if let Some(brace) = rest.first_mut() {
                    *brace = b'}';
                }
            }
        }
        // Leading zeros go, but the last digit stays even if it is zero.
        let start = buffer.iter().skip(1).take(DIGITS_MAX - 1).take_while(|digit| **digit == b'0').count();
        if let Some(colon) = buffer.get_mut(start) {
            *colon = b':';
        }
        (buffer.get(start..).unwrap_or_default(), SUFFIX_MAX - start)
    }
}

/// The length of the suffix where the time has ten digits: a colon, the seconds, a brace.
pub(crate) const TEN_DIGIT_SUFFIX_LEN: usize = 1 + 10 + 1;

/// The times of ten digits, in the years 2001 to 2286.
const TEN_DIGITS: Range<u64> = 1_000_000_000..10_000_000_000;

/// The end of the claims in 48-bit words, if the time has ten digits.
pub(crate) fn ten_digit_suffix(unix_seconds: u64) -> Option<[u64; TEN_DIGIT_SUFFIX_LEN / 6]> {
    TEN_DIGITS.contains(&unix_seconds).then(|| {
        let (two, eight) = decimal::ten_digits(unix_seconds);
        [u64::from(b':') << 40 | two << 24 | eight >> 40, (eight & 0xff_ffff_ffff) << 8 | u64::from(b'}')]
    })
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{
        CLAIMS_PREFIX_LEN, GROUP_BYTES, HEADER, SuffixBuffer, TEN_DIGIT_SUFFIX_LEN, prefix, ten_digit_suffix,
    };
    use crate::base64url::encoded_len;
    use crate::service_id::ServiceId;
    use base64ct::{Base64UrlUnpadded, Encoding};
    use serde::Serialize;
    use std::vec::Vec;

    const SERVICE: &[u8; 36] = b"61b71411-84f6-4e6b-9685-aa9ad893177c";

    #[derive(Serialize)]
    struct Header {
        alg: &'static str,
        typ: &'static str,
    }

    #[derive(Serialize)]
    struct Claims<'c> {
        iss: &'c str,
        iat: u64,
    }

    fn claims(unix_seconds: u64) -> Vec<u8> {
        let prefix = prefix(&ServiceId::parse(SERVICE).unwrap());
        let mut buffer = SuffixBuffer::EMPTY;
        let (suffix, length) = buffer.write(unix_seconds);
        [&prefix[..CLAIMS_PREFIX_LEN], &suffix[..length]].concat()
    }

    /// Times of every length, and around every change of length.
    fn times() -> impl Iterator<Item = u64> {
        let powers = (0..20).map(|power| 10_u64.pow(power)).chain((0..64).map(|power| 1 << power));
        powers.flat_map(|power| [power - 1, power, power + 1]).chain([u64::MAX])
    }

    #[test]
    fn the_header_is_what_serde_json_core_writes() {
        let mut json = [0; 64];
        let length = serde_json_core::to_slice(&Header { alg: "HS256", typ: "JWT" }, &mut json).unwrap();
        let mut text = [0; 64];
        let text = Base64UrlUnpadded::encode(&json[..length], &mut text).unwrap();
        assert_eq!(text.as_bytes(), HEADER);
    }

    #[test]
    fn the_claims_are_what_serde_json_core_writes() {
        for iat in times() {
            let mut json = [0; 128];
            let expected = Claims { iss: core::str::from_utf8(SERVICE).unwrap(), iat };
            let length = serde_json_core::to_slice(&expected, &mut json).unwrap();
            assert_eq!(claims(iat), &json[..length], "{iat}");
        }
    }

    #[test]
    fn the_suffix_is_padded_with_zeros_to_a_whole_group_and_its_buffer_is_no_larger_than_that_takes() {
        let mut least_to_spare = usize::MAX;
        for iat in times() {
            let mut buffer = SuffixBuffer::EMPTY;
            let (suffix, length) = buffer.write(iat);
            assert!(suffix[length..].iter().all(|byte| *byte == 0), "{iat}");
            let to_spare = suffix.len().checked_sub(length.next_multiple_of(GROUP_BYTES));
            least_to_spare = least_to_spare.min(to_spare.unwrap_or_else(|| panic!("{iat} does not fit")));
        }
        assert_eq!(least_to_spare, 0);
    }

    #[test]
    fn a_suffix_of_ten_digits_is_the_same_in_words() {
        for iat in times() {
            let mut buffer = SuffixBuffer::EMPTY;
            let (suffix, length) = buffer.write(iat);
            let in_words = ten_digit_suffix(iat).map(|words| {
                let [[0, 0, first @ ..], [0, 0, second @ ..]] = words.map(u64::to_be_bytes) else {
                    panic!("{iat}: more than 48 bits in a word");
                };
                [first, second]
            });
            assert_eq!(in_words.is_some(), length == TEN_DIGIT_SUFFIX_LEN, "{iat}");
            assert!(in_words.is_none_or(|words| words.as_flattened() == &suffix[..length]), "{iat}");
        }
    }

    #[test]
    fn the_prefix_ends_at_a_character() {
        assert_eq!(encoded_len(CLAIMS_PREFIX_LEN) * 3, CLAIMS_PREFIX_LEN * 4);
    }
}
