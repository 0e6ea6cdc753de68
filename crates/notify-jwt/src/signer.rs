//! The signer: a key with everything done that can be done before the second is known.

use crate::base64url::{WORD_BYTES, WORD_CHARS, encode, encoded_len, wide};
use crate::claims::{self, CONSTANT_LEN, Changing, HEADER, TEN_DIGITS_LEN};
use crate::key::ApiKey;
use crate::mac::{BLOCK_LEN, MAC_LEN, Mac};
use crate::token::{Bearer, PREFIX_LEN, SCHEME, TOKEN_ROOM, Token};
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
    /// What is the same in every token of the key, and the encoder's excess.
    prefix: [u8; PREFIX_ROOM],
}

/// The characters of the changing claims where the moment has ten digits.
const TEN_DIGITS_CHARS: usize = encoded_len(TEN_DIGITS_LEN);

/// The room for the prefix: the encoder writes whole words.
const PREFIX_ROOM: usize = HEADER.len() + 1 + CONSTANT_LEN.div_ceil(WORD_BYTES) * WORD_CHARS;

// A board's RAM is counted.
const _: () = assert!(size_of::<Signer>() <= 192);

impl Signer {
    /// Prepares a key for signing, which costs three compressions.
    pub fn new(key: &ApiKey) -> Self {
        let mut prefix = [b'.'; PREFIX_ROOM];
        if let Some((header, rest)) = prefix.split_first_chunk_mut()
            && let Some((_, claims)) = rest.split_first_mut()
        {
            *header = *HEADER;
            encode(&claims::constant(key.id()), claims);
        }
        let mut mac = Mac::new(key.secret());
        if let Some(block) = prefix.first_chunk() {
            mac.absorb(block);
        }
        Self { mac, prefix }
    }

    /// Mints the token of a moment, in seconds since 1970 began, UTC.
    ///
    /// The service accepts it for 30 seconds either side of that moment, by its own clock, so mint as late as
    /// you can and round down. Any number of seconds works.
    pub fn mint(&self, unix_seconds: u64) -> Token {
        let mut token = Token::EMPTY;
        self.mint_into(unix_seconds, &mut token);
        token
    }

    /// Mints the token of a moment as [`mint`](Self::mint) does, into the place of an earlier one.
    ///
    /// What a function returns, it may make on its own stack and copy. This needs no second place and leaves no copy of the
    /// token; the bytes of its MAC may stay on the stack.
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

    /// Mints the token of a moment as [`mint`](Self::mint) does, and writes it as the value of an `Authorization` header.
    pub fn bearer(&self, unix_seconds: u64) -> Bearer {
        let mut bearer = Bearer::EMPTY;
        self.bearer_into(unix_seconds, &mut bearer);
        bearer
    }

    /// Writes the header value of a moment as [`bearer`](Self::bearer) does, into the place of an earlier one.
    pub fn bearer_into(&self, unix_seconds: u64, bearer: &mut Bearer) {
        if let Some((scheme, token)) = bearer.text.split_first_chunk_mut()
            && let Some(token) = token.first_chunk_mut()
        {
            *scheme = *SCHEME;
            bearer.length = SCHEME.len() + self.write(unix_seconds, token);
        }
    }

    /// Writes the token of a moment and says how long it is.
    ///
    /// Not inlined, so that an image has it once, whoever calls the four functions above from wherever.
    #[inline(never)]
    fn write(&self, unix_seconds: u64, text: &mut [u8; TOKEN_ROOM]) -> usize {
        if usize::BITS == 64
            && let Some(changing) = claims::of_ten_digits(unix_seconds)
        {
            self.write_at_once(wide::encode(changing), text)
        } else {
            self.write_any(unix_seconds, text)
        }
    }

