//! Why a token is not believed.

use core::fmt;

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
