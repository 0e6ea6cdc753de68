//! The signer: a key, prepared as far as it can be before the time is known.

use crate::base64url::{GROUP_BYTES, GROUP_CHARS, encode, encoded_len, wide};
use crate::claims::{self, CLAIMS_PREFIX_LEN, HEADER, SuffixBuffer, TEN_DIGIT_SUFFIX_LEN};
use crate::key::ApiKey;
use crate::mac::{BLOCK_LEN, END, LENGTH_LEN, MAC_LEN, Mac, message_length};
use crate::service_id::ServiceId;
use crate::token::{BEARER_BUFFER, Bearer, BufferTooSmall, PREFIX_LEN, SCHEME, TOKEN_BUFFER, Token};
use core::fmt;

mod parts;

pub use parts::{KeyParts, ParsePartsError};

/// Mints the tokens of one API key; 172 bytes.
///
/// A token signs 121 characters. The first 105 of them are the same in every token of a key. The signer keeps them in
/// base64url, and the hash state after the first 64 of them. So each token costs three SHA-256 compressions.
///
/// The signer does not keep the secret, only the hash states derived from it. They can sign as the secret can, and are
/// wiped on drop.
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
    /// What is the same in every token of the key, and the surplus of the encoder.
    prefix: [u8; PREFIX_BUFFER],
}

/// The characters of the claims' suffix where the time has ten digits.
const TEN_DIGIT_SUFFIX_CHARS: usize = encoded_len(TEN_DIGIT_SUFFIX_LEN);

/// The buffer for the prefix: the encoder writes whole groups.
const PREFIX_BUFFER: usize = HEADER.len() + 1 + CLAIMS_PREFIX_LEN.div_ceil(GROUP_BYTES) * GROUP_CHARS;

/// The characters of the MAC, with the surplus of the encoder.
const MAC_BUFFER: usize = MAC_LEN.div_ceil(GROUP_BYTES) * GROUP_CHARS;

// The padding of what a token of ten digits signs starts in the first block after the prefix and ends in the second.
const _: () = assert!(
    (PREFIX_LEN + TEN_DIGIT_SUFFIX_CHARS) % BLOCK_LEN >= BLOCK_LEN - LENGTH_LEN
        && PREFIX_LEN + TEN_DIGIT_SUFFIX_CHARS < 2 * BLOCK_LEN
);

// RAM is scarce on a board.
const _: () = assert!(size_of::<Signer>() <= 192);

impl Signer {
    /// A signer without a key, for [`set_key`](Self::set_key) to fill. No service accepts its tokens.
    pub const EMPTY: Self = Self { mac: Mac::EMPTY, prefix: [0; PREFIX_BUFFER] };

    /// Prepares a key for signing, in three compressions.
    pub fn new(key: &ApiKey) -> Self {
        let mut signer = Self::EMPTY;
        signer.set_key(key);
        signer
    }

    /// Prepares a key for signing as [`new`](Self::new) does, in place of an earlier key.
    ///
    /// A function may build what it returns on its own stack and copy it. This one computes the hash states where they stay,
    /// and leaves no copy of them.
    ///
    /// ```
    /// use notify_jwt::{ApiKey, Signer};
    ///
    /// let mut signer = Signer::EMPTY;
    /// let key = ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
    /// signer.set_key(&key);
    /// assert_eq!(signer.mint(1_795_430_454).as_str(), Signer::new(&key).mint(1_795_430_454).as_str());
    /// # Ok::<(), notify_jwt::ParseApiKeyError>(())
    /// ```
    pub fn set_key(&mut self, key: &ApiKey) {
        self.set_prefix(key.id());
        self.mac.set_key(key.secret());
        self.begin();
    }

    /// Writes what is the same in every token of a service.
    #[inline]
    fn set_prefix(&mut self, id: &ServiceId) {
        if let Some((header, rest)) = self.prefix.split_first_chunk_mut() {
            *header = *HEADER;
            if let Some((full_stop, claims)) = rest.split_first_mut() {
                *full_stop = b'.';
                encode(&claims::prefix(id), claims);
            }
        }
    }

    /// Hashes the first block of what is the same in every token.
    #[inline]
    fn begin(&mut self) {
        if let Some(block) = self.prefix.first_chunk() {
            self.mac.update_block(block);
        }
    }

    /// Mints a token that is issued at this time, in seconds since 1970, UTC.
    ///
    /// The service accepts it while its own clock is within 30 seconds of that time. So mint as late as you can, and
    /// round down. Any number of seconds works.
    pub fn mint(&self, unix_seconds: u64) -> Token {
        let mut token = Token::EMPTY;
        self.mint_into(unix_seconds, &mut token);
        token
    }

