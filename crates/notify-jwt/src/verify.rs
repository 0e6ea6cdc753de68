//! Verification: from a token that anyone may have written to claims that can be trusted.

mod error;
mod json;
mod usual;
mod verified;
mod verifier;

use crate::claims::HEADER;
use crate::mac::MAC_LEN;
use base64ct::{Base64UrlUnpadded, Encoding, Error as DecodeError};
use core::fmt;
use core::time::Duration;
pub use error::{ParseTokenError, VerifyError};
use json::{Claims, check_header};
pub use verified::VerifiedClaims;
pub use verifier::Verifier;

/// How far a token's issue time and the service's clock may differ, either way. Exactly this far is allowed.
pub const LEEWAY: Duration = Duration::from_secs(30);

/// The most bytes of a decoded header.
const HEADER_MAX: usize = 128;

/// The most bytes of decoded claims.
const CLAIMS_MAX: usize = 256;

/// A token that was parsed but not verified: its structure is right, but anyone may have written its claims.
///
/// Its [`issuer`](Self::issuer) tells a server which key to [`verify`](Self::verify) it with. Nothing else can be read
/// before that.
///
/// ```
/// use notify_jwt::{ApiKey, Signer, UntrustedToken, Verifier};
/// # let text = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
/// # let bearer = Signer::new(&ApiKey::parse(text)?).bearer(1_795_430_454);
/// # let keys = std::collections::HashMap::from([("61b71411-84f6-4e6b-9685-aa9ad893177c", ApiKey::parse(text)?)]);
/// # let now = 1_795_430_460;
///
/// let token = UntrustedToken::from_bearer(bearer.as_str())?;
/// let key = keys.get(token.issuer()).ok_or("unknown service")?;
/// let claims = token.verify(&Verifier::new(key), now)?;
/// assert_eq!(claims.issued_at(), 1_795_430_454);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct UntrustedToken<'t> {
    signed: &'t [u8],
    mac: [u8; MAC_LEN],
    claims: Claims,
}

impl<'t> UntrustedToken<'t> {
    /// Parses the value of an `Authorization` header: the scheme `Bearer` in upper or lower case, one space, and a
    /// token.
    ///
    /// # Errors
    ///
    /// [`ParseTokenError::Scheme`], or an error of [`parse`](Self::parse).
    pub fn from_bearer(value: &'t str) -> Result<Self, ParseTokenError> {
        let (scheme, token) = value.split_once(' ').ok_or(ParseTokenError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(ParseTokenError::Scheme);
        }
        Self::parse(token)
    }

    /// Parses a token, `{header}.{claims}.{MAC}`.
    ///
    /// # Errors
    ///
    /// If the token does not have that structure, its algorithm is not HS256, or a required claim is missing or
    /// malformed. Each variant of the error says what it means.
    pub fn parse(token: &'t str) -> Result<Self, ParseTokenError> {
        if usize::BITS == 64 {
            if let Some(token) = usual::parse(token.as_bytes()) {
                return Ok(token);
            }
        }
        Self::parse_any(token)
    }

    /// Parses any token, on any machine.
    fn parse_any(token: &'t str) -> Result<Self, ParseTokenError> {
        let mut segments = token.split('.');
        let (Some(header), Some(claims), Some(mac), None) =
            (segments.next(), segments.next(), segments.next(), segments.next())
        else {
            return Err(ParseTokenError::Segments);
        };
        // Everything before the last full stop. `rsplit_once` would find it too, but brings in code that can panic.
        let signed = token.as_bytes().get(..header.len() + 1 + claims.len()).unwrap_or_default();
        // Our own header is known to be right.
        if header.as_bytes() != HEADER {
            read_header(header)?;
        }
        let claims = read_claims(claims)?;
        let mut token = Self { signed, mac: [0; MAC_LEN], claims };
        if decode(mac, &mut token.mac)?.len() < MAC_LEN {
            return Err(ParseTokenError::Segments);
        }
        Ok(token)
    }

    /// The id of the service that the token claims to come from, a UUID. Anyone can write any id here. Use it to look up a
    /// key, and for nothing else before [`verify`](Self::verify).
    pub fn issuer(&self) -> &str {
        self.claims.issuer.as_str()
    }

    /// Verifies the token: its MAC was made with the verifier's key, its issuer is the service of that key, and its issue
    /// time lies within [`LEEWAY`] of `unix_seconds`, the current time.
    ///
    /// A service can have several keys: try each in turn. The MAC is compared in constant time.
    ///
    /// # Errors
    ///
    /// The first check that fails, in this order.
    pub fn verify(&self, verifier: &Verifier, unix_seconds: u64) -> Result<VerifiedClaims, VerifyError> {
        self.verify_with_leeway(verifier, unix_seconds, LEEWAY)
    }

    /// Verifies the token as [`verify`](Self::verify) does, with another leeway, of which whole seconds count.
    ///
    /// # Errors
    ///
    /// The first check that fails, in the order of [`verify`](Self::verify).
    pub fn verify_with_leeway(
        &self,
        verifier: &Verifier,
        unix_seconds: u64,
        leeway: Duration,
    ) -> Result<VerifiedClaims, VerifyError> {
        let leeway = leeway.as_secs();
        if !verifier.mac.verify(0, self.signed, &self.mac) {
            return Err(VerifyError::Mac);
        }
        let Claims { ref issuer, issued_at, expires_at, not_before } = self.claims;
        if !issuer.is_same_service(&verifier.service_id) {
            return Err(VerifyError::Issuer);
        }
        if unix_seconds.abs_diff(issued_at) > leeway
            || not_before.is_some_and(|not_before| not_before > unix_seconds.saturating_add(leeway))
        {
            return Err(VerifyError::ClockSkew);
        }
        if expires_at.is_some_and(|expires_at| expires_at.saturating_add(leeway) <= unix_seconds) {
            return Err(VerifyError::Expired);
        }
        Ok(VerifiedClaims { issuer: issuer.clone(), issued_at })
    }
}

/// Shows the issuer, which is not secret, and not the token, which whoever sees it can use.
impl fmt::Debug for UntrustedToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UntrustedToken").field("issuer", &self.issuer()).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for UntrustedToken<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "UntrustedToken {{ issuer: {}, .. }}", self.claims.issuer);
    }
}

/// Reads a header, with a buffer that is gone when the next is needed.
#[inline(never)]
fn read_header(segment: &str) -> Result<(), ParseTokenError> {
    check_header(decode(segment, &mut [0; HEADER_MAX])?)
}

/// Reads claims, with a buffer that is gone when the MAC is computed.
#[inline(never)]
fn read_claims(segment: &str) -> Result<Claims, ParseTokenError> {
    Claims::parse(decode(segment, &mut [0; CLAIMS_MAX])?)
}

/// Decodes one segment.
fn decode<'b>(segment: &str, buffer: &'b mut [u8]) -> Result<&'b [u8], ParseTokenError> {
    Base64UrlUnpadded::decode(segment, buffer).map_err(|error| match error {
        DecodeError::InvalidLength => ParseTokenError::TooLong,
        DecodeError::InvalidEncoding => ParseTokenError::Encoding,
    })
}
