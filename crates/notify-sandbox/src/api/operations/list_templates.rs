//! `GET /v2/templates`: the templates in use, by name.

use serde_json::{Value, json};

use crate::account::template::Template;
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema, SchemaError};

use super::Call;
use crate::wire::request::RequestExt;

const SCHEMA: &Schema = &[
    Rule::Object,
    Rule::Properties(&[Property("type", Kind::OneOf(&["sms", "email", "letter"]))]),
    Rule::NoOthers,
];

pub(super) fn answer(call: &Call<'_>) -> Result<Response, Refusal> {
    page(call, Refusal::Schema, |template| Ok(template.view()))
}

/// The templates that a query asks for, shown and refused in a service's own way.
pub(crate) fn page(
    call: &Call<'_>,
    refuse: impl FnOnce(Vec<SchemaError>) -> Refusal,
    show: impl Fn(&Template) -> Result<Value, Refusal>,
) -> Result<Response, Refusal> {
    let query = call.request.parameters();
    validate::check(&query.to_value(&[]), SCHEMA, call.timing.now).map_err(refuse)?;
    let wanted = query.first("type");
    let templates = call.service().templates().into_iter();
    let templates = templates
        .filter(|template| wanted.is_none_or(|wanted| wanted == template.message_type.as_str()))
        .map(|template| show(template))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(response::json(200, &json!({ "templates": templates })))
}
