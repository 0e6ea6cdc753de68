//! The outcome of a request.

use crate::api::auth::Caller;
use crate::wire::response::Response;

/// A response, and the caller that it was for.
pub(crate) struct Outcome {
    pub(crate) response: Response,
    pub(crate) caller: Option<Caller>,
}

impl Outcome {
    pub(crate) fn anonymous(response: Response) -> Self {
        Self { response, caller: None }
    }
}
