//! A request before it has a host and a token.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::printable::Printable;

/// In a path segment as in a query, everything except RFC 3986's unreserved characters is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Enough for most messages, not counting files.
const ROOM_BESIDE_FILES: usize = 512;

/// The path, query and body of one request, relative to the base URL.
///
/// `Debug` shows the path without its query and the size of the body, since both may hold personal data.
///
/// # Examples
///
/// ```
/// use notify_api::RequestParts;
///
/// let request = RequestParts::new("/v2/notifications").query("status", "created").query("reference", "a b&c");
/// assert_eq!(request.path_and_query(), "/v2/notifications?status=created&reference=a%20b%26c");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RequestParts {
    path_and_query: Cow<'static, str>,
    path_length: usize,
    body: Option<Bytes>,
    /// The body without its large files, if it has any.
    without_files: Option<Bytes>,
}

impl RequestParts {
    /// Starts a request for `path`, which begins with `/` and is sent as it is.
    pub fn new(path: impl Into<Cow<'static, str>>) -> Self {
        let path_and_query = path.into();
        Self { path_length: path_and_query.len(), path_and_query, body: None, without_files: None }
    }

    /// Adds a parameter to the query, percent-encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        let text = self.path_and_query.to_mut();
        text.push(if text.len() == self.path_length { '?' } else { '&' });
        text.extend(utf8_percent_encode(name, ENCODED));
        text.push('=');
        text.extend(utf8_percent_encode(value, ENCODED));
        self
    }

    /// Gives the request a JSON body.
    ///
    /// # Errors
    ///
    /// If `body` cannot be written as JSON, such as a map whose keys are not text.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self, InvalidRequest> {
        self.body = Some(json(body, 0)?);
        Ok(self)
    }

    /// The same for a body that holds about `length` bytes of files, so that memory is allocated once. It also keeps
    /// the body without its large files: only that is searched for values that must not be shown.
    pub(crate) fn json_with_files(
        mut self,
        body: &impl Serialize,
        length: usize,
        without_files: &impl Serialize,
    ) -> Result<Self, InvalidRequest> {
        self.body = Some(json(body, length)?);
        self.without_files = Some(json(without_files, 0)?);
        Ok(self)
    }

    /// The path and query, as they are sent after the base URL.
    pub fn path_and_query(&self) -> &str {
        &self.path_and_query
    }

    /// The JSON body, if the request has one.
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// The part of the body that a message can show: without its large files.
    pub(crate) fn echoed_body(&self) -> Option<&Bytes> {
        self.without_files.as_ref().or(self.body.as_ref())
    }

    /// The path and query after a prefix. Copies only if either requires it.
    pub(crate) fn path_and_query_after(&self, prefix: &str) -> Bytes {
        match &self.path_and_query {
            Cow::Borrowed(text) if prefix.is_empty() => Bytes::from_static(text.as_bytes()),
            text => Bytes::from([prefix, text].concat()),
        }
    }

    pub(crate) fn query_str(&self) -> &str {
        self.path_and_query.get(self.path_length + 1..).unwrap_or_default()
    }
}

fn json(body: &impl Serialize, length: usize) -> Result<Bytes, InvalidRequest> {
    let mut bytes = Vec::with_capacity(length + ROOM_BESIDE_FILES);
    serde_json::to_writer(&mut bytes, body)
        .map_err(|_| InvalidRequest::new("the body cannot be written as JSON"))?;
    Ok(Bytes::from(bytes))
}

impl fmt::Debug for RequestParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("path", &&self.path_and_query[..self.path_length])
            .field("body_bytes", &self.body.as_ref().map_or(0, Bytes::len))
            .finish_non_exhaustive()
    }
}

/// Why a request is invalid, found before anything was sent.
///
/// The text names the field and the rule, but never the value.
///
/// # Examples
///
/// ```
/// use notify_api::InvalidRequest;
///
/// let error = InvalidRequest::new("must not be empty").in_field("name");
/// assert_eq!(error.to_string(), "name must not be empty");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequest {
    field: Option<String>,
    reason: &'static str,
}

impl InvalidRequest {
    /// An error that says `reason`: the rule that is broken. It also names the field, unless that is set separately.
    pub const fn new(reason: &'static str) -> Self {
        Self { field: None, reason }
    }

    /// Names the field that breaks the rule, as the API spells it, or the placeholder.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The field or the placeholder that breaks the rule, if there is one.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{} {}", Printable(field), self.reason),
            None => f.write_str(self.reason),
        }
    }
}

impl std::error::Error for InvalidRequest {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_the_query_nor_the_body() {
        let request = RequestParts::new("/v2/notifications")
            .query("reference", "kim-7")
            .json(&["07700900123"])
            .unwrap();
        let shown = format!("{request:?}");
        assert!(shown.contains("/v2/notifications"), "{shown}");
        assert!(!shown.contains("kim-7") && !shown.contains("07700900123"), "{shown}");
    }

    #[test]
    fn a_body_that_is_not_json_is_an_error() {
        let map = std::collections::BTreeMap::from([(vec![1_u8], 2)]);
        assert!(RequestParts::new("/").json(&map).is_err());
    }
}
