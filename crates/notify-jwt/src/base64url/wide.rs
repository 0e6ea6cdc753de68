//! The encoder and the decoder for 64-bit machines, for texts of a fixed length.
//!
//! Everything stays in registers. Bytes that are written to memory and read back at once as a wider word stall the
//! processor. base64ct decodes one character after the other, which used to take two thirds of the time of a verification.

/// The characters that encode one 48-bit word.
pub(crate) const WORD_CHARS: usize = size_of::<u64>();

/// Encodes 48-bit words, each as eight characters, until the words or the text end.
pub(crate) fn encode<const WORDS: usize, const CHARS: usize>(words: [u64; WORDS]) -> [u8; CHARS] {
    let mut text = [0; CHARS];
    for (characters, word) in text.chunks_exact_mut(WORD_CHARS).zip(words) {
        if let Some(characters) = characters.first_chunk_mut() {
            *characters = spread(word).to_be_bytes();
        }
    }
    text.map(character)
}

/// Decodes characters, eight to each 48-bit word. `None` if one is not in the alphabet.
#[cfg(feature = "verify")]
pub(crate) fn decode<const CHARS: usize, const WORDS: usize>(text: &[u8; CHARS]) -> Option<[u64; WORDS]> {
    let values = text.map(value);
    let mut words = [0; WORDS];
    let mut all = 0;
    for (word, values) in words.iter_mut().zip(values.chunks_exact(WORD_CHARS)) {
        if let Some(values) = values.first_chunk() {
            let values = u64::from_be_bytes(*values);
            all |= values;
            *word = gather(values);
        }
    }
    (all & u64::from_ne_bytes([NO_VALUE; WORD_CHARS]) == 0).then_some(words)
}

/// Splits 32 bytes into 48-bit words; four zero bytes complete the last one.
pub(crate) fn words_of(bytes: &[u8; 32]) -> [u64; 6] {
    const LOW_48_BITS: u64 = 0xffff_ffff_ffff;
    let mut quads = [0; 4];
    for (quad, bytes) in quads.iter_mut().zip(bytes.chunks_exact(size_of::<u64>())) {
        if let Some(bytes) = bytes.first_chunk() {
            *quad = u64::from_be_bytes(*bytes);
        }
    }
    let [a, b, c, d] = quads;
    [
        a >> 16,
        (a << 32 | b >> 32) & LOW_48_BITS,
        (b << 16 | c >> 48) & LOW_48_BITS,
        c & LOW_48_BITS,
        d >> 16,
        d << 32 & LOW_48_BITS,
    ]
}

/// Spreads the low 48 bits over the eight bytes of the word, six bits to a byte.
fn spread(bits: u64) -> u64 {
    let halves = (bits & 0x0000_ffff_ff00_0000) << 8 | (bits & 0x0000_0000_00ff_ffff);
    let quarters = (halves & 0x00ff_f000_00ff_f000) << 4 | (halves & 0x0000_0fff_0000_0fff);
    (quarters & 0x0fc0_0fc0_0fc0_0fc0) << 2 | (quarters & 0x003f_003f_003f_003f)
}

/// Maps a value below 64 to its character.
///
/// The alphabet has five runs: `A-Z`, `a-z`, `0-9`, `-`, `_`. An offset leads from each run to the next. The sign of a
/// difference says whether the value lies past a run, and masks the offset. There is no branch, so the compiler can
/// work on a vector of bytes.
fn character(value: u8) -> u8 {
    let past = |last: i8| u8::from_ne_bytes((last.wrapping_sub_unsigned(value) >> 7).to_ne_bytes());
    let offset = |last: u8, next: u8| next.wrapping_sub(last + 1);
    value
        .wrapping_add(b'A')
        .wrapping_add(past(25) & offset(b'Z', b'a'))
        .wrapping_add(past(51) & offset(b'z', b'0'))
        .wrapping_add(past(61) & offset(b'9', b'-'))
        .wrapping_add(past(62) & offset(b'-', b'_'))
}

