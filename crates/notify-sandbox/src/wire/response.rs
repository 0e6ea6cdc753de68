//! Responses: `http`'s own type, and one function for each kind of body that the service sends.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

use crate::python::json::{self, surrogate};
use crate::wire::refusal::{Entry, Envelope, Refusal};

/// A whole response, before the headers that every response has.
pub(crate) type Response = http::Response<Bytes>;

/// Why a response is a refusal, for the developer's log. An extension of the response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reason(pub(crate) String);

/// What a developer can do about a refusal. An extension of the response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Remedy(pub(crate) &'static str);

/// How many headers the server adds to every response.
pub(crate) const COMMON_HEADERS: usize = 9;

/// How many bytes an ordinary body has, so that there is room for it from the start.
const ORDINARY: usize = 1024;

const JSON: &str = "application/json";
pub(crate) const HTML: &str = "text/html";

/// A response with a body.
pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into());
    *response.headers_mut() = HeaderMap::with_capacity(COMMON_HEADERS + 1);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

pub(crate) fn json(status: u16, body: &Value) -> Response {
    // Not through `Display`, which would write each word through a formatter.
    let mut text = Vec::with_capacity(ORDINARY);
    serde_json::to_writer(&mut text, body).expect("a value of JSON can be written as JSON");
    let text = String::from_utf8(text).expect("JSON is written as UTF-8");
    new(status, JSON, surrogate::escape(text))
}

/// JSON with the keys of each object sorted, as the service sorts them. A value that cannot be serialised is an internal
/// error, not an empty success.
pub(crate) fn serialised(status: u16, body: &impl Serialize) -> Response {
    match serde_json::to_value(body) {
        Ok(body) => json(status, &body),
        Err(error) => error_of(500, "Exception", "Internal server error")
            .refused(format!("the sandbox cannot write the response: {error}")),
    }
}

/// Additions to a response.
pub(crate) trait ResponseExt {
    fn refused(self, reason: impl Into<String>) -> Self;

    fn with_header(self, name: HeaderName, value: &str) -> Self;
}

impl ResponseExt for Response {
    fn refused(mut self, reason: impl Into<String>) -> Self {
        self.extensions_mut().insert(Reason(reason.into()));
        self
    }

    fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers_mut().insert(name, value);
        }
        self
    }
}

/// The same JSON object with one more field, whose value may be JSON to the service alone, such as `NaN`.
pub(crate) fn with_field(response: Response, name: &str, value: &json::Value) -> Response {
    response.map(|body| {
        let fields = body.strip_suffix(b"}").filter(|fields| fields.len() > 1);
        debug_assert!(fields.is_some(), "a response with a field is an object with fields");
        let field = format!(",{}:{}}}", Value::from(name), value.to_json());
        [fields.unwrap_or_default(), surrogate::escape(field).as_bytes()].concat().into()
    })
}

/// The message about a path that does not exist.
pub(crate) const NO_SUCH_PATH: &str = "The requested URL was not found on the server. If you entered the URL manually \
                                       please check your spelling and try again.";

/// No such path, in the envelope that the service uses outside its versioned API.
pub(crate) fn no_such_path() -> Response {
    json(404, &json!({ "result": "error", "message": NO_SUCH_PATH })).refused("no such path")
}

/// A path that does not take this method. The body is JSON, although its label says HTML.
pub(crate) fn method_not_allowed(allowed: &str) -> Response {
    let body = json!({ "result": "error", "message": "The method is not allowed for the requested URL." });
    new(405, "text/html; charset=utf-8", body.to_string())
        .with_header(header::ALLOW, allowed)
        .refused(format!("the path takes {allowed}"))
}

/// A redirect to the same path with single slashes.
pub(crate) fn moved(location: &str) -> Response {
    let escaped = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('\'', "&#39;"), ('"', "&#34;")]
        .into_iter()
        .fold(location.to_owned(), |text, (character, entity)| text.replace(character, entity));
    let body = format!(
        "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n\
         <p>You should be redirected automatically to the target URL: <a href=\"{escaped}\">{escaped}</a>. \
         If not, click the link.\n"
    );
    new(308, "text/html; charset=utf-8", body)
        .with_header(header::LOCATION, location)
        .refused("the path has a slash too many")
}

