//! GOV.UK Notify, from which the others descend. Its ways are those of the wings of this crate.

use super::Dialect;
use crate::account::message::Timing;
use crate::api::dispatch::{self, Outcome};
use crate::api::endpoint::Endpoint;
use crate::app::App;
use crate::wire::request::Request;

#[derive(Debug)]
pub(super) struct GovUk;

impl Dialect for GovUk {
    fn endpoints(&self) -> &'static [Endpoint] {
        &[]
    }

    fn answer(&self, app: &App, request: &Request, timing: Timing) -> Outcome {
        dispatch::answer_gov_uk(app, request, timing)
    }
}