/// Gathers six bits of each of the eight bytes of a word in its low 48 bits.
#[cfg(feature = "verify")]
fn gather(values: u64) -> u64 {
    let quarters = (values & 0x3f00_3f00_3f00_3f00) >> 2 | (values & 0x003f_003f_003f_003f);
    let halves = (quarters & 0x0fff_0000_0fff_0000) >> 4 | (quarters & 0x0000_0fff_0000_0fff);
    (halves & 0x00ff_ffff_0000_0000) >> 8 | (halves & 0x0000_0000_00ff_ffff)
}

/// What a character outside the alphabet becomes.
#[cfg(feature = "verify")]
const NO_VALUE: u8 = 0x80;

/// Maps a character to its value below 64, or to [`NO_VALUE`].
///
/// There is no branch, so the compiler can work on a vector of bytes.
#[cfg(feature = "verify")]
fn value(character: u8) -> u8 {
    let run = |first: u8, last: u8, value: u8| {
        let reached = character.wrapping_sub(first);
        let mask = 0_u8.wrapping_sub(u8::from(reached <= last - first));
        (mask, mask & reached.wrapping_add(value))
    };
    let runs = [
        run(b'A', b'Z', 0),
        run(b'a', b'z', 26),
        run(b'0', b'9', 52),
        run(b'-', b'-', 62),
        run(b'_', b'_', 63),
    ];
    let (mask, value) = runs.iter().fold((0, 0), |all, run| (all.0 | run.0, all.1 | run.1));
    value | !mask & NO_VALUE
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "verify")]
    use super::{NO_VALUE, decode, value};
    use super::{character, encode, words_of};
    use base64ct::{Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;

    #[test]
    fn every_three_bytes_are_encoded_as_base64ct_does_in_either_half_of_a_word() {
        for group in 0..1_u32 << 24 {
            // The other half takes every value too, in another order, so that a spill from one half shows in the other.
            let other = group.reverse_bits() >> 8;
            let word = u64::from(group) << 24 | u64::from(other);
            let ours: [u8; 8] = encode([word]);
            let [_, _, bytes @ ..] = word.to_be_bytes();
            let mut theirs = [0; 8];
            Base64UrlUnpadded::encode(&bytes, &mut theirs).unwrap();
            assert_eq!(ours, theirs, "{word:012x}");
        }
    }

    #[test]
    fn every_value_is_its_character() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (value, expected) in (0..).zip(alphabet) {
            assert_eq!(character(value), *expected, "{value}");
        }
    }

    #[cfg(feature = "verify")]
    #[test]
    fn every_character_has_the_value_that_base64ct_gives_it() {
        for character in 0..=u8::MAX {
            let mut byte = [0; 3];
            // The first of four characters is the upper six bits.
            let theirs = Base64UrlUnpadded::decode([character, b'A', b'A', b'A'], &mut byte)
                .map(|bytes| bytes[0] >> 2);
            assert_eq!(value(character), theirs.unwrap_or(NO_VALUE), "{character}");
        }
    }

    #[cfg(feature = "verify")]
    #[test]
    fn a_wrong_character_is_noticed_in_any_position() {
        for at in 0..16 {
            let mut text = [b'_'; 16];
            text[at] = b'+';
            assert_eq!(decode::<16, 2>(&text), None);
        }
    }

    proptest! {
        #[cfg(feature = "verify")]
        #[test]
        fn what_was_encoded_is_decoded(words: [u64; 3]) {
            let words = words.map(|word| word >> 16);
            prop_assert_eq!(decode(&encode::<3, 24>(words)), Some(words));
        }

        #[test]
        fn any_32_bytes_are_encoded_as_base64ct_does(bytes: [u8; 32]) {
            let ours: [u8; 48] = encode(words_of(&bytes));
            let mut theirs = [0; 43];
            let theirs = Base64UrlUnpadded::encode(&bytes, &mut theirs).unwrap();
            assert_eq!(&ours[..43], theirs.as_bytes());
            assert_eq!(&ours[43..], b"AAAAA");
        }
    }
}
