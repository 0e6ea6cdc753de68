//! The service without its socket: a request goes in, a response comes out.

mod gov_uk;
mod injected;
mod table;

use std::sync::Arc;

use crate::account::message::Timing;
use crate::api::dialect::ApiDialect;
use crate::api::outcome::Outcome;
use crate::app::App;
use crate::wire::request::Request;
use crate::wire::response::Response;

/// The API of a sandbox, in the dialect of its service.
pub(crate) struct Api {
    pub(crate) app: Arc<App>,
    pub(super) dialect: &'static dyn ApiDialect,
}

impl Api {
    pub(crate) fn new(app: Arc<App>, dialect: &'static dyn ApiDialect) -> Self {
        Self { app, dialect }
    }

    /// The service's answer to a body that is too long, before any of it is read.
    pub(crate) fn refuse_length(&self, path: &str, length: u64) -> Option<Response> {
        self.dialect.refuse_length(path, length)
    }

    /// Answers a request, as of now.
    pub(crate) fn answer(&self, request: &Request) -> Outcome {
        self.answer_at(request, self.app.timing())
    }

    /// Answers a request as of some time.
    pub(crate) fn answer_at(&self, request: &Request, timing: Timing) -> Outcome {
        match self.dialect.endpoints() {
            None => gov_uk::answer(&self.app, self.dialect, request, timing),
            Some(endpoints) => table::answer(&self.app, self.dialect, endpoints, request, timing),
        }
    }
}

#[cfg(test)]
mod tests;
