//! The id under which the service's staff can find a request.

use http::HeaderMap;

/// The header in which the service names the trace of a request.
const TRACE_ID: &str = "x-b3-traceid";

/// The id that a response names, if it does.
pub(crate) fn of(headers: &HeaderMap) -> Option<&str> {
    headers.get(TRACE_ID)?.to_str().ok()
}
