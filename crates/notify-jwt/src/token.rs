//! A token and the header value that carries it, each in a buffer of fixed size.

use crate::base64url::{WORD_BYTES, WORD_CHARS, encoded_len};
use crate::claims::{CHANGING_MAX, CONSTANT_LEN, HEADER};
use crate::mac::MAC_LEN;
use core::fmt;
use zeroize::Zeroize;

/// The characters that are the same in every token of a key: the header, a full stop, the start of the claims.
pub(crate) const PREFIX_LEN: usize = HEADER.len() + 1 + encoded_len(CONSTANT_LEN);

/// The characters of the longest token: those that never change for a key, those of the longest second, a full stop,
/// and those of the MAC.
pub const TOKEN_MAX: usize = PREFIX_LEN + encoded_len(CHANGING_MAX) + 1 + encoded_len(MAC_LEN);

/// The room for a token: the encoder writes whole words, and the MAC's last one ends in characters in excess.
pub(crate) const TOKEN_ROOM: usize =
    PREFIX_LEN + encoded_len(CHANGING_MAX) + 1 + MAC_LEN.div_ceil(WORD_BYTES) * WORD_CHARS;

/// What stands before the token in an `Authorization` header (RFC 6750 §2.1).
pub(crate) const SCHEME: &[u8; 7] = b"Bearer ";

/// The characters of the longest header value: the scheme, a space, the longest token.
pub const BEARER_MAX: usize = SCHEME.len() + TOKEN_MAX;

/// The room for a header value.
const BEARER_ROOM: usize = SCHEME.len() + TOKEN_ROOM;

/// A token, `{header}.{claims}.{MAC}`, of 165 characters in the years 2001 to 2286 and of [`TOKEN_MAX`] at most.
///
/// Whoever holds it can do what its key can do until it is 30 seconds old, as often as they like: it is wiped on
/// drop and `Debug` does not show it.
///
/// ```
/// # let key = notify_jwt::ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
/// let token = notify_jwt::Signer::new(&key).mint(1_795_430_454);
/// assert!(token.as_str().starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiI"));
/// assert_eq!(token.as_str().len(), 165);
/// assert_eq!(format!("{token:?}"), "Token(..)");
/// # Ok::<(), notify_jwt::ParseApiKeyError>(())
/// ```
pub struct Token {
    // An array and a length, where heapless has a string of fixed capacity: the encoder writes whole words into the room, past the
    // end of the text too, and a string appends, with a check each time.
    pub(crate) text: [u8; TOKEN_ROOM],
    pub(crate) length: usize,
}

impl Token {
    /// No token yet, but room for one: see [`Signer::mint_into`](crate::Signer::mint_into).
    pub const EMPTY: Self = Self { text: [0; TOKEN_ROOM], length: 0 };

    /// The token's characters.
    pub fn as_str(&self) -> &str {
        ascii(self.as_bytes())
    }

    /// The token's characters as bytes, for transports that take bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

/// The value of an `Authorization` header, `Bearer {token}`, of [`BEARER_MAX`] characters at most.
///
/// It is as secret as the [`Token`] in it: wiped on drop, not shown by `Debug`.
///
/// ```
/// # let key = notify_jwt::ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
/// let bearer = notify_jwt::Signer::new(&key).bearer(1_795_430_454);
/// assert!(bearer.as_str().starts_with("Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
/// assert_eq!(format!("{bearer:?}"), "Bearer(..)");
/// # Ok::<(), notify_jwt::ParseApiKeyError>(())
/// ```
pub struct Bearer {
    pub(crate) text: [u8; BEARER_ROOM],
    pub(crate) length: usize,
}

impl Bearer {
    /// No header value yet, but room for one: see [`Signer::bearer_into`](crate::Signer::bearer_into).
    pub const EMPTY: Self = Self { text: [0; BEARER_ROOM], length: 0 };

    /// The header value's characters.
    pub fn as_str(&self) -> &str {
        ascii(self.as_bytes())
    }

    /// The header value's characters as bytes, for transports that take bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

/// What was written here was base64url, full stops and the scheme: ASCII, all of it.
fn ascii(text: &[u8]) -> &str {
    core::str::from_utf8(text).unwrap_or_default()
}

macro_rules! secret_text {
    ($name:ident, $redacted:literal) => {
        impl Drop for $name {
            fn drop(&mut self) {
                self.text.as_mut_slice().zeroize();
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($redacted)
            }
        }

        #[cfg(feature = "defmt")]
        impl defmt::Format for $name {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::write!(f, $redacted);
            }
        }
    };
}

secret_text!(Token, "Token(..)");
secret_text!(Bearer, "Bearer(..)");
