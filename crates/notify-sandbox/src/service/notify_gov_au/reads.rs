//! Reads: messages, templates, received texts.

use serde_json::json;

use crate::account::message::{Message, Timing};
use crate::account::status::Status;
use crate::account::template::Template;
use crate::api::operations::{
    Call, list_messages, list_templates, message as message_by_id, preview as preview_form,
    received_texts as texts, send as shared, template as template_by_id,
};
use crate::python::json::{Object, Value};
use crate::render::field::{self, Values};
use crate::wire::database;
use crate::wire::query;
use crate::wire::refusal::Refusal;
use crate::wire::request::RequestExt as _;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};
use crate::world::MessageType;

use super::{checks, email_text, sms_text};

/// The service's list lacks a comma, so its last two words are one.
const STATUSES: &[&str] = &[
    "cancelled",
    "created",
    "sending",
    "sent",
    "delivered",
    "pending",
    "failed",
    "technical-failure",
    "temporary-failure",
    "permanent-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "accepted, received",
];

const LIST: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("status", Kind::ListOf(STATUSES)),
        Property("template_type", Kind::ListOf(&["sms", "email", "letter"])),
        Property("template_id", Kind::Text),
        Property("include_jobs", Kind::OneOf(&["true", "True", "false", "False"])),
        Property("older_than", Kind::Id),
    ]),
    Rule::NoOthers,
];

const LISTS: &[&str] = &["status", "template_type"];

pub(super) fn list(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    let query = call.request.parameters().with_lists_only_for(LISTS);
    validate::check(&query.to_value(LISTS), LIST, call.timing.now).map_err(Refusal::Schema)?;
    let template = query.first("template_id").filter(|id| !id.is_empty()).map(database::id).transpose()?;
    let include_jobs = query.first("include_jobs").is_none_or(|word| word.eq_ignore_ascii_case("true"));
    list_messages::page(call, &query, template, include_jobs, query::EVERYTHING)
}

pub(super) fn message(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let message = message_by_id::find(call, &parameters[0])?;
    Ok(response::json(200, &view(&message, call.request.base_url(), call.timing)))
}

/// A message as the API shows it, with fewer fields than GOV.UK Notify has today.
pub(super) fn view(message: &Message, base: &str, timing: Timing) -> serde_json::Value {
    let mut view = serde_json::to_value(message.view(base, timing)).unwrap_or_default();
    if let Some(fields) = view.as_object_mut() {
        for name in
            ["postage", "one_click_unsubscribe_url", "is_cost_data_ready", "cost_in_pounds", "cost_details"]
        {
            fields.remove(name);
        }
        fields.insert("created_by_email_address".to_owned(), serde_json::Value::Null);
        if message.state(timing).status == Status::ValidationFailed {
            fields.insert("completed_at".to_owned(), serde_json::Value::Null);
        }
        fields.extend(message.extras().fields.clone());
    }
    view
}

pub(super) fn template(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    template_by_id::shown(call, &parameters[0], None, |template| Ok(shown(template)))
}

pub(super) fn template_version(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let version = parameters[1].parse().unwrap_or(u64::MAX);
    template_by_id::shown(call, &parameters[0], Some(version), |template| Ok(shown(template)))
}

pub(super) fn templates(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    list_templates::page(call, Refusal::Schema, |template| Ok(shown(template)))
}

fn shown(template: &Template) -> serde_json::Value {
    let mut view = template.view_naming(&field::placeholders(&template.fields()));
    if let Some(fields) = view.as_object_mut() {
        fields.remove("postage");
        fields.remove("letter_contact_block");
    }
    view
}

pub(super) fn preview(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let mut body = match checks::json(call)? {
        value if value.is_truthy() => value,
        _ => Value::Object(Object::EMPTY),
    };
    preview_form::add_id(&mut body, &parameters[0])?;
    validate::check(&body, preview_form::SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    let template = template_by_id::find(call, database::id(&parameters[0])?)?;
    let values = Values::of(shared::personalisation(&body));
    checks::check_filled(template, &values)?;
    let (subject, body) = match template.message_type {
        MessageType::Sms => {
            let text = sms_text::render(&template.body, &values).map_err(Refusal::CharacterNotReplaced)?;
            (None, text.body)
        }
        MessageType::Email | MessageType::Letter => {
            (Some(email_text::subject(&template.subject, &values)), email_text::body(&template.body, &values))
        }
    };
    Ok(response::json(
        200,
        &json!({
            "id": template.id,
            "type": template.message_type.as_str(),
            "version": template.version,
            "body": body,
            "subject": subject,
        }),
    ))
}

pub(super) fn received_texts(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    texts::answer(call)
}
