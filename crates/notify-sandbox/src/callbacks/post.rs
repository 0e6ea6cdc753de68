//! The HTTP client for callbacks: one connection each, redirects followed as the service's own client does.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, LOCATION, USER_AGENT};
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Position, Url};

use super::dialect::CallbackRules;
use super::record::CallbackOutcome;
use crate::account::service::{CallbackProof, CallbackTarget};

/// How many redirects the service's client follows.
const MAX_REDIRECTS: usize = 30;

/// A callback in flight. Redirects change where it goes.
struct CallbackRequest {
    method: Method,
    url: Url,
    authorization: Option<String>,
    signature: Option<(&'static str, String)>,
    body: Bytes,
}

/// Posts a body.
pub(super) async fn post(target: &CallbackTarget, rules: &CallbackRules, body: &str) -> CallbackOutcome {
    let (authorization, signature) = match &target.proof {
        CallbackProof::Token(token) => (Some(format!("Bearer {token}")), None),
        CallbackProof::Signature(header, mac) => (None, Some((*header, mac.to_string()))),
    };
    let mut callback = CallbackRequest {
        method: Method::POST,
        url: Url::clone(&target.url),
        authorization,
        signature,
        body: Bytes::copy_from_slice(body.as_bytes()),
    };
    for _ in 0..=MAX_REDIRECTS {
        if callback.url.scheme() != "http" && !is_here(&callback.url) {
            let scheme = callback.url.scheme();
            return CallbackOutcome::Impossible(format!(
                "the sandbox posts to http:// only, not {scheme}://"
            ));
        }
        let response = match timeout(rules.timeout, callback.send(rules.user_agent)).await {
            Ok(Ok(response)) => response,
            Ok(Err(why)) => return CallbackOutcome::NotConnected(why),
            Err(_) => return CallbackOutcome::TimedOut,
        };
        if !callback.follow(&response, rules) {
            return CallbackOutcome::Answered(response.status().as_u16());
        }
    }
    CallbackOutcome::NotConnected(format!("more than {MAX_REDIRECTS} redirects"))
}

/// Whether a URL names this machine. Some services accept only `https://` URLs, but a receiver in a test has no
/// certificate. So the sandbox posts to this machine over plain HTTP even then.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https" && matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

impl CallbackRequest {
    /// Sends the request and returns the head of the answer; the rest is not read.
    async fn send(&self, user_agent: &str) -> Result<Response<()>, String> {
        let said = |error: &dyn std::error::Error| error.to_string();
        let host = self.url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = self.url.port_or_known_default().unwrap_or(80);
        let stream = TcpStream::connect((host, port)).await.map_err(|error| said(&error))?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| said(&error))?;
        let connection = tokio::spawn(connection);
        let response = sender.send_request(self.request(user_agent).map_err(|error| said(&error))?).await;
        connection.abort();
        response.map(|response| response.map(drop)).map_err(|error| said(&error))
    }

    fn request(&self, user_agent: &str) -> http::Result<Request<Full<Bytes>>> {
        let mut request = Request::builder()
            .method(&self.method)
            .uri(&self.url[Position::BeforePath..Position::AfterQuery])
            .header(HOST, &self.url[Position::BeforeHost..Position::AfterPort])
            .header(USER_AGENT, user_agent)
            .header(ACCEPT, "*/*");
        if let Some(authorization) = &self.authorization {
            let mut authorization = HeaderValue::try_from(authorization)?;
            authorization.set_sensitive(true);
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some((header, mac)) = &self.signature {
            request = request.header(*header, mac);
        }
        if self.method == Method::POST {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        request.body(Full::new(self.body.clone()))
    }

    /// Follows a redirect, if the response is one. As in Python's `requests`, 301, 302 and 303 turn the request into a
    /// `GET` without a body, and the token is dropped when the host or the port changes.
    fn follow(&mut self, response: &Response<()>, rules: &CallbackRules) -> bool {
        if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return false;
        }
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let Some(url) = location.and_then(|location| self.url.join(location).ok()) else { return false };
        if matches!(response.status().as_u16(), 301..=303) {
            self.method = Method::GET;
            self.body = Bytes::new();
        }
        if url.origin() != self.url.origin() && !rules.token_follows_redirects {
            self.authorization = None;
        }
        self.url = url;
        true
    }
}
