//! What an operation is given.

use crate::app::App;
use crate::auth::Caller;
use crate::message::Moment;
use crate::request::Request;
use crate::service::Service;

/// A request from somebody we know.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a App,
    pub(crate) request: &'a Request,
    pub(crate) caller: Caller,
    pub(crate) moment: Moment,
}

impl Call<'_> {
    pub(crate) fn service(&self) -> &Service {
        &self.caller.service
    }
}
