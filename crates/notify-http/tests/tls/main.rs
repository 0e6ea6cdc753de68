//! TLS with each of the features: `cargo xtask test --only features` runs these tests with one after another.
#![cfg(feature = "async")]
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
mod authority;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod certificates;
#[cfg(all(feature = "rustls-no-provider", not(any(feature = "rustls", feature = "native-tls"))))]
mod no_provider;
#[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
mod none;

use notify_http::{Client, ClientBuilder, Policy};

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";

fn builder(url: &str) -> ClientBuilder<Client> {
    Client::builder(KEY).base_url(url).policy(Policy::default().attempts(1))
}
