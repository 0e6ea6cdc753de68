//! What an operation is given.

use crate::account::message::Timing;
use crate::account::service::Service;
use crate::api::auth::Caller;
use crate::app::App;
use crate::wire::request::Request;

/// A request from somebody we know.
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
