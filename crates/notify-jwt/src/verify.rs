//! Verification: from a token that anyone may have written to claims that the holder of a key made.

use crate::claims::{Claims, HEADER, check_header};
use crate::key::ApiKey;
use crate::mac::{MAC_LEN, Mac};
use crate::service_id::ServiceId;
use base64ct::{Base64UrlUnpadded, Encoding, Error as DecodeError};
use core::fmt;

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

/// Verifies the tokens of one API key; wiped on drop.
///
/// It holds the two hash states that the key leads to, so that several tokens can be verified at four compressions each
/// instead of six.
pub struct Verifier {
    mac: Mac,
    service_id: ServiceId,
}

impl Verifier {
    /// Prepares a key for verifying, which costs two compressions.
    pub fn new(key: &ApiKey) -> Self {
        Self { mac: Mac::new(key.secret()), service_id: key.id().clone() }
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

/// What a token says, once it is known that the holder of a key made it, and when.
#[derive(Clone)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct VerifiedClaims {
    issuer: ServiceId,
    issued_at: u64,
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

/// Why a text is not a token that can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseTokenError {
    /// The header value is not `Bearer`, one space, a token.
    Scheme,
    /// Not three segments between two full stops, or the third too short for a MAC.
    Segments,
    /// A segment holds something else than base64url without padding, or bits in its last character that mean nothing.
    Encoding,
    /// A segment is longer than there is room for: 128 bytes of header, 256 of claims, 32 of MAC.
    TooLong,
    /// The header is not a flat JSON object.
    Header,
    /// The algorithm is not `HS256`, in capitals.
    Algorithm,
    /// The claims are not a flat JSON object, a claim is of the wrong type or there twice, or there is an audience.
    Claims,
    /// The claim `iss` is missing, or is not a UUID spelt with hyphens and without escapes.
    Issuer,
    /// The claim `iat` is missing.
    IssuedAt,
}

impl fmt::Display for ParseTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the authorization is not a bearer token",
            Self::Segments => "the token is not of three segments, the last a MAC of 32 bytes",
            Self::Encoding => "a segment of the token is not base64url without padding",
            Self::TooLong => "a segment of the token is too long",
            Self::Header => "the token's header is not a flat JSON object",
            Self::Algorithm => "the token's algorithm is not HS256",
            Self::Claims => "the token's claims are not a flat JSON object of the right types",
            Self::Issuer => "the token's issuer is not a service id",
            Self::IssuedAt => "the token does not say when it was issued",
        })
    }
}

impl core::error::Error for ParseTokenError {}

/// Why a token was not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum VerifyError {
    /// The MAC was not made with this key: try the service's next one.
    Mac,
    /// The MAC is right, but the token names another service than the key's.
    Issuer,
    /// The token's moment and the clock are further apart than the leeway, or the token is not to be used yet: mint anew, and
    /// look at the clocks.
    Clock,
    /// The token carries an expiry, and that is past.
    Expired,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mac => "the token was not made with this key",
            Self::Issuer => "the token names another service than the key does",
            Self::Clock => "the token's moment and the clock are too far apart",
            Self::Expired => "the token has expired",
        })
    }
}

impl core::error::Error for VerifyError {}
