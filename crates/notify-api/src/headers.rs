//! What the headers of an answer say about its age.

use http::HeaderMap;
use http::header::{AGE, DATE};
use notify_jwt::parse_http_date;

/// The unix seconds in the `Date` header.
pub(crate) fn date(headers: &HeaderMap) -> Option<u64> {
    parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

/// Whether a cache kept the answer for a while, so that it does not answer this request. A cache that has just fetched
/// the answer for this very request may say so with an age of 0.
pub(crate) fn is_kept(headers: &HeaderMap) -> bool {
    headers.get(AGE).is_some_and(|age| age.as_bytes() != b"0")
}
