//! How a client is made.

use std::time::Duration;

use http::HeaderValue;
use notify_api::{ApiKey, BaseUrl, InvalidBaseUrl, ParseApiKeyError, Policy, Session};

use crate::Client;
use crate::transport::Transport;

/// How long connecting may take: long enough for a slow handshake, and much shorter than an attempt, so that what
/// could not connect is known not to have been sent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Collects what a [`Client`] is made of; whatever is wrong is said by [`build`](Self::build).
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use notify_http::Client;
///
/// let key = "demo-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
/// let client = Client::builder(key)
///     .base_url("http://localhost:6011")
///     .timeout(Duration::from_secs(60))
///     .user_agent("appointments/2.1")
///     .build()?;
/// # Ok::<(), notify_http::BuildError>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    key: Result<ApiKey, ParseApiKeyError>,
    base_url: Result<BaseUrl, InvalidBaseUrl>,
    user_agent: Option<String>,
    policy: Policy,
    connect_timeout: Duration,
    allows_plain_http: bool,
}

impl ClientBuilder {
    pub(crate) fn new(api_key: &str) -> Self {
        Self {
            key: ApiKey::parse(api_key),
            base_url: Ok(BaseUrl::default()),
            user_agent: None,
            policy: Policy::default(),
            connect_timeout: CONNECT_TIMEOUT,
            allows_plain_http: false,
        }
    }

    /// Sets where the service is, with a path prefix if it has one; GOV.UK Notify unless told otherwise.
    pub fn base_url(mut self, base_url: &str) -> Self {
        self.base_url = base_url.parse();
        self
    }

    /// Sets how long a whole call may take, waits and repeated attempts included; 120 seconds unless told otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.policy = self.policy.timeout(timeout);
        self
    }

    /// Sets how long connecting may take; 10 seconds unless told otherwise.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets all bounds of a call at once.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the `User-Agent` header, which the service logs.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Allows `http://` to another machine, where anyone on the way reads messages and tokens.
    pub fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`BuildError`] names what is wrong and what to do about it.
    pub fn build(self) -> Result<Client, BuildError> {
        let key = self.key.map_err(BuildError::ApiKey)?;
        let base_url = self.base_url.map_err(BuildError::BaseUrl)?;
        if !base_url.is_private() && !self.allows_plain_http {
            return Err(BuildError::PlainHttp);
        }
        if base_url.as_str().starts_with("https") && cfg!(not(feature = "rustls")) {
            return Err(BuildError::NoTls);
        }
        // A proxy for this very machine would be another one that reads plain HTTP.
        let uses_proxy = !base_url.is_loopback();
        let mut session = Session::builder(&key).base_url(base_url).policy(self.policy).seed(seed());
        if let Some(user_agent) = self.user_agent {
            session =
                session.user_agent(HeaderValue::from_str(&user_agent).map_err(|_| BuildError::UserAgent)?);
        }
        Ok(Client::from_parts(
            session.build(),
            Transport::new(self.connect_timeout, uses_proxy).map_err(BuildError::Transport)?,
        ))
    }
}

/// Jitter needs to differ between processes, not to be unguessable: the standard library's hash seeds do.
fn seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(())
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The API key is damaged; its source says which part.
    #[error("the API key cannot be used")]
    ApiKey(#[source] ParseApiKeyError),
    /// The base URL is none.
    #[error("the base URL cannot be used")]
    BaseUrl(#[source] InvalidBaseUrl),
    /// The base URL begins with `http://` and is not on this machine.
    #[error(
        "http:// to another machine shows messages and tokens to everyone on the way: use https://, or allow_plain_http() if you must"
    )]
    PlainHttp,
    /// The base URL begins with `https://` and no TLS is compiled in.
    #[error("https:// needs TLS, which is not compiled in: enable the feature `rustls` of notify-http")]
    NoTls,
    /// The user agent holds characters that no header can.
    #[error("the user agent must be visible ASCII characters")]
    UserAgent,
    /// The HTTP client could not be made, such as for want of root certificates.
    #[error("the HTTP client cannot be made")]
    Transport(#[source] Box<dyn std::error::Error + Send + Sync>),
}
