//! Sends requests over reqwest, with everything that reqwest would do of its own accord switched off.

mod proxy;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::uri::Authority;
use http::{StatusCode, Uri};
use notify_api::{BaseUrl, Cause, InvalidBaseUrl};
use reqwest::Url;

use crate::transport::{Limits, TransportError};
use crate::{BuildError, tls};

/// How long connecting may take. Long enough for a slow handshake, and much shorter than an attempt's timeout, so that
/// a connection failure is known to have sent nothing.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may be idle before it is closed. Shorter than load balancers keep one (usually 60 seconds),
/// because a message written into a connection that the other side has just closed is in doubt.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The settings of the reqwest client that a client makes.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) proxy: Proxy,
    pub(crate) roots_pem: Vec<Vec<u8>>,
    /// Makes the program's own reqwest builder to start from.
    pub(crate) builder: Option<MakeBuilder>,
}

/// Makes a reqwest builder; called again whenever the existing connections must be discarded.
#[derive(Clone)]
pub(crate) struct MakeBuilder(pub(crate) Arc<dyn Fn() -> reqwest::ClientBuilder + Send + Sync>);

impl std::fmt::Debug for MakeBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MakeBuilder")
    }
}

/// Which proxy to use.
#[derive(Debug)]
pub(crate) enum Proxy {
    /// The one that the environment or the system names.
    OfTheSystem,
    None,
    /// The one at this URL, which may contain a password.
    At(Secret),
}

/// A text that `Debug` does not show.
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { connect_timeout: None, proxy: Proxy::OfTheSystem, roots_pem: Vec::new(), builder: None }
    }
}

impl Settings {
    /// The first setting that was made, as the builder spells it.
    pub(crate) fn first(&self) -> Option<&'static str> {
        match self {
            Self { connect_timeout: Some(_), .. } => Some("connect_timeout"),
            Self { proxy: Proxy::At(_), .. } => Some("proxy"),
            Self { proxy: Proxy::None, .. } => Some("no_proxy"),
            Self { builder: Some(_), .. } => Some("reqwest"),
            Self { roots_pem, .. } if !roots_pem.is_empty() => Some("root_certificates"),
            _ => None,
        }
    }

    fn builder(&self, base_url: &BaseUrl) -> Result<reqwest::ClientBuilder, BuildError> {
        let is_loopback = base_url.is_loopback();
        let Some(MakeBuilder(make)) = &self.builder else {
            let builder = reqwest::Client::builder()
                .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
                .pool_idle_timeout(IDLE_TIMEOUT)
                // HTTP/2 would put all requests on one connection; losing it would leave all of them in doubt at once.
                // Another crate in the program may have enabled it.
                .http1_only();
            // A machine without certificates can use a sandbox all the same; a proxy may speak TLS.
            let is_plain = is_loopback
                && base_url.as_str().starts_with("http:")
                && self.roots_pem.is_empty()
                && !matches!(self.proxy, Proxy::At(_));
            let builder = self.proxied(builder, is_loopback)?;
            return if is_plain { tls::leave_out(builder) } else { tls::set_up(builder, &self.roots_pem) };
        };
        if !self.roots_pem.is_empty() {
            return Err(BuildError::UnusedSetting { setting: "root_certificates", beside: "reqwest" });
        }
        tls::make_ready()?;
        let builder = make();
        let builder = self.connect_timeout.into_iter().fold(builder, reqwest::ClientBuilder::connect_timeout);
        // By default, the program's own builder decides which proxy is used.
        self.proxied(builder, false)
    }

    fn proxied(
        &self,
        builder: reqwest::ClientBuilder,
        is_loopback: bool,
    ) -> Result<reqwest::ClientBuilder, BuildError> {
        Ok(match &self.proxy {
            // Requests to this machine are in plain text and must not leave it.
            Proxy::OfTheSystem if is_loopback => builder.no_proxy(),
            Proxy::OfTheSystem => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::At(url) => {
                let proxy = reqwest::Proxy::all(&url.0)
                    .map_err(|error| BuildError::Proxy(Cause::new(error.without_url())))?;
                builder.no_proxy().proxy(proxy)
            }
        })
    }
}