/// What a path offers, for `OPTIONS`.
pub(crate) fn options(allowed: &str) -> Response {
    new(200, "text/html; charset=utf-8", Bytes::new()).with_header(header::ALLOW, allowed)
}

/// A path of the service's own website, which no service key opens.
pub(crate) fn internal_path() -> Response {
    let message = json!({ "token": ["Unauthorized: not allowed to perform this action"] });
    json(401, &json!({ "result": "error", "message": message })).refused("a path for the website only")
}

/// The answer of the server in front of the application to a request that it does not pass on.
pub(crate) fn from_front(status: u16, title: &str, detail: &str) -> Response {
    let body = format!(
        "<html>\n  <head>\n    <title>{title}</title>\n  </head>\n  <body>\n    <h1><p>{title}</p></h1>\n    \
         {detail}\n  </body>\n</html>\n"
    );
    new(status, HTML, body).refused(title)
}

/// An error in the service's usual form.
pub(crate) fn error_of(status: u16, error: &str, message: &str) -> Response {
    json(status, &json!({ "status_code": status, "errors": [{ "error": error, "message": message }] }))
}

/// An error of the control API.
pub(crate) fn control_error(status: u16, message: &str) -> Response {
    json(status, &json!({ "error": message }))
}

/// A PDF, or the part of it that a `Range` header asks for.
pub(crate) fn pdf(bytes: Vec<u8>, range: Option<&str>) -> Response {
    let length = bytes.len();
    let response = match range.and_then(|range| part(range, length)) {
        Some((first, last)) => new(206, "application/pdf", Bytes::copy_from_slice(&bytes[first..=last]))
            .with_header(header::CONTENT_RANGE, &format!("bytes {first}-{last}/{length}")),
        None => new(200, "application/pdf", bytes),
    };
    response.with_header(header::ACCEPT_RANGES, "bytes")
}

/// A file to be saved under a name.
pub(crate) fn file(content_type: &'static str, filename: &str, bytes: Vec<u8>) -> Response {
    new(200, content_type, bytes)
        .with_header(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{filename}\""))
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

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        refusal_of(&refusal, refusal.entry())
    }
}

/// The response to a refusal, in the words of a service, with what can be done about it.
pub(crate) fn refusal_of(refusal: &Refusal, entry: Entry<'_>) -> Response {
    let mut response = refused(entry);
    if let Some(remedy) = refusal.remedy() {
        response.extensions_mut().insert(Remedy(remedy));
    }
    response
}

/// The response that a row of the table stands for.
pub(crate) fn refused(entry: Entry<'_>) -> Response {
    let error = |message: &Cow<'_, str>| {
        let mut error = entry.details.clone();
        error.insert("error".to_owned(), entry.class.into());
        error.insert("message".to_owned(), message.as_ref().into());
        Value::Object(error)
    };
    let general = || {
        let message = entry.messages.first().map_or("", Cow::as_ref);
        json!({ "result": "error", "message": message })
    };
    let errors: Vec<Value> = entry.messages.iter().map(error).collect();
    let response = match entry.envelope {
        Envelope::Versioned => json(entry.status, &json!({ "status_code": entry.status, "errors": errors })),
        Envelope::WithoutStatus => json(entry.status, &json!({ "errors": errors })),
        Envelope::General => json(entry.status, &general()),
        Envelope::GeneralAsHtml => new(entry.status, "text/html; charset=utf-8", general().to_string()),
    };
    response.refused(entry.hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_an_internal_error_and_not_an_empty_success() {
        struct Unwritable;
        impl Serialize for Unwritable {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("no"))
            }
        }
        let response = serialised(200, &[Unwritable]);
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(serde_json::from_slice::<Value>(response.body()).unwrap()["status_code"], 500);
        assert!(response.extensions().get::<Reason>().is_some());
    }

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
