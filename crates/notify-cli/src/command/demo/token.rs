//! The contents of a token.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use base64ct::{Base64UrlUnpadded, Encoding};

/// The two readable parts of a token, decoded.
pub(super) struct Parts {
    pub(super) header: String,
    pub(super) claims: String,
}

impl Parts {
    /// Decodes a token, `{header}.{claims}.{MAC}`.
    pub(super) fn of(token: &str) -> anyhow::Result<Self> {
        let mut parts = token.split('.').map(decode);
        let mut next = || parts.next().context("the token has too few parts")?;
        Ok(Self { header: next()?, claims: next()? })
    }
}

fn decode(part: &str) -> anyhow::Result<String> {
    let bytes = Base64UrlUnpadded::decode_vec(part).map_err(anyhow::Error::msg)?;
    Ok(String::from_utf8(bytes)?)
}

/// The current time, in seconds since 1970-01-01 UTC.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
