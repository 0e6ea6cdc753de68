//! The socket's side: from HTTP to a [`Request`], and from an [`Answer`] to HTTP.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::api::dispatch::{self, Outcome};
use crate::app::App;
use crate::control::ControlApi;
use crate::faults::FaultAction;
use crate::http::log::{Log, RequestRecord};
use crate::python::id;
use crate::wire::query::Query;
use crate::wire::refusal::Refusal;
use crate::wire::request::Request;
use crate::wire::response::Answer;

use super::body::Body;
use super::host;
use super::request_line::Escaped;

/// The longest first line of a request, in bytes.
const MAX_REQUEST_LINE: usize = 4094;

/// The longest header, name and value, in bytes.
const MAX_HEADER: usize = 8190;

/// The largest body, in bytes. The service itself sets no bound; a letter of 10 pages is far below this.
const MAX_BODY: usize = 32 * 1024 * 1024;

const SANDBOX: HeaderName = HeaderName::from_static("x-sandbox");
const TRACE_ID: HeaderName = HeaderName::from_static("x-b3-traceid");
const SPAN_ID: HeaderName = HeaderName::from_static("x-b3-spanid");

/// Headers by which the service, or what stands before it, may already be tracing a request.
const TRACED_BY: [&str; 3] = ["x-b3-traceid", "x-amz-cf-id", "x-amzn-trace-id"];

/// How long to wait when the system has no connection to give.
const PAUSE_WHEN_EXHAUSTED: Duration = Duration::from_millis(100);

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) app: Arc<App>,
    pub(crate) log: Log,
    /// Answers under `/sandbox/`.
    pub(crate) control_api: ControlApi,
    /// The sandbox's own address, for clients that send no usable `Host`.
    pub(crate) authority: Box<str>,
}

/// A fault ends the connection without a response.
#[derive(Debug, thiserror::Error)]
#[error("an injected fault cut the connection")]
struct ConnectionCut;

/// Accepts connections for ever.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) -> io::Result<Infallible> {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve_connection(stream, Arc::clone(&shared)))),
            Err(error) if is_about_one_connection(&error) => {}
            // Out of files or memory, which passes when connections end.
            Err(_) => tokio::time::sleep(PAUSE_WHEN_EXHAUSTED).await,
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers the requests of one connection.
async fn serve_connection(stream: TcpStream, shared: Arc<Shared>) {
    // Responses are small, and a client waits for each. If the system refuses, they are only slower.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(|request| handle(&shared, request));
    // An error here means that the peer broke off, or that a fault cut the connection.
    let _ = http1::Builder::new()
        // We set the header ourselves: it tells the sandbox's time.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(Escaped::new(stream)), answer)
        .await;
}

async fn handle(shared: &Shared, request: http::Request<Incoming>) -> Result<Response<Body>, ConnectionCut> {
    let started = Instant::now();
    let (head, body) = request.into_parts();
    let line = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let front = refuse_at_front(head.method.as_str(), line, &head.headers);
    let body = match front {
        Some(answer) => Err(answer),
        None => match Limited::new(body, MAX_BODY).collect().await {
            Ok(body) => Ok(body.to_bytes()),
            Err(_) => Err(Refusal::BodyTooLarge.into()),
        },
    };
    let (outcome, action) = match body {
        Err(answer) => (Some(Outcome::anonymous(answer)), None),
        Ok(body) if ControlApi::serves(head.uri.path()) => {
            return Ok(answer_control_api(shared, &head, &body).await);
        }
        Ok(body) => answer(&shared.app, request_of(&head, body, &shared.authority)).await,
    };
    shared.log.write(|| RequestRecord {
        method: head.method.to_string(),
        path: path_without_values(head.uri.path(), head.uri.query()),
        status: outcome.as_ref().map(|outcome| outcome.answer.status),
        caller: outcome
            .as_ref()
            .and_then(|outcome| outcome.caller.as_ref())
            .map(|caller| (caller.service.name.clone(), caller.key().label.clone())),
        reason: match (&outcome, action) {
            (None, _) => Some("an injected fault cut the connection".to_owned()),
            (Some(_), Some(action)) => Some(format!("injected fault: {action}")),
            (Some(outcome), None) => outcome.answer.reason.clone(),
        },
        duration: started.elapsed(),
    });
    let mut response = respond(outcome.ok_or(ConnectionCut)?.answer);
    add_common_headers(response.headers_mut(), &head.headers, shared);
    Ok(match action {
        Some(FaultAction::CutBody) => response.map(Body::cut),
        Some(FaultAction::Drip(pause)) => response.map(|body| body.dripped(pause)),
        _ => response,
    })
}

