//! Verification: from a token that anyone may have written to claims that the holder of a key made.

mod error;
mod json;
mod verified;
mod verifier;

use crate::claims::HEADER;
use crate::mac::MAC_LEN;
use base64ct::{Base64UrlUnpadded, Encoding, Error as DecodeError};
use core::fmt;
pub use error::{ParseTokenError, VerifyError};
use json::{Claims, check_header};
pub use verified::VerifiedClaims;
pub use verifier::Verifier;

/// The seconds by which the service lets a token's moment and its own clock differ, either way and both ends included.
pub const LEEWAY: u64 = 30;

/// The bytes that a header, decoded, may take.
const HEADER_ROOM: usize = 128;

/// The bytes that claims, decoded, may take.
const CLAIMS_ROOM: usize = 256;

/// A token that was read but not yet believed: its structure is right, its claims are anyone's.
///
/// It tells its [`issuer`](Self::issuer), so that a server can look up the key that [`verify`](Self::verify)
/// takes. Nothing else of it can be read before.
///
/// ```
/// use notify_jwt::{ApiKey, LEEWAY, Signer, UntrustedToken, Verifier};
/// # let text = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
/// # let bearer = Signer::new(&ApiKey::parse(text)?).bearer(1_795_430_454);
/// # let keys = std::collections::HashMap::from([("61b71411-84f6-4e6b-9685-aa9ad893177c", ApiKey::parse(text)?)]);
/// # let now = 1_795_430_460;
///
/// let token = UntrustedToken::from_bearer(bearer.as_str())?;
/// let key = keys.get(token.issuer()).ok_or("unknown service")?;
/// let claims = token.verify(&Verifier::new(key), now, LEEWAY)?;
/// assert_eq!(claims.issued_at(), 1_795_430_454);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct UntrustedToken<'t> {
    signed: &'t [u8],
    mac: [u8; MAC_LEN],
    claims: Claims,
}

impl<'t> UntrustedToken<'t> {
    /// Reads the value of an `Authorization` header: the scheme `Bearer` in any case, one space, a token.
    ///
    /// # Errors
    ///
    /// [`ParseTokenError::Scheme`], or what [`parse`](Self::parse) says of the token.
    pub fn from_bearer(value: &'t str) -> Result<Self, ParseTokenError> {
        let (scheme, token) = value.split_once(' ').ok_or(ParseTokenError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(ParseTokenError::Scheme);
        }
        Self::parse(token)
    }

    /// Reads a token, `{header}.{claims}.{MAC}`.
    ///
    /// # Errors
    ///
    /// When the token is not of that structure, its algorithm is not HS256, or a claim that it needs is missing or
    /// cannot be read; each variant of the error says what it stands for.
    pub fn parse(token: &'t str) -> Result<Self, ParseTokenError> {
        let mut segments = token.split('.');
        let (Some(header), Some(claims), Some(mac), None) =
            (segments.next(), segments.next(), segments.next(), segments.next())
        else {
            return Err(ParseTokenError::Segments);
        };
        // All but the last full stop and what follows it. (A search from the end would find that as well; core's can panic.)
        let signed = token.as_bytes().get(..header.len() + 1 + claims.len()).unwrap_or_default();
        // Our own header needs no reading.
        if header.as_bytes() != HEADER {
            check_header(decode(header, &mut [0; HEADER_ROOM])?)?;
        }
        let claims = Claims::read(decode(claims, &mut [0; CLAIMS_ROOM])?)?;
        let mut room = [0; MAC_LEN];
        let mac = decode(mac, &mut room)?.try_into().map_err(|_| ParseTokenError::Segments)?;
        Ok(Self { signed, mac, claims })
    }

    /// The service that the token claims to come from, a UUID. Anyone can write anyone's: good for looking up a key, and for
    /// nothing else before [`verify`](Self::verify).
    pub fn issuer(&self) -> &str {
        self.claims.issuer.as_str()
    }

    /// Believes the token if its MAC was made with the verifier's key, if it names that key's service, and if its moment
    /// lies within `leeway` seconds of `unix_seconds`, both ends included; in this order.
    ///
    /// A service can have several keys: try each in turn. The MAC is compared in constant time.
    ///
    /// # Errors
    ///
    /// The first of these that does not hold.
    pub fn verify(
        &self,
        verifier: &Verifier,
        unix_seconds: u64,
        leeway: u64,
    ) -> Result<VerifiedClaims, VerifyError> {
        if !verifier.mac.confirms(self.signed, self.mac) {
            return Err(VerifyError::Mac);
        }
        let Claims { ref issuer, issued_at, expires_at, not_before } = self.claims;
        if !issuer.names_the_same(&verifier.service_id) {
            return Err(VerifyError::Issuer);
        }
        if unix_seconds.abs_diff(issued_at) > leeway
            || not_before.is_some_and(|moment| moment > unix_seconds.saturating_add(leeway))
        {
            return Err(VerifyError::Clock);
        }
        if expires_at.is_some_and(|moment| moment.saturating_add(leeway) <= unix_seconds) {
            return Err(VerifyError::Expired);
        }
        Ok(VerifiedClaims { issuer: issuer.clone(), issued_at })
    }
}

/// Shows what anyone could have written, and not the token: whoever has that can use it.
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

/// Decodes one segment.
fn decode<'r>(segment: &str, room: &'r mut [u8]) -> Result<&'r [u8], ParseTokenError> {
    Base64UrlUnpadded::decode(segment, room).map_err(|error| match error {
        DecodeError::InvalidLength => ParseTokenError::TooLong,
        DecodeError::InvalidEncoding => ParseTokenError::Encoding,
    })
}