    /// Mints a token as [`mint`](Self::mint) does, and overwrites an earlier one with it.
    ///
    /// A function may build what it returns on its own stack and copy it. This one needs no second buffer and leaves no
    /// copy of the token, though the bytes of its MAC may stay on the stack.
    ///
    /// ```
    /// use notify_jwt::Token;
    ///
    /// # let key = notify_jwt::ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
    /// # let signer = notify_jwt::Signer::new(&key);
    /// let mut token = Token::EMPTY;
    /// signer.mint_into(1_795_430_454, &mut token);
    /// assert_eq!(token.as_str(), signer.mint(1_795_430_454).as_str());
    /// # Ok::<(), notify_jwt::ParseApiKeyError>(())
    /// ```
    pub fn mint_into(&self, unix_seconds: u64, token: &mut Token) {
        token.length = self.write(unix_seconds, &mut token.text);
    }

    /// Mints a token as [`mint`](Self::mint) does, as the value of an `Authorization` header.
    pub fn bearer(&self, unix_seconds: u64) -> Bearer {
        let mut bearer = Bearer::EMPTY;
        self.bearer_into(unix_seconds, &mut bearer);
        bearer
    }

    /// Mints a header value as [`bearer`](Self::bearer) does, and overwrites an earlier one with it.
    pub fn bearer_into(&self, unix_seconds: u64, bearer: &mut Bearer) {
        bearer.length = self.write_header_value(unix_seconds, &mut bearer.text);
    }

    /// Mints a token as [`mint`](Self::mint) does, at the start of your own bytes, and returns its length.
    ///
    /// If there is room for more than [`TOKEN_MAX`], up to one character after the token is overwritten.
    ///
    /// # Errors
    ///
    /// If the token does not fit. Then nothing is written.
    ///
    /// [`TOKEN_MAX`]: crate::TOKEN_MAX
    pub fn mint_to_slice(&self, unix_seconds: u64, text: &mut [u8]) -> Result<usize, BufferTooSmall> {
        if let Some(text) = text.first_chunk_mut() {
            return Ok(self.write(unix_seconds, text));
        }
        copy(self.mint(unix_seconds).as_bytes(), text)
    }

    /// Mints a header value as [`bearer`](Self::bearer) does, at the start of your own bytes, and returns its length.
    ///
    /// With room for one character more than [`BEARER_MAX`] it needs no second buffer; that character is overwritten.
    ///
    /// ```
    /// use notify_jwt::BEARER_MAX;
    ///
    /// # let key = notify_jwt::ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
    /// # let signer = notify_jwt::Signer::new(&key);
    /// let mut buffer = [0; BEARER_MAX + 1];
    /// let length = signer.bearer_to_slice(1_795_430_454, &mut buffer)?;
    /// assert_eq!(buffer[..length], *signer.bearer(1_795_430_454).as_bytes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the header value does not fit. Then nothing is written.
    ///
    /// [`BEARER_MAX`]: crate::BEARER_MAX
    pub fn bearer_to_slice(&self, unix_seconds: u64, text: &mut [u8]) -> Result<usize, BufferTooSmall> {
        if let Some(text) = text.first_chunk_mut() {
            return Ok(self.write_header_value(unix_seconds, text));
        }
        copy(self.bearer(unix_seconds).as_bytes(), text)
    }

    /// Writes a header value and returns its length.
    fn write_header_value(&self, unix_seconds: u64, text: &mut [u8; BEARER_BUFFER]) -> usize {
        let mut length = 0;
        if let Some((scheme, rest)) = text.split_first_chunk_mut() {
            if let Some(token) = rest.first_chunk_mut() {
                *scheme = *SCHEME;
                length = SCHEME.len() + self.write(unix_seconds, token);
            }
        }
        length
    }

    /// Writes a token and returns its length.
    ///
    /// Not inlined, so that an image contains it once, however many of the four functions above it calls.
    #[inline(never)]
    fn write(&self, unix_seconds: u64, text: &mut [u8; TOKEN_BUFFER]) -> usize {
        if usize::BITS == 64 {
            if let Some(suffix) = claims::ten_digit_suffix(unix_seconds) {
                return self.write_ten_digits(wide::encode(suffix), text);
            }
        }
        self.write_any(unix_seconds, text)
    }

