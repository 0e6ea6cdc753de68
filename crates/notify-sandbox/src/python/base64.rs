//! Base64 as the service's decoder reads it: it skips whatever is not in the alphabet, and padding in the right place
//! ends the data. A strict decoder would refuse tokens and files that the service accepts.

/// Not Base64 even to a lenient decoder: a group of digits is incomplete, or there is a character outside ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotBase64;

/// Decodes the standard alphabet.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, NotBase64> {
    if text.is_ascii() { decode_bytes(text.bytes()) } else { Err(NotBase64) }
}

/// Decodes a text that is ASCII, or says what is wrong with it in Python's words.
pub(crate) fn decode_or_say(text: &str) -> Result<Vec<u8>, String> {
    decode(text).map_err(|_| {
        let digits = text.bytes().filter(|byte| digit(*byte).is_some()).count();
        if digits % 4 == 1 {
            format!(
                "Invalid base64-encoded string: number of data characters ({digits}) cannot be 1 more than a multiple \
                 of 4"
            )
        } else {
            "Incorrect padding".to_owned()
        }
    })
}

/// Decodes a segment of a token: both alphabets, padding optional.
pub(crate) fn decode_segment(text: &[u8]) -> Result<Vec<u8>, NotBase64> {
    let padding = text.len().next_multiple_of(4) - text.len();
    let standard = |byte: &u8| match *byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    };
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3 + 3);
    // Each request has a token, and it is all whole groups of digits but for its end.
    let mut rest = text;
    while let Some((group, others)) = rest.split_first_chunk::<4>() {
        let [Some(first), Some(second), Some(third), Some(fourth)] =
            group.each_ref().map(|byte| digit(standard(byte)))
        else {
            break;
        };
        let [_, bytes @ ..] = (first << 18 | second << 12 | third << 6 | fourth).to_be_bytes();
        decoded.extend(bytes);
        rest = others;
    }
    decode_onto(decoded, rest.iter().map(standard).chain(std::iter::repeat_n(b'=', padding)))
}

fn decode_bytes(bytes: impl Iterator<Item = u8>) -> Result<Vec<u8>, NotBase64> {
    decode_onto(Vec::with_capacity(bytes.size_hint().0 / 4 * 3 + 3), bytes)
}

/// Decodes what follows whole groups.
fn decode_onto(mut decoded: Vec<u8>, bytes: impl Iterator<Item = u8>) -> Result<Vec<u8>, NotBase64> {
    let (mut group, mut digits, mut pads) = (0_u32, 0, 0);
    for byte in bytes {
        if byte == b'=' {
            pads += 1;
            if digits >= 2 && digits + pads >= 4 {
                return Ok(decoded);
            }
            continue;
        }
        let Some(digit) = digit(byte) else { continue };
        pads = 0;
        group = group << 6 | digit;
        digits += 1;
        match digits {
            2 => decoded.push((group >> 4 & 0xFF) as u8),
            3 => decoded.push((group >> 2 & 0xFF) as u8),
            4 => {
                decoded.push((group & 0xFF) as u8);
                (group, digits) = (0, 0);
            }
            _ => {}
        }
    }
    if digits == 0 { Ok(decoded) } else { Err(NotBase64) }
}

fn digit(byte: u8) -> Option<u32> {
    let digit = DIGITS[usize::from(byte)];
    (digit != NONE).then_some(u32::from(digit))
}

/// The entry in [`DIGITS`] for a byte that is not a digit.
const NONE: u8 = u8::MAX;

/// The value of each byte.
const DIGITS: [u8; 256] = {
    let (mut digits, mut byte) = ([NONE; 256], 0_u8);
    loop {
        digits[byte as usize] = value(byte);
        if byte == u8::MAX {
            break digits;
        }
        byte += 1;
    }
};

const fn value(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => NONE,
    }
}

/// Encodes with the URL alphabet, unpadded.
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_usize, |group, byte| group << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            text.push(char::from(ALPHABET[group >> (18 - 6 * index) & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_outside_the_alphabet_are_skipped() {
        assert_eq!(decode("a G\nk*="), Ok(b"hi".to_vec()));
        assert_eq!(decode("@@@"), Ok(Vec::new()));
        assert_eq!(decode(""), Ok(Vec::new()));
    }

    #[test]
    fn incomplete_groups_are_refused() {
        assert_eq!(decode("abc"), Err(NotBase64));
        assert_eq!(decode("a==="), Err(NotBase64));
        assert_eq!(decode("aGk=\u{e9}"), Err(NotBase64));
    }

    #[test]
    fn nothing_after_the_padding_counts() {
        assert_eq!(decode("aGk=aGk="), Ok(b"hi".to_vec()));
    }

    #[test]
    fn segments_of_tokens_need_no_padding_and_take_both_alphabets() {
        assert_eq!(decode_segment(b"aGk"), Ok(b"hi".to_vec()));
        assert_eq!(decode_segment(b"-_-_"), decode_segment(b"+/+/"));
        assert_eq!(decode_segment(b"a"), Err(NotBase64));
    }

    #[test]
    fn whole_groups_of_a_segment_are_decoded_as_digit_by_digit() {
        let mut chance = fastrand::Rng::with_seed(5);
        for _ in 0..20_000 {
            let length = chance.usize(..14);
            let text: Vec<u8> =
                std::iter::repeat_with(|| b"aZ09+/-_=@ "[chance.usize(..11)]).take(length).collect();
            let padded =
                text.iter().copied().chain(std::iter::repeat_n(b'=', length.next_multiple_of(4) - length));
            let standard = padded.map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => other,
            });
            assert_eq!(decode_segment(&text), decode_bytes(standard), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        for length in 0..9_u8 {
            let bytes: Vec<u8> = (0..length).map(|index| index.wrapping_mul(37).wrapping_add(200)).collect();
            assert_eq!(decode_segment(encode_url(&bytes).as_bytes()), Ok(bytes));
        }
    }
}
