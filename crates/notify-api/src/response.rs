//! What a successful call returns.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::call::Value;
use crate::report::Report;
use crate::{Endpoint, Error, json, trace_id};

/// An answer as it came: status, headers and body, with the attempts and the time it took.
///
/// `Debug` shows the size of the body but not the body, which may hold personal data.
#[derive(Clone)]
pub struct RawResponse {
    response: http::Response<Bytes>,
    report: Report,
    was_found: bool,
    /// The answer, if it was decoded already.
    value: Option<Value>,
}

impl RawResponse {
    pub(crate) fn new(response: http::Response<Bytes>, report: Report) -> Self {
        Self { response, report, was_found: false, value: None }
    }

    /// A message that was looked up, as the service lists it.
    pub(crate) fn found(message: Bytes, report: Report) -> Self {
        Self { response: http::Response::new(message), report, was_found: true, value: None }
    }

    /// The same answer, decoded, at the end of its call.
    pub(crate) fn read(self, value: Value, report: Report) -> Self {
        Self { report, value: Some(value), ..self }
    }

    pub(crate) fn into_response(self) -> http::Response<Bytes> {
        self.response
    }

    /// Whether the answer to a send was lost and the message was then found by its reference.
    ///
    /// If so, the body is the message as the service lists it, and there are no headers.
    pub fn was_found(&self) -> bool {
        self.was_found
    }

    /// The HTTP status, which is one of the 2xx.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The body, byte for byte.
    pub fn body(&self) -> &Bytes {
        self.response.body()
    }

    /// The id by which the service's staff can find the request, if the service named one.
    pub fn trace_id(&self) -> Option<&str> {
        trace_id::of(self.headers())
    }

    /// How many requests the call took, at least 1.
    pub fn attempts(&self) -> u32 {
        self.report.attempts
    }

    /// How long the call took, waits included.
    pub fn elapsed(&self) -> Duration {
        self.report.elapsed
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    ///
    /// An error for which [`Error::is_unreadable`] holds. It names the field that is wrong but not its value.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        json::read(self.body()).map_err(|place| self.unreadable(&format!("at {place}")))
    }

    /// Reads the body as the answer of `E`, and keeps the raw answer beside the value.
    ///
    /// # Errors
    ///
    /// As [`Endpoint::decode`].
    pub fn decode<E: Endpoint>(mut self) -> Result<ApiResponse<E::Response>, Error> {
        let read = self.value.take().and_then(|value| value.downcast().ok()).and_then(Arc::into_inner);
        let value = read.map_or_else(|| E::decode(&self), Ok)?;
        Ok(ApiResponse { value, raw: self })
    }

    /// An error for which [`Error::is_unreadable`] holds, for your own endpoints. `problem` says what is wrong with the
    /// answer and must show none of its values.
    pub fn unreadable(&self, problem: &str) -> Error {
        Error::unreadable(self.report.clone(), &self.response, problem)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status())
            .field("trace_id", &self.trace_id())
            .field("body_bytes", &self.body().len())
            .field("attempts", &self.attempts())
            .field("elapsed", &self.elapsed())
            .finish_non_exhaustive()
    }
}

/// What the service answered, typed, with the raw response beside it.
///
/// It dereferences to the typed answer, so you can read its fields directly.
///
/// # Examples
///
/// ```
/// # use notify_api::{ApiResponse, model::SentSms};
/// fn log(sent: &ApiResponse<SentSms>) {
///     println!("{} is on its way (trace {:?})", sent.id, sent.raw().trace_id());
/// }
/// ```
#[derive(Debug, Clone)]
pub struct ApiResponse<T> {
    value: T,
    raw: RawResponse,
}

impl<T> ApiResponse<T> {
    #[cfg(feature = "testing")]
    pub(crate) fn new(value: T, raw: RawResponse) -> Self {
        Self { value, raw }
    }

    /// The response as it came, including fields that the typed answer does not have.
    pub fn raw(&self) -> &RawResponse {
        &self.raw
    }

    /// The typed answer alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The typed answer, and the response as it came.
    pub fn into_parts(self) -> (T, RawResponse) {
        (self.value, self.raw)
    }
}

impl<T> Deref for ApiResponse<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
