//! The signature by which VA Notify identifies itself to a message's own callback URL.

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

/// The characters that Python's `quote_plus` encodes; it also turns a space into a `+`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b' ');

/// The secret of the API key that sent a message. VA Notify uses it to sign the receipt that goes to the message's own
/// callback URL.
///
/// The signature covers the fields but no time, so a recorded receipt can be replayed: keep the
/// [`deduplication_key`](Callback::deduplication_key) of each one that you have handled. Keep the secret as long as
/// receipts may come, even after you replace the key.
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
    /// Takes the secret of an API key. White space around it does not count.
    ///
    /// # Errors
    ///
    /// If it is empty: anyone could sign with that.
    pub fn new(secret: &str) -> Result<Self, InvalidCallbackSecret> {
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(InvalidCallbackSecret);
        }
        Ok(Self(keyed_with(secret.as_bytes())))
    }

    /// Checks who sent a callback, in time that reveals nothing of the signature, and reads it.
    ///
    /// Bound the size of the body first: a callback is a few kilobytes at most.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Unauthorized`] if the signature is missing or wrong; [`CallbackError::Empty`] if a redirect
    /// took the body away; otherwise as [`Callback::from_json`].
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

/// The given secret of an API key is empty.
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

/// The fields of a body in their order, form-encoded by the rules of the service's language. This is what it signs.
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

/// A value as the service's language writes it; for a list or an object, that is not known.
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

/// The fields of an object, in their order, without duplicates.
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
