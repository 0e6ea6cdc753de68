//! `GET /v2/templates`: the templates in use, by name.

use serde_json::{Value, json};

use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};

use super::Call;
use crate::wire::request::RequestExt;

pub(crate) const SCHEMA: &Schema = &[
    Rule::Object,
    Rule::Properties(&[Property("type", Kind::OneOf(&["sms", "email", "letter"]))]),
    Rule::NoOthers,
];

pub(super) fn answer(call: &Call<'_>) -> Result<Response, Refusal> {
    let query = call.request.parameters();
    validate::check(&query.to_value(&[]), SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    let wanted = query.first("type");
    let templates: Vec<Value> = call
        .service()
        .templates()
        .into_iter()
        .filter(|template| wanted.is_none_or(|wanted| wanted == template.message_type.as_str()))
        .map(|template| template.view())
        .collect();
    Ok(response::json(200, &json!({ "templates": templates })))
}
