//! The header and the claims of a token that anyone may have written, in JSON.

use super::error::ParseTokenError;
use crate::service_id::ServiceId;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Reads a header, and rejects it unless its algorithm is HS256 and it has no critical extensions (`crit`,
/// RFC 7515 §4.1.11), since we support none.
pub(super) fn check_header(json: &[u8]) -> Result<(), ParseTokenError> {
    #[derive(Deserialize)]
    struct Header<'j> {
        alg: Option<&'j str>,
        crit: Option<IgnoredAny>,
    }
    let header: Header<'_> =
        read_flat(json).filter(|header: &Header<'_>| header.crit.is_none()).ok_or(ParseTokenError::Header)?;
    if header.alg == Some("HS256") { Ok(()) } else { Err(ParseTokenError::Algorithm) }
}

/// The claims that verification needs, with times in seconds since 1970.
pub(super) struct Claims {
    pub(super) issuer: ServiceId,
    pub(super) issued_at: u64,
    pub(super) expires_at: Option<u64>,
    pub(super) not_before: Option<u64>,
}

impl Claims {
    /// Reads claims.
    ///
    /// serde-json-core does not decode escapes in strings, and a UUID has no backslash. So an `iss` with an escape is
    /// rejected, even if its characters would spell a UUID. A token with an audience must be rejected by those outside it
    /// (RFC 7519 §4.1.3), and a Notify service has no audience name, so `aud` is always rejected.
    pub(super) fn parse(json: &[u8]) -> Result<Self, ParseTokenError> {
        #[derive(Deserialize)]
        struct Fields<'j> {
            iss: Option<&'j str>,
            iat: Option<u64>,
            exp: Option<u64>,
            nbf: Option<u64>,
            aud: Option<IgnoredAny>,
        }
        let fields: Fields<'_> = read_flat(json)
            .filter(|fields: &Fields<'_>| fields.aud.is_none())
            .ok_or(ParseTokenError::Claims)?;
        let issuer = fields.iss.and_then(|iss| ServiceId::parse(iss.as_bytes().try_into().ok()?));
        Ok(Self {
            issuer: issuer.ok_or(ParseTokenError::Issuer)?,
            issued_at: fields.iat.ok_or(ParseTokenError::IssuedAt)?,
            expires_at: fields.exp,
            not_before: fields.nbf,
        })
    }
}

/// Reads one JSON object with nothing nested in it.
///
/// serde-json-core skips unknown values by recursion, one level for each bracket. A stranger must not choose how much of
/// a small stack that takes. A bracket inside a string is rejected as well.
fn read_flat<'j, T: Deserialize<'j>>(json: &'j [u8]) -> Option<T> {
    let brackets = json.iter().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if brackets > 1 {
        return None;
    }
    serde_json_core::from_slice(json).ok().map(|(value, _)| value)
}