/// Carries requests over reqwest.
#[derive(Clone)]
pub(crate) struct ReqwestTransport(Arc<Inner>);

struct Inner {
    settings: Settings,
    base_url: BaseUrl,
    /// `None` after the connections were discarded, until new ones are needed.
    client: RwLock<Option<reqwest::Client>>,
    /// The URL of the latest request. A program sends most messages to the same one, and parsing it anew for each
    /// takes a fifteenth of the cost of a send.
    latest: Mutex<Option<(Uri, Url)>>,
}

impl ReqwestTransport {
    pub(crate) fn new(settings: Settings, base_url: &BaseUrl) -> Result<Self, BuildError> {
        // Some hosts are refused only by the URL parser. Refuse them once, here, rather than at each attempt.
        Url::parse(base_url.as_str()).map_err(|_| BuildError::BaseUrl(InvalidBaseUrl::NotAUrl))?;
        let client = RwLock::new(Some(client(&settings, base_url)?));
        Ok(Self(Arc::new(Inner { settings, base_url: base_url.clone(), client, latest: Mutex::default() })))
    }

    /// Abandons the existing connections, except for requests still in flight on them.
    pub(crate) fn discard_connections(&self) {
        *self.0.client.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn client(&self) -> Result<reqwest::Client, BuildError> {
        if let Some(client) = &*self.0.client.read().unwrap_or_else(PoisonError::into_inner) {
            return Ok(client.clone());
        }
        let mut place = self.0.client.write().unwrap_or_else(PoisonError::into_inner);
        match &*place {
            Some(client) => Ok(client.clone()),
            None => Ok(place.insert(client(&self.0.settings, &self.0.base_url)?).clone()),
        }
    }

    /// Sends one request and reads the whole answer. The caller enforces the timeout.
    pub(crate) async fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let url = self.url(&head.uri).map_err(TransportError::NotSent)?;
        let mut request = reqwest::Request::new(head.method, url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = Some(body.into());
        let client = self.client().map_err(|error| TransportError::NotSent(Cause::new(error)))?;
        match client.execute(request).await {
            Ok(response) => {
                let is_success = response.status().is_success();
                let limit = if is_success { limits.max_answer_bytes } else { limits.max_error_bytes };
                let mut whole = receive(response, limit).await.map_err(TransportError::Lost)?;
                if whole.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
                    self.name_proxy(&mut whole);
                }
                Ok(whole)
            }
            // reqwest reports a proxy's refusal of a tunnel as a failure to connect.
            Err(error) if proxy::wants_credentials(&error) => {
                let mut refusal = http::Response::new(Bytes::new());
                *refusal.status_mut() = StatusCode::PROXY_AUTHENTICATION_REQUIRED;
                self.name_proxy(&mut refusal);
                Ok(refusal)
            }
            Err(error) if error.is_connect() || error.is_builder() => {
                Err(TransportError::NotSent(cause(error)))
            }
            Err(error) => Err(TransportError::Lost(cause(error))),
        }
    }

    fn name_proxy(&self, response: &mut http::Response<Bytes>) {
        let Inner { settings, base_url, .. } = &*self.0;
        // The program's own builder may use any proxy, unless one was set here.
        let is_ours = settings.builder.is_none() || !matches!(settings.proxy, Proxy::OfTheSystem);
        if let Some(address) = is_ours.then(|| proxy::address(&settings.proxy, base_url)).flatten() {
            response.extensions_mut().insert(address);
        }
    }

