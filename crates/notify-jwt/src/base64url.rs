//! The last characters of a token in base64url without padding (RFC 4648 §5).
//!
//! base64ct encodes what is constant for a key; what changes from token to token goes through this
//! encoder, which has neither branches nor tables that depend on what it encodes, so that the MAC leaves no
//! trace in time or cache and every token costs the same.

/// The characters of `bytes` bytes.
pub(crate) const fn encoded_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Writes the characters of `bytes` to the front of `text` and hands back what follows them.
///
/// Whatever does not fit is left out; callers size `text` with [`encoded_len`].
pub(crate) fn encode<'t>(bytes: &[u8], text: &'t mut [u8]) -> &'t mut [u8] {
    let (head, rest) = text.split_at_mut_checked(encoded_len(bytes.len())).unwrap_or_default();
    for (group, characters) in bytes.chunks(3).zip(head.chunks_mut(4)) {
        let mut padded = [0; 3];
        for (to, from) in padded.iter_mut().zip(group) {
            *to = *from;
        }
        for (to, from) in characters.iter_mut().zip(encode_group(padded)) {
            *to = from;
        }
    }
    rest
}

/// The four characters of three bytes.
fn encode_group([a, b, c]: [u8; 3]) -> [u8; 4] {
    let bits = u32::from_be_bytes([0, a, b, c]);
    characters(((bits & 0xfc_0000) << 6) | ((bits & 0x3_f000) << 4) | ((bits & 0xfc0) << 2) | (bits & 0x3f))
        .to_be_bytes()
}

/// Four values below 64, one a byte, as four characters of the alphabet.
///
/// Each run of the alphabet (`A-Z`, `a-z`, `0-9`, `-`, `_`) is reached by a step from the run before it. Whether
/// a value has reached a run shows in bit 7 of its byte after an addition that carries there and no further;
/// that bit, shifted to the byte's foot, multiplies the step. The products may borrow across bytes on the
/// way, the sum cannot: in each byte it is a character.
fn characters(values: u32) -> u32 {
    const EACH: u32 = 0x0101_0101;
    let reached = |first: u32| ((values + EACH * (0x80 - first)) >> 7) & EACH;
    let step = |from: u8, last: u32, to: u8| u32::from(to).wrapping_sub(u32::from(from) + last);
    values
        .wrapping_add(EACH * u32::from(b'A'))
        .wrapping_add(reached(26).wrapping_mul(step(b'Z', 1, b'a')))
        .wrapping_add(reached(52).wrapping_mul(step(b'z', 1, b'0')))
        .wrapping_add(reached(62).wrapping_mul(step(b'9', 1, b'-')))
        .wrapping_add(reached(63).wrapping_mul(step(b'-', 1, b'_')))
}

#[cfg(test)]
mod tests {
    use super::{encode, encoded_len};
    use base64ct::{Base64UrlUnpadded, Encoding};

    /// Encodes with both and says what ours left untouched.
    fn agree(bytes: &[u8]) {
        let (mut ours, mut theirs) = ([b'#'; 64], [0; 64]);
        let rest = encode(bytes, &mut ours).len();
        let theirs = Base64UrlUnpadded::encode(bytes, &mut theirs).unwrap();
        assert_eq!(theirs.len(), encoded_len(bytes.len()));
        assert_eq!(ours.len() - rest, theirs.len());
        assert_eq!(&ours[..theirs.len()], theirs.as_bytes());
        assert!(ours[theirs.len()..].iter().all(|left| *left == b'#'));
    }

    #[test]
    fn all_groups_of_three_bytes_are_encoded_as_base64ct_does() {
        for group in 0..1_u32 << 24 {
            let [_, bytes @ ..] = group.to_be_bytes();
            let mut theirs = [0; 4];
            Base64UrlUnpadded::encode(&bytes, &mut theirs).unwrap();
            assert_eq!(super::encode_group(bytes), theirs, "{bytes:?}");
        }
    }

    #[test]
    fn all_shorter_inputs_are_encoded_as_base64ct_does() {
        agree(&[]);
        for a in 0..=u8::MAX {
            agree(&[a]);
            for b in 0..=u8::MAX {
                agree(&[a, b]);
            }
        }
    }

    #[test]
    fn every_length_up_to_a_mac_leaves_the_rest_untouched() {
        let bytes: [u8; 33] = core::array::from_fn(|at| u8::try_from(at * 7 % 256).unwrap());
        for length in 0..=bytes.len() {
            agree(&bytes[..length]);
        }
    }
}