    /// Writes the token of any moment on any machine, and says how long it is.
    fn write_any(&self, unix_seconds: u64, text: &mut [u8; TOKEN_ROOM]) -> usize {
        let signed = self.write_signed(unix_seconds, text);
        if let Some((signed, rest)) = text.split_at_mut_checked(signed)
            && let Some((_, after_block)) = signed.split_first_chunk::<BLOCK_LEN>()
            && let Some((stop, rest)) = rest.split_first_mut()
            && let Some(rest) = rest.first_chunk_mut::<{ MAC_LEN.div_ceil(WORD_BYTES) * WORD_CHARS }>()
        {
            *stop = b'.';
            // First where its characters will be, and from there: a place of its own on the stack would stand beside all that
            // it takes to make it.
            if let Some(mac) = rest.first_chunk_mut() {
                self.mac.finish(after_block, mac);
            }
            let mut mac = [0; MAC_LEN.next_multiple_of(WORD_BYTES)];
            if let (Some(mac), Some(made)) = (mac.first_chunk_mut::<MAC_LEN>(), rest.first_chunk()) {
                *mac = *made;
            }
            encode(&mac, rest);
        }
        signed + 1 + encoded_len(MAC_LEN)
    }

    /// Writes what the MAC covers, the header and the claims, and says how long it is.
    fn write_signed(&self, unix_seconds: u64, text: &mut [u8; TOKEN_ROOM]) -> usize {
        if let Some(prefix) = text.first_chunk_mut() {
            *prefix = self.prefix;
        }
        let mut changing = Changing::EMPTY;
        let (changing, len) = changing.write(unix_seconds);
        if let Some((_, rest)) = text.split_first_chunk_mut::<PREFIX_LEN>() {
            encode(changing, rest);
        }
        PREFIX_LEN + encoded_len(len)
    }

    /// Writes the token whose changing claims are these characters, and says how long it is.
    ///
    /// All lengths are known to the compiler here. The MAC comes first, since all that it waits for is what it covers: were
    /// the text written before it, it would wait for that too.
    fn write_at_once(&self, changing: [u8; TEN_DIGITS_CHARS], text: &mut [u8; TOKEN_ROOM]) -> usize {
        let mut after_block = [0; PREFIX_LEN - BLOCK_LEN + TEN_DIGITS_CHARS];
        if let Some((_, prefix)) = self.prefix.split_first_chunk::<BLOCK_LEN>()
            && let Some(prefix) = prefix.first_chunk::<{ PREFIX_LEN - BLOCK_LEN }>()
            && let Some((start, rest)) = after_block.split_first_chunk_mut()
            && let Some(rest) = rest.first_chunk_mut()
        {
            *start = *prefix;
            *rest = changing;
        }
        let mut mac = [0; MAC_LEN];
        self.mac.finish(&after_block, &mut mac);

        if let Some(prefix) = text.first_chunk_mut() {
            *prefix = self.prefix;
        }
        if let Some((_, rest)) = text.split_first_chunk_mut::<PREFIX_LEN>()
            && let Some((claims, rest)) = rest.split_first_chunk_mut::<TEN_DIGITS_CHARS>()
            && let Some((stop, rest)) = rest.split_first_mut()
            && let Some(rest) = rest.first_chunk_mut::<{ MAC_LEN.div_ceil(6) * 8 }>()
        {
            *claims = changing;
            *stop = b'.';
            *rest = wide::encode(wide::sixes(&mac));
        }
        PREFIX_LEN + TEN_DIGITS_CHARS + 1 + encoded_len(MAC_LEN)
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

#[cfg(test)]
mod tests {
    use super::{ApiKey, Signer, TOKEN_ROOM, claims, wide};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_written_at_once_is_the_token_written_step_by_step(moment in 1_000_000_000_u64..10_000_000_000) {
            let key = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
            let signer = Signer::new(&ApiKey::parse(key).unwrap());
            let (mut at_once, mut any) = ([0; TOKEN_ROOM], [0; TOKEN_ROOM]);
            let changing = wide::encode(claims::of_ten_digits(moment).unwrap());
            let lengths = (signer.write_at_once(changing, &mut at_once), signer.write_any(moment, &mut any));
            assert_eq!(&at_once[..lengths.0], &any[..lengths.1]);
        }
    }
}
