//! Reads: messages and templates.

use serde_json::json;
use uuid::Uuid;

use super::{from_library, text, uncaught};
use crate::account::message::{Details, Message, Timing};
use crate::account::status::Status;
use crate::account::template::Template;
use crate::api::operations::{
    Call, list_messages, list_templates, message as message_by_id,
    preview::{self as preview_form, Preview},
    send as shared, template as template_by_id,
};
use crate::python::json::{self, Object, ReadError, Value};
use crate::render::field::{self, Values};
use crate::wire::database;
use crate::wire::query;
use crate::wire::refusal::Refusal;
use crate::wire::request::RequestExt as _;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema, SchemaError};
use crate::world::MessageType;

const STATUSES: &[&str] = &[
    "cancelled",
    "created",
    "sending",
    "sent",
    "delivered",
    "pending",
    "failed",
    "temporary-failure",
    "permanent-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "pii-check-failed",
];

const LIST: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("status", Kind::ListOf(STATUSES)),
        Property("template_type", Kind::ListOf(&["sms", "email", "letter"])),
        Property("include_jobs", Kind::OneOf(&["true", "True"])),
        Property("older_than", Kind::Id),
    ]),
    Rule::NoOthers,
];

const LISTS: &[&str] = &["status", "template_type"];

const NOT_UNDERSTOOD: &str = "The browser (or proxy) sent a request that this server could not understand.";

/// Checks that the body is labelled as JSON.
pub(super) fn check_type(call: &Call<'_>) -> Result<(), Refusal> {
    if call.request.says_json() && call.request.headers().contains_key(http::header::CONTENT_TYPE) {
        return Ok(());
    }
    Err(from_library(
        415,
        "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
    ))
}

/// The body, for an operation that does not catch errors in it.
pub(super) fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    check_type(call)?;
    json::read(call.request.body()).map_err(|error| match error {
        ReadError::NotJson { .. } => from_library(400, NOT_UNDERSTOOD),
        ReadError::TooDeep => uncaught("the body nests too deep"),
    })
}

pub(super) fn list(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    let query = call.request.parameters().with_lists_only_for(LISTS);
    validate::check(&query.to_value(LISTS), LIST, call.timing.now).map_err(in_round_brackets)?;
    list_messages::page(call, &query, None, query.first("include_jobs").is_some(), query::ESCAPED)
}

/// It puts most lists of allowed words in round brackets.
fn in_round_brackets(errors: Vec<SchemaError>) -> Refusal {
    let rename = |error: SchemaError| match error.message().split_once(" is not one of [") {
        Some((start, words)) if !start.starts_with("include_jobs ") => {
            let words = words.trim_end_matches(']');
            SchemaError::verbatim(&format!("{start} is not one of ({words})"), error.hint())
        }
        _ => error,
    };
    Refusal::Schema(errors.into_iter().map(rename).collect())
}

pub(super) fn message(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let message = message_by_id::find(call, &parameters[0])?;
    Ok(response::json(200, &view(&message, call.request.base_url(), call.timing)))
}

/// The provider that a message was handed to.
pub(super) fn provider(message: &Message) -> &'static str {
    if message.message_type() == MessageType::Sms { "pinpoint" } else { "ses" }
}

/// Why a message has failed.
pub(super) fn status_reason(message: &Message, status: Status) -> Option<&'static str> {
    match (status, message.message_type()) {
        (Status::PermanentFailure, MessageType::Sms) => {
            Some("Undeliverable - Individual or carrier has blocked the request")
        }
        (Status::PermanentFailure, _) => Some("Undeliverable - Individual unreachable"),
        (Status::TemporaryFailure, _) => Some(
            "Retryable - Notification is unable to be processed at this time. Replay the request to VA Notify.",
        ),
        _ => None,
    }
}

/// The id that the provider gave to a message, which differs from its own.
fn provider_reference(message: &Message) -> Uuid {
    Uuid::from_u128(!message.id.as_u128())
}

/// How many parts a provider has reported of a text message, and what they cost.
fn billed(message: &Message, status: Status) -> (u32, f64) {
    const MILLICENTS: f64 = 645.0;
    let parts = match message.details {
        Details::Sms { fragments, .. } if status == Status::Delivered => {
            u32::try_from(fragments).unwrap_or(0)
        }
        _ => 0,
    };
    (parts, f64::from(parts) * MILLICENTS)
}

pub(super) fn view(message: &Message, base: &str, timing: Timing) -> serde_json::Value {
    let state = message.state(timing);
    let mut view = serde_json::to_value(message.view(base, timing)).unwrap_or_default();
    let is_sms = message.message_type() == MessageType::Sms;
    let Some(fields) = view.as_object_mut() else { return view };
    for name in ["one_click_unsubscribe_url", "is_cost_data_ready", "cost_in_pounds", "cost_details"] {
        fields.remove(name);
    }
    let is_sent = state.sent_at.is_some();
    let (segments, millicents) = billed(message, state.status);
    let more = json!({
        "billing_code": null,
        "callback_url": null,
        "cost_in_millicents": millicents,
        "created_by_name": null,
        "postage": null,
        "provider_reference": is_sent.then(|| provider_reference(message)),
        "recipient_identifiers": [],
        "segments_count": segments,
        "sent_by": is_sent.then(|| provider(message)),
        "sms_sender_id": null,
        "status_reason": status_reason(message, state.status),
    });
    if let serde_json::Value::Object(more) = more {
        fields.extend(more);
    }
    if is_sms {
        fields.insert("body".to_owned(), json!(text::redacted_sms(&message.template)));
    } else {
        let (subject, body) = text::redacted_email(&message.template);
        fields.extend([("subject".to_owned(), json!(subject)), ("body".to_owned(), json!(body))]);
    }
    fields.extend(message.extras().fields.clone());
    view
}

pub(super) fn template(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    template_by_id::shown(call, &parameters[0], None, shown)
}

pub(super) fn template_version(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let version = parameters[1].parse().unwrap_or(u64::MAX);
    template_by_id::shown(call, &parameters[0], Some(version), shown)
}

pub(super) fn templates(call: &Call<'_>, _: &[String]) -> Result<Response, Refusal> {
    list_templates::page(call, in_round_brackets, shown)
}

/// The service cannot show a letter.
fn shown(template: &Template) -> Result<serde_json::Value, Refusal> {
    if template.message_type == MessageType::Letter {
        return Err(uncaught("the service cannot show a template of a letter"));
    }
    let mut view = template.view_naming(&field::placeholders(&template.fields()));
    if let Some(fields) = view.as_object_mut() {
        fields.remove("letter_contact_block");
        fields.insert("html".to_owned(), json!(null));
        fields.insert("plain_text".to_owned(), json!(null));
    }
    Ok(view)
}

pub(super) fn preview(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let mut body = match json(call)? {
        Value::Null => Value::Object(Object::EMPTY),
        value => value,
    };
    preview_form::add_id(&mut body, &parameters[0]).map_err(|_| uncaught("the body is not an object"))?;
    validate::check(&body, preview_form::SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    let template = template_by_id::find(call, database::id(&parameters[0])?)?;
    let values = Values::of(shared::personalisation(&body));
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
