//! Requests to addresses other than a Notify service: a sandbox's control API, and the target of forwarded callbacks.

use std::time::Duration;

use reqwest::{Client, redirect};

use crate::exit::CommandError;
use crate::setup::certificates;

/// A client that follows no redirects. One for this machine uses no proxy; over plain HTTP it needs no certificates either.
pub(crate) fn client(timeout: Duration, is_local: bool, is_plain: bool) -> Result<Client, CommandError> {
    // reqwest panics if the process has no cryptography provider. An existing provider is just as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let mut builder = Client::builder().redirect(redirect::Policy::none()).timeout(timeout);
    if is_local {
        builder = builder.no_proxy();
    }
    if is_local && is_plain {
        // Trusting nobody, it need not read what the machine trusts, and works where there is nothing to read.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| certificates::explained(CommandError::setup(error)))
}
