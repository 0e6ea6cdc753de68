//! What a token says, byte for byte: the constant header and the two claims.

use crate::key::UUID_LEN;

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
pub(crate) fn constant(service_id: &[u8; UUID_LEN]) -> [u8; CONSTANT_LEN] {
    let mut text = [0; CONSTANT_LEN];
    for (to, from) in text.iter_mut().zip(BEFORE_ISSUER.iter().chain(service_id).chain(AFTER_ISSUER)) {
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
