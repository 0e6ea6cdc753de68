//! A table of endpoints, and the way of a request through it: the path first, then the method, then the token.

use http::Method;
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::account::message::Timing;
use crate::api::dispatch::Outcome;
use crate::api::operations::Call;
use crate::api::router::ESCAPED;
use crate::app::App;
use crate::python::digits;
use crate::wire::refusal::Refusal;
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response};

/// One path with the methods that an operation takes there.
pub(crate) struct Endpoint {
    /// Segments; one in angle brackets stands for anything, `<int>` for digits.
    pub(crate) path: &'static str,
    /// `HEAD` goes with `GET`, and `OPTIONS` goes everywhere.
    pub(crate) methods: &'static [&'static str],
    pub(crate) operation: Operation,
}

/// What an endpoint does. An operation gets what stands for the segments in angle brackets.
pub(crate) enum Operation {
    /// Without a token.
    Open(fn(&App, &Request, &[String]) -> Response),
    /// For whoever has a key.
    Authorised(fn(&Call<'_>, &[String]) -> Result<Response, Refusal>),
}

impl Endpoint {
    pub(crate) const fn get(
        path: &'static str,
        operation: fn(&Call<'_>, &[String]) -> Result<Response, Refusal>,
    ) -> Self {
        Self { path, methods: &["GET"], operation: Operation::Authorised(operation) }
    }

    pub(crate) const fn post(
        path: &'static str,
        operation: fn(&Call<'_>, &[String]) -> Result<Response, Refusal>,
    ) -> Self {
        Self { path, methods: &["POST"], operation: Operation::Authorised(operation) }
    }

    /// An endpoint for another method, in capitals.
    pub(crate) const fn with(
        method: &'static str,
        path: &'static str,
        operation: fn(&Call<'_>, &[String]) -> Result<Response, Refusal>,
    ) -> Self {
        let methods: &'static [&'static str] = match method.as_bytes() {
            b"PATCH" => &["PATCH"],
            b"DELETE" => &["DELETE"],
            _ => &["PUT"],
        };
        Self { path, methods, operation: Operation::Authorised(operation) }
    }

    pub(crate) const fn open(
        path: &'static str,
        methods: &'static [&'static str],
        operation: fn(&App, &Request, &[String]) -> Response,
    ) -> Self {
        Self { path, methods, operation: Operation::Open(operation) }
    }

    /// What stands for the segments in angle brackets, if the path is of this form.
    fn matches(&self, segments: &[&str]) -> Option<Vec<String>> {
        let pattern = self.path.trim_start_matches('/').split('/');
        if pattern.clone().count() != segments.len() {
            return None;
        }
        let mut parameters = Vec::new();
        for (part, segment) in pattern.zip(segments) {
            match part {
                "<int>" => parameters.push(number(segment)?),
                part if part.starts_with('<') && !segment.is_empty() => {
                    parameters.push((*segment).to_owned());
                }
                part if part == *segment => {}
                _ => return None,
            }
        }
        Some(parameters)
    }

    fn takes(&self, method: &str) -> bool {
        let method = if method == "HEAD" { "GET" } else { method };
        self.methods.contains(&method)
    }
}

/// A number in digits of any script.
fn number(segment: &str) -> Option<String> {
    let digits = digits::to_ascii(segment);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

/// The endpoints at a path.
struct Place<'a>(Vec<(&'a Endpoint, Vec<String>)>);

impl<'a> Place<'a> {
    fn find(endpoints: &'a [Endpoint], segments: &[&str]) -> Option<Self> {
        let found: Vec<_> =
            endpoints.iter().filter_map(|endpoint| Some((endpoint, endpoint.matches(segments)?))).collect();
        (!found.is_empty()).then_some(Self(found))
    }

    fn allowed(&self) -> String {
        let mut methods = vec!["OPTIONS"];
        for method in self.0.iter().flat_map(|(endpoint, _)| endpoint.methods) {
            let both: &[&str] = if *method == "GET" { &["HEAD", "GET"] } else { &[method] };
            methods.extend(both.iter().filter(|one| !methods.contains(one)).copied().collect::<Vec<_>>());
        }
        methods.join(", ")
    }

    /// The endpoint for a method. `OPTIONS` asks the first.
    fn taking(&self, method: &str) -> Option<&(&'a Endpoint, Vec<String>)> {
        self.0.iter().find(|(endpoint, _)| method == "OPTIONS" || endpoint.takes(method))
    }
}

/// Answers a request by the endpoints of the sandbox's service.
pub(crate) fn answer(app: &App, request: &Request, timing: Timing) -> Outcome {
    let dialect = app.dialect;
    if let Some(response) = dialect.front(request) {
        return Outcome::anonymous(response);
    }
    let endpoints = dialect.endpoints();
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let method = request.method().as_str();
    let Some(place) = Place::find(endpoints, &segments) else {
        return Outcome::anonymous(elsewhere(app, request, &segments));
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
    let refuse = |refusal: Refusal| response::refused(dialect.entry(&refusal));
    let caller = match dialect.authorise(app, request, timing) {
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

/// The answer to a path that leads nowhere, unless it has a slash too many.
fn elsewhere(app: &App, request: &Request, segments: &[&str]) -> Response {
    let Some((last, before)) = segments.split_last() else { return response::no_such_path() };
    let merged: Vec<&str> =
        before.iter().copied().filter(|segment| !segment.is_empty()).chain([*last]).collect();
    match Place::find(app.dialect.endpoints(), &merged) {
        Some(place) if place.taking(request.method().as_str()).is_some() => {
            let path = format!("/{}", utf8_percent_encode(&merged.join("/"), ESCAPED));
            response::moved(&request.link(&path))
        }
        Some(place) => app.dialect.method_not_allowed(&place.allowed()),
        None => response::no_such_path(),
    }
}
