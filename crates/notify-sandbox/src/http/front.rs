//! The server in front of the application, which turns some requests away before the application sees them.

use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::wire::response::{self, Response};

/// The longest first line of a request, in bytes.
const MAX_REQUEST_LINE: usize = 4094;

/// The longest header, name and value, in bytes.
const MAX_HEADER: usize = 8190;

/// Refuses what the server in front of the application refuses: lines and headers that are too long, and strange
/// methods.
pub(super) fn refuse(method: &str, path: &str, headers: &HeaderMap) -> Option<Response> {
    let line = method.len() + path.len() + " ".len() + " HTTP/1.1".len();
    if line > MAX_REQUEST_LINE {
        let detail = format!("Request Line is too large ({line} &gt; {MAX_REQUEST_LINE})");
        return Some(response::from_front(400, "Bad Request", &detail));
    }
    if !is_method(method) {
        let detail = format!(
            "Invalid Method &#x27;Invalid HTTP method: &#x27;{}&#x27;&#x27;",
            method.replace('&', "&amp;")
        );
        return Some(response::from_front(400, "Bad Request", &detail));
    }
    let is_long = |(name, value): (&HeaderName, &HeaderValue)| {
        name.as_str().len() + ": ".len() + value.len() > MAX_HEADER
    };
    if headers.iter().any(is_long) {
        let detail = "Error parsing headers: &#x27;limit request headers fields size&#x27;";
        return Some(response::from_front(431, "Request Header Fields Too Large", detail));
    }
    None
}

/// That server's answer to a body that is cut short or has malformed chunks.
pub(super) fn malformed_body() -> Response {
    response::from_front(400, "Bad Request", "The body breaks off or is malformed.")
}

/// The answer to a client that stops in the middle of a body.
pub(super) fn too_slow() -> Response {
    response::from_front(408, "Request Timeout", "The rest of the body did not come.")
}

/// What that server accepts as a method: 3 to 20 characters, none of them a lower-case letter or `#`.
fn is_method(method: &str) -> bool {
    (3..=20).contains(&method.len()) && !method.contains(|c: char| c.is_ascii_lowercase() || c == '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_words_in_capitals() {
        assert!(["GET", "PATCH", "X-Y_1"].into_iter().all(is_method));
        assert!(!["get", "Get", "GE", "G#T", "ABCDEFGHIJKLMNOPQRSTU"].into_iter().any(is_method));
    }
}
