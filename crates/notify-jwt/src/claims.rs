//! What a token of ours says, byte for byte: the constant header and the two claims.

use crate::base64url::WORD_BYTES;
use crate::decimal::{self, DIGITS_MAX};
use crate::service_id::{ServiceId, UUID_LEN};
use core::ops::Range;

/// The header of every token, `{"alg":"HS256","typ":"JWT"}`, in base64url.
pub(crate) const HEADER: &[u8; 36] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// What stands before the service id.
const BEFORE_ISSUER: &[u8; 8] = br#"{"iss":""#;

/// What stands between the service id and the colon before the seconds.
const AFTER_ISSUER: &[u8; 7] = br#"","iat""#;

/// The bytes of the claims that are the same in every token of a key. Three divide them, so that in base64url they
/// end at a character of their own; the colon after them goes with the seconds for that reason.
pub(crate) const CONSTANT_LEN: usize = BEFORE_ISSUER.len() + UUID_LEN + AFTER_ISSUER.len();
const _: () = assert!(CONSTANT_LEN.is_multiple_of(3));

/// The room for them, in whole words of the encoder's.
const CONSTANT_ROOM: usize = CONSTANT_LEN.next_multiple_of(WORD_BYTES);

/// The bytes of the claims that change from token to token, at most: a colon, the seconds, a brace.
pub(crate) const CHANGING_MAX: usize = 1 + DIGITS_MAX + 1;

/// The room for them: however many they are, zeros complete them to whole words of the encoder's.
const CHANGING_ROOM: usize = CHANGING_MAX + WORD_BYTES - 1;

/// The constant bytes of the claims of a service's tokens, and zeros after them.
pub(crate) fn constant(service_id: &ServiceId) -> [u8; CONSTANT_ROOM] {
    let mut text = [0; CONSTANT_ROOM];
    if let Some((before, rest)) = text.split_first_chunk_mut()
        && let Some((issuer, rest)) = rest.split_first_chunk_mut()
        && let Some(after) = rest.first_chunk_mut()
    {
        *before = *BEFORE_ISSUER;
        *issuer = *service_id.as_bytes();
        *after = *AFTER_ISSUER;
    }
    text
}

/// The room for the bytes of the claims that follow the constant ones.
pub(crate) struct Changing([u8; CHANGING_ROOM]);

impl Changing {
    pub(crate) const EMPTY: Self = Self([0; CHANGING_ROOM]);

    /// Writes them, and gives them with zeros after them, and how many they are.
    ///
    /// They end at [`CHANGING_MAX`], so that only their start depends on how many they are, and nothing has to be moved.
    pub(crate) fn write(&mut self, unix_seconds: u64) -> (&[u8], usize) {
        let Self(room) = self;
        if let Some((_, rest)) = room.split_first_mut()
            && let Some((digits, rest)) = rest.split_first_chunk_mut()
            && let Some(brace) = rest.first_mut()
        {
            *digits = decimal::digits(unix_seconds);
            *brace = b'}';
        }
        // The last digit stays if it is zero.
        let start = room.iter().skip(1).take(DIGITS_MAX - 1).take_while(|digit| **digit == b'0').count();
        if let Some(colon) = room.get_mut(start) {
            *colon = b':';
        }
        (room.get(start..).unwrap_or_default(), CHANGING_MAX - start)
    }
}

/// The bytes of the claims that change from token to token where the moment has ten digits: a colon, the seconds, a brace.
pub(crate) const TEN_DIGITS_LEN: usize = 1 + 10 + 1;

/// The moments of ten digits, in the years 2001 to 2286.
const TEN_DIGITS: Range<u64> = 1_000_000_000..10_000_000_000;

/// The bytes of the claims that follow the constant ones, if the moment has ten digits, six at the foot of each word.
pub(crate) fn of_ten_digits(unix_seconds: u64) -> Option<[u64; TEN_DIGITS_LEN / 6]> {
    TEN_DIGITS.contains(&unix_seconds).then(|| {
        let (two, eight) = decimal::ten_digits(unix_seconds);
        [u64::from(b':') << 40 | two << 24 | eight >> 40, (eight & 0xff_ffff_ffff) << 8 | u64::from(b'}')]
    })
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{Changing, HEADER, TEN_DIGITS_LEN, constant, of_ten_digits};
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
        let constant = constant(&ServiceId::read(SERVICE).unwrap());
        let mut room = Changing::EMPTY;
        let (changing, length) = room.write(unix_seconds);
        [&constant[..super::CONSTANT_LEN], &changing[..length]].concat()
    }

    /// Moments of every length, and around every change of length.
    fn moments() -> impl Iterator<Item = u64> {
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
        for iat in moments() {
            let mut json = [0; 128];
            let claims_of = Claims { iss: core::str::from_utf8(SERVICE).unwrap(), iat };
            let length = serde_json_core::to_slice(&claims_of, &mut json).unwrap();
            assert_eq!(claims(iat), &json[..length], "{iat}");
        }
    }

    #[test]
    fn what_follows_the_changing_claims_is_zeros_to_the_end_of_a_word_and_no_more_room_than_that_takes() {
        let mut least_to_spare = usize::MAX;
        for iat in moments() {
            let mut room = Changing::EMPTY;
            let (changing, length) = room.write(iat);
            assert!(changing[length..].iter().all(|byte| *byte == 0), "{iat}");
            let to_spare = changing.len().checked_sub(length.next_multiple_of(super::WORD_BYTES));
            least_to_spare = least_to_spare.min(to_spare.unwrap_or_else(|| panic!("{iat} has no room")));
        }
        assert_eq!(least_to_spare, 0);
    }

    #[test]
    fn the_changing_claims_of_ten_digits_are_the_same_in_words() {
        for iat in moments() {
            let mut room = Changing::EMPTY;
            let (changing, length) = room.write(iat);
            let of_ten_digits = of_ten_digits(iat).map(|sixes| {
                let [[0, 0, first @ ..], [0, 0, second @ ..]] = sixes.map(u64::to_be_bytes) else {
                    panic!("{iat}: more than six bytes in a word");
                };
                [first, second]
            });
            assert_eq!(of_ten_digits.is_some(), length == TEN_DIGITS_LEN, "{iat}");
            assert!(of_ten_digits.is_none_or(|sixes| sixes.as_flattened() == &changing[..length]), "{iat}");
        }
    }

    #[test]
    fn the_constant_claims_end_at_a_character() {
        assert_eq!(encoded_len(super::CONSTANT_LEN) * 3, super::CONSTANT_LEN * 4);
    }
}
