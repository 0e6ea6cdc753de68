//! The encoder of machines whose words have 64 bits, for texts whose length is known beforehand.
//!
//! All of it happens in registers: a processor waits where bytes are read back from memory as a wider word than they were
//! written.

/// Six bytes at the foot of each word as eight characters, word after word, as far as both go.
pub(crate) fn encode<const WORDS: usize, const CHARS: usize>(sixes: [u64; WORDS]) -> [u8; CHARS] {
    let mut text = [0; CHARS];
    for (characters, six) in text.as_chunks_mut().0.iter_mut().zip(sixes) {
        *characters = spread(six).to_be_bytes();
    }
    text.map(character)
}

/// 32 bytes, six at the foot of each word, and the last two with zeros after them.
pub(crate) fn sixes(bytes: &[u8; 32]) -> [u64; 6] {
    const SIX: u64 = 0xffff_ffff_ffff;
    let mut eights = [0; 4];
    for (eight, bytes) in eights.iter_mut().zip(bytes.as_chunks().0) {
        *eight = u64::from_be_bytes(*bytes);
    }
    let [a, b, c, d] = eights;
    [a >> 16, (a << 32 | b >> 32) & SIX, (b << 16 | c >> 48) & SIX, c & SIX, d >> 16, d << 32 & SIX]
}

/// The bits of six bytes, which stand at the foot of a word, six to each byte of it.
fn spread(bits: u64) -> u64 {
    let halves = (bits & 0x0000_ffff_ff00_0000) << 8 | (bits & 0x0000_0000_00ff_ffff);
    let quarters = (halves & 0x00ff_f000_00ff_f000) << 4 | (halves & 0x0000_0fff_0000_0fff);
    (quarters & 0x0fc0_0fc0_0fc0_0fc0) << 2 | (quarters & 0x003f_003f_003f_003f)
}

/// The character of a value below 64.
///
/// Each run of the alphabet (`A-Z`, `a-z`, `0-9`, `-`, `_`) is reached by a step from the run before it. The sign of a
/// difference tells whether a value is past a run, and as a mask it lets the step through: without a branch, and so that the compiler
/// can do it to a vector of bytes.
fn character(value: u8) -> u8 {
    let past = |last: i8| (last.wrapping_sub_unsigned(value) >> 7).cast_unsigned();
    let step = |last: u8, next: u8| next.wrapping_sub(last + 1);
    value
        .wrapping_add(b'A')
        .wrapping_add(past(25) & step(b'Z', b'a'))
        .wrapping_add(past(51) & step(b'z', b'0'))
        .wrapping_add(past(61) & step(b'9', b'-'))
        .wrapping_add(past(62) & step(b'-', b'_'))
}

#[cfg(test)]
mod tests {
    use super::{character, encode, sixes};
    use base64ct::{Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;

    #[test]
    fn all_three_bytes_are_encoded_as_base64ct_does_wherever_in_a_word_they_stand() {
        for group in 0..1_u32 << 24 {
            // Runs through all three bytes as the first does, in another order, so that a spill from one shows in the other.
            let other = group.reverse_bits() >> 8;
            let six = u64::from(group) << 24 | u64::from(other);
            let ours: [u8; 8] = encode([six]);
            let [_, _, bytes @ ..] = six.to_be_bytes();
            let mut theirs = [0; 8];
            Base64UrlUnpadded::encode(&bytes, &mut theirs).unwrap();
            assert_eq!(ours, theirs, "{six:012x}");
        }
    }

    #[test]
    fn every_value_is_its_character() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (value, right) in (0..).zip(alphabet) {
            assert_eq!(character(value), *right, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_32_bytes_are_encoded_as_base64ct_does(bytes: [u8; 32]) {
            let ours: [u8; 48] = encode(sixes(&bytes));
            let mut theirs = [0; 43];
            let theirs = Base64UrlUnpadded::encode(&bytes, &mut theirs).unwrap();
            assert_eq!(&ours[..43], theirs.as_bytes());
            assert_eq!(&ours[43..], b"AAAAA");
        }
    }
}
