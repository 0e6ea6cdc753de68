//! How the API of one service differs from that of another: its operations, its tokens, its words.

use crate::account::services::Services;
use crate::api::auth::{self, AuthRules, Caller};
use crate::api::endpoint::Endpoint;
use crate::time::Timestamp;
use crate::wire::refusal::{Entry, Refusal};
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response};

/// The API's part of a dialect. The defaults are those of GOV.UK Notify.
pub(crate) trait ApiDialect: Send + Sync {
    /// The operations it offers, if they differ from those of GOV.UK Notify. The first that matches a request answers
    /// it.
    fn endpoints(&self) -> Option<&'static [Endpoint]> {
        None
    }

    /// What the server in front of the application answers by itself.
    fn front(&self, _request: &Request) -> Option<Response> {
        None
    }

    /// The answer to a body that is too long, before any of it is read.
    fn refuse_length(&self, _path: &str, _length: u64) -> Option<Response> {
        None
    }

    /// The rules for its tokens.
    fn auth_rules(&self) -> &'static AuthRules {
        &AuthRules::GOV_UK
    }

    /// Whether anybody may ask what a path allows.
    fn options_are_open(&self) -> bool {
        false
    }

    /// Finds who is calling.
    fn authorise(&self, services: &Services, request: &Request, now: Timestamp) -> Result<Caller, Refusal> {
        auth::authorise(request.authorization().as_deref(), services.by_id(), now, self.auth_rules())
    }

    /// A refusal in its words.
    fn entry<'a>(&self, refusal: &'a Refusal) -> Entry<'a> {
        refusal.entry()
    }

    /// The answer to a path that exists but does not take the method.
    fn method_not_allowed(&self, allowed: &str) -> Response {
        response::method_not_allowed(allowed)
    }
}
