//! The answer of the service, or of something in front of it, when it did not do what was asked.

mod envelope;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::{ErrorKind, ServiceError};
use crate::headers::is_kept;
use crate::printable::Printable;
use crate::redaction::Redaction;
use crate::{ProxyAddress, trace_id};
use envelope::Envelope;

/// How many bytes are kept of a body that is not in the service's own words.
const FOREIGN_KEPT: usize = 2_048;

/// How many of the service's reasons are shown; more are kept.
const ERRORS_SHOWN: usize = 8;

/// The longest name of a content type that is shown.
const LONGEST_CONTENT_TYPE: usize = 100;

/// A response that is not a success.
pub(crate) struct Refusal {
    status: StatusCode,
    trace_id: Option<String>,
    content_type: Option<String>,
    errors: Vec<ServiceError>,
    body: Bytes,
    /// How long the body was; not all of it may be kept.
    body_len: usize,
    clock_offset_seconds: Option<i64>,
    /// Whether a cache gave it, as an answer to an earlier request.
    is_cached: bool,
    /// How long it asks the caller to wait, within the bound.
    retry_after: Duration,
    /// The proxy that the answer came through, if the transport names it.
    proxy: Option<ProxyAddress>,
}

impl Refusal {
    /// Reads a response regardless of its content type: the service labels some of its JSON as HTML.
    pub(crate) fn new(response: http::Response<Bytes>, redaction: &Redaction) -> Self {
        let (head, mut body) = response.into_parts();
        let errors = read(head.status, &body, redaction);
        let body_len = body.len();
        if errors.is_empty() && body_len > FOREIGN_KEPT {
            // Copies, so that the rest is freed.
            body = Bytes::copy_from_slice(&body[..FOREIGN_KEPT]);
        }
        Self {
            status: head.status,
            trace_id: trace_id::of(&head.headers).map(str::to_owned),
            content_type: head
                .headers
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .filter(|name| name.len() <= LONGEST_CONTENT_TYPE)
                .map(str::to_owned),
            errors,
            body,
            body_len,
            clock_offset_seconds: None,
            is_cached: is_kept(&head.headers),
            retry_after: Duration::ZERO,
            proxy: head.extensions.get().cloned(),
        }
    }

    pub(crate) fn with_clock_offset(mut self, seconds: Option<i64>) -> Self {
        self.clock_offset_seconds = seconds;
        self
    }

    pub(crate) fn with_retry_after(mut self, time: Duration) -> Self {
        self.retry_after = time;
        self
    }

    pub(crate) fn retry_after(&self) -> Duration {
        self.retry_after
    }

    /// Whether the service may have taken the message all the same.
    ///
    /// Only the service's own words say that it did not: a 3xx or 4xx in one of its two envelopes
    /// (docs/service-behaviour.md#envelopes). A gateway may answer after the service took the message. A 500 in the
    /// service's own words can come from an error after the message was stored
    /// (docs/service-behaviour.md#server-errors).
    pub(crate) fn is_ambiguous(&self) -> bool {
        let is_refused = self.status.is_client_error() || self.status.is_redirection();
        let is_word = is_refused && !self.errors.is_empty() && !self.is_cached;
        !(is_word || self.is_from_proxy())
    }

    /// Whether the proxy wants credentials, and so passed nothing on.
    pub(crate) fn is_from_proxy(&self) -> bool {
        self.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
    }

    /// Whether a cache gave it, so that it does not belong to this request.
    pub(crate) fn is_cached(&self) -> bool {
        self.is_cached
    }

    /// Whether the answer came from something that does not speak like a Notify service, and is not a gateway in
    /// trouble that may pass.
    pub(crate) fn is_nobodys(&self) -> bool {
        let may_pass = self.status.is_server_error()
            || matches!(
                self.status,
                StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
            );
        self.errors.is_empty() && !may_pass
    }

    /// Whether the request came too fast, in the words of the service or a proxy. Any other 429 means that a limit is
    /// used up.
    pub(crate) fn is_rate_limit(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            && (self.errors.is_empty() || self.has_kind(ErrorKind::RateLimit))
    }

