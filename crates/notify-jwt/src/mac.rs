//! HMAC-SHA256 (RFC 2104) with as much of the message absorbed as is known beforehand.

use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use hmac::digest::{CtOutput, KeyInit, Output};
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

    /// The MAC of what was absorbed and `rest`: two compressions, and one more for each 64 bytes of `rest` and the
    /// nine that padding takes.
    pub(crate) fn finish(&self, rest: &[u8]) -> [u8; MAC_LEN] {
        self.output(rest).into()
    }

    /// Whether `mac` is the MAC of what was absorbed and `rest`, in a time that does not tell where it differs.
    pub(crate) fn confirms(&self, rest: &[u8], mac: [u8; MAC_LEN]) -> bool {
        CtOutput::<HmacCore<Sha256>>::new(self.output(rest)) == CtOutput::new(mac.into())
    }

    fn output(&self, rest: &[u8]) -> Output<HmacCore<Sha256>> {
        let mut core = self.0.clone();
        let mut buffer = Buffer::<HmacCore<Sha256>>::default();
        let mut mac = Output::<HmacCore<Sha256>>::default();
        buffer.digest_blocks(rest, |blocks| core.update_blocks(blocks));
        core.finalize_fixed_core(&mut buffer, &mut mac);
        mac
    }
}
