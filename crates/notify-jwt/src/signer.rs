//! The signer: a key with everything done that can be done before the second is known.

use crate::base64url::encode;
use crate::claims::{self, CHANGING_MAX, HEADER};
use crate::key::ApiKey;
use crate::mac::{BLOCK_LEN, Mac};
use crate::token::{BEARER_MAX, Bearer, CONSTANT_CHARS, HEADER_CHARS, PREFIX_LEN, SCHEME, TOKEN_MAX, Token};
use base64ct::{Base64UrlUnpadded, Encoding};
use core::fmt;

/// Mints the tokens of one API key; 192 bytes.
///
/// Of the 121 characters that a token signs, the first 105 are the same for a key. The signer keeps them in
/// base64url, with the first 64 already absorbed into the MAC, so that a token costs three SHA-256
/// compressions.
///
/// The secret itself is not kept, only the hash states it led to; they sign as well as it does, and are wiped on
/// drop.
///
/// ```
/// use notify_jwt::{ApiKey, Signer};
///
/// let key = ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
/// let signer = Signer::new(&key);
/// assert_eq!(
///     signer.mint(1_795_430_454).as_str(),
///     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\
///      .eyJpc3MiOiI2MWI3MTQxMS04NGY2LTRlNmItOTY4NS1hYTlhZDg5MzE3N2MiLCJpYXQiOjE3OTU0MzA0NTR9\
///      .gtpjiXttW91BnduEtBWzAwxKnh2Ttu_cgtJs8_wZT-M",
/// );
/// # Ok::<(), notify_jwt::ParseApiKeyError>(())
/// ```
pub struct Signer {
    mac: Mac,
    prefix: [u8; PREFIX_LEN],
}

// A board's RAM is counted.
const _: () = assert!(size_of::<Signer>() <= 192);

impl Signer {
    /// Prepares a key for signing, which costs three compressions.
    pub fn new(key: &ApiKey) -> Self {
        let mut signer = Self { mac: Mac::new(key.secret()), prefix: [b'.'; PREFIX_LEN] };
        if let Some((header, rest)) = signer.prefix.split_first_chunk_mut::<HEADER_CHARS>()
            && let Some(claims) = rest.last_chunk_mut::<CONSTANT_CHARS>()
        {
            // Encoding fails in too short a buffer only, and these are sized by what goes into them.
            let written = Base64UrlUnpadded::encode(HEADER, header)
                .and(Base64UrlUnpadded::encode(&claims::constant(key.service_id()), claims));
            debug_assert!(written.is_ok());
        }
        if let Some((block, _)) = signer.prefix.split_first_chunk::<BLOCK_LEN>() {
            signer.mac.absorb(block);
        }
        signer
    }

    /// Mints the token of a moment, in seconds since 1970 began, UTC.
    ///
    /// The service accepts it for 30 seconds either side of that moment, by its own clock, so mint as late as
    /// you can and round down. Any number of seconds works.
    pub fn mint(&self, unix_seconds: u64) -> Token {
        let mut text = [0; TOKEN_MAX];
        let length = self.write(unix_seconds, &mut text);
        Token { text, length }
    }

    /// Mints the token of a moment as [`mint`](Self::mint) does, and writes it as the value of an `Authorization` header.
    pub fn bearer(&self, unix_seconds: u64) -> Bearer {
        let mut text = [0; BEARER_MAX];
        let mut length = 0;
        if let Some((scheme, token)) = text.split_first_chunk_mut()
            && let Some(token) = token.first_chunk_mut()
        {
            *scheme = *SCHEME;
            length = SCHEME.len() + self.write(unix_seconds, token);
        }
        Bearer { text, length }
    }

    /// Writes the token of a moment and says how long it is.
    fn write(&self, unix_seconds: u64, text: &mut [u8; TOKEN_MAX]) -> usize {
        let Some((prefix, rest)) = text.split_first_chunk_mut() else { return 0 };
        *prefix = self.prefix;
        let left = encode(claims::changing(unix_seconds, &mut [0; CHANGING_MAX]), rest).len();
        let signing_len = TOKEN_MAX - left;
        let Some((signed, rest)) = text.split_at_mut_checked(signing_len) else { return 0 };
        let Some((_, tail)) = signed.split_first_chunk::<BLOCK_LEN>() else { return 0 };
        let mac = self.mac.finish(tail);
        let Some((dot, rest)) = rest.split_first_mut() else { return 0 };
        *dot = b'.';
        let left = encode(&mac, rest).len();
        TOKEN_MAX - left
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Signer {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Signer {{ .. }}");
    }
}
