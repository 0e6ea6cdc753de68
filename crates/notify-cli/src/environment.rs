//! The environment variables that this program reads.

use std::env::{self, VarError};

use crate::exit::CommandError;

/// The API key.
pub(crate) const API_KEY: &str = "NOTIFY_API_KEY";
/// The URL of the service.
pub(crate) const BASE_URL: &str = "NOTIFY_BASE_URL";
/// The short name of the service.
pub(crate) const SERVICE: &str = "NOTIFY_SERVICE";
/// The id of the service, for a secret that was issued without it.
pub(crate) const SERVICE_ID: &str = "NOTIFY_SERVICE_ID";

/// The name of the profile.
pub(crate) const PROFILE: &str = "NOTIFY_PROFILE";

/// Set by the shell's script when it asks for words to complete with.
pub(crate) const COMPLETE: &str = "NOTIFY_COMPLETE";

/// What a variable says; `None` if it is missing or blank. A variable that cannot be read is not a missing one: without
/// its base URL, a command would talk to another service.
pub(crate) fn read(name: &str) -> Result<Option<String>, CommandError> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        // The error would show the value.
        Err(VarError::NotUnicode(_)) => {
            Err(CommandError::setup(anyhow::anyhow!("{name} holds bytes that are not UTF-8"))
                .help(format!("set {name} again; it may hold a character of another encoding")))
        }
    }
}
