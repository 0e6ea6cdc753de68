//! What an operation gets: an authenticated request.

use crate::account::message::Timing;
use crate::account::service::Service;
use crate::api::auth::Caller;
use crate::app::App;
use crate::wire::request::Request;

/// An authenticated request.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a App,
    pub(crate) request: &'a Request,
    pub(crate) caller: Caller,
    pub(crate) timing: Timing,
}

impl Call<'_> {
    pub(crate) fn service(&self) -> &Service {
        &self.caller.service
    }
}
