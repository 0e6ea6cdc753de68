//! Why a token is rejected.

use core::fmt;

/// The text is not a token that can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseTokenError {
    /// The header value is not `Bearer`, one space and a token.
    Scheme,
    /// There are not three segments with full stops between, or the third is too short for a MAC.
    Segments,
    /// A segment is not base64url without padding, or its last character has stray bits.
    Encoding,
    /// A segment is too long. The limits are 128 bytes for the header, 256 for the claims, and 32 for the MAC.
    TooLong,
    /// The header is not a flat JSON object.
    Header,
    /// The algorithm is not `HS256`, in capitals.
    Algorithm,
    /// The claims are not a flat JSON object, a claim has the wrong type or occurs twice, or there is an `aud`.
    Claims,
    /// A name in the header or the claims, or the value of `iss`, contains an escape: `"\u0061ud"` for `"aud"`. Some readers
    /// see an audience there, and others do not.
    Escape,
    /// The claim `iss` is missing, or is not a UUID with hyphens.
    Issuer,
    /// The claim `iat` is missing.
    IssuedAt,
}

impl fmt::Display for ParseTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the header value is not a bearer token",
            Self::Segments => "the token does not have three segments, or its MAC is too short",
            Self::Encoding => "a segment of the token is not base64url without padding",
            Self::TooLong => "a segment of the token is too long",
            Self::Header => "the token's header is not a flat JSON object",
            Self::Algorithm => "the token's algorithm is not HS256",
            Self::Claims => "the token's claims are not a flat JSON object with values of the right types",
            Self::Escape => "a name in the token or its issuer is written with an escape",
            Self::Issuer => "the token's issuer is not a service id",
            Self::IssuedAt => "the token has no issue time",
        })
    }
}

impl core::error::Error for ParseTokenError {}

/// The token failed verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum VerifyError {
    /// The MAC was not made with this key. Try the next key of the service.
    Mac,
    /// The MAC is right, but the token's issuer is not the service of the key.
    Issuer,
    /// The token's issue time and the clock differ by more than the leeway, or its `nbf` has not come yet. Check the
    /// clocks, and mint a new token.
    ClockSkew,
    /// The token has an `exp`, which is past.
    Expired,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mac => "the token was not made with this key",
            Self::Issuer => "the token was issued by another service than the key belongs to",
            Self::ClockSkew => "the token's issue time and the clock are too far apart",
            Self::Expired => "the token has expired",
        })
    }
}

impl core::error::Error for VerifyError {}
