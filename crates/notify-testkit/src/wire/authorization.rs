//! Makes a recorded `Authorization` header again, without notify-jwt.

use anyhow::{Context as _, Result, bail};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::{Sha256, Sha384, Sha512};

use super::world::{RecordedKey, World};

/// Ten digits within this many seconds of the recording are taken for a time that must move with the clock.
const A_DAY: i64 = 86_400;

/// How far the server's clock is from the recording's. By default they agree: the clock is frozen at the recorded
/// time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shift {
    /// The time of the recording, in whole Unix seconds.
    pub recorded: i64,
    /// The seconds to add to it to get the server's time.
    pub seconds: i64,
}

impl Shift {
    /// Moves each run of exactly ten digits that lies within a day of the recording, whether inside a string or not.
    fn apply(self, claims: &str) -> String {
        let mut moved = String::with_capacity(claims.len());
        let mut rest = claims;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
            let (digits, after) = from.split_at(end);
            moved.push_str(before);
            match digits.parse::<i64>() {
                Ok(moment) if end == 10 && (moment - self.recorded).abs() <= A_DAY => {
                    moved.push_str(&(moment + self.seconds).to_string());
                }
                _ => moved.push_str(digits),
            }
            rest = after;
        }
        moved + rest
    }
}

/// How to make one `Authorization` header, or the header itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    #[serde(default)]
    verbatim: Option<String>,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    suffix: String,
    /// The JOSE header, byte-exact.
    #[serde(default)]
    pub header: Option<String>,
    /// The claims, byte-exact.
    #[serde(default)]
    pub claims: Option<String>,
    #[serde(default)]
    mac: Option<String>,
    /// The label of the API key in the world.
    #[serde(default)]
    pub key: Option<String>,
    #[serde(default)]
    secret: Option<String>,
    /// When it was made, in Unix seconds; the exchange has the same value.
    #[serde(default, rename = "sent_at")]
    _sent_at: Option<f64>,
}

impl Authorization {
    /// The value of the header.
    ///
    /// # Errors
    ///
    /// If the recording does not say how to make it.
    pub fn make(&self, world: &World, shift: Shift) -> Result<String> {
        if let Some(verbatim) = &self.verbatim {
            return Ok(verbatim.clone());
        }
        let header = self.header.as_deref().context("an authorization without a header")?;
        let claims = self.claims.as_deref().context("an authorization without claims")?;
        let secret = match (&self.secret, &self.key) {
            (Some(secret), None) => secret,
            (None, Some(label)) => &world.key(label)?.secret,
            _ => bail!("an authorization with neither a key nor a secret, or with both"),
        };
        let token = sign(header, &shift.apply(claims), self.mac.as_deref(), secret)?;
        Ok(format!("{}{token}{}", self.prefix, self.suffix))
    }
}

/// The token of this key for this time, as a client should make it.
///
/// # Errors
///
/// Never at present: any secret can be an HMAC key.
pub fn token(key: &RecordedKey, unix_seconds: u64) -> Result<String> {
    let claims = format!(r#"{{"iss":"{}","iat":{unix_seconds}}}"#, key.service);
    sign(r#"{"alg":"HS256","typ":"JWT"}"#, &claims, Some("HS256"), &key.secret)
}

fn sign(header: &str, claims: &str, algorithm: Option<&str>, secret: &str) -> Result<String> {
    let encode = Base64UrlUnpadded::encode_string;
    let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
    let mac = mac(algorithm, secret.as_bytes(), signed.as_bytes())?;
    Ok(format!("{signed}.{}", encode(&mac)))
}

fn mac(algorithm: Option<&str>, secret: &[u8], signed: &[u8]) -> Result<Vec<u8>> {
    // One line each: `Hmac` over three digests is three types with no common one.
    macro_rules! hmac {
        ($digest:ty) => {
            Ok(Hmac::<$digest>::new_from_slice(secret)?.chain_update(signed).finalize().into_bytes().to_vec())
        };
    }
    match algorithm {
        Some("HS256") => hmac!(Sha256),
        Some("HS384") => hmac!(Sha384),
        Some("HS512") => hmac!(Sha512),
        other => bail!("{other:?} is not a known MAC"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Recording;

    #[test]
    fn a_token_made_again_is_the_recorded_token() {
        let recording = Recording::gov_uk().unwrap();
        // Recorded without its scheme, and so verbatim: the only complete valid token in the recording.
        let bare = recording.exchange("auth/scheme-missing-token-only").unwrap();
        let bare = bare.request.authorizations().next().unwrap().verbatim.as_deref().unwrap();
        let made: Vec<String> = recording
            .exchanges
            .iter()
            .flat_map(|exchange| exchange.request.authorizations())
            .filter_map(|authorization| authorization.make(&recording.world, Shift::default()).ok())
            .collect();
        assert!(made.iter().any(|value| value.strip_prefix("Bearer ") == Some(bare)));
    }

    #[test]
    fn only_ten_digits_near_the_recording_move() {
        let shift = Shift { recorded: 1_795_430_467, seconds: 1000 };
        for (claims, moved) in [
            (r#"{"iat":1795430467}"#, r#"{"iat":1795431467}"#),
            (r#"{"iat":" 1795430467 "}"#, r#"{"iat":" 1795431467 "}"#),
            (r#"{"iat":1795430467.5}"#, r#"{"iat":1795431467.5}"#),
            (r#"{"iat":1795430467e0}"#, r#"{"iat":1795431467e0}"#),
            (r#"{"iat":1,"iat":1795426867}"#, r#"{"iat":1,"iat":1795427867}"#),
            (r#"{"iat":1795430467000}"#, r#"{"iat":1795430467000}"#),
            (r#"{"iat":1795344066}"#, r#"{"iat":1795344066}"#),
            (
                r#"{"iss":"61b71411-84f6-4e6b-9685-aa9ad893177c"}"#,
                r#"{"iss":"61b71411-84f6-4e6b-9685-aa9ad893177c"}"#,
            ),
            ("hello", "hello"),
            ("", ""),
        ] {
            assert_eq!(shift.apply(claims), moved);
        }
    }
}
