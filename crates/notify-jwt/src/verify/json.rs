//! What anyone's token says: its header and its claims, in JSON.

use super::error::ParseTokenError;
use crate::service_id::ServiceId;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Reads a header and refuses one that is not for HS256, or that names extensions which must be understood
/// (`crit`, RFC 7515 §4.1.11): none is.
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

/// What verification reads of claims; moments in seconds since 1970.
pub(super) struct Claims {
    pub(super) issuer: ServiceId,
    pub(super) issued_at: u64,
    pub(super) expires_at: Option<u64>,
    pub(super) not_before: Option<u64>,
}

impl Claims {
    /// Reads claims.
    ///
    /// serde-json-core leaves escapes in strings as they are, and a UUID holds no backslash: an `iss` that spells a
    /// character by an escape is refused, even where the characters would make a UUID. An audience is
    /// read so that it can be refused: it is never this service, which has no name for one (RFC 7519 §4.1.3).
    pub(super) fn read(json: &[u8]) -> Result<Self, ParseTokenError> {
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
        let issuer = fields.iss.and_then(|iss| ServiceId::read(iss.as_bytes().try_into().ok()?));
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
/// serde-json-core passes over values that nobody asked for by recursion, one level a bracket, and a stranger's
/// brackets must not choose how deep a small stack is used. A string with a bracket in it is refused as well.
fn read_flat<'j, T: Deserialize<'j>>(json: &'j [u8]) -> Option<T> {
    let brackets = json.iter().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if brackets > 1 {
        return None;
    }
    serde_json_core::from_slice(json).ok().map(|(value, _)| value)
}
