//! A signer made from a service id and a secret that were issued separately.

use super::Signer;
use crate::mac::{BLOCK_LEN, MAC_LEN};
use crate::service_id::{ServiceId, UUID_LEN};
use core::fmt;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A service id and a secret that were issued separately, as by VA Notify.
///
/// `Debug` leaves out the secret.
#[derive(Clone, Copy)]
pub struct KeyParts<'a> {
    /// The id of the service.
    pub service_id: &'a str,
    /// The secret of the key.
    pub secret: &'a str,
}

impl fmt::Debug for KeyParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyParts").field("service_id", &self.service_id).finish_non_exhaustive()
    }
}

impl Signer {
    /// Prepares for signing a service id and a secret that were issued separately, as by VA Notify. The secret may have
    /// any length.
    ///
    /// ASCII white space around both is trimmed. The characters of the secret are the key of the MAC, whatever they
    /// spell. A secret of more than 64 characters costs two more compressions here, and none in a mint.
    ///
    /// An image that does not call this function does not contain it.
    ///
    /// ```
    /// use notify_jwt::{KeyParts, Signer};
    ///
    /// let service_id = "61b71411-84f6-4e6b-9685-aa9ad893177c";
    /// let secret = "Zm9yIHRoZSBkb2N1bWVudGF0aW9uIG9ubHksIG9mIGVpZ2h0eS1zaXggY2hhcmFjdGVycyBhcyBWQSBtYWtlcw";
    /// let signer = Signer::from_parts(KeyParts { service_id, secret })?;
    /// assert!(signer.bearer(1_795_430_454).as_str().starts_with("Bearer eyJ"));
    /// # Ok::<(), notify_jwt::ParsePartsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the service id is not a UUID, or the secret is empty or has a character other than visible ASCII.
    pub fn from_parts(parts: KeyParts<'_>) -> Result<Self, ParsePartsError> {
        let KeyParts { service_id, secret } = parts;
        let id: &[u8; UUID_LEN] =
            service_id.trim_ascii().as_bytes().try_into().map_err(|_| ParsePartsError::ServiceId)?;
        let id = ServiceId::parse(id).ok_or(ParsePartsError::ServiceId)?;
        let secret = secret.trim_ascii().as_bytes();
        if secret.is_empty() || !secret.iter().all(u8::is_ascii_graphic) {
            return Err(ParsePartsError::Secret);
        }
        // RFC 2104 §2: a key that is longer than a block is hashed first.
        let mut block = Zeroizing::new([0; BLOCK_LEN]);
        match block.get_mut(..secret.len()) {
            Some(start) => start.copy_from_slice(secret),
            None => {
                if let Some(start) = block.first_chunk_mut::<MAC_LEN>() {
                    *start = Sha256::digest(secret).into();
                }
            }
        }
        let mut signer = Self::EMPTY;
        signer.set_prefix(&id);
        signer.mac.set_block(&mut block);
        signer.begin();
        Ok(signer)
    }
}

/// The two texts are not a service id and a secret. The error shows neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParsePartsError {
    /// The service id is not a UUID.
    ServiceId,
    /// The secret is empty, or has a character other than visible ASCII.
    Secret,
}

impl fmt::Display for ParsePartsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ServiceId => "the service id is not a UUID",
            Self::Secret => "the secret is empty, or has a character other than visible ASCII",
        })
    }
}

impl core::error::Error for ParsePartsError {}

#[cfg(test)]
mod tests {
    use super::{KeyParts, ParsePartsError, Signer};
    use crate::ApiKey;
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::Sha256;

    const ID: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c";
    const SECRET: &str = "d679f498-29a1-4484-970c-48681a543137";
    const NOW: u64 = 1_795_430_454;

    #[test]
    fn the_parts_of_a_key_sign_as_the_key_does() {
        let key =
            ApiKey::parse("name-61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137");
        let (id, secret) = ([" ", ID, "\n"].concat(), [SECRET, "\r\n"].concat());
        let apart = Signer::from_parts(KeyParts { service_id: &id, secret: &secret }).unwrap();
        assert_eq!(apart.mint(NOW).as_str(), Signer::new(&key.unwrap()).mint(NOW).as_str());
    }

    #[test]
    fn a_secret_of_any_length_signs() {
        for length in [1, 36, 63, 64, 65, 86, 500] {
            let secret = &[b'a'; 500][..length];
            let secret = core::str::from_utf8(secret).unwrap();
            let token = Signer::from_parts(KeyParts { service_id: ID, secret }).unwrap().mint(NOW);
            let (signed, mac) = token.as_str().rsplit_once('.').unwrap();
            // Another implementation of the MAC.
            let mut other = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            other.update(signed.as_bytes());
            let mut decoded = [0; 32];
            Base64UrlUnpadded::decode(mac, &mut decoded).unwrap();
            assert!(other.verify_slice(&decoded).is_ok(), "{length}");
        }
    }

    #[test]
    fn an_invalid_part_of_a_key_is_named_and_not_shown() {
        for (service_id, secret, error) in [
            ("", SECRET, ParsePartsError::ServiceId),
            ("61b7141184f64e6b9685aa9ad893177c", SECRET, ParsePartsError::ServiceId),
            (ID, "", ParsePartsError::Secret),
            (ID, " \n", ParsePartsError::Secret),
            (ID, "two words", ParsePartsError::Secret),
            (ID, "gehe\u{ef}m", ParsePartsError::Secret),
        ] {
            assert_eq!(Signer::from_parts(KeyParts { service_id, secret }).unwrap_err(), error);
        }
    }
}
