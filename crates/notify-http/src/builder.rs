//! How a client is made.

mod error;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use notify_api::{BaseUrl, InvalidBaseUrl, Policy, Progress, RateLimiter, Service, Session, Signer};

use crate::into::{IntoApiKey, IntoBaseUrl, InvalidKey};
use crate::kind::ClientKind;
use crate::reqwest_transport::{Proxy, ReqwestTransport, Secret, Settings};
use crate::tls;
pub use error::BuildError;

/// Collects the settings of a client; `build` reports whatever is wrong with them.
///
/// `C` is the client it builds: the async one or the blocking one.
///
/// # Examples
///
#[cfg_attr(feature = "async", doc = "```")]
#[cfg_attr(not(feature = "async"), doc = "```text")]
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
#[must_use]
pub struct ClientBuilder<C: ClientKind> {
    signer: Result<Signer, InvalidKey>,
    base_url: Option<Result<BaseUrl, InvalidBaseUrl>>,
    service: Option<Service>,
    observer: Option<Observer>,
    user_agent: Option<String>,
    policy: Policy,
    timeout: Option<Duration>,
    rate_limiter: Option<Arc<dyn RateLimiter>>,
    allows_plain_http: bool,
    reqwest: Settings,
    /// What carries the requests instead of reqwest.
    transport: Option<Arc<C::Transport>>,
}

impl<C: ClientKind> ClientBuilder<C> {
    pub(crate) fn new(api_key: impl IntoApiKey) -> Self {
        Self {
            signer: api_key.signer(),
            base_url: None,
            service: None,
            observer: None,
            user_agent: None,
            policy: Policy::default(),
            timeout: None,
            rate_limiter: None,
            allows_plain_http: false,
            reqwest: Settings::default(),
            transport: None,
        }
    }

    /// Sets the URL of the service, with a path prefix if it has one. The default is the URL of the chosen
    /// [`service`](Self::service).
    ///
    /// Requests to this machine over `http://` bypass the proxy that the environment names. `localhost` and every name
    /// below it, such as `notify.localhost`, always mean this machine, whatever DNS says.
    pub fn base_url(mut self, base_url: impl IntoBaseUrl) -> Self {
        self.base_url = Some(base_url.base_url());
        self
    }

