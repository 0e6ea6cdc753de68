//! HMAC-SHA256 (RFC 2104) whose state can be kept after the key and the first blocks of a message.
//!
//! It uses sha2's compression function and not the hmac crate. That crate builds a state and returns it, which leaves a copy in
//! each place that the state passes through. It also brings a buffer for messages in pieces, and ours are whole. The tests
//! compare the two.

use crate::service_id::UUID_LEN;
#[cfg(feature = "verify")]
use ctutils::CtEq;
use sha2::block_api::compress256;
use zeroize::Zeroize;

/// The bytes of one block of the hash.
pub(crate) const BLOCK_LEN: usize = 64;

/// The bytes of a MAC.
pub(crate) const MAC_LEN: usize = 32;

/// The byte after a message, and the length at the end of the padding, in bits (FIPS 180-4 §5.1.1).
pub(crate) const END: u8 = 0x80;
pub(crate) const LENGTH_LEN: usize = size_of::<u64>();

/// The bytes of a word of the hash.
const WORD_LEN: usize = size_of::<u32>();

/// The key is combined with these before the message and before the result.
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/// The state of the hash before the first block (FIPS 180-4 §5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

// A longer key would have to be hashed first; the end of one that is not whole words would be left out.
const _: () = assert!(UUID_LEN <= BLOCK_LEN && UUID_LEN % WORD_LEN == 0);

/// The inner and the outer hash state of a key, the inner one after any number of whole blocks of a message; wiped on drop.
pub(crate) struct Mac {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl Mac {
    /// The states without a key.
    pub(crate) const EMPTY: Self = Self { inner: [0; 8], outer: [0; 8] };

    /// Derives both states from the key, in place and in two compressions.
    pub(crate) fn set_key(&mut self, secret: &[u8; UUID_LEN]) {
        let mut block = [INNER_PAD; BLOCK_LEN];
        for (bytes, key) in block.chunks_exact_mut(WORD_LEN).zip(secret.chunks_exact(WORD_LEN)) {
            if let (Some(bytes), Some(key)) = (bytes.first_chunk_mut(), key.first_chunk()) {
                *bytes = (u32::from_ne_bytes(*bytes) ^ u32::from_ne_bytes(*key)).to_ne_bytes();
            }
        }
        self.set_padded(&mut block);
        // The rest of the block is the same for all keys, and wiping takes four instructions a byte.
        if let Some(start) = block.first_chunk_mut::<UUID_LEN>() {
            start.zeroize();
        }
    }

    /// Does the same with a block that contains the key and then zeros, and overwrites it. By reference, so that nothing is
    /// copied.
    #[inline]
    pub(crate) fn set_block(&mut self, block: &mut [u8; BLOCK_LEN]) {
        combine(block, INNER_PAD);
        self.set_padded(block);
    }

    /// Does the same with a block that is already combined with the inner pad.
    #[inline]
    fn set_padded(&mut self, block: &mut [u8; BLOCK_LEN]) {
        self.inner = INITIAL;
        compress(&mut self.inner, block);
        // This turns one pad into the other.
        combine(block, INNER_PAD ^ OUTER_PAD);
        self.outer = INITIAL;
        compress(&mut self.outer, block);
    }

    /// Hashes the next block of the message into the state, in one compression.
    pub(crate) fn update_block(&mut self, block: &[u8; BLOCK_LEN]) {
        compress(&mut self.inner, block);
    }

    /// Writes the MAC of what was hashed so far, which is `hashed` bytes, and of `rest`, to the start of `block`.
    ///
    /// The byte after it is zero, which completes it to groups of three for base64. It takes two compressions, and one more for
    /// each full 64 bytes of `rest` and its nine bytes of padding. All share the block: more of them would deepen the stack
    /// where it is deepest.
    pub(crate) fn finalize(&self, hashed: usize, mut rest: &[u8], block: &mut [u8; BLOCK_LEN]) {
        let length = message_length(hashed + rest.len());
        let mut state = self.inner;
        while let Some((full, after)) = rest.split_first_chunk() {
            compress(&mut state, full);
            rest = after;
        }
        *block = [0; BLOCK_LEN];
        if let Some(start) = block.get_mut(..rest.len()) {
            start.copy_from_slice(rest);
        }
        if let Some(end) = block.get_mut(rest.len()) {
            *end = END;
        }
        if rest.len() >= BLOCK_LEN - LENGTH_LEN {
            compress(&mut state, block);
            *block = [0; BLOCK_LEN];
        }
        if let Some(place) = block.last_chunk_mut() {
            *place = length;
        }
        compress(&mut state, block);
        self.finish(&mut state, block);
        if let Some((mac, rest)) = block.split_first_chunk_mut() {
            write(&state, mac);
            if let Some(next) = rest.first_mut() {
                *next = 0;
            }
        }
    }

    /// Whether `mac` is the MAC of what was hashed so far, which is `hashed` bytes, and of `rest`; in constant time.
    ///
    /// Not inlined, so that its blocks do not lie on the stack while a token is parsed.
    #[cfg(feature = "verify")]
    #[inline(never)]
    pub(crate) fn verify(&self, hashed: usize, rest: &[u8], mac: &[u8; MAC_LEN]) -> bool {
        let mut block = [0; BLOCK_LEN];
        self.finalize(hashed, rest, &mut block);
        block.first_chunk().is_some_and(|expected: &[u8; MAC_LEN]| expected.ct_eq(mac).into())
    }