    /// Writes a token of any time, on any machine, and returns its length.
    fn write_any(&self, unix_seconds: u64, text: &mut [u8; TOKEN_BUFFER]) -> usize {
        let signed_len = self.write_signed_part(unix_seconds, text);
        if let Some((signed, rest)) = text.split_at_mut_checked(signed_len) {
            if let (Some((_, after_block)), Some((full_stop, rest))) =
                (signed.split_first_chunk::<BLOCK_LEN>(), rest.split_first_mut())
            {
                if let Some(rest) = rest.first_chunk_mut::<MAC_BUFFER>() {
                    *full_stop = b'.';
                    let mut block = [0; BLOCK_LEN];
                    self.mac.finalize(BLOCK_LEN, after_block, &mut block);
                    if let Some(padded) = block.first_chunk::<{ MAC_LEN.next_multiple_of(GROUP_BYTES) }>() {
                        encode(padded, rest);
                    }
                }
            }
        }
        signed_len + 1 + encoded_len(MAC_LEN)
    }

    /// Writes the part that the MAC covers, the header and the claims, and returns its length.
    fn write_signed_part(&self, unix_seconds: u64, text: &mut [u8; TOKEN_BUFFER]) -> usize {
        if let Some(prefix) = text.first_chunk_mut() {
            *prefix = self.prefix;
        }
        let mut buffer = SuffixBuffer::EMPTY;
        let (suffix, suffix_len) = buffer.write(unix_seconds);
        if let Some((_, rest)) = text.split_first_chunk_mut::<PREFIX_LEN>() {
            encode(suffix, rest);
        }
        PREFIX_LEN + encoded_len(suffix_len)
    }

    /// Writes a token whose claims end in these characters, and returns its length.
    ///
    /// The compiler knows all lengths here. The MAC comes before the text: it depends only on its input, and would
    /// otherwise wait for the text to be written.
    fn write_ten_digits(&self, suffix: [u8; TEN_DIGIT_SUFFIX_CHARS], text: &mut [u8; TOKEN_BUFFER]) -> usize {
        let mut blocks = [[0; BLOCK_LEN]; 2];
        let [first, last] = &mut blocks;
        if let (Some((_, prefix)), Some((start, rest))) =
            (self.prefix.split_first_chunk::<BLOCK_LEN>(), first.split_first_chunk_mut())
        {
            if let (Some(prefix), Some((claims, rest))) =
                (prefix.first_chunk::<{ PREFIX_LEN - BLOCK_LEN }>(), rest.split_first_chunk_mut())
            {
                *start = *prefix;
                *claims = suffix;
                if let Some(end) = rest.first_mut() {
                    *end = END;
                }
            }
        }
        if let Some(length) = last.last_chunk_mut() {
            *length = const { message_length(PREFIX_LEN + TEN_DIGIT_SUFFIX_CHARS) };
        }
        let mut mac = [0; MAC_LEN];
        self.mac.finalize_padded(&blocks, &mut mac);

        if let Some(prefix) = text.first_chunk_mut() {
            *prefix = self.prefix;
        }
        if let Some((_, rest)) = text.split_first_chunk_mut::<PREFIX_LEN>() {
            if let Some((claims, rest)) = rest.split_first_chunk_mut::<TEN_DIGIT_SUFFIX_CHARS>() {
                *claims = suffix;
                if let Some((full_stop, rest)) = rest.split_first_mut() {
                    *full_stop = b'.';
                    if let Some(rest) = rest.first_chunk_mut::<{ MAC_LEN.div_ceil(6) * 8 }>() {
                        *rest = wide::encode(wide::words_of(&mac));
                    }
                }
            }
        }
        PREFIX_LEN + TEN_DIGIT_SUFFIX_CHARS + 1 + encoded_len(MAC_LEN)
    }
}

/// Copies a text to the start of a buffer that has room for it, and returns its length.
fn copy(text: &[u8], buffer: &mut [u8]) -> Result<usize, BufferTooSmall> {
    buffer.get_mut(..text.len()).ok_or(BufferTooSmall::ERROR)?.copy_from_slice(text);
    Ok(text.len())
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

#[cfg(test)]
mod tests {
    use super::{ApiKey, Signer, TOKEN_BUFFER, claims, wide};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_to_write_a_token_of_ten_digits_give_the_same_token(unix_seconds in 1_000_000_000_u64..10_000_000_000) {
            let key = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
            let signer = Signer::new(&ApiKey::parse(key).unwrap());
            let (mut ten_digits, mut any) = ([0; TOKEN_BUFFER], [0; TOKEN_BUFFER]);
            let suffix = wide::encode(claims::ten_digit_suffix(unix_seconds).unwrap());
            let lengths =
                (signer.write_ten_digits(suffix, &mut ten_digits), signer.write_any(unix_seconds, &mut any));
            assert_eq!(&ten_digits[..lengths.0], &any[..lengths.1]);
        }
    }
}
