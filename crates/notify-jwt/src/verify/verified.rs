//! The claims that are believed.

use crate::service_id::ServiceId;
use core::fmt;

/// What a token says, once it is known that the holder of a key made it, and when.
#[derive(Clone)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct VerifiedClaims {
    pub(super) issuer: ServiceId,
    pub(super) issued_at: u64,
}

impl VerifiedClaims {
    /// The service that the token comes from, a UUID as the token spells it.
    pub fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// The moment for which the token was minted, in seconds since 1970.
    pub fn issued_at(&self) -> u64 {
        self.issued_at
    }
}

impl fmt::Debug for VerifiedClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedClaims")
            .field("issuer", &self.issuer())
            .field("issued_at", &self.issued_at)
            .finish()
    }
}
