//! The routes of the control API: one table. The functions behind its rows are in the modules below.

mod callbacks;
mod messages;
mod refused_requests;
mod sandbox;
mod services;

use serde::Serialize;
use serde_json::json;

use super::{Call, ControlApi, RequestError, Result};
use crate::wire::response::{self, Response};

/// How many items a list in a response holds, unless a request asks for another number.
const PAGE_SIZE: usize = 250;

/// A method, a path below `/sandbox`, and what answers it.
pub(super) struct Route(&'static str, &'static str, Handler);

#[derive(Clone, Copy)]
pub(super) enum Handler {
    Answer(fn(&ControlApi, &Call<'_>) -> Result<Response>),
    /// Waits until everything that is due has happened, and answers without a body.
    WaitUntilIdle,
    /// Streams events as they happen.
    Follow,
}

use Handler::{Answer as By, Follow, WaitUntilIdle};

/// A `{}` in a path stands for any one segment.
const ROUTES: &[Route] = &[
    Route("GET", "", By(sandbox::overview)),
    Route("POST", "reset", By(sandbox::reset)),
    Route("POST", "wait-until-idle", WaitUntilIdle),
    Route("GET", "events", Follow),
    Route("POST", "inbox-links", By(sandbox::add_inbox_link)),
    Route("GET", "clock", By(sandbox::show_clock)),
    Route("PUT", "clock", By(sandbox::change_clock)),
    Route("GET", "keys", By(services::keys)),
    Route("GET", "services", By(services::list)),
    Route("POST", "services", By(services::add)),
    Route("POST", "services/{}/keys", By(services::add_key)),
    Route("POST", "services/{}/templates", By(services::add_template)),
    Route("POST", "services/{}/templates/{}/preview", By(services::preview_template)),
    Route("PUT", "services/{}/callbacks/{}", By(callbacks::set)),
    Route("DELETE", "services/{}/callbacks/{}", By(callbacks::clear)),
    Route("GET", "messages", By(messages::list)),
    Route("GET", "messages/{}", By(messages::message)),
    Route("GET", "messages/{}/pdf", By(messages::letter_pdf)),
    Route("PUT", "messages/{}/status", By(messages::set_status)),
    Route("POST", "messages/{}/complaint", By(messages::mark_as_spam)),
    Route("POST", "received-texts", By(messages::receive_text)),
    Route("GET", "faults", By(sandbox::faults)),
    Route("POST", "faults", By(sandbox::inject_fault)),
    Route("DELETE", "faults", By(sandbox::clear_faults)),
    Route("GET", "magic-recipients", By(sandbox::magic_recipients)),
    Route("GET", "callbacks", By(callbacks::list)),
    Route("POST", "callbacks/{}/again", By(callbacks::send_again)),
    Route("GET", "refused-requests", By(refused_requests::list)),
    Route("DELETE", "refused-requests", By(refused_requests::clear)),
    Route("GET", "refused-requests/{}", By(refused_requests::show)),
];

impl Route {
    /// Finds the handler of a request, and the segments of the path that are its parameters.
    pub(super) fn find<'a>(method: &str, path: &[&'a str]) -> Result<(Handler, Vec<&'a str>)> {
        let mut error = RequestError::NotFound;
        for Self(taken, pattern, handler) in ROUTES {
            match parameters(pattern, path) {
                Some(parameters) if *taken == method => return Ok((*handler, parameters)),
                Some(_) => error = RequestError::MethodNotAllowed,
                None => {}
            }
        }
        Err(error)
    }
}

/// The parameters of a path, if it matches.
fn parameters<'a>(pattern: &str, path: &[&'a str]) -> Option<Vec<&'a str>> {
    let pattern: Vec<&str> = pattern.split('/').filter(|segment| !segment.is_empty()).collect();
    let matches = |(wanted, found): (&&str, &&str)| *wanted == "{}" || wanted == found;
    (pattern.len() == path.len() && pattern.iter().zip(path).all(matches)).then(|| {
        pattern.iter().zip(path).filter(|(wanted, _)| **wanted == "{}").map(|(_, found)| *found).collect()
    })
}

#[expect(clippy::unnecessary_wraps, reason = "the end of every handler")]
fn ok(body: &impl Serialize) -> Result<Response> {
    Ok(response::serialised(200, body))
}

#[expect(clippy::unnecessary_wraps, reason = "the end of every handler")]
fn created(body: &impl Serialize) -> Result<Response> {
    Ok(response::serialised(201, body))
}

fn done() -> Result<Response> {
    ok(&json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_reached_and_none_hides_another() {
        for (index, Route(method, pattern, _)) in ROUTES.iter().enumerate() {
            let path: Vec<&str> = pattern.split('/').filter(|segment| !segment.is_empty()).collect();
            let first = ROUTES
                .iter()
                .position(|Route(taken, pattern, _)| taken == method && parameters(pattern, &path).is_some());
            assert_eq!(first, Some(index), "{method} {pattern}");
        }
    }

    #[test]
    fn a_known_path_refuses_other_methods_and_an_unknown_one_is_not_found() {
        let error = |method, path: &[&'static str]| Route::find(method, path).err();
        assert!(matches!(error("PATCH", &["services", "x", "keys"]), Some(RequestError::MethodNotAllowed)));
        assert!(matches!(error("GET", &["wait-until-idle"]), Some(RequestError::MethodNotAllowed)));
        for path in [&["services", "x"][..], &["services", "x", "keys", "y"], &["nowhere"]] {
            assert!(matches!(error("GET", path), Some(RequestError::NotFound)), "{path:?}");
        }
        let (_, parameters) = Route::find("PUT", &["services", "a", "callbacks", "b"]).ok().unwrap();
        assert_eq!(parameters, ["a", "b"]);
    }
}
