//! The id by which the service's staff can find a request.

use http::HeaderMap;

/// The header in which the service names the trace of a request.
const TRACE_ID: &str = "x-b3-traceid";

/// The id in a response, if there is one.
pub(crate) fn of(headers: &HeaderMap) -> Option<&str> {
    headers.get(TRACE_ID)?.to_str().ok()
}
