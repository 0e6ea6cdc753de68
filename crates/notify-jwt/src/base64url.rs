//! The last characters of a token in base64url without padding (RFC 4648 §5).
//!
//! base64ct encodes what is constant for a key; what changes from token to token goes through this
//! encoder, which has neither branches nor tables that depend on what it encodes, so that the MAC leaves no
//! trace in time or cache and every token costs the same.

pub(crate) mod wide;

/// The characters of a word, which is what is encoded at a time.
pub(crate) const WORD_CHARS: usize = size_of::<u32>();

/// The bytes that fill a word when six bits of them make a character.
pub(crate) const WORD_BYTES: usize = WORD_CHARS / 4 * 3;

/// The characters that this many bytes take, 127 at most: four for three, rounded up, without a division.
pub(crate) const fn encoded_len(bytes: usize) -> usize {
    ((bytes * 4 + 2) * 171) >> 9
}

/// Writes `bytes` as characters, in whole words, as far as both slices go.
///
/// Bytes that make no whole word are padded with zeros by the caller, who drops the characters in excess: [`encoded_len`]
/// tells where the text ends. Word by word, since counting the words beforehand would take a division.
pub(crate) fn encode(mut bytes: &[u8], text: &mut [u8]) {
    for characters in text.as_chunks_mut().0 {
        let Some((group, more)) = bytes.split_first_chunk::<WORD_BYTES>() else { return };
        let mut word = [0; WORD_CHARS];
        if let Some(foot) = word.last_chunk_mut() {
            *foot = *group;
        }
        *characters = alphabet(spread(u32::from_be_bytes(word))).to_be_bytes();
        bytes = more;
    }
}

/// The bits of a word's three bytes, which stand at its foot, six to each of its four bytes.
fn spread(bits: u32) -> u32 {
    // A product with 2^n - 1, added, moves what was masked up by n bits.
    let spread = bits + (bits & 0x00ff_f000) * 0xf;
    spread + (spread & 0x0fc0_0fc0) * 0x3
}

/// Values below 64, one a byte, as characters of the alphabet.
///
/// Each run of the alphabet (`A-Z`, `a-z`, `0-9`, `-`, `_`) is reached by a step from the run before it. Whether
/// a value has reached a run shows in bit 7 of its byte after an addition that carries there and no further;
/// that bit, shifted to the byte's foot, multiplies the step. The products may borrow across bytes on the
/// way, the sum cannot: in each byte it is a character.
fn alphabet(values: u32) -> u32 {
    const EACH: u32 = 0x0101_0101;
    let reached = |first: u32| ((values + EACH * (0x80 - first)) >> 7) & EACH;
    let step = |last: u8, next: u8| u32::from(next).wrapping_sub(u32::from(last) + 1);
    let hyphen_or_underscore = reached(62);
    values
        .wrapping_add(EACH * u32::from(b'A'))
        .wrapping_add(reached(26).wrapping_mul(step(b'Z', b'a')))
        .wrapping_add(reached(52).wrapping_mul(step(b'z', b'0')))
        .wrapping_add(hyphen_or_underscore.wrapping_mul(step(b'9', b'-')))
        // Of 62 and 63, the second is odd.
        .wrapping_add((hyphen_or_underscore & values).wrapping_mul(step(b'-', b'_')))
}

#[cfg(test)]
mod tests {
    use super::{WORD_BYTES, WORD_CHARS, encode, encoded_len};
    use base64ct::{Base64UrlUnpadded, Encoding};

    #[test]
    fn all_three_bytes_are_encoded_as_base64ct_does() {
        for group in 0..1_u32 << 24 {
            let [_, word @ ..] = group.to_be_bytes();
            let (mut ours, mut theirs) = ([0; WORD_CHARS], [0; WORD_CHARS]);
            encode(&word, &mut ours);
            Base64UrlUnpadded::encode(&word, &mut theirs).unwrap();
            assert_eq!(ours, theirs, "{word:?}");
        }
    }

    #[test]
    fn as_many_characters_are_counted_as_base64ct_writes() {
        for bytes in 0..=127 {
            assert_eq!(encoded_len(bytes), Base64UrlUnpadded::encoded_len(&[0; 127][..bytes]), "{bytes}");
        }
    }

    #[test]
    fn every_length_is_the_front_of_padded_words() {
        let agree = |bytes: &[u8]| {
            let (mut padded, mut ours, mut theirs) = ([0; 36], [0; 48], [0; 48]);
            padded[..bytes.len()].copy_from_slice(bytes);
            encode(&padded[..bytes.len().next_multiple_of(WORD_BYTES)], &mut ours);
            let theirs = Base64UrlUnpadded::encode(bytes, &mut theirs).unwrap();
            assert_eq!(&ours[..encoded_len(bytes.len())], theirs.as_bytes(), "{bytes:?}");
        };
        agree(&[]);
        for a in 0..=u8::MAX {
            agree(&[a]);
            for b in 0..=u8::MAX {
                agree(&[a, b]);
            }
        }
        let bytes: [u8; 33] = core::array::from_fn(|at| u8::try_from(at * 7 % 256).unwrap());
        for length in 0..=bytes.len() {
            agree(&bytes[..length]);
        }
    }

    #[test]
    fn encoding_stops_where_either_slice_does() {
        let mut room = [b'#'; 3 * WORD_CHARS];
        encode(&[0; WORD_BYTES], &mut room);
        assert!(room[..WORD_CHARS].iter().all(|character| *character == b'A'));
        assert!(room[WORD_CHARS..].iter().all(|character| *character == b'#'));
        encode(&[0; 9 * WORD_BYTES], &mut room);
        assert_eq!(room, [b'A'; 3 * WORD_CHARS]);
    }
}
