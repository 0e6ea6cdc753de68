//! What a token says, byte for byte: the constant header and the two claims.

use crate::service_id::{ServiceId, UUID_LEN};
use crate::verify::ParseTokenError;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The header of every token.
pub(crate) const HEADER: &[u8; 27] = br#"{"alg":"HS256","typ":"JWT"}"#;

/// What stands before the service id.
const BEFORE_ISSUER: &[u8; 8] = br#"{"iss":""#;

/// What stands between the service id and the colon before the seconds.
const AFTER_ISSUER: &[u8; 7] = br#"","iat""#;

/// The bytes of the claims that are the same in every token of a key. Three divide them, so that in base64url they
/// end at a character of their own; the colon after them goes with the seconds for that reason.
pub(crate) const CONSTANT_LEN: usize = BEFORE_ISSUER.len() + UUID_LEN + AFTER_ISSUER.len();
const _: () = assert!(CONSTANT_LEN.is_multiple_of(3));

/// The digits of the largest number of seconds.
const DIGITS_MAX: usize = u64::MAX.ilog10() as usize + 1;

/// The bytes of the claims that change from token to token, at most: colon, seconds, closing brace.
pub(crate) const CHANGING_MAX: usize = 1 + DIGITS_MAX + 1;

/// The constant bytes of the claims of a service's tokens.
pub(crate) fn constant(service_id: &str) -> [u8; CONSTANT_LEN] {
    let mut text = [0; CONSTANT_LEN];
    for (to, from) in
        text.iter_mut().zip(BEFORE_ISSUER.iter().chain(service_id.as_bytes()).chain(AFTER_ISSUER))
    {
        *to = *from;
    }
    text
}

/// The bytes of the claims that follow the constant ones, written from the end of `room` towards its start.
pub(crate) fn changing(unix_seconds: u64, room: &mut [u8; CHANGING_MAX]) -> &[u8] {
    let mut left = unix_seconds;
    let mut start = CHANGING_MAX;
    let mut write = |byte| {
        start = start.saturating_sub(1);
        if let Some(to) = room.get_mut(start) {
            *to = byte;
        }
    };
    write(b'}');
    loop {
        write(b'0' + (left % 10) as u8);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    write(b':');
    room.get(start..).unwrap_or_default()
}

/// Reads a header and refuses one that is not for HS256, or that names extensions which must be understood
/// (`crit`, RFC 7515 §4.1.11): none is.
pub(crate) fn check_header(json: &[u8]) -> Result<(), ParseTokenError> {
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
pub(crate) struct Claims {
    pub(crate) issuer: ServiceId,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: Option<u64>,
    pub(crate) not_before: Option<u64>,
}

impl Claims {
    /// Reads claims.
    ///
    /// serde-json-core leaves escapes in strings as they are, and a UUID holds no backslash: an `iss` that spells a
    /// character by an escape is refused, even where the characters would make a UUID. An audience is
    /// read so that it can be refused: it is never this service, which has no name for one (RFC 7519 §4.1.3).
    pub(crate) fn read(json: &[u8]) -> Result<Self, ParseTokenError> {
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
