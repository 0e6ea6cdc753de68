//! The inbox: a page under `/sandbox/inbox` that shows what was sent, live, and lets people control the sandbox.
//!
//! The page is static. Whatever it shows and does, it asks of the control API, so a script can do all of it, too. Only
//! what is shown in a frame is served here: an e-mail, which may run nothing and load nothing, and a letter's PDF,
//! because a browser sends no header of ours for a frame.

mod assets;
mod frame;

use http::header::{self, HeaderName};
use http::{Method, StatusCode};

use crate::control::{ControlApi, Denied, PAGE, TOKEN};
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response, ResponseExt as _};

/// What the page may do: run and show what comes from here, as files, and nothing else. A script that treats text as HTML
/// fails.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// Whether a path belongs to the page.
pub(crate) fn serves(path: &str) -> bool {
    path.strip_prefix(PAGE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers a request for the page or a part of it.
pub(crate) fn answer(api: &ControlApi, request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return response::control_error(405, "this takes GET");
    }
    let path = request.uri().path().strip_prefix(PAGE).unwrap_or_default().trim_start_matches('/');
    if path.is_empty()
        && let Some(cookie) = request.parameters().first(TOKEN).and_then(|token| api.access().redeem(token))
    {
        return welcome(request, &cookie);
    }
    let response = match api.access().check_visit(request.headers()) {
        Ok(()) if comes_from_elsewhere(request) && !path.is_empty() => {
            response::control_error(403, "only the inbox itself may load this")
        }
        Ok(()) => match frame::answer(api, path, request) {
            Some(framed) => return framed,
            None => assets::find(path).unwrap_or_else(|| {
                response::control_error(404, "there is nothing here: the inbox is at /sandbox/inbox")
            }),
        },
        Err(Denied::Unknown) => assets::not_let_in(),
        Err(denied) => response::control_error(denied.status(), denied.why()),
    };
    guarded(response, POLICY, "DENY")
}

/// Sends a browser that came by a link to the page, with its cookie.
fn welcome(request: &Request, cookie: &str) -> Response {
    let mut response = response::new(303, "text/plain; charset=utf-8", "");
    if comes_from_elsewhere(request) {
        // A redirect counts as asked for by the page that had the link, and the browser would hold the cookie back.
        *response.status_mut() = StatusCode::OK;
        response = response.with_header(header::REFRESH, &format!("0; url={PAGE}"));
    } else {
        response = response.with_header(header::LOCATION, PAGE);
    }
    guarded(response.with_header(header::SET_COOKIE, cookie), POLICY, "DENY")
}

/// Whether a browser says that another site made it send the request.
fn comes_from_elsewhere(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|site| site.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

/// A response with what keeps other sites out.
fn guarded(response: Response, policy: &str, framing: &str) -> Response {
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_FRAME_OPTIONS, framing),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ]
    .into_iter()
    .fold(response, |response, (name, value)| response.with_header(name, value))
}