    /// Chooses the service. The default is GOV.UK Notify. The service determines the base URL, unless you set
    /// [`base_url`](Self::base_url), what is offered, the rate limit, and what a lookup can prove. If it does not offer
    /// an operation, nothing is sent, and [`Error::is_not_offered`](notify_api::Error::is_not_offered) holds.
    ///
    /// If the base URL has the host of a known service, that service counts. This machine counts as GOV.UK Notify, so
    /// name the service of a sandbox that answers as another, and the service behind a gateway.
    ///
    /// # Examples
    ///
    #[cfg_attr(feature = "async", doc = "```")]
    #[cfg_attr(not(feature = "async"), doc = "```text")]
    /// use notify_http::{Client, KeyParts, Service};
    ///
    /// # fn example(key: &str, service_id: &str, secret: &str) -> Result<(), notify_http::BuildError> {
    /// let canada = Client::builder(key).service(Service::gc_notify()).build()?;
    /// // VA Notify issues the service id and the secret separately.
    /// let parts = KeyParts { service_id, secret };
    /// let veterans = Client::builder(parts).service(Service::va_notify()).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn service(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Calls `observer` whenever a call starts to wait, with the reason: for its turn, for a retry, or for a lookup.
    ///
    /// The observer runs inside the call, so it must not block.
    ///
    /// # Examples
    ///
    #[cfg_attr(feature = "async", doc = "```")]
    #[cfg_attr(not(feature = "async"), doc = "```text")]
    /// use notify_http::{Client, WaitReason};
    ///
    /// # fn example(key: &str) -> Result<(), notify_http::BuildError> {
    /// let client = Client::builder(key)
    ///     .on_wait(|progress| {
    ///         if progress.reason == WaitReason::Lookup {
    ///             eprintln!("no answer; looking the message up");
    ///         }
    ///     })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_wait(mut self, observer: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer(Arc::new(observer)));
        self
    }

    /// Sets how long a whole call may take, including waits and retries. The default is 180 seconds.
    ///
    /// After a lost answer, it takes 70 to 100 seconds to establish that a message was not taken and can be sent
    /// again. With less than 75 seconds the message stays in doubt.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long connecting may take, including TLS. The default is 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.reqwest.connect_timeout = Some(timeout);
        self
    }

    /// Sets all limits of a call at once, including how long one attempt may take. A [`timeout`](Self::timeout) set on
    /// the builder, before or after, takes precedence.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the rate limiter, which decides when each message may leave. The default is a
    /// [`TokenBucket`](notify_api::TokenBucket) for the service's
    /// [messages a minute](Service::messages_per_minute), 3,000 for most.
    ///
    /// An `Arc` of a rate limiter is a rate limiter too, so clients with different keys can share one.
    pub fn rate_limiter(mut self, rate_limiter: impl RateLimiter + 'static) -> Self {
        self.rate_limiter = Some(Arc::new(rate_limiter));
        self
    }

    /// Sets the `User-Agent` header, which the service logs.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sends everything through this proxy, such as `http://user:password@proxy.example:3128`.
    /// By default, the client uses the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
    /// with `NO_PROXY` for exceptions) or, on Windows and macOS, the system's.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.reqwest.proxy = Proxy::At(Secret(url.into()));
        self
    }

    /// Uses no proxy, whatever the environment names.
    pub fn no_proxy(mut self) -> Self {
        self.reqwest.proxy = Proxy::None;
        self
    }

    /// Trusts the certificates in this PEM text in addition to those that the machine trusts: for example, the
    /// certificate of a proxy that intercepts TLS.
    ///
    /// # Examples
    ///
    #[cfg_attr(all(feature = "async", feature = "rustls"), doc = "```no_run")]
    #[cfg_attr(not(all(feature = "async", feature = "rustls")), doc = "```text")]
    /// # fn example(key: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let pem = std::fs::read("/etc/ssl/borough-proxy.pem")?;
    /// let client = notify_http::Client::builder(key).root_certificates(pem).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.reqwest.roots_pem.push(pem.into());
        self
    }

    /// Makes connections with the reqwest builder that `make` returns, for settings that this builder does not have.
    /// `make` is called again when a connection has mixed up responses and fresh connections are needed.
    ///
    /// A [`connect_timeout`](Self::connect_timeout) or proxy set here is applied to that builder. Certificates are
    /// not: set them on the builder that `make` returns. Redirects, retries and decompression are always switched off:
    /// a token must not follow a redirect, and a message must not be sent twice. TLS is whatever that builder says. If
    /// rustls is compiled in and the process has no cryptography provider, this crate's is installed.
    ///
    /// # Examples
    ///
    #[cfg_attr(all(feature = "async", feature = "rustls"), doc = "```")]
    #[cfg_attr(not(all(feature = "async", feature = "rustls")), doc = "```text")]
    /// use std::time::Duration;
    ///
    /// # fn example(key: &str) -> Result<(), notify_http::BuildError> {
    /// let connections = || {
    ///     reqwest::Client::builder()
    ///         .local_address("10.0.0.7".parse().ok())
    ///         .tcp_keepalive(Duration::from_secs(15))
    /// };
    /// let client = notify_http::Client::builder(key).reqwest(connections).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "reqwest-builder")]
    pub fn reqwest(mut self, make: impl Fn() -> reqwest::ClientBuilder + Send + Sync + 'static) -> Self {
        self.reqwest.builder = Some(crate::reqwest_transport::MakeBuilder(Arc::new(make)));
        self
    }

    /// Allows `http://` to another machine, where anyone on the network path can read messages and tokens.
    pub fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
    }

    pub(crate) fn with_transport(mut self, transport: Arc<C::Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Checks all settings, and makes the parts of a client.
    pub(crate) fn into_parts(self) -> Result<Parts<C::Transport>, BuildError> {
        let signer = self.signer?;
        let of_service = || Ok(self.service.map(BaseUrl::from).unwrap_or_default());
        let base_url = self.base_url.unwrap_or_else(of_service).map_err(BuildError::BaseUrl)?;
        if !base_url.is_private() && !self.allows_plain_http {
            return Err(BuildError::PlainHttp);
        }
        let is_https = base_url.as_str().starts_with("https");
        let mut session =
            Session::builder_with(signer).base_url(base_url.clone()).policy(self.policy).seed(seed());
        if let Some(service) = self.service {
            session = session.service(service);
        }
        if let Some(user_agent) = self.user_agent {
            let value = HeaderValue::from_str(&user_agent).map_err(|_| BuildError::UserAgent)?;
            session = session.user_agent(value);
        }
        if let Some(rate_limiter) = self.rate_limiter {
            session = session.rate_limiter(rate_limiter);
        }
        if let Some(setting) = self.reqwest.first().filter(|_| self.transport.is_some()) {
            return Err(BuildError::UnusedSetting { setting, beside: "transport" });
        }
        let backend = match self.transport {
            Some(transport) => Backend::Own(transport),
            None if is_https && !tls::IS_COMPILED_IN => return Err(BuildError::NoTls),
            None => Backend::Reqwest(ReqwestTransport::new(self.reqwest, &base_url)?),
        };
        Ok(Parts { session: session.build(), backend, timeout: self.timeout, observer: self.observer })
    }
}

/// The parts of a client.
pub(crate) struct Parts<T: ?Sized> {
    pub(crate) session: Arc<Session>,
    pub(crate) backend: Backend<T>,
    /// The timeout of a call, if it was set separately from the policy.
    pub(crate) timeout: Option<Duration>,
    pub(crate) observer: Option<Observer>,
}

/// Called whenever a call starts to wait.
#[derive(Clone)]
pub(crate) struct Observer(pub(crate) Arc<dyn Fn(&Progress) + Send + Sync>);

/// The backend that carries a client's requests. (It is separate from the traits so that reqwest needs no box for each
/// request.)
pub(crate) enum Backend<T: ?Sized> {
    Reqwest(ReqwestTransport),
    Own(Arc<T>),
}

impl<C: ClientKind> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("service", &self.service)
            .field("user_agent", &self.user_agent)
            .field("policy", &self.policy)
            .field("rate_limiter", &self.rate_limiter)
            .finish_non_exhaustive()
    }
}

/// Jitter must differ between processes but need not be unguessable: the standard library's hash seeds are good
/// enough.
fn seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(())
}
