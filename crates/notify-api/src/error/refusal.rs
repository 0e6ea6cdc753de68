//! What the service, or something before it, says when it does not do what was asked.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Value;

use crate::answer::trace_id;
use crate::mask::Masks;

/// The text by which the service says that a token's time is off (CONTRACT §3).
const CLOCK_MESSAGE: &str = "Error: Your system clock must be accurate to within 30 seconds";

/// One reason for a refusal, as the service gives it: a class and a message.
///
/// `Display` and `Debug` mask the request's own values; [`message`](Self::message) is the full text.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceError {
    class: Option<String>,
    message: String,
    masked: String,
}

impl ServiceError {
    /// The word under `error`, such as `ValidationError`; the service asks to branch on this one.
    ///
    /// `None` in the envelope of unknown paths and wrong methods, which has no such word.
    pub fn class(&self) -> Option<&str> {
        self.class.as_deref()
    }

    /// The full text, which may echo the recipient, the reference or the personalisation of the request.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.class {
            Some(class) => write!(f, "{class}: {}", self.masked),
            None => f.write_str(&self.masked),
        }
    }
}

impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError").field("class", &self.class).field("message", &self.masked).finish()
    }
}

/// A response that is not a success.
pub(crate) struct Refusal {
    status: StatusCode,
    trace_id: Option<String>,
    content_type: Option<String>,
    errors: Vec<ServiceError>,
    body: Bytes,
    clock_offset_seconds: Option<i64>,
    /// Whether it was found out that the message was not taken.
    is_settled: bool,
}

/// Both envelopes of the service (CONTRACT §6.1) in one: the one has `errors`, the other `message`.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    errors: Vec<Item>,
    result: Option<String>,
    message: Option<Value>,
}

#[derive(Deserialize)]
struct Item {
    error: Option<String>,
    message: Option<Value>,
}

impl Refusal {
    /// Reads a response whatever its content type says: the service labels some of its JSON as HTML.
    pub(crate) fn new(response: http::Response<Bytes>, masks: &Masks) -> Self {
        let (head, body) = response.into_parts();
        Self {
            status: head.status,
            trace_id: trace_id(&head.headers).map(str::to_owned),
            content_type: head
                .headers
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            errors: read(&body, masks),
            body,
            clock_offset_seconds: None,
            is_settled: false,
        }
    }

    pub(crate) fn with_clock_offset(mut self, seconds: Option<i64>) -> Self {
        self.clock_offset_seconds = seconds;
        self
    }

    pub(crate) fn settled(mut self) -> Self {
        self.is_settled = true;
        self
    }

    /// Whether the service may have taken the message all the same.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.status.is_server_error() && !self.is_settled
    }

    /// Whether it came too fast, by the service's own word or a proxy's; the other 429s are used-up limits.
    pub(crate) fn is_rate_limit(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            && (self.errors.is_empty() || self.is_class("RateLimitError"))
    }

    /// How many messages a minute the service allows, when it says so in refusing one.
    pub(crate) fn rate_limit(&self) -> Option<u32> {
        let message = self.errors.iter().find(|error| error.class() == Some("RateLimitError"))?.message();
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

    pub(crate) fn is_class(&self, class: &str) -> bool {
        self.errors.iter().any(|error| error.class() == Some(class))
    }

    pub(crate) fn is_clock(&self) -> bool {
        self.status == StatusCode::FORBIDDEN && self.errors.iter().any(|error| error.message == CLOCK_MESSAGE)
    }
}

fn read(body: &[u8], masks: &Masks) -> Vec<ServiceError> {
    let Ok(envelope) = serde_json::from_slice::<Envelope>(body) else { return Vec::new() };
    let item = |class: Option<String>, message: Option<Value>| {
        let message = match message {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        };
        ServiceError { class, masked: masks.apply(&message), message }
    };
    if !envelope.errors.is_empty() {
        envelope.errors.into_iter().map(|each| item(each.error, each.message)).collect()
    } else if envelope.result.as_deref() == Some("error") {
        vec![item(None, envelope.message)]
    } else {
        Vec::new()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answered {}", self.status)?;
        if self.errors.is_empty() {
            let what = self.content_type.as_deref().unwrap_or("no content type");
            return write!(
                f,
                " with {} bytes of {what} that are not the service's own words",
                self.body.len()
            );
        }
        for (index, error) in self.errors.iter().enumerate() {
            write!(f, "{} {error}", if index == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status)
            .field("trace_id", &self.trace_id)
            .field("errors", &self.errors)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &'static str) -> Refusal {
        let response =
            http::Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap();
        Refusal::new(response, &Masks::default())
    }

    #[test]
    fn every_item_of_the_first_envelope_is_read() {
        let body = r#"{"status_code":400,"errors":[{"error":"A","message":"a"},{"error":"B","message":"b","data":1}]}"#;
        let refusal = refusal(400, body);
        assert_eq!(refusal.to_string(), "answered 400 Bad Request: A: a; B: b");
        assert!(refusal.is_class("B"));
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
    fn a_body_that_is_neither_is_kept_and_not_shown() {
        let refusal = refusal(502, "<html>secret</html>");
        assert!(refusal.errors().is_empty());
        assert_eq!(refusal.body(), b"<html>secret</html>");
        let shown = format!("{refusal} {refusal:?}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}