    /// The URL as a reqwest type.
    fn url(&self, uri: &Uri) -> Result<Url, Cause> {
        // A panic while the lock is held leaves the value intact.
        let mut latest = self.0.latest.lock().unwrap_or_else(PoisonError::into_inner);
        match &*latest {
            Some((known, url)) if is_same(known, uri) => Ok(url.clone()),
            _ => {
                let url = Url::parse(&uri.to_string()).map_err(Cause::new)?;
                *latest = Some((uri.clone(), url.clone()));
                Ok(url)
            }
        }
    }
}

fn client(settings: &Settings, base_url: &BaseUrl) -> Result<reqwest::Client, BuildError> {
    on_this_machine(settings.builder(base_url)?, base_url)
        // A token must not follow a redirect, and a request must not be retried behind the call's back. (hyper-util
        // does retry one if a kept-alive connection turns out to be closed before the first byte of the request was
        // written. That is harmless, and cannot be switched off from here.)
        .redirect(reqwest::redirect::Policy::none())
        // (Also no retries for each request, so that reqwest keeps no copy of it.)
        .retry(reqwest::retry::never().max_retries_per_request(0))
        // If another crate in the program enabled these features, decompression is on by default.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .build()
        .map_err(|error| BuildError::http(error.without_url()))
}

/// Resolves the names of this machine, `localhost` and all names below it, to this machine, as RFC 6761 requires.
/// Otherwise the system might ask the network for them, and a token would go in plain text to whoever answers. The
/// client connects to no host but the one in the base URL.
fn on_this_machine(builder: reqwest::ClientBuilder, base_url: &BaseUrl) -> reqwest::ClientBuilder {
    let uri: Option<Uri> = base_url.as_str().parse().ok().filter(|_| base_url.is_loopback());
    match uri.as_ref().and_then(Uri::host) {
        // The port comes from the URL.
        Some(host) => builder.resolve_to_addrs(host, &LOOPBACK.map(|address| SocketAddr::new(address, 0))),
        None => builder,
    }
}

/// A server may listen on one of them or on both; if the first does not answer, the next is tried.
const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// Whether the two are spelled the same, which is quicker to check than whether they are equivalent.
fn is_same(one: &Uri, other: &Uri) -> bool {
    one.path_and_query() == other.path_and_query()
        && one.scheme() == other.scheme()
        && one.authority().map(Authority::as_str) == other.authority().map(Authority::as_str)
}

async fn receive(mut response: reqwest::Response, limit: usize) -> Result<http::Response<Bytes>, Cause> {
    let body = read(&mut response, limit).await?;
    let mut whole = http::Response::new(body);
    *whole.status_mut() = response.status();
    *whole.headers_mut() = std::mem::take(response.headers_mut());
    Ok(whole)
}

async fn read(response: &mut reqwest::Response, limit: usize) -> Result<Bytes, Cause> {
    let Some(first) = next_chunk(response, limit).await? else { return Ok(Bytes::new()) };
    // The length of the rest. Nearly every answer arrives in one chunk, which is returned without copying.
    if response.content_length() == Some(0) {
        return Ok(first);
    }
    let mut body = BytesMut::from(first);
    while let Some(chunk) = next_chunk(response, limit - body.len()).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn next_chunk(response: &mut reqwest::Response, limit: usize) -> Result<Option<Bytes>, Cause> {
    let chunk = response.chunk().await.map_err(cause)?;
    if chunk.as_ref().is_some_and(|chunk| chunk.len() > limit) {
        return Err(Cause::new(AnswerTooLarge));
    }
    Ok(chunk)
}

/// The URL is left out, because its query may contain a reference.
fn cause(error: reqwest::Error) -> Cause {
    let error = error.without_url();
    if error.is_timeout() { Cause::timeout(error) } else { Cause::new(error) }
}

#[derive(Debug, thiserror::Error)]
#[error("the answer is larger than allowed (Policy::max_answer_bytes; Policy::MAX_ERROR_BYTES for an error)")]
struct AnswerTooLarge;