    /// Writes the MAC of what was hashed so far and of these blocks, which contain the padding.
    pub(crate) fn finalize_padded(&self, blocks: &[[u8; BLOCK_LEN]], mac: &mut [u8; MAC_LEN]) {
        let mut state = self.inner;
        compress256(&mut state, blocks);
        self.finish(&mut state, &mut [0; BLOCK_LEN]);
        write(&state, mac);
    }

    /// Turns the inner hash of a message into its MAC, in one compression. What is in the block is overwritten.
    fn finish(&self, state: &mut [u32; 8], block: &mut [u8; BLOCK_LEN]) {
        if let Some((hash, rest)) = block.split_first_chunk_mut() {
            write(state, hash);
            rest.fill(0);
            if let Some(end) = rest.first_mut() {
                *end = END;
            }
            if let Some(length) = rest.last_chunk_mut() {
                *length = const { message_length(MAC_LEN) };
            }
        }
        *state = self.outer;
        compress(state, block);
    }
}

impl Drop for Mac {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// Combines all bytes of a block with this one.
fn combine(block: &mut [u8; BLOCK_LEN], pad: u8) {
    for bytes in block.chunks_exact_mut(WORD_LEN) {
        if let Some(bytes) = bytes.first_chunk_mut() {
            *bytes = (u32::from_ne_bytes(*bytes) ^ u32::from_ne_bytes([pad; WORD_LEN])).to_ne_bytes();
        }
    }
}

fn compress(state: &mut [u32; 8], block: &[u8; BLOCK_LEN]) {
    compress256(state, core::slice::from_ref(block));
}

/// The end of the padding of a message of this many bytes: its length in bits, including the block of the key.
pub(crate) const fn message_length(bytes: usize) -> [u8; LENGTH_LEN] {
    ((BLOCK_LEN + bytes) as u64 * 8).to_be_bytes()
}

/// Writes a state in place: what is returned would be built on the stack and copied.
fn write(state: &[u32; 8], bytes: &mut [u8; MAC_LEN]) {
    for (bytes, word) in bytes.chunks_exact_mut(WORD_LEN).zip(state) {
        if let Some(bytes) = bytes.first_chunk_mut() {
            *bytes = word.to_be_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{BLOCK_LEN, MAC_LEN, Mac, UUID_LEN, message_length};
    use hmac::{Hmac, KeyInit, Mac as _};
    use proptest::prelude::*;
    use sha2::Sha256;

    fn mac(key: &[u8; UUID_LEN]) -> Mac {
        let mut mac = Mac::EMPTY;
        mac.set_key(key);
        mac
    }

    fn finalize(mac: &Mac, hashed: usize, rest: &[u8]) -> [u8; MAC_LEN] {
        let mut block = [0xff; BLOCK_LEN];
        mac.finalize(hashed, rest, &mut block);
        assert_eq!(block[MAC_LEN], 0);
        *block.first_chunk().unwrap()
    }

    fn expected(key: &[u8], message: &[u8]) -> [u8; MAC_LEN] {
        Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().into()
    }

    #[test]
    fn a_message_of_every_length_has_the_mac_that_hmac_computes() {
        let key = core::array::from_fn(|at| u8::try_from(at).unwrap());
        let message: [u8; 300] = core::array::from_fn(|at| u8::try_from(at * 7 % 256).unwrap());
        for length in 0..=message.len() {
            let message = &message[..length];
            assert_eq!(finalize(&mac(&key), 0, message), expected(&key, message), "{length}");
            if let Some((block, rest)) = message.split_first_chunk() {
                let mut mac = mac(&key);
                mac.update_block(block);
                assert_eq!(finalize(&mac, BLOCK_LEN, rest), expected(&key, message), "{length}");
            }
        }
    }

    #[test]
    fn a_replaced_key_leaves_no_trace() {
        let mut mac = mac(&[1; UUID_LEN]);
        mac.update_block(&[7; BLOCK_LEN]);
        mac.set_key(&[2; UUID_LEN]);
        assert_eq!(finalize(&mac, 0, b"text"), expected(&[2; UUID_LEN], b"text"));
    }

    proptest! {
        #[test]
        fn any_message_has_the_mac_that_hmac_computes(key: [u8; UUID_LEN], message: std::vec::Vec<u8>) {
            prop_assert_eq!(finalize(&mac(&key), 0, &message), expected(&key, &message));
        }

        #[test]
        fn a_message_with_its_padding_has_the_same_mac(key: [u8; UUID_LEN], message: [u8; 57]) {
            let mut blocks = [[0; BLOCK_LEN]; 2];
            blocks[0][..57].copy_from_slice(&message);
            blocks[0][57] = 0x80;
            blocks[1][56..].copy_from_slice(&message_length(57));
            let mut result = [0; MAC_LEN];
            mac(&key).finalize_padded(&blocks, &mut result);
            prop_assert_eq!(result, expected(&key, &message));
        }
    }
}
