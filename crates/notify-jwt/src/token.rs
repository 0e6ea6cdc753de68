//! A token, and the header value that contains one, each in a buffer of fixed size.

use crate::base64url::{GROUP_BYTES, GROUP_CHARS, encoded_len};
use crate::claims::{CLAIMS_PREFIX_LEN, HEADER, SUFFIX_MAX};
use crate::mac::MAC_LEN;
use core::fmt;
use zeroize::Zeroize;

/// The characters that are the same in every token of a key: the header, a full stop, and the start of the claims.
pub(crate) const PREFIX_LEN: usize = HEADER.len() + 1 + encoded_len(CLAIMS_PREFIX_LEN);

/// The length of the longest token, in characters: the prefix that all tokens of a key share, the longest time, a full
/// stop, and the MAC.
pub const TOKEN_MAX: usize = PREFIX_LEN + encoded_len(SUFFIX_MAX) + 1 + encoded_len(MAC_LEN);

/// The buffer for a token: the encoder writes whole groups, so the last one of the MAC has surplus characters.
pub(crate) const TOKEN_BUFFER: usize =
    PREFIX_LEN + encoded_len(SUFFIX_MAX) + 1 + MAC_LEN.div_ceil(GROUP_BYTES) * GROUP_CHARS;

/// The text before the token in an `Authorization` header (RFC 6750 §2.1).
pub(crate) const SCHEME: &[u8; 7] = b"Bearer ";

/// The length of the longest header value, in characters: the scheme, a space, and the longest token.
pub const BEARER_MAX: usize = SCHEME.len() + TOKEN_MAX;

/// The buffer for a header value.
pub(crate) const BEARER_BUFFER: usize = SCHEME.len() + TOKEN_BUFFER;

/// A token, `{header}.{claims}.{MAC}`.
///
/// It has 165 characters in the years 2001 to 2286, and never more than [`TOKEN_MAX`].
///
/// Until it is 30 seconds old, whoever holds it can do anything that its key can do, any number of times. So it is wiped
/// on drop, and `Debug` does not show it.
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
    // Not a `heapless::String`: the encoder writes whole groups, past the end of the text too, and a string checks its
    // capacity each time it appends.
    pub(crate) text: [u8; TOKEN_BUFFER],
    pub(crate) length: usize,
}

impl Token {
    /// An empty buffer for [`Signer::mint_into`](crate::Signer::mint_into).
    pub const EMPTY: Self = Self { text: [0; TOKEN_BUFFER], length: 0 };

    /// The token as text.
    pub fn as_str(&self) -> &str {
        ascii(self.as_bytes())
    }

    /// The token as bytes, for transports that take bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

/// The value of an `Authorization` header, `Bearer {token}`, of at most [`BEARER_MAX`] characters.
///
/// It is as secret as the [`Token`] in it: it is wiped on drop, and `Debug` does not show it.
///
/// ```
/// # let key = notify_jwt::ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
/// let bearer = notify_jwt::Signer::new(&key).bearer(1_795_430_454);
/// assert!(bearer.as_str().starts_with("Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
/// assert_eq!(format!("{bearer:?}"), "Bearer(..)");
/// # Ok::<(), notify_jwt::ParseApiKeyError>(())
/// ```
pub struct Bearer {
    pub(crate) text: [u8; BEARER_BUFFER],
    pub(crate) length: usize,
}

impl Bearer {
    /// An empty buffer for [`Signer::bearer_into`](crate::Signer::bearer_into).
    pub const EMPTY: Self = Self { text: [0; BEARER_BUFFER], length: 0 };

    /// The header value as text.
    pub fn as_str(&self) -> &str {
        ascii(self.as_bytes())
    }

    /// The header value as bytes, for transports that take bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

/// The text that was written: base64url, full stops and the scheme, all of it ASCII.
fn ascii(text: &[u8]) -> &str {
    core::str::from_utf8(text).unwrap_or_default()
}

/// The buffer is too small for the token or the header value. Nothing was written into it.
///
/// The longest token has [`TOKEN_MAX`] characters, and the longest header value [`BEARER_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BufferTooSmall(());

impl BufferTooSmall {
    pub(crate) const ERROR: Self = Self(());
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the buffer is too small for the token")
    }
}

impl core::error::Error for BufferTooSmall {}

macro_rules! secret_text {
    ($name:ident, $redacted:literal) => {
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                self.as_bytes()
            }
        }

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
