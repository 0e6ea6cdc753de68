//! What goes back: a status, a content type and a body.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::faults::ErrorResponse;
use crate::python::json::{self, surrogate};
use crate::wire::refusal::Refusal;

/// A whole answer, before the headers that every answer has.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
    /// Headers of this answer alone.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// For the developer's log: why it is a refusal.
    pub(crate) reason: Option<String>,
}

const JSON: &str = "application/json";
const HTML: &str = "text/html";

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, JSON, surrogate::escape(body.to_string()).into_bytes())
    }

    /// An object with one more field, whose value may be what only the service calls JSON.
    pub(crate) fn with_field(mut self, name: &str, value: &json::Value) -> Self {
        debug_assert!(
            self.body.ends_with(b"}") && self.body != b"{}",
            "an answer with a field is an object with fields"
        );
        self.body.pop();
        let field = format!(",{}:{}}}", Value::from(name), value.to_json());
        self.body.extend(surrogate::escape(field).into_bytes());
        self
    }

    pub(crate) fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self { status, content_type, body, headers: Vec::new(), reason: None }
    }

    fn refused(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// No such path, in the envelope that the service uses outside its versioned API.
    pub(crate) fn no_such_path() -> Self {
        let message = "The requested URL was not found on the server. If you entered the URL manually please check \
                       your spelling and try again.";
        Self::json(404, &json!({ "result": "error", "message": message })).refused("no such path")
    }

    /// A path that does not take this method. The body is JSON, its label says HTML.
    pub(crate) fn method_not_allowed(allowed: &str) -> Self {
        let body =
            json!({ "result": "error", "message": "The method is not allowed for the requested URL." });
        Self::new(405, "text/html; charset=utf-8", body.to_string().into_bytes())
            .with_header("allow", allowed)
            .refused(format!("the path takes {allowed}"))
    }

    /// Another path says the same.
    pub(crate) fn moved(location: &str) -> Self {
        let escaped = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('\'', "&#39;"), ('"', "&#34;")]
            .into_iter()
            .fold(location.to_owned(), |text, (character, entity)| text.replace(character, entity));
        let body = format!(
            "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n\
             <p>You should be redirected automatically to the target URL: <a href=\"{escaped}\">{escaped}</a>. \
             If not, click the link.\n"
        );
        Self::new(308, "text/html; charset=utf-8", body.into_bytes())
            .with_header("location", location)
            .refused("the path has a slash too many")
    }

    /// What a path offers, for `OPTIONS`.
    pub(crate) fn options(allowed: &str) -> Self {
        Self::new(200, "text/html; charset=utf-8", Vec::new()).with_header("allow", allowed)
    }

    /// A path of the service's own website, which no service key opens.
    pub(crate) fn internal_path() -> Self {
        let message = json!({ "token": ["Unauthorized: not allowed to perform this action"] });
        Self::json(401, &json!({ "result": "error", "message": message }))
            .refused("a path for the website only")
    }

    /// What the server in front of the application says to a request that it will not pass on.
    pub(crate) fn from_front(status: u16, title: &str, detail: &str) -> Self {
        let body = format!(
            "<html>\n  <head>\n    <title>{title}</title>\n  </head>\n  <body>\n    <h1><p>{title}</p></h1>\n    \
             {detail}\n  </body>\n</html>\n"
        );
        Self::new(status, HTML, body.into_bytes()).refused(title)
    }

    /// A failure of the service or of what stands before it, as recorded or, for load balancers, as they say it.
    pub(crate) fn failure(failure: ErrorResponse) -> Self {
        let json = |status, error, message| {
            Self::json(
                status,
                &json!({ "status_code": status, "errors": [{ "error": error, "message": message }] }),
            )
        };
        match failure {
            ErrorResponse::TooManyRequests => json(429, "TooManyRequestsError", "Exceeded rate limit"),
            ErrorResponse::InternalError => json(500, "Exception", "Internal server error"),
            ErrorResponse::BadGateway => Self::from_balancer(502, "Bad Gateway"),
            ErrorResponse::Unavailable => Self::from_balancer(503, "Service Temporarily Unavailable"),
            ErrorResponse::GatewayTimeout => json(504, "SoftEventletTimeout", "Timeout serving request"),
        }
    }

    fn from_balancer(status: u16, title: &str) -> Self {
        let body = format!(
            "<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1>\
             </center>\r\n</body>\r\n</html>\r\n"
        );
        Self::new(status, HTML, body.into_bytes())
    }

    /// What the control API refuses.
    pub(crate) fn control_error(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "error": message }))
    }

    /// A PDF, or the part of it that a `Range` header asks for.
    pub(crate) fn pdf(bytes: Vec<u8>, range: Option<&str>) -> Self {
        let length = bytes.len();
        let answer = match range.and_then(|range| part(range, length)) {
            Some((first, last)) => Self::new(206, "application/pdf", bytes[first..=last].to_vec())
                .with_header("content-range", format!("bytes {first}-{last}/{length}")),
            None => Self::new(200, "application/pdf", bytes),
        };
        answer.with_header("accept-ranges", "bytes")
    }
}

/// The first and last byte of a single satisfiable range.
fn part(range: &str, length: usize) -> Option<(usize, usize)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let end = length.checked_sub(1)?;
    let (first, last) = match (first, last) {
        ("", suffix) => (length.saturating_sub(suffix.parse().ok()?), end),
        (first, "") => (first.parse().ok()?, end),
        (first, last) => (first.parse().ok()?, last.parse::<usize>().ok()?.min(end)),
    };
    (first <= last).then_some((first, last))
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let entry = refusal.entry();
        let error = |message: &Cow<'_, str>| {
            let mut error = entry.details.clone();
            error.insert("error".to_owned(), entry.class.into());
            error.insert("message".to_owned(), message.as_ref().into());
            Value::Object(error)
        };
        let errors: Vec<Value> = entry.messages.iter().map(error).collect();
        let body = json!({ "status_code": entry.status, "errors": errors });
        Self::json(entry.status, &body).refused(entry.hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_what_there_is() {
        assert_eq!(part("bytes=0-9", 192), Some((0, 9)));
        assert_eq!(part("bytes=190-500", 192), Some((190, 191)));
        assert_eq!(part("bytes=-2", 192), Some((190, 191)));
        assert_eq!(part("bytes=5-", 192), Some((5, 191)));
        for unusable in ["bytes=192-", "bytes=9-1", "bytes=x-1", "lines=0-1", "bytes=0-1,3-4", "bytes=-0"] {
            assert_eq!(part(unusable, 192), None, "{unusable}");
        }
        assert_eq!(part("bytes=0-0", 0), None);
    }
}
