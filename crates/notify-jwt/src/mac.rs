//! HMAC-SHA256 (RFC 2104) whose state can be kept after the key and the first blocks of a message.

use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use hmac::digest::{CtOutput, KeyInit};
use sha2::Sha256;

/// The bytes of one block of the hash.
pub(crate) const BLOCK_LEN: usize = 64;

/// The bytes of a MAC.
pub(crate) const MAC_LEN: usize = 32;

/// The inner and the outer hash state of a key, the inner one after any number of whole blocks of a message.
///
/// sha2 wipes both on drop.
#[derive(Clone)]
pub(crate) struct Mac(HmacCore<Sha256>);

impl Mac {
    /// Derives both states from the key, in two compressions.
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(HmacCore::new_from_slice(secret).expect("HMAC takes keys of any length"))
    }

    /// Hashes the next block of the message into the state, in one compression.
    pub(crate) fn update_block(&mut self, block: &[u8; BLOCK_LEN]) {
        self.0.update_blocks(&[(*block).into()]);
    }

    /// Writes the MAC of the blocks so far and `rest`.
    ///
    /// It takes two compressions, and one more for each full 64 bytes of `rest` and the nine bytes of padding. The
    /// compiler makes one copy for slices, and one for each array type, whose length it then knows.
    pub(crate) fn finalize<Rest: AsRef<[u8]> + ?Sized>(&self, rest: &Rest, mac: &mut [u8; MAC_LEN]) {
        let mut core = self.0.clone();
        let mut buffer = Buffer::<HmacCore<Sha256>>::default();
        buffer.digest_blocks(rest.as_ref(), |blocks| core.update_blocks(blocks));
        core.finalize_fixed_core(&mut buffer, mac.into());
    }

    /// Whether `mac` is the MAC of the blocks so far and `rest`, compared in constant time.
    pub(crate) fn verify(&self, rest: &[u8], mac: [u8; MAC_LEN]) -> bool {
        let mut expected = [0; MAC_LEN];
        self.finalize(rest, &mut expected);
        CtOutput::<HmacCore<Sha256>>::new(expected.into()) == CtOutput::new(mac.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Mac;
    use base64ct::{Base64UrlUnpadded, Encoding};

    #[test]
    fn the_example_of_rfc_7515_appendix_a_1_is_verified() {
        let mut key = [0; 64];
        let key = Base64UrlUnpadded::decode(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
            &mut key,
        )
        .unwrap();
        let signed = b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9\
            .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let mut mac = [0; 32];
        Base64UrlUnpadded::decode("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", &mut mac).unwrap();

        assert!(Mac::new(key).verify(signed, mac));
        let (block, rest) = signed.split_first_chunk().unwrap();
        let mut updated = Mac::new(key);
        updated.update_block(block);
        assert!(updated.verify(rest, mac));
        mac[31] ^= 1;
        assert!(!updated.verify(rest, mac));
    }
}
