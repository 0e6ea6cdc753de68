//! How a callback proves that it comes from the service.

use std::path::Path;

use notify_http::callback::{Callback, CallbackError, CallbackSecret, CallbackToken};
use reqwest::header::HeaderMap;
use zeroize::Zeroizing;

use crate::args::Options;
use crate::environment::{self, API_KEY, PROFILE};
use crate::exit::CommandError;
use crate::input::read;
use crate::setup::KeyText;

/// Where the bearer token is, unless a file has it.
const TOKEN: &str = "NOTIFY_CALLBACK_TOKEN";

/// The header of a receipt that is signed instead of carrying the token.
const SIGNATURE: &str = "x-enp-signature";

/// What callbacks are checked with.
pub(super) struct Proof {
    token: CallbackToken,
    secret: Option<CallbackSecret>,
}

impl Proof {
    /// Finds the token, and the key if there is one.
    pub(super) fn find(file: Option<&Path>, options: &Options) -> Result<Self, CommandError> {
        let (text, place) = match file {
            Some(path) => {
                let bytes = Zeroizing::new(read(path)?);
                let text = std::str::from_utf8(&bytes).map_err(|_| {
                    CommandError::setup(anyhow::anyhow!("the file {} is not UTF-8", path.display()))
                        .help("write the bearer token into it, and nothing else")
                })?;
                (Zeroizing::new(text.to_owned()), path.display().to_string())
            }
            None => (Zeroizing::new(environment::read(TOKEN)?.unwrap_or_default()), TOKEN.to_owned()),
        };
        if text.trim().is_empty() {
            let error = anyhow::anyhow!("there is no bearer token in {place}");
            return Err(CommandError::setup(error).help(format!(
                "make one up, such as `openssl rand -hex 16` does, set {TOKEN} to it or name its file with \
                 --token-file, and enter it on the service's website"
            )));
        }
        let token = CallbackToken::new(&text).map_err(|error| {
            CommandError::setup(
                anyhow::Error::new(error).context(format!("the bearer token in {place} cannot be used")),
            )
        })?;
        let has_key = options.api_key_file.is_some()
            || options.profile.is_some()
            || environment::read(API_KEY)?.is_some()
            || environment::read(PROFILE)?.is_some();
        let secret = if has_key {
            let (_, secret) = KeyText::find(options)?.parts()?;
            Some(CallbackSecret::new(&secret).map_err(CommandError::setup)?)
        } else {
            None
        };
        Ok(Self { token, secret })
    }

    /// Checks a callback, and reads it.
    pub(super) fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Callback, CallbackError> {
        match &self.secret {
            Some(secret) if headers.contains_key(SIGNATURE) => secret.verify(headers, body),
            _ => self.token.verify(headers, body),
        }
    }
}
