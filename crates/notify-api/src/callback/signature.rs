//! The signature by which VA Notify shows who it is, where a message has a callback URL of its own.

use std::fmt;

use hmac::digest::KeyInit as _;
use hmac::{Hmac, Mac as _};
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use sha2::Sha256;

use super::{Callback, CallbackError};

/// The header that holds the signature.
const HEADER: &str = "x-enp-signature";

/// What Python's `quote_plus` encodes; a space becomes a `+` besides.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b' ');

/// The secret of the API key that sent a message, with which VA Notify signs the receipt that goes to the message's own
/// callback URL.
///
/// The signature covers the fields and not the time: keep the
/// [`deduplication_key`](Callback::deduplication_key) of what you have handled, since a receipt that somebody recorded is as
/// good as new. Keep the secret as long as receipts may come, also after the key was replaced.
///
/// `Debug` shows nothing.
///
/// # Examples
///
/// ```
/// use http::HeaderMap;
/// use notify_api::callback::{Callback, CallbackError, CallbackSecret};
///
/// fn receive(secret: &CallbackSecret, headers: &HeaderMap, body: &[u8]) -> Result<Callback, CallbackError> {
///     secret.verify(headers, body)
/// }
/// ```
pub struct CallbackSecret(Hmac<Sha256>);

impl CallbackSecret {
    /// Takes the secret of an API key; white space around it does not count.
    ///
    /// # Errors
    ///
    /// When it is empty, with which anybody could sign.
    pub fn new(secret: &str) -> Result<Self, InvalidCallbackSecret> {
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(InvalidCallbackSecret);
        }
        Ok(Self(keyed_with(secret.as_bytes())))
    }

    /// Checks who sent a callback, in time that tells nothing of the signature, and reads it.
    ///
    /// Bound the body before: a callback is a few kilobytes at most.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Unauthorized`] when the signature is missing or another one; [`CallbackError::Empty`] when a
    /// redirect took the body away; the others of [`Callback::from_json`].
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Callback, CallbackError> {
        let mut values = headers.get_all(HEADER).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(CallbackError::Unauthorized);
        };
        if body.is_empty() {
            return Err(CallbackError::Empty);
        }
        let signature = hex(value.as_bytes()).ok_or(CallbackError::Unauthorized)?;
        let form = form_of(body).ok_or(CallbackError::Unauthorized)?;
        let mac = self.0.clone().chain_update(form);
        mac.verify_slice(&signature).map_err(|_| CallbackError::Unauthorized)?;
        Callback::from_json(body)
    }
}

impl fmt::Debug for CallbackSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackSecret(..)")
    }
}

fn keyed_with(secret: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret).expect("HMAC takes keys of any length")
}

/// A text that was to be the secret of an API key is empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the secret of an API key is not empty")]
pub struct InvalidCallbackSecret;

/// The bytes that the digits of a signature stand for.
fn hex(text: &[u8]) -> Option<[u8; 32]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = [0; 32];
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// The fields of a body in their order, as the service's language writes them as a form, which is what it signs.
fn form_of(body: &[u8]) -> Option<String> {
    let Fields(fields) = serde_json::from_slice(body).ok()?;
    let mut form = String::with_capacity(body.len() * 2);
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        push_quoted(&mut form, &name);
        form.push('=');
        push_quoted(&mut form, &written(value.get())?);
    }
    Some(form)
}

/// A value as the service's language writes it; of a list or an object that is not known.
fn written(json: &str) -> Option<String> {
    match json {
        "null" => Some("None".to_owned()),
        "true" => Some("True".to_owned()),
        "false" => Some("False".to_owned()),
        text if text.starts_with('"') => serde_json::from_str(text).ok(),
        text if text.starts_with(['[', '{']) => None,
        number => Some(number.to_owned()),
    }
}

fn push_quoted(form: &mut String, text: &str) {
    form.extend(utf8_percent_encode(text, ENCODED).flat_map(|piece| piece.split_inclusive(' ')).flat_map(
        |piece| {
            let plain = piece.strip_suffix(' ');
            [plain.unwrap_or(piece), if plain.is_some() { "+" } else { "" }]
        },
    ));
}

/// The fields of an object, in the order in which they stand, and none twice.
struct Fields(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_written_as_a_form_in_their_order() {
        let body = "{\"b\": \"a b&c=\u{e9}*~-_.\", \"a\": null, \"n\": 1.50, \"t\": true, \"e\": \"\"}";
        let form = "b=a+b%26c%3D%C3%A9%2A~-_.&a=None&n=1.50&t=True&e=";
        assert_eq!(form_of(body.as_bytes()).as_deref(), Some(form));
        for body in ["", "[]", "{\"a\": {}}", "{\"a\": [1]}", "{\"a\": NaN}", "\"a\"", "{} {}"] {
            assert_eq!(form_of(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn only_sixty_four_digits_are_a_signature() {
        assert_eq!(hex("0a".repeat(32).as_bytes()), Some([10; 32]));
        for text in ["", "0a", &"0a".repeat(33), &"0a".repeat(31), &"0g".repeat(32), &"0a".repeat(32)[1..]] {
            assert_eq!(hex(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_secret() {
        assert_eq!(format!("{:?}", CallbackSecret::new("secret").unwrap()), "CallbackSecret(..)");
    }

    #[test]
    fn with_no_secret_nothing_can_be_verified() {
        assert_eq!(CallbackSecret::new(" \n").unwrap_err(), InvalidCallbackSecret);
    }
}
