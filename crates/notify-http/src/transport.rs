//! How a request travels: reqwest, with everything that it would do on its own switched off.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use notify_api::{Cause, Event};

#[derive(Clone)]
pub(crate) struct Transport(reqwest::Client);

impl Transport {
    pub(crate) fn new(
        connect_timeout: Duration,
        uses_proxy: bool,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        let builder = reqwest::Client::builder()
            .connect_timeout(connect_timeout)
            // A token must not travel to wherever a redirect points, nor a request be repeated behind the call's back.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        let builder = if uses_proxy { builder } else { builder.no_proxy() };
        #[cfg(feature = "rustls")]
        let builder = builder.tls_backend_preconfigured(tls()?);
        Ok(Self(builder.build()?))
    }

    /// Sends one request and reads the whole answer, within `timeout` and `limit` bytes.
    pub(crate) async fn send(&self, request: http::Request<Bytes>, timeout: Duration, limit: usize) -> Event {
        match tokio::time::timeout(timeout, self.exchange(request, limit)).await {
            Ok(event) => event,
            Err(elapsed) => Event::Lost(Cause::timeout(elapsed)),
        }
    }

    async fn exchange(&self, request: http::Request<Bytes>, limit: usize) -> Event {
        let request = match reqwest::Request::try_from(request) {
            Ok(request) => request,
            Err(error) => return Event::NotSent(cause(error)),
        };
        let response = match self.0.execute(request).await {
            Ok(response) => response,
            Err(error) if error.is_connect() || error.is_builder() => return Event::NotSent(cause(error)),
            Err(error) => return Event::Lost(cause(error)),
        };
        receive(response, limit).await.unwrap_or_else(Event::Lost)
    }
}

async fn receive(mut response: reqwest::Response, limit: usize) -> Result<Event, Cause> {
    let mut whole = http::Response::new(Bytes::new());
    *whole.status_mut() = response.status();
    std::mem::swap(whole.headers_mut(), response.headers_mut());
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(cause)? {
        if body.len() + chunk.len() > limit {
            return Err(Cause::new(AnswerTooLarge { limit }));
        }
        body.extend_from_slice(&chunk);
    }
    *whole.body_mut() = body.freeze();
    Ok(Event::Response(whole))
}

/// The URL is left out, since its query may hold a reference.
fn cause(error: reqwest::Error) -> Cause {
    let error = error.without_url();
    if error.is_timeout() { Cause::timeout(error) } else { Cause::new(error) }
}

#[derive(Debug, thiserror::Error)]
#[error("the answer is larger than {limit} bytes")]
struct AnswerTooLarge {
    limit: usize,
}

/// Ring given to this client alone: no process-wide provider is needed or set.
#[cfg(feature = "rustls")]
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth())
}
