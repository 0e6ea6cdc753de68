//! The checks of a send before it is accepted, and the refusals.

use std::sync::Arc;

use super::uncaught;
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::json::{self, ReadError, Value};
use crate::render::field::{self, Values};
use crate::wire::database;
use crate::wire::refusal::{CustomRefusal, Exception, Refusal};
use crate::wire::request::RequestExt as _;
use crate::wire::validate::{self, Schema};
use crate::world::{KeyType, MessageType};

/// The body of a request that is labelled as JSON; to the service, any other body is null.
pub(super) fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    if !call.request.says_json() {
        return Ok(Value::Null);
    }
    // It does not read chunked bodies.
    let is_chunked = call.request.headers().contains_key(http::header::TRANSFER_ENCODING);
    let body: &[u8] = if is_chunked { b"" } else { call.request.body() };
    json::read(body).map_err(|error| match error {
        ReadError::NotJson { .. } => uncaught("BadRequest", "the body is not JSON"),
        ReadError::TooDeep => Refusal::Uncaught(Exception::Recursion, "the body nests too deep"),
    })
}

/// The checks before the template, in their order.
pub(super) fn check(
    call: &Call<'_>,
    form: &Value,
    schema: &Schema,
    message: MessageType,
) -> Result<(), Refusal> {
    validate::check(form, schema, call.timing.now).map_err(Refusal::Schema)?;
    let (permission, what) = match message {
        MessageType::Sms => ("sms", "text messages"),
        MessageType::Email => ("email", "emails"),
        MessageType::Letter => ("letter", "letters"),
    };
    check_permission(call, permission, what)?;
    let is_scheduled = send::text(form, "scheduled_for").is_some_and(|time| !time.is_empty());
    if is_scheduled && !call.service().has_permission("schedule_notifications") {
        return Err(CustomRefusal::bad_request(
            "Cannot schedule notifications (this feature is invite-only)",
        )
        .into());
    }
    check_limits(call)
}

pub(super) fn check_permission(call: &Call<'_>, permission: &str, what: &str) -> Result<(), Refusal> {
    if call.service().has_permission(permission) {
        return Ok(());
    }
    Err(CustomRefusal::bad_request(format!("Cannot send {what}")).into())
}

/// The rate limit, then the daily limit for all types together.
pub(super) fn check_limits(call: &Call<'_>) -> Result<(), Refusal> {
    if !call.app.is_limited() {
        return Ok(());
    }
    let (limits, config) = (&call.service().limits, call.service().config());
    let (key_type, now) = (call.caller.key().key_type, call.timing.now);
    limits.check_recent(key_type, config.rate_limit_per_minute.unwrap_or(3_000), now)?;
    let limit = config.message_limit.unwrap_or(250_000);
    if key_type != KeyType::Test && limits.all_sent_today(now) >= limit {
        let message = format!("Exceeded send limits ({limit}) for today");
        return Err(CustomRefusal::new(429, "TooManyRequestsError", message).into());
    }
    Ok(())
}

pub(super) fn template<'a>(
    call: &'a Call<'_>,
    form: &Value,
    message: MessageType,
) -> Result<&'a Arc<Template>, Refusal> {
    let id = database::id(send::text(form, "template_id").unwrap_or_default())?;
    let template = call.service().template(id).ok_or(Refusal::TemplateNotFound)?;
    if template.message_type != message {
        return Err(Refusal::TemplateUnsuitable { template: template.message_type, message });
    }
    if template.archived { Err(Refusal::TemplateDeleted) } else { Ok(template) }
}

pub(super) fn check_filled(template: &Template, values: &Values<'_>) -> Result<(), Refusal> {
    let missing = field::missing(&template.fields(), values);
    if missing.is_empty() { Ok(()) } else { Err(Refusal::PersonalisationMissing(missing)) }
}

pub(super) fn sender<'a>(call: &'a Call<'_>, form: &Value) -> Result<&'a str, Refusal> {
    const FIELD: &str = "sms_sender_id";
    let given = send::text(form, FIELD);
    call.service().sms_sender(given.map(database::id).transpose()?).ok_or_else(|| Refusal::SenderNotFound {
        field: FIELD,
        id: given.unwrap_or_default().to_owned(),
        service: call.service().id,
    })
}

pub(super) fn check_reply_to(call: &Call<'_>, form: &Value) -> Result<(), Refusal> {
    const FIELD: &str = "email_reply_to_id";
    let Some(given) = send::text(form, FIELD) else { return Ok(()) };
    if call.service().has_reply_to(database::id(given)?) {
        return Ok(());
    }
    Err(Refusal::SenderNotFound { field: FIELD, id: given.to_owned(), service: call.service().id })
}
