//! The bearer token by which the service identifies itself.

use std::fmt;

use hmac::digest::KeyInit as _;
use hmac::{Hmac, Mac as _};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use sha2::Sha256;

use super::{Callback, CallbackError};

/// The key of the MACs. It need not be secret: the MACs only make two texts of any lengths comparable in constant time.
const LABEL: &[u8] = b"notify callback token";

/// The fewest characters that the service's website accepts.
const MIN_CHARACTERS: usize = 10;

/// The bearer token that the service sends with its callbacks, as you entered it on its website.
///
/// It does not keep the token itself, only a MAC of it. `Debug` shows nothing.
///
/// # Examples
///
/// ```
/// use notify_api::callback::CallbackToken;
///
/// # fn environment() -> Result<String, std::env::VarError> { Ok("0123456789".to_owned()) }
/// let token = CallbackToken::new(&environment()?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CallbackToken {
    mac: [u8; 32],
}

impl CallbackToken {
    /// Takes the token. White space around it does not count.
    ///
    /// # Errors
    ///
    /// If it has fewer than the 10 characters that the service requires.
    pub fn new(token: &str) -> Result<Self, InvalidCallbackToken> {
        let token = token.trim();
        if token.chars().count() < MIN_CHARACTERS {
            return Err(InvalidCallbackToken);
        }
        Ok(Self { mac: mac(token.as_bytes()).finalize().into_bytes().into() })
    }

    /// Checks who sent a callback, in time that reveals nothing of the token, and reads it.
    ///
    /// Bound the size of the body first: a callback is a few kilobytes at most.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Unauthorized`] before any of the body is read; after that, as [`Callback::from_json`].
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Callback, CallbackError> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(CallbackError::Unauthorized);
        };
        let token = bearer(value.as_bytes()).ok_or(CallbackError::Unauthorized)?;
        mac(token).verify_slice(&self.mac).map_err(|_| CallbackError::Unauthorized)?;
        Callback::from_json(body)
    }
}

/// The text after the scheme, whose case does not count (RFC 9110 §11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
}

fn mac(token: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(LABEL).expect("HMAC takes keys of any length").chain_update(token)
}

impl fmt::Debug for CallbackToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackToken(..)")
    }
}

/// The given callback token is too short.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a callback token has at least 10 characters")]
pub struct InvalidCallbackToken;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_token() {
        assert_eq!(format!("{:?}", CallbackToken::new("0123456789").unwrap()), "CallbackToken(..)");
    }

    #[test]
    fn a_bearer_token_that_is_too_short_is_refused() {
        for text in ["", "012345678", "  012345678  "] {
            assert_eq!(CallbackToken::new(text).unwrap_err(), InvalidCallbackToken);
        }
    }

    #[test]
    fn only_the_very_token_is_taken() {
        let token = CallbackToken::new("0123456789\n").unwrap();
        let verify = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, value.parse().unwrap());
            }
            token.verify(&headers, b"{}").unwrap_err()
        };
        for values in [&["Bearer 0123456789"], &["bearer 0123456789"]] {
            assert_eq!(verify(values), CallbackError::UnknownKind);
        }
        for values in [
            &[][..],
            &[""],
            &["0123456789"],
            &["Basic 0123456789"],
            &["Bearer"],
            &["Bearer "],
            &["Bearer 012345678"],
            &["Bearer 01234567890"],
            &["Bearer  0123456789"],
            &["Bearer 0123456788"],
            &["Bearer 0123456789", "Bearer 0123456789"],
        ] {
            assert_eq!(verify(values), CallbackError::Unauthorized, "{values:?}");
        }
    }
}
