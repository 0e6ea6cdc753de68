//! The socket's side: from HTTP to a [`Request`], and from a [`Response`] to HTTP.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::Response;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::time::timeout;
use uuid::Uuid;

use super::log::{Log, RequestRecord, path_without_values};
use crate::api::dispatch::Api;
use crate::api::outcome::Outcome;
use crate::app::events::Event;
use crate::app::magic;
use crate::control::{Answer, ControlApi};
use crate::faults::{FaultAction, IncomingRequest};
use crate::inbox;
use crate::wire::refusal::Refusal;
use crate::wire::request::{BaseUrl, Request};
use crate::wire::response::{COMMON_HEADERS, Reason};

use super::body::Body;
use super::front;
use super::request_line::Escaped;

/// The largest body, in bytes. The service itself sets no bound; a letter of 10 pages is far below this.
const MAX_BODY: usize = 32 * 1024 * 1024;

const SANDBOX: HeaderName = HeaderName::from_static("x-sandbox");
const TRACE_ID: HeaderName = HeaderName::from_static("x-b3-traceid");
const SPAN_ID: HeaderName = HeaderName::from_static("x-b3-spanid");

/// Headers by which the service, or a proxy in front of it, may already be tracing a request.
const TRACED_BY: [&str; 3] = ["x-b3-traceid", "x-amz-cf-id", "x-amzn-trace-id"];

/// From how many bytes a body counts as large: a message with a file or a long text, not an ordinary one.
const LARGE: usize = 4 * 1024;

/// How long to wait when the system cannot accept a connection.
const PAUSE_WHEN_EXHAUSTED: Duration = Duration::from_millis(100);

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) api: Arc<Api>,
    pub(crate) log: Log,
    /// Answers under `/sandbox/`.
    pub(crate) control_api: ControlApi,
    /// How long a client may take to send the head of a request, and how long it may pause in the body.
    pub(crate) read_timeout: Duration,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<tokio_rustls::TlsAcceptor>,
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
            // Out of file descriptors or memory, until connections end.
            Err(_) => tokio::time::sleep(PAUSE_WHEN_EXHAUSTED).await,
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves one connection.
async fn serve_connection(stream: TcpStream, shared: Arc<Shared>) {
    // Responses are small, and a client waits for each. If the system refuses, they are only slower.
    let _ = stream.set_nodelay(true);
    #[cfg(feature = "tls")]
    if let Some(acceptor) = &shared.tls {
        // An error means that the peer hung up, perhaps because it does not trust us or does not speak TLS.
        if let Some(stream) = super::tls::accept(acceptor, stream).await {
            answer_requests(stream, shared).await;
        }
        return;
    }
    answer_requests(stream, shared).await;
}

/// Answers the requests of one connection.
async fn answer_requests(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let answer = service_fn(|request| handle(&shared, request));
    // An error here means that the peer hung up, or that a fault cut the connection.
    let _ = http1::Builder::new()
        // We set the header ourselves: it tells the sandbox's time.
        .auto_date_header(false)
        .timer(TokioTimer::new())
        .header_read_timeout(shared.read_timeout)
        .serve_connection(TokioIo::new(Escaped::new(stream)), answer)
        .await;
}

async fn handle(
    shared: &Arc<Shared>,
    request: http::Request<Incoming>,
) -> Result<Response<Body>, ConnectionCut> {
    let started = Instant::now();
    let (head, body) = request.into_parts();
    let line = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut refusal = front::refuse(head.method.as_str(), line, &head.headers);
    let length = body.size_hint().exact();
    if let Some(length) = length.filter(|_| refusal.is_none() && !ControlApi::serves(head.uri.path())) {
        refusal = shared.api.refuse_length(head.uri.path(), length);
    }
    let mut bytes = Bytes::new();
    if refusal.is_none() {
        match read_body(body, shared.read_timeout).await {
            Ok(body) => bytes = body,
            Err(refused) => refusal = Some(refused),
        }
    }
    let mut request = http::Request::from_parts(head, bytes);
    if refusal.is_none() && ControlApi::serves(request.uri().path()) {
        return Ok(answer_control_api(shared, Arc::new(request)).await);
    }
    let base = BaseUrl::of(request.headers(), shared.scheme, &shared.authority);
    request.extensions_mut().insert(base);
    let request = Arc::new(request);
    let (outcome, action) = match refusal {
        Some(refusal) => (Some(Outcome::anonymous(refusal)), None),
        None => answer(&shared.api, &request).await,
    };
    let path = || path_without_values(request.uri().path(), request.uri().query());
    let reason = || match (&outcome, action) {
        (None, _) => Some("an injected fault cut the connection".to_owned()),
        (Some(_), Some(action)) => Some(format!("injected fault: {action}")),
        (Some(outcome), None) => outcome.response.extensions().get::<Reason>().map(|reason| reason.0.clone()),
    };
    if outcome.as_ref().is_none_or(|outcome| outcome.response.status().as_u16() >= 400) {
        shared.api.keep_refused(&request, outcome.as_ref(), &path(), reason().as_deref(), action.is_some());
    }
    shared.log.write(|| RequestRecord {
        method: request.method().to_string(),
        path: path(),
        status: outcome.as_ref().map(|outcome| outcome.response.status().as_u16()),
        caller: outcome
            .as_ref()
            .and_then(|outcome| outcome.caller.as_ref())
            .map(|caller| (caller.service.name.clone(), caller.key().label.clone())),
        reason: reason(),
        duration: started.elapsed(),
    });
    let mut response = outcome.ok_or(ConnectionCut)?.response.map(Body::at_once);
    add_common_headers(response.headers_mut(), request.headers(), shared);
    Ok(match action {
        Some(FaultAction::CutBody) => response.map(Body::cut),
        Some(FaultAction::Drip(pause)) => response.map(|body| body.dripped(pause)),
        _ => response,
    })
}

