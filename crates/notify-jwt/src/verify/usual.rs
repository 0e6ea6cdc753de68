//! The usual token, on 64-bit machines: our header, the claims as every client writes them, and a time of ten digits.
//!
//! Then each segment has one length and is decoded in registers. Where words are smaller, this would cost more flash than the
//! time it saves is worth.

use super::{Claims, UntrustedToken};
use crate::base64url::encoded_len;
use crate::base64url::wide::{self, WORD_CHARS};
use crate::claims::{CLAIMS_PREFIX_LEN, HEADER, TEN_DIGIT_SUFFIX_LEN};
use crate::mac::MAC_LEN;

/// The bytes and the characters of the claims.
const CLAIMS_LEN: usize = CLAIMS_PREFIX_LEN + TEN_DIGIT_SUFFIX_LEN;
const CLAIMS_CHARS: usize = CLAIMS_LEN / 3 * 4;
const _: () = assert!(CLAIMS_LEN % 3 == 0);

/// The characters of the MAC.
const MAC_CHARS: usize = encoded_len(MAC_LEN);

/// How many of the decoder's words these take, and how many bytes each word has.
const CLAIMS_WORDS: usize = CLAIMS_CHARS.div_ceil(WORD_CHARS);
const MAC_WORDS: usize = MAC_CHARS.div_ceil(WORD_CHARS);
const WORD_BYTES: usize = WORD_CHARS / 4 * 3;

/// Parses the usual token. `None` for any other, valid or not.
pub(super) fn parse(token: &[u8]) -> Option<UntrustedToken<'_>> {
    let (header, rest) = token.split_first_chunk()?;
    let (b'.', rest) = rest.split_first()? else { return None };
    let (claims, rest) = rest.split_first_chunk::<CLAIMS_CHARS>()?;
    let (b'.', mac) = rest.split_first()? else { return None };
    if header != HEADER {
        return None;
    }
    let claims: [u8; CLAIMS_WORDS * WORD_BYTES] =
        decode::<CLAIMS_CHARS, { CLAIMS_WORDS * WORD_CHARS }, CLAIMS_WORDS, _>(claims)?;
    let claims = Claims::parse_usual(claims.get(..CLAIMS_LEN)?)?;
    let mac: [u8; MAC_WORDS * WORD_BYTES] =
        decode::<MAC_CHARS, { MAC_WORDS * WORD_CHARS }, MAC_WORDS, _>(mac.try_into().ok()?)?;
    let (mac, rest) = mac.split_first_chunk::<MAC_LEN>()?;
    // Two bits of the last character are not part of the MAC.
    if rest.iter().any(|byte| *byte != 0) {
        return None;
    }
    let signed = token.get(..HEADER.len() + 1 + CLAIMS_CHARS)?;
    Some(UntrustedToken { signed, mac: *mac, claims })
}

/// Decodes characters, padded to whole words with the character for zero.
fn decode<const CHARS: usize, const PADDED: usize, const WORDS: usize, const BYTES: usize>(
    text: &[u8; CHARS],
) -> Option<[u8; BYTES]> {
    let mut padded = [b'A'; PADDED];
    if let Some(start) = padded.first_chunk_mut() {
        *start = *text;
    }
    let words: [u64; WORDS] = wide::decode(&padded)?;
    let mut bytes = [0; BYTES];
    for (bytes, word) in bytes.chunks_exact_mut(WORD_BYTES).zip(words) {
        let [_, _, low @ ..] = word.to_be_bytes();
        if let Some(bytes) = bytes.first_chunk_mut() {
            *bytes = low;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::parse;
    use crate::{ApiKey, Signer, UntrustedToken};
    use proptest::prelude::*;
    use std::vec::Vec;

    fn signer() -> Signer {
        let key = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
        Signer::new(&ApiKey::parse(key).unwrap())
    }

    /// Compares both ways to read a token, and returns whether the short way read it.
    fn agree(token: &[u8]) -> bool {
        let Some(usual) = parse(token) else { return false };
        let any = UntrustedToken::parse_any(core::str::from_utf8(token).unwrap()).unwrap();
        assert_eq!((usual.signed, usual.mac, usual.claims), (any.signed, any.mac, any.claims));
        true
    }

    #[test]
    fn what_we_mint_with_ten_digits_is_usual() {
        let signer = signer();
        for (unix_seconds, usual) in [
            (0, false),
            (999_999_999, false),
            (1_000_000_000, true),
            (1_795_430_454, true),
            (9_999_999_999, true),
            (10_000_000_000, false),
        ] {
            assert_eq!(agree(signer.mint(unix_seconds).as_bytes()), usual, "{unix_seconds}");
        }
    }

    #[test]
    fn whatever_one_character_is_changed_to_both_ways_agree() {
        let token = signer().mint(1_795_430_454);
        for at in 0..token.as_bytes().len() {
            for character in 0..=u8::MAX {
                let mut changed: Vec<u8> = token.as_bytes().to_vec();
                changed[at] = character;
                agree(&changed);
            }
        }
    }

    proptest! {
        #[test]
        fn both_ways_to_read_a_token_agree(unix_seconds in 0..20_000_000_000_u64, length in 150..170_usize) {
            let mut token = signer().mint(unix_seconds).as_bytes().to_vec();
            agree(&token);
            token.resize(length, b'A');
            agree(&token);
        }
    }
}
