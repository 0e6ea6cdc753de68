//! Bytes inside JSON.

use std::fmt;

use base64ct::{Base64, Encoding};
use serde::Serializer;

/// How many bytes are encoded at a time: a multiple of three, so that only the last piece is padded.
const PIECE: usize = 768;

/// Writes bytes as standard base64, one piece at a time and straight into the serializer's output.
pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Text(bytes))
}

/// How many characters encode this many bytes.
pub(crate) fn encoded_len(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

struct Text<'a>(&'a [u8]);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0; PIECE / 3 * 4];
        self.0.chunks(PIECE).try_for_each(|piece| {
            f.write_str(Base64::encode(piece, &mut buffer).expect("a piece fits into the buffer"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_without_a_seam() {
        for length in [0, 1, 2, 3, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 2] {
            let bytes: Vec<u8> = (0..=255).cycle().take(length).collect();
            let mut whole = vec![0; encoded_len(length)];
            assert_eq!(Text(&bytes).to_string(), Base64::encode(&bytes, &mut whole).unwrap());
        }
    }
}