    /// How many messages a minute the service allows, if its refusal says so.
    pub(crate) fn rate_limit(&self) -> Option<u32> {
        let message = self.errors.iter().find(|error| error.kind() == ErrorKind::RateLimit)?.message();
        message.strip_suffix(" requests per 60 seconds")?.rsplit(' ').next()?.parse().ok()
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    pub(crate) fn errors(&self) -> &[ServiceError] {
        &self.errors
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn clock_offset_seconds(&self) -> Option<i64> {
        self.clock_offset_seconds
    }

    /// The kind of its first reason, or, without the service's own words, the kind of whatever answered.
    pub(super) fn kind(&self) -> ErrorKind {
        match self.errors.first() {
            Some(error) => error.kind(),
            None if self.is_rate_limit() => ErrorKind::RateLimit,
            None if self.is_nobodys() => ErrorKind::NotFromService,
            None => ErrorKind::Gateway,
        }
    }

    fn has_kind(&self, kind: ErrorKind) -> bool {
        self.errors.iter().any(|error| error.kind() == kind)
    }

    pub(crate) fn is_clock(&self) -> bool {
        self.status == StatusCode::FORBIDDEN && self.has_kind(ErrorKind::Clock)
    }
}

fn read(status: StatusCode, body: &[u8], redaction: &Redaction) -> Vec<ServiceError> {
    let error = |(class, message)| ServiceError::new(status, class, message, redaction);
    Envelope::reasons(status, body).into_iter().map(error).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_from_proxy() {
            let address = self.proxy.as_ref().map_or("", |ProxyAddress(address)| address);
            let space = if address.is_empty() { "" } else { " " };
            return write!(f, "the proxy{space}{} answered {}", Printable(address), self.status);
        }
        write!(f, "answered {}", self.status)?;
        if self.errors.is_empty() {
            let what = self.content_type.as_deref().unwrap_or("an unknown type");
            return write!(f, " with {} bytes of {what} that are not the service's own words", self.body_len);
        }
        for (index, error) in self.errors.iter().take(ERRORS_SHOWN).enumerate() {
            write!(f, "{} {error}", if index == 0 { ":" } else { ";" })?;
        }
        match self.errors.len().saturating_sub(ERRORS_SHOWN) {
            0 => Ok(()),
            _ if self.errors.len() == envelope::MOST_ITEMS => f.write_str("; and more"),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status)
            .field("trace_id", &self.trace_id)
            .field("errors", &&self.errors[..self.errors.len().min(ERRORS_SHOWN)])
            .field("body_bytes", &self.body_len)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &'static str) -> Refusal {
        let response =
            http::Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap();
        Refusal::new(response, &Redaction::default())
    }

    #[test]
    fn every_item_of_the_first_envelope_is_read() {
        let body = r#"{"status_code":400,"errors":[{"error":"A","message":"a"},{"error":"B","message":"b","data":1}]}"#;
        let refusal = refusal(400, body);
        assert_eq!(refusal.to_string(), "answered 400 Bad Request: A: a; B: b");
        assert_eq!(refusal.errors()[1].class(), Some("B"));
    }

    #[test]
    fn the_second_envelope_is_read_also_when_its_message_is_an_object() {
        assert_eq!(
            refusal(404, r#"{"result":"error","message":"Not found"}"#).to_string(),
            "answered 404 Not Found: Not found"
        );
        let object = refusal(400, r#"{"result":"error","message":{"to":["x"]}}"#);
        assert_eq!(object.errors()[0].message(), r#"{"to":["x"]}"#);
    }

    #[test]
    fn only_the_beginning_of_a_large_foreign_body_is_kept() {
        let page = vec![b'a'; 100_000];
        let response = http::Response::builder().status(502).body(Bytes::copy_from_slice(&page)).unwrap();
        let refusal = Refusal::new(response, &Redaction::default());
        assert_eq!(refusal.body(), &page[..FOREIGN_KEPT]);
        // It reports the full size.
        assert!(refusal.to_string().contains("with 100000 bytes of"), "{refusal}");
        assert!(format!("{refusal:?}").contains("body_bytes: 100000"), "{refusal:?}");
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let body = r#"{"errors":[{"error":"A\u001b[2J","message":"a\nb\u202ec"}]}"#;
        let refusal = refusal(400, body);
        assert_eq!(refusal.to_string(), r"answered 400 Bad Request: A\u{1b}[2J: a\nb\u{202e}c");
        assert!(!format!("{refusal:?}").contains(['\u{1b}', '\n', '\u{202e}']));
        assert_eq!(refusal.errors()[0].message(), "a\nb\u{202e}c");
    }

    #[test]
    fn a_body_in_neither_envelope_is_kept_and_not_shown() {
        let refusal = refusal(502, "<html>secret</html>");
        assert!(refusal.errors().is_empty());
        assert_eq!(refusal.body(), b"<html>secret</html>");
        let shown = format!("{refusal} {refusal:?}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}
