//! The control API over HTTP: what [`Control`] does, for tests in any language. `CONTROL.md` in this crate documents it.

mod call;
mod clock;
mod events;
mod fault;
mod routes;
mod service;

use std::sync::Arc;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::json;
use tokio::sync::mpsc;

use crate::wire::request::Request;
use crate::wire::response::{self, Response};

use super::{Access, Control, ControlError};
use call::Call;
use routes::{Handler, Route};

/// The control API over HTTP.
pub(crate) struct ControlApi {
    control: Control,
    access: Arc<Access>,
    /// The sandbox's address, for links.
    base: String,
}

/// What the control API answers.
pub(crate) enum Answer {
    Whole(Response),
    /// Events, for as long as the client reads them.
    Events(mpsc::Receiver<Bytes>),
}

/// Why a request failed.
enum RequestError {
    NotFound,
    MethodNotAllowed,
    Malformed(String),
    Control(ControlError),
}

type Result<T> = std::result::Result<T, RequestError>;

impl ControlApi {
    pub(crate) const fn new(control: Control, access: Arc<Access>, base: String) -> Self {
        Self { control, access, base }
    }

    /// Whether a path belongs to the control API.
    pub(crate) fn serves(path: &str) -> bool {
        path == "/sandbox" || path.starts_with("/sandbox/")
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    pub(crate) const fn control(&self) -> &Control {
        &self.control
    }

    /// Whether an answer waits for something to happen, instead of being worked out at once.
    pub(crate) fn waits(request: &Request) -> bool {
        let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
        let found = Route::find(request.method().as_str(), &segments(&path));
        matches!(found, Ok((Handler::WaitUntilIdle | Handler::Follow, _)))
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, request: &Request) -> Answer {
        if let Err(denied) = self.access.check(request.headers()) {
            return Answer::Whole(response::control_error(denied.status(), denied.why()));
        }
        let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
        let (handler, parameters) = match Route::find(request.method().as_str(), &segments(&path)) {
            Ok(found) => found,
            Err(error) => return Answer::Whole(error.into()),
        };
        Answer::Whole(match handler {
            Handler::Answer(answer) => {
                answer(self, &Call { request, parameters }).unwrap_or_else(Response::from)
            }
            Handler::WaitUntilIdle => {
                self.control.idle().await;
                response::json(200, &json!({}))
            }
            Handler::Follow => return Answer::Events(events::follow(Arc::clone(&self.control.app))),
        })
    }
}

/// The segments of a path below `/sandbox`.
fn segments(path: &str) -> Vec<&str> {
    path.split('/').skip(2).filter(|segment| !segment.is_empty()).collect()
}

impl From<ControlError> for RequestError {
    fn from(error: ControlError) -> Self {
        Self::Control(error)
    }
}

impl From<RequestError> for Response {
    fn from(error: RequestError) -> Self {
        let (status, message) = match error {
            RequestError::NotFound => (404, "there is nothing here: see GET /sandbox/".to_owned()),
            RequestError::MethodNotAllowed => (405, "this takes another method".to_owned()),
            RequestError::Malformed(why) => (400, why),
            RequestError::Control(error) => {
                let status = match error {
                    ControlError::NoSuchMessage
                    | ControlError::NoSuchService
                    | ControlError::NoSuchTemplate
                    | ControlError::NoSuchCallback
                    | ControlError::NoSuchRefusedRequest => 404,
                    ControlError::State(_) => 500,
                    _ => 400,
                };
                (status, error.to_string())
            }
        };
        response::control_error(status, &message)
    }
}
