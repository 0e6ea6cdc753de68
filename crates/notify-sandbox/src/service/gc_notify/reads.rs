//! Reads: messages, templates, received texts.

use serde_json::json;

use super::{checks, files, text};
use crate::account::message::{Message, Timing};
use crate::account::status::Status;
use crate::account::template::Template;
use crate::api::operations::{
    Call, letter_pdf as pdf, list_messages, list_templates, message as message_by_id,
    preview::{self as preview_form, Preview},
    received_texts as texts, send as shared, template as template_by_id,
};
use crate::python::json::{Object, Value};
use crate::render::field::{self, Values};
use crate::wire::database;
use crate::wire::query;
use crate::wire::refusal::{CustomRefusal, Refusal};
use crate::wire::request::RequestExt as _;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};
use crate::world::MessageType;

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
    "provider-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "pii-check-failed",
    "accepted, received",
];

const LIST: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("status", Kind::ListOf(STATUSES)),
        Property("template_type", Kind::ListOf(&["sms", "email", "letter"])),
        Property("include_jobs", Kind::OneOf(&["true", "True", "false", "False"])),
        Property("older_than", Kind::Id),
    ]),
    Rule::NoOthers,
];

const LISTS: &[&str] = &["status", "template_type"];

pub(super) fn list(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    let query = call.request.parameters().with_lists_only_for(LISTS);
    validate::check(&query.to_value(LISTS), LIST, call.timing.now).map_err(Refusal::Schema)?;
    let include_jobs = query.first("include_jobs").is_some_and(|word| word.eq_ignore_ascii_case("true"));
    list_messages::page(call, &query, None, include_jobs, query::ESCAPED)
}

pub(super) fn message(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let message = message_by_id::find(call, &parameters[0]).map_err(|refusal| match refusal {
        Refusal::NoResult => CustomRefusal::general(404, "Notification not found in database").into(),
        other => other,
    })?;
    Ok(response::json(200, &view(&message, call.request.base_url(), call.timing)))
}

pub(super) fn letter_pdf(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    pdf::answer(call, &parameters[0])
}

/// What the website says about a status.
pub(super) fn description(message: &Message, status: Status) -> &'static str {
    match (message.message_type(), status) {
        (_, Status::Delivered) => "Delivered",
        (MessageType::Sms, Status::Sent) => "Sent",
        (_, Status::Created | Status::Sending | Status::Pending | Status::Sent) => "In transit",
        (_, Status::TechnicalFailure) => "Tech issue",
        (MessageType::Email, Status::TemporaryFailure) => "Content or inbox issue",
        (MessageType::Email, Status::PermanentFailure) => "No such address",
        (_, Status::TemporaryFailure) => "Carrier issue",
        (_, Status::PermanentFailure) => "No such number",
        _ => "Failed",
    }
}

/// What the provider reported about a text message.
pub(super) fn provider_response(message: &Message, status: Status) -> Option<&'static str> {
    match (message.message_type(), status) {
        (MessageType::Sms, Status::Delivered) => Some("Message has been accepted by phone carrier"),
        (MessageType::Sms, Status::PermanentFailure) => Some("Phone is currently unreachable/unavailable"),
        (MessageType::Sms, Status::TemporaryFailure) => {
            Some("Phone carrier is currently unreachable/unavailable")
        }
        _ => None,
    }
}

pub(super) fn view(message: &Message, base: &str, timing: Timing) -> serde_json::Value {
    let mut view = serde_json::to_value(message.view(base, timing)).unwrap_or_default();
    if let Some(fields) = view.as_object_mut() {
        for name in ["one_click_unsubscribe_url", "is_cost_data_ready", "cost_in_pounds", "cost_details"] {
            fields.remove(name);
        }
        let status = message.state(timing).status;
        fields.insert("status_description".to_owned(), json!(description(message, status)));
        fields.insert("provider_response".to_owned(), json!(provider_response(message, status)));
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
        fields.remove("letter_contact_block");
    }
    view
}

pub(super) fn preview(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let mut body = match checks::json_or_exception(call)? {
        Value::Null => Value::Object(Object::EMPTY),
        value => value,
    };
    preview_form::add_id(&mut body, &parameters[0])?;
    let now = call.timing.now;
    let mut errors = validate::check(&body, preview_form::SCHEMA, now).err().unwrap_or_default();
    errors.extend(files::check_form(shared::personalisation(&body), now));
    if !errors.is_empty() {
        return Err(Refusal::Schema(validate::unique(errors)));
    }
    let template = template_by_id::find(call, database::id(&parameters[0])?)?;
    let shown = files::shown(shared::personalisation(&body));
    let values = Values::of(&shown);
    let missing = field::missing(&template.fields(), &values);
    if !missing.is_empty() {
        return Err(Refusal::PersonalisationMissing(missing));
    }
    let preview = match template.message_type {
        MessageType::Sms => Preview { body: text::sms(&template.body, &values), ..Preview::default() },
        MessageType::Email | MessageType::Letter => Preview {
            subject: Some(text::subject(&template.subject, &values)),
            body: text::body(&template.body, &values),
            html: (template.message_type == MessageType::Email).then(|| text::page(&template.body, &values)),
        },
    };
    Ok(preview.answer(template))
}

pub(super) fn received_texts(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    texts::answer(call)
}
