//! A short program for each common task; this library only says which service they talk to.
//!
//! The README of the workspace lists them under "In Rust".
//!
//! ```console
//! $ cargo run --package notify-examples --example send_and_wait
//! ```
//!
//! Each starts its own sandbox, so that it needs no account, unless `NOTIFY_API_KEY` is set: then it talks to the
//! service at `NOTIFY_BASE_URL`. The templates are those of the sandbox.

/// The code of the guide to the outbox.
#[cfg(doctest)]
#[doc = include_str!("../../docs/outbox.md")]
pub struct Outbox;

/// The code in Rust of the page for microcontrollers. `cargo xtask test --only c` compiles its code in C.
#[cfg(doctest)]
#[doc = include_str!("../../docs/from-a-microcontroller.md")]
pub struct Microcontroller;

use std::env::{self, VarError};
use std::error::Error;
use std::fmt;

use notify_sandbox::{KeyType, Sandbox};

/// The service that an example talks to.
///
/// Your program does not need this: it reads the key from where it keeps its secrets.
pub struct Service {
    api_key: String,
    url: String,
    /// Stopped when the example ends.
    sandbox: Option<Sandbox>,
}

impl Service {
    /// The service of `NOTIFY_API_KEY` and `NOTIFY_BASE_URL`, or a sandbox inside this process if there is no key.
    ///
    /// # Errors
    ///
    /// If there is a key but no URL, or the sandbox cannot start.
    pub fn at_hand() -> Result<Self, Box<dyn Error>> {
        match env::var("NOTIFY_API_KEY") {
            Ok(api_key) => Ok(Self { api_key, url: env::var("NOTIFY_BASE_URL")?, sandbox: None }),
            Err(VarError::NotPresent) => {
                let sandbox = Sandbox::start()?;
                let api_key = sandbox.api_key(KeyType::Live);
                Ok(Self { api_key, url: sandbox.url().to_owned(), sandbox: Some(sandbox) })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The API key, including the secret.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The sandbox, if the example started one.
    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }
}

/// Without the key.
impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("url", &self.url).finish_non_exhaustive()
    }
}