/// Reads the whole body, or returns the answer to a client that sends too much, sends malformed chunks, or pauses too long.
async fn read_body(body: Incoming, read_timeout: Duration) -> Result<Bytes, Response<Bytes>> {
    let mut body = Limited::new(body, MAX_BODY);
    let mut bytes = BytesMut::new();
    loop {
        match timeout(read_timeout, body.frame()).await {
            Ok(Some(Ok(frame))) => bytes.extend(frame.into_data()),
            Ok(None) => return Ok(bytes.freeze()),
            Ok(Some(Err(error))) if error.is::<LengthLimitError>() => {
                return Err(Refusal::BodyTooLarge.into());
            }
            Ok(Some(Err(_))) => return Err(front::malformed_body()),
            Err(_) => return Err(front::too_slow()),
        }
    }
}

/// The service's answer, if the request gets one, and what a fault did to it.
async fn answer(api: &Arc<Api>, request: &Arc<Request>) -> (Option<Outcome>, Option<FaultAction>) {
    let comparable = |recipient: &str| api.app.comparable(recipient);
    let injected = api.app.faults.apply(&IncomingRequest::new(request, &comparable));
    if injected.is_some() {
        api.app.events.publish(|| Event::Faults);
    }
    let Some(applied) = injected.or_else(|| magic::fault(request)) else {
        return (Some(of_service(api, request).await), None);
    };
    let outcome = match applied.action {
        FaultAction::CutBody | FaultAction::Drip(_) => Some(of_service(api, request).await),
        FaultAction::Delay(span) => {
            tokio::time::sleep(span).await;
            Some(of_service(api, request).await)
        }
        FaultAction::Respond(error) => {
            let outcome = api.fail(request, error);
            api.take_effect(request, applied.effect);
            Some(outcome)
        }
        FaultAction::Drop => {
            api.take_effect(request, applied.effect);
            None
        }
    };
    (outcome, Some(applied.action))
}

/// What the service answers. A large request takes a while, so it gets a thread of its own, and others need not wait.
async fn of_service(api: &Arc<Api>, request: &Arc<Request>) -> Outcome {
    if request.body().len() < LARGE {
        return api.answer(request);
    }
    let (api, request) = (Arc::clone(api), Arc::clone(request));
    beside_others(move || api.answer(&request)).await
}

/// Runs work on a thread of its own.
async fn beside_others<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // It panicked, as it would have done here.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// The answer of the control API. It may have to search a million messages while others send more.
async fn of_control_api(shared: &Arc<Shared>, request: Arc<Request>) -> Answer {
    if ControlApi::waits(&request) {
        return shared.control_api.answer(&request).await;
    }
    let (shared, runtime) = (Arc::clone(shared), Handle::current());
    beside_others(move || runtime.block_on(shared.control_api.answer(&request))).await
}

/// An answer of the control API, which has none of the headers that would let a web page read it.
async fn answer_control_api(shared: &Arc<Shared>, request: Arc<Request>) -> Response<Body> {
    let mut response = if inbox::serves(request.uri().path()) {
        let shared = Arc::clone(shared);
        beside_others(move || inbox::answer(&shared.control_api, &request)).await.map(Body::at_once)
    } else {
        match of_control_api(shared, request).await {
            Answer::Whole(response) => response.map(Body::at_once),
            Answer::Events(events) => {
                let mut response = Response::new(Body::streamed(events));
                response
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
                response
            }
        }
    };
    response.headers_mut().insert(SANDBOX, HeaderValue::from_static("1"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn add_common_headers(answered: &mut HeaderMap, asked: &HeaderMap, shared: &Shared) {
    answered.reserve(COMMON_HEADERS);
    answered.insert(SANDBOX, HeaderValue::from_static("1"));
    // Clients learn from this header how far their clock is from ours, so it must show our time.
    if let Ok(date) = HeaderValue::try_from(shared.api.app.clock.timestamp().http_date()) {
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
    let trace_id = TRACED_BY.iter().find_map(|name| asked.get(*name).cloned());
    if let Some(trace_id) = trace_id.or_else(|| random_digits(32)) {
        answered.insert(TRACE_ID, trace_id);
    }
    if let Some(span_id) = asked.get(SPAN_ID).cloned().or_else(|| random_digits(16)) {
        answered.insert(SPAN_ID, span_id);
    }
}

/// Up to 32 hexadecimal digits. They only have to differ, so the system need not be asked for each.
fn random_digits(count: usize) -> Option<HeaderValue> {
    let mut digits = [0; 32];
    Uuid::from_u128(fastrand::u128(..)).simple().encode_lower(&mut digits);
    HeaderValue::from_bytes(digits.get(..count)?).ok()
}
