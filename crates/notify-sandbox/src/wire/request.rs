//! Requests: `http`'s own type, and what the API reads from it.

use bytes::Bytes;
use http::header::{self, AsHeaderName, HeaderMap, HeaderValue};

use crate::wire::query::Query;

/// A request with its whole body.
pub(crate) type Request = http::Request<Bytes>;

/// The sandbox's address as the client knows it: scheme, host and port. The server attaches it to each request.
#[derive(Clone)]
pub(crate) struct BaseUrl(String);

impl BaseUrl {
    /// Reads the address from the headers of a request. A proxy in front of the sandbox may have added TLS.
    pub(crate) fn of(headers: &HeaderMap, scheme: &str, authority: &str) -> Self {
        let scheme = if text(headers, "x-forwarded-proto") == Some("https") { "https" } else { scheme };
        let plain = |host: &&str| {
            !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b))
        };
        let host = text(headers, header::HOST).filter(plain).unwrap_or(authority);
        Self(format!("{scheme}://{host}"))
    }
}

/// What the API reads from a request.
pub(crate) trait RequestExt {
    fn parameters(&self) -> Query;

    fn base_url(&self) -> &str;

    /// A link to another path, with the same query.
    fn link(&self, path: &str) -> String;

    /// The `Authorization` header. Several are joined into one, which is then not a valid token.
    fn authorization(&self) -> Option<Vec<u8>>;

    fn range(&self) -> Option<&str>;

    /// Whether the body claims to be JSON, of whatever kind.
    fn says_json(&self) -> bool;
}

impl RequestExt for Request {
    fn parameters(&self) -> Query {
        Query::read(self.uri().query().unwrap_or_default())
    }

    fn base_url(&self) -> &str {
        self.extensions().get::<BaseUrl>().map_or("", |base| &base.0)
    }

    fn link(&self, path: &str) -> String {
        let query = self.uri().query().unwrap_or_default();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{query}", self.base_url())
    }

    fn authorization(&self) -> Option<Vec<u8>> {
        let values: Vec<&[u8]> =
            self.headers().get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes).collect();
        (!values.is_empty()).then(|| values.join(&b','))
    }

    fn range(&self) -> Option<&str> {
        text(self.headers(), header::RANGE)
    }

    fn says_json(&self) -> bool {
        let content_type = text(self.headers(), header::CONTENT_TYPE).unwrap_or_default();
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json")
    }
}

fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_could_not_be_one_is_not_repeated() {
        let mut headers = HeaderMap::new();
        let base = |headers: &HeaderMap| BaseUrl::of(headers, "http", "127.0.0.1:1").0;
        assert_eq!(base(&headers), "http://127.0.0.1:1");
        headers.insert(header::HOST, HeaderValue::from_static("localhost:2"));
        assert_eq!(base(&headers), "http://localhost:2");
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        assert_eq!(base(&headers), "https://localhost:2");
        headers.insert(header::HOST, HeaderValue::from_static("a/b?c"));
        assert_eq!(base(&headers), "https://127.0.0.1:1");
    }
}
