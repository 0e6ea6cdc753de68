//! The API key: a service id and a secret, read from the end of one line of text.

use crate::service_id::{ServiceId, UUID_LEN, is_uuid};
use core::fmt;
use zeroize::Zeroizing;

/// An API key as a Notify service issues it, `{name}-{service id}-{secret}`.
///
/// The name is not kept, because signing does not need it. The secret is wiped when the key is dropped. It appears in no
/// output, and nothing gives access to it.
///
/// ```
/// use notify_jwt::ApiKey;
///
/// let key = ApiKey::parse("door_bell-61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137\n")?;
/// assert_eq!(key.service_id(), "61b71411-84f6-4e6b-9685-aa9ad893177c");
/// assert_eq!(format!("{key:?}"), r#"ApiKey { service_id: "61b71411-84f6-4e6b-9685-aa9ad893177c", .. }"#);
/// # Ok::<(), notify_jwt::ParseApiKeyError>(())
/// ```
pub struct ApiKey {
    service_id: ServiceId,
    secret: Zeroizing<[u8; UUID_LEN]>,
}

impl ApiKey {
    /// Reads a key from its text form.
    ///
    /// ASCII white space around the key is trimmed. The key is read from its end: the last 36 characters are the
    /// secret, and the 36 before them the service id, with a hyphen between. A name and a hyphen may come before; the
    /// name may contain hyphens itself.
    ///
    /// The service uses the characters of the secret as the MAC key and issues them in lower case. So a capital letter
    /// in the secret is an error here. A service id may be in upper or lower case.
    ///
    /// # Errors
    ///
    /// If the text is not such a key. The error says which [part](ParseApiKeyError::part) is wrong and never repeats
    /// any of it.
    pub fn parse(text: &str) -> Result<Self, ParseApiKeyError> {
        Self::parse_bytes(text.as_bytes())
    }

    /// Reads a key as [`parse`](Self::parse) does, from bytes such as those of a page of flash.
    ///
    /// # Errors
    ///
    /// If the bytes are not such a key.
    pub fn parse_bytes(text: &[u8]) -> Result<Self, ParseApiKeyError> {
        let (rest, secret) = text.trim_ascii().split_last_chunk().ok_or(ParseApiKeyError(KeyPart::Length))?;
        let (hyphen, rest) = rest.split_last().ok_or(ParseApiKeyError(KeyPart::Length))?;
        let (name, service_id) = rest.split_last_chunk().ok_or(ParseApiKeyError(KeyPart::Length))?;

        if !is_uuid(secret) || secret.iter().any(u8::is_ascii_uppercase) {
            return Err(ParseApiKeyError(KeyPart::Secret));
        }
        if *hyphen != b'-' {
            return Err(ParseApiKeyError(KeyPart::Separator));
        }
        let service_id = ServiceId::parse(service_id).ok_or(ParseApiKeyError(KeyPart::ServiceId))?;
        if name.last().is_some_and(|last| *last != b'-') || name.iter().any(u8::is_ascii_control) {
            return Err(ParseApiKeyError(KeyPart::Name));
        }
        Ok(Self { service_id, secret: Zeroizing::new(*secret) })
    }

    /// The id of the service that the key belongs to, a UUID: the `iss` of its tokens.
    pub fn service_id(&self) -> &str {
        self.service_id.as_str()
    }

    /// The id of the service that the key belongs to.
    pub(crate) fn id(&self) -> &ServiceId {
        &self.service_id
    }

    /// The key of the MAC: the characters of the secret, not the bytes that they spell.
    pub(crate) fn secret(&self) -> &[u8; UUID_LEN] {
        &self.secret
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey").field("service_id", &self.service_id()).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for ApiKey {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "ApiKey {{ service_id: {}, .. }}", self.service_id);
    }
}

/// The text is not an API key; one [part](Self::part) of it is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ParseApiKeyError(KeyPart);

impl ParseApiKeyError {
    /// The wrong part. If several are wrong, the last one in the text, since the key is read from its end.
    pub fn part(&self) -> KeyPart {
        self.0
    }
}

impl fmt::Display for ParseApiKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            KeyPart::Length => {
                "the API key is too short: the service id and the secret alone are 73 characters"
            }
            KeyPart::Name => "the name in the API key contains a control character, or no hyphen follows it",
            KeyPart::ServiceId => "the service id in the API key is not a UUID",
            KeyPart::Separator => "there is no hyphen between the service id and the secret of the API key",
            KeyPart::Secret => "the secret of the API key is not a UUID in lower case",
        })
    }
}

impl core::error::Error for ParseApiKeyError {}

/// A part of an API key that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum KeyPart {
    /// The whole text: it is too short for a service id and a secret.
    Length,
    /// The name: it contains a control character, such as a line break, or no hyphen follows it.
    Name,
    /// The service id: it is not a UUID.
    ServiceId,
    /// The separator between service id and secret: it is not a hyphen.
    Separator,
    /// The secret: it is not a UUID in lower case.
    Secret,
}
