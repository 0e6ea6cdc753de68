//! Claims that passed verification.

use crate::service_id::ServiceId;
use core::fmt;

/// The claims of a token that passed verification: the holder of the key made it, and it is fresh.
#[derive(Clone)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct VerifiedClaims {
    pub(super) issuer: ServiceId,
    pub(super) issued_at: u64,
}

impl VerifiedClaims {
    /// The id of the service that issued the token: a UUID, as the token spells it.
    pub fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// When the token was issued, in seconds since 1970.
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
