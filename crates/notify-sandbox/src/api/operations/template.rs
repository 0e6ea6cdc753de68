//! `GET /v2/template/{id}` and `GET /v2/template/{id}/version/{n}`: a template, archived or not.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use crate::account::template::Template;
use crate::python::json;
use crate::wire::database;
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};

use super::Call;

pub(crate) const SCHEMA: &Schema =
    &[Rule::Object, Rule::Properties(&[Property("id", Kind::Id)]), Rule::Required(&["id"]), Rule::NoOthers];

pub(super) fn answer(call: &Call<'_>, id: &str, version: Option<u64>) -> Result<Response, Refusal> {
    shown(call, id, version, |template| {
        Ok(match version {
            None | Some(0) => template.view(),
            Some(_) => template.view_of_version(),
        })
    })
}

/// A version of a template, shown in a service's own way.
pub(crate) fn shown(
    call: &Call<'_>,
    id: &str,
    version: Option<u64>,
    show: impl FnOnce(&Template) -> Result<Value, Refusal>,
) -> Result<Response, Refusal> {
    Ok(response::json(200, &show(by_version(call, id, version)?)?))
}

/// A version of a template, in use or not.
pub(crate) fn by_version<'a>(
    call: &'a Call<'_>,
    id: &str,
    version: Option<u64>,
) -> Result<&'a Arc<Template>, Refusal> {
    let mut path = json::Object::EMPTY;
    path.insert("id", json::Value::String(id.to_owned()));
    validate::check(&json::Value::Object(path), SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    let id = database::id(id)?;
    match version {
        // No template has a version 0: it stands for the current one.
        None | Some(0) => find(call, id),
        Some(version) => {
            let version = u32::try_from(version).map_err(|_| Refusal::NoResult)?;
            call.service().template_version(id, version).ok_or(Refusal::NoResult)
        }
    }
}

/// The current version of a template of the caller's service.
pub(crate) fn find<'a>(call: &'a Call<'_>, id: Uuid) -> Result<&'a Arc<Template>, Refusal> {
    call.service().template(id).ok_or(Refusal::NoResult)
}
