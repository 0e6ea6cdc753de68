//! The verifier: a key, prepared as far as it can be before there is a token.

use crate::key::ApiKey;
use crate::mac::Mac;
use crate::service_id::ServiceId;
use core::fmt;

/// Verifies the tokens of one API key; wiped on drop.
///
/// It keeps the two hash states derived from the key, so that each token costs four compressions instead of six.
pub struct Verifier {
    pub(super) mac: Mac,
    pub(super) service_id: ServiceId,
}

impl Verifier {
    /// Prepares a key for verification, in two compressions.
    pub fn new(key: &ApiKey) -> Self {
        let mut verifier = Self { mac: Mac::EMPTY, service_id: key.id().clone() };
        verifier.mac.set_key(key.secret());
        verifier
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("service_id", &self.service_id.as_str()).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Verifier {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Verifier {{ service_id: {}, .. }}", self.service_id);
    }
}
