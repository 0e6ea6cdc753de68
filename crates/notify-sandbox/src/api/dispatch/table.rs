//! Answers requests from a table of endpoints: it checks the path, then the method, then the token.

use http::Method;
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::account::message::Timing;
use crate::api::dialect::ApiDialect;
use crate::api::endpoint::{Endpoint, Operation, PathMatch};
use crate::api::operations::Call;
use crate::api::outcome::Outcome;
use crate::api::router::ESCAPED;
use crate::app::App;
use crate::wire::refusal::Refusal;
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response};

/// Answers a request as of some time.
pub(super) fn answer(
    app: &App,
    dialect: &dyn ApiDialect,
    endpoints: &[Endpoint],
    request: &Request,
    timing: Timing,
) -> Outcome {
    if let Some(response) = dialect.front(request) {
        return Outcome::anonymous(response);
    }
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let method = request.method().as_str();
    let Some(place) = PathMatch::find(endpoints, &segments) else {
        return Outcome::anonymous(elsewhere(dialect, endpoints, request, &segments));
    };
    let Some((endpoint, parameters)) = place.taking(method) else {
        return Outcome::anonymous(dialect.method_not_allowed(&place.allowed()));
    };
    let is_options = request.method() == Method::OPTIONS;
    let is_open = matches!(endpoint.operation, Operation::Open(_)) || dialect.options_are_open();
    if is_options && is_open {
        return Outcome::anonymous(response::options(&place.allowed()));
    }
    let operation = match endpoint.operation {
        Operation::Open(operation) => return Outcome::anonymous(operation(app, request, parameters)),
        Operation::Authorised(operation) => operation,
    };
    let refuse = |refusal: Refusal| response::refusal_of(&refusal, dialect.entry(&refusal));
    let caller = match dialect.authorise(&app.services(), request, timing.now) {
        Ok(caller) => caller,
        Err(refusal) => return Outcome::anonymous(refuse(refusal)),
    };
    if is_options {
        return Outcome { response: response::options(&place.allowed()), caller: Some(caller) };
    }
    let call = Call { app, request, caller, timing };
    let response = operation(&call, parameters).unwrap_or_else(refuse);
    Outcome { response, caller: Some(call.caller) }
}

/// The answer to a path that does not exist: a redirect if it has a slash too many.
fn elsewhere(
    dialect: &dyn ApiDialect,
    endpoints: &[Endpoint],
    request: &Request,
    segments: &[&str],
) -> Response {
    let Some((last, before)) = segments.split_last() else { return response::no_such_path() };
    let merged: Vec<&str> =
        before.iter().copied().filter(|segment| !segment.is_empty()).chain([*last]).collect();
    match PathMatch::find(endpoints, &merged) {
        Some(place) if place.taking(request.method().as_str()).is_some() => {
            let path = format!("/{}", utf8_percent_encode(&merged.join("/"), ESCAPED));
            response::moved(&request.link(&path))
        }
        Some(place) => dialect.method_not_allowed(&place.allowed()),
        None => response::no_such_path(),
    }
}
