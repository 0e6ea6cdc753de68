//! Tables of endpoints: which operation answers at which path.

use crate::api::operations::Call;
use crate::app::App;
use crate::python::digits;
use crate::wire::refusal::Refusal;
use crate::wire::request::Request;
use crate::wire::response::Response;

/// One path with the methods that an operation takes there.
pub(crate) struct Endpoint {
    /// Its segments. One in angle brackets stands for anything, `<int>` for digits.
    pub(crate) path: &'static str,
    /// `HEAD` goes with `GET`, and `OPTIONS` goes everywhere.
    pub(crate) methods: &'static [&'static str],
    pub(crate) operation: Operation,
}

/// What an endpoint does. An operation gets the values of the segments in angle brackets.
pub(crate) enum Operation {
    /// Without a token.
    Open(fn(&App, &Request, &[String]) -> Response),
    /// With any key.
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

    /// The values of the segments in angle brackets, if the path has this form.
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

/// The endpoints that match a path, with its parameters.
pub(crate) struct PathMatch<'a>(Vec<(&'a Endpoint, Vec<String>)>);

impl<'a> PathMatch<'a> {
    pub(crate) fn find(endpoints: &'a [Endpoint], segments: &[&str]) -> Option<Self> {
        let found: Vec<_> =
            endpoints.iter().filter_map(|endpoint| Some((endpoint, endpoint.matches(segments)?))).collect();
        (!found.is_empty()).then_some(Self(found))
    }

    pub(crate) fn allowed(&self) -> String {
        let mut methods = vec!["OPTIONS"];
        for method in self.0.iter().flat_map(|(endpoint, _)| endpoint.methods) {
            let both: &[&str] = if *method == "GET" { &["HEAD", "GET"] } else { &[method] };
            methods.extend(both.iter().filter(|one| !methods.contains(one)).copied().collect::<Vec<_>>());
        }
        methods.join(", ")
    }

    /// The endpoint for a method. `OPTIONS` asks the first.
    pub(crate) fn taking(&self, method: &str) -> Option<&(&'a Endpoint, Vec<String>)> {
        self.0.iter().find(|(endpoint, _)| method == "OPTIONS" || endpoint.takes(method))
    }
}
