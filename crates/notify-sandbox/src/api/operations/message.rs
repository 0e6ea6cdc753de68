//! `GET /v2/notifications/{id}`: one message, sent with a key of any type.

use std::sync::Arc;

use crate::account::message::Message;
use crate::python::json;
use crate::wire::database;
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};

use super::Call;
use crate::wire::request::RequestExt;

const SCHEMA: &Schema = &[Rule::Properties(&[Property("notification_id", Kind::Id)])];

pub(crate) fn answer(call: &Call<'_>, id: &str) -> Result<Response, Refusal> {
    let message = find(call, id)?;
    let view = message.view(call.request.base_url(), call.timing);
    Ok(response::serialised(200, &view))
}

/// Finds a message of the caller's service.
pub(crate) fn find(call: &Call<'_>, id: &str) -> Result<Arc<Message>, Refusal> {
    let mut path = json::Object::EMPTY;
    path.insert("notification_id", json::Value::String(id.to_owned()));
    validate::check(&json::Value::Object(path), SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    let id = database::id(id)?;
    call.service().mailbox.get(id, call.timing.now).ok_or(Refusal::NoResult)
}
