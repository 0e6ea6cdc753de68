//! HMAC-SHA256 (RFC 2104) with as much of the message absorbed as is known beforehand.

use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use hmac::digest::{CtOutput, KeyInit};
use sha2::Sha256;

/// The bytes that the hash takes at a time.
pub(crate) const BLOCK_LEN: usize = 64;

/// The bytes of a MAC.
pub(crate) const MAC_LEN: usize = 32;

/// The two hash states that a key leads to, and whole blocks of a message that the inner one has absorbed.
///
/// Wiped on drop by sha2.
#[derive(Clone)]
pub(crate) struct Mac(HmacCore<Sha256>);

impl Mac {
    /// Starts with the key, which costs two compressions.
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(HmacCore::new_from_slice(secret).expect("HMAC takes keys of any length"))
    }

    /// Takes the message's next block for good, which costs one compression.
    pub(crate) fn absorb(&mut self, block: &[u8; BLOCK_LEN]) {
        self.0.update_blocks(&[(*block).into()]);
    }

    /// Writes the MAC of what was absorbed and `rest`: two compressions, and one more for each 64 bytes of `rest` and the
    /// nine that padding takes.
    ///
    /// Compiled once for slices, and once for each array that it is called with, whose length is then no question.
    pub(crate) fn finish<Rest: AsRef<[u8]> + ?Sized>(&self, rest: &Rest, mac: &mut [u8; MAC_LEN]) {
        let mut core = self.0.clone();
        let mut buffer = Buffer::<HmacCore<Sha256>>::default();
        buffer.digest_blocks(rest.as_ref(), |blocks| core.update_blocks(blocks));
        core.finalize_fixed_core(&mut buffer, mac.into());
    }

    /// Whether `mac` is the MAC of what was absorbed and `rest`, in a time that does not tell where it differs.
    pub(crate) fn confirms(&self, rest: &[u8], mac: [u8; MAC_LEN]) -> bool {
        let mut right = [0; MAC_LEN];
        self.finish(rest, &mut right);
        CtOutput::<HmacCore<Sha256>>::new(right.into()) == CtOutput::new(mac.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Mac;
    use base64ct::{Base64UrlUnpadded, Encoding};

    #[test]
    fn the_example_of_rfc_7515_appendix_a_1_is_confirmed() {
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

        assert!(Mac::new(key).confirms(signed, mac));
        let (block, rest) = signed.split_first_chunk().unwrap();
        let mut absorbed = Mac::new(key);
        absorbed.absorb(block);
        assert!(absorbed.confirms(rest, mac));
        mac[31] ^= 1;
        assert!(!absorbed.confirms(rest, mac));
    }
}
