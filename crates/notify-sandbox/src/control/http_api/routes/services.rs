//! The routes of services, their keys and their templates.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{created, ok};
use crate::control::http_api::{Call, ControlApi, RequestError, Result, service};
use crate::control::{ControlError, Key, NewKey, NewTemplate};
use crate::python::json;
use crate::wire::response::Response;
use crate::world::{self, KeyType};

pub(super) fn list(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    let services: Vec<Value> = api.control.app.services().iter().map(|one| service::show(one)).collect();
    ok(&json!({ "services": services }))
}

pub(super) fn add(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let service = call.json_with_id()?;
    let id = service["id"].clone();
    let service = world::read(service, world::SERVICE).map_err(ControlError::from)?;
    let service = api.control.app.services().world().with_only(service).map_err(ControlError::from)?;
    api.control.add_services(service)?;
    created(&json!({ "id": id }))
}

pub(super) fn keys(api: &ControlApi, _: &Call<'_>) -> Result<Response> {
    ok(&json!({ "keys": api.control.keys().iter().map(key).collect::<Vec<_>>() }))
}

pub(super) fn add_key(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        name: String,
        #[serde(rename = "type")]
        key_type: KeyType,
    }
    let body: Body = call.read()?;
    let new = NewKey { name: &body.name, key_type: body.key_type };
    created(&key(&api.control.add_key(call.parameter(0), new)?))
}

pub(super) fn add_template(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let config = world::read(call.json_with_id()?, world::TEMPLATE).map_err(ControlError::from)?;
    let id = api.control.add_template(call.parameter(0), NewTemplate { config })?;
    created(&json!({ "id": id }))
}

pub(super) fn preview_template(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let malformed = || RequestError::Malformed("send {\"personalisation\": {…}}".to_owned());
    let body = json::read(call.request.body()).map_err(|_| malformed())?;
    let values = body.as_object().and_then(|body| body.get("personalisation")?.as_object());
    let values = values.ok_or_else(malformed)?;
    ok(&api.control.preview(call.parameter(0), call.parameter(1), values)?)
}

fn key(key: &Key) -> Value {
    json!({ "service": key.service, "label": key.label, "type": key.key_type, "key": key.api_key() })
}