/// The parts of a request that answers depend on.
fn request_of(head: &http::request::Parts, body: Bytes, authority: &str) -> Request {
    Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: Query::read(head.uri.query().unwrap_or_default()),
        query_string: head.uri.query().unwrap_or_default().to_owned(),
        authorization: authorization(&head.headers),
        range: text(&head.headers, header::RANGE).map(str::to_owned),
        base: base(&head.headers, authority),
        body,
    }
}

/// The service's answer, if the request gets one, and what a fault did to it.
async fn answer(app: &Arc<App>, request: Request) -> (Option<Outcome>, Option<FaultAction>) {
    let Some(applied) = app.faults.apply(&request.method, &request.path) else {
        return (Some(dispatch::answer(app, &request)), None);
    };
    let outcome = match applied.action {
        FaultAction::CutBody | FaultAction::Drip(_) => Some(dispatch::answer(app, &request)),
        FaultAction::Delay(span) => {
            tokio::time::sleep(span).await;
            Some(dispatch::answer(app, &request))
        }
        FaultAction::Respond(failure) => {
            let outcome = dispatch::fail(app, &request, failure);
            dispatch::take_effect(app, request, applied.effect);
            Some(outcome)
        }
        FaultAction::Drop => {
            dispatch::take_effect(app, request, applied.effect);
            None
        }
    };
    (outcome, Some(applied.action))
}

/// An answer of the control API, which has none of the headers that would let a web page read it.
async fn answer_control_api(shared: &Shared, head: &http::request::Parts, body: &[u8]) -> Response<Body> {
    let answer = match host::check(&shared.control_api, &head.headers) {
        Err(answer) => answer,
        Ok(()) => {
            shared.control_api.answer(head.method.as_str(), head.uri.path(), head.uri.query(), body).await
        }
    };
    let mut response = respond(answer);
    response.headers_mut().insert(SANDBOX, HeaderValue::from_static("1"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the server before the application turns away: lines and headers that are too long, and strange methods.
fn refuse_at_front(method: &str, path: &str, headers: &HeaderMap) -> Option<Answer> {
    let line = method.len() + path.len() + " ".len() + " HTTP/1.1".len();
    if line > MAX_REQUEST_LINE {
        let detail = format!("Request Line is too large ({line} &gt; {MAX_REQUEST_LINE})");
        return Some(Answer::from_front(400, "Bad Request", &detail));
    }
    if !is_method(method) {
        let detail = format!(
            "Invalid Method &#x27;Invalid HTTP method: &#x27;{}&#x27;&#x27;",
            method.replace('&', "&amp;")
        );
        return Some(Answer::from_front(400, "Bad Request", &detail));
    }
    let is_long = |(name, value): (&HeaderName, &HeaderValue)| {
        name.as_str().len() + ": ".len() + value.len() > MAX_HEADER
    };
    if headers.iter().any(is_long) {
        let detail = "Error parsing headers: &#x27;limit request headers fields size&#x27;";
        return Some(Answer::from_front(431, "Request Header Fields Too Large", detail));
    }
    None
}

/// What that server takes for a method: 3 to 20 characters, none of them a small letter or `#`.
fn is_method(method: &str) -> bool {
    (3..=20).contains(&method.len()) && !method.contains(|c: char| c.is_ascii_lowercase() || c == '#')
}

/// The header by which a caller shows who it is. Several become one, which no longer holds a good token.
fn authorization(headers: &HeaderMap) -> Option<Vec<u8>> {
    let values: Vec<&[u8]> =
        headers.get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes).collect();
    (!values.is_empty()).then(|| values.join(&b','))
}

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// How the client knows the sandbox; a proxy before it may have added TLS.
fn base(headers: &HeaderMap, authority: &str) -> String {
    let scheme = if text(headers, "x-forwarded-proto") == Some("https") { "https" } else { "http" };
    let plain = |host: &&str| {
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b))
    };
    let host = text(headers, header::HOST).filter(plain).unwrap_or(authority);
    format!("{scheme}://{host}")
}

