//! What can be wrong with the settings of a client.

use notify_api::{Cause, InvalidBaseUrl, ParseApiKeyError, ParsePartsError};

use crate::into::InvalidKey;

/// Why a client cannot be built.
///
/// # Examples
///
#[cfg_attr(feature = "async", doc = "```")]
#[cfg_attr(not(feature = "async"), doc = "```text")]
/// use notify_http::{BuildError, Client};
///
/// match Client::new("a key that was cut while it was copied") {
///     Err(BuildError::ApiKey(damage)) => println!("{damage}"),
///     Err(error) => println!("{error}"),
///     Ok(client) => println!("{client:?}"),
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The API key is damaged; its source says which part.
    #[error("the API key cannot be used")]
    ApiKey(#[source] ParseApiKeyError),
    /// The service id or the secret, which were given apart, is not valid; its source says which.
    #[error("the service id and the secret cannot be used")]
    KeyParts(#[source] ParsePartsError),
    /// The base URL is not valid.
    #[error("the base URL cannot be used")]
    BaseUrl(#[source] InvalidBaseUrl),
    /// The base URL begins with `http://` and does not point to this machine.
    #[error(
        "http:// to another machine exposes messages and tokens to anyone on the network path: use https://, or allow_plain_http() if you must"
    )]
    PlainHttp,
    /// The base URL begins with `https://`, but no TLS is compiled in.
    #[error(
        "https:// needs TLS, which is not compiled in: enable the feature `rustls` or `native-tls` of notify-http"
    )]
    NoTls,
    /// TLS was to use the cryptography provider that the process installed, but the process installed none.
    #[error(
        "no cryptography provider is installed for TLS: call install_default() of a rustls provider first, or enable the feature `rustls` of notify-http"
    )]
    NoCryptoProvider,
    /// A setting would have no effect in combination with another one.
    #[non_exhaustive]
    #[error("{setting}() has no effect beside {beside}(), which makes its own connections: set it there")]
    UnusedSetting {
        /// The setting, as the builder spells it.
        setting: &'static str,
        /// The other one.
        beside: &'static str,
    },
    /// The proxy's URL is not valid.
    #[error("the proxy's URL cannot be used")]
    Proxy(#[source] Cause),
    /// The root certificates are not PEM certificates.
    #[error("the root certificates must be in PEM, beginning with -----BEGIN CERTIFICATE-----")]
    RootCertificate,
    /// The user agent contains characters that a header cannot hold.
    #[error("the user agent must be visible ASCII characters")]
    UserAgent,
    /// The HTTP client cannot be made, for example because the machine has no root certificates.
    #[error("the HTTP client cannot be made")]
    Http(#[source] Cause),
}

impl From<InvalidKey> for BuildError {
    fn from(invalid: InvalidKey) -> Self {
        match invalid {
            InvalidKey::ApiKey(damage) => Self::ApiKey(damage),
            InvalidKey::Parts(damage) => Self::KeyParts(damage),
        }
    }
}

impl BuildError {
    pub(crate) fn http(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Http(Cause::new(error))
    }
}
