//! Requests that are not for a Notify service: to the control API of a sandbox, and to where callbacks are forwarded.

use std::time::Duration;

use reqwest::{Client, redirect};

use crate::exit::CommandError;

/// A client that follows no redirects; one for this machine uses no proxy either.
pub(crate) fn client(timeout: Duration, is_local: bool) -> Result<Client, CommandError> {
    // reqwest panics if the process has no cryptography. If it has some already, that is just as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let builder = Client::builder().redirect(redirect::Policy::none()).timeout(timeout);
    let builder = if is_local { builder.no_proxy() } else { builder };
    builder.build().map_err(CommandError::local)
}