/// A path for the log: a reference or the key of a file is nobody's business, nor is a number or an address that a client
/// has put there by mistake.
fn path_without_values(path: &str, query: Option<&str>) -> String {
    let path = path.split('/').map(part_for_log).collect::<Vec<_>>().join("/");
    let query = query.map(Query::read);
    let names: Vec<&str> = query.iter().flat_map(Query::names).map(part_for_log).collect();
    if names.is_empty() { path } else { format!("{path}?{}", names.join("&")) }
}

/// A part of a path, unless it looks like somebody's number or address.
fn part_for_log(part: &str) -> &str {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits > 5 && digits * 2 > part.len() && id::parse(part).is_none();
    if is_number || part.contains('@') || part.contains("%40") { "…" } else { part }
}

fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::at_once(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_REQUEST);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

fn add_common_headers(answered: &mut HeaderMap, asked: &HeaderMap, shared: &Shared) {
    answered.insert(SANDBOX, HeaderValue::from_static("1"));
    // Clients learn from this header how far their clock is off ours, so it must tell our time.
    if let Ok(date) = HeaderValue::try_from(shared.app.clock.timestamp().http_date()) {
        answered.insert(header::DATE, date);
    }
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type,Authorization"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET,PUT,POST,DELETE"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store, no-cache, private, must-revalidate"),
    ] {
        answered.insert(name, HeaderValue::from_static(value));
    }
    let random = || HeaderValue::try_from(Uuid::new_v4().simple().to_string()).ok();
    let trace_id = TRACED_BY.iter().find_map(|name| asked.get(*name).cloned());
    if let Some(trace_id) = trace_id.or_else(random) {
        answered.insert(TRACE_ID, trace_id);
    }
    let span_id = asked
        .get(SPAN_ID)
        .cloned()
        .or_else(|| HeaderValue::from_bytes(&Uuid::new_v4().simple().to_string().as_bytes()[..16]).ok());
    if let Some(span_id) = span_id {
        answered.insert(SPAN_ID, span_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_the_log_have_no_values() {
        assert_eq!(
            path_without_values("/v2/notifications", Some("reference=secret&status=a")),
            "/v2/notifications?reference&status"
        );
        assert_eq!(path_without_values("/v2/templates", None), "/v2/templates");
        let id = "/v2/notifications/00000000-0000-4000-8000-000000000001/pdf";
        assert_eq!(path_without_values(id, None), id);
    }

    #[test]
    fn paths_in_the_log_name_nobody() {
        for (path, query, logged) in [
            ("/v2/notifications/07900900123", None, "/v2/notifications/…"),
            ("/v2/notifications/tel:+44%207900%20900123", None, "/v2/notifications/…"),
            ("/v2/amala@example.com/pdf", None, "/v2/…/pdf"),
            ("/amala%40example.com", Some("+447900900123=1&a@b.c&status=x"), "/…?…&…&status"),
        ] {
            assert_eq!(path_without_values(path, query), logged);
        }
    }

    #[test]
    fn methods_are_words_in_capitals() {
        assert!(["GET", "PATCH", "X-Y_1"].into_iter().all(is_method));
        assert!(!["get", "Get", "GE", "G#T", "ABCDEFGHIJKLMNOPQRSTU"].into_iter().any(is_method));
    }

    #[test]
    fn a_host_that_could_not_be_one_is_not_repeated() {
        let mut headers = HeaderMap::new();
        assert_eq!(base(&headers, "127.0.0.1:1"), "http://127.0.0.1:1");
        headers.insert(header::HOST, HeaderValue::from_static("localhost:2"));
        assert_eq!(base(&headers, "127.0.0.1:1"), "http://localhost:2");
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        assert_eq!(base(&headers, "127.0.0.1:1"), "https://localhost:2");
        headers.insert(header::HOST, HeaderValue::from_static("a/b?c"));
        assert_eq!(base(&headers, "127.0.0.1:1"), "https://127.0.0.1:1");
    }
}
