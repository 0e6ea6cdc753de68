//! The checks of a send of the second version before it is accepted, and the refusals.

use std::sync::Arc;

use super::schema::FILE;
use super::{bad_request, reads, uncaught};
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::base64;
use crate::python::json::{self, Object, ReadError, Value};
use crate::render::field::{self, Values};
use crate::time::Timestamp;
use crate::wire::database;
use crate::wire::refusal::{CustomRefusal, Refusal};
use crate::wire::validate::{self, Schema, SchemaError};
use crate::world::{KeyType, MessageType};

/// The body as JSON.
pub(super) fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    reads::check_type(call)?;
    json::read(call.request.body()).map_err(|error| match error {
        ReadError::NotJson { .. } => bad_request(
            "Error decoding arguments: The browser (or proxy) sent a request that this server could not understand.",
        ),
        ReadError::TooDeep => uncaught("the body nests too deep"),
    })
}

pub(super) fn check_object(form: &Value) -> Result<(), Refusal> {
    if form.as_object().is_some() {
        return Ok(());
    }
    let message = "Payload is not a dictionary.";
    Err(Refusal::Schema(vec![SchemaError::verbatim(message, "the body is not an object")]))
}

pub(super) fn check_form(call: &Call<'_>, form: &Value, schema: &Schema) -> Result<(), Refusal> {
    check_object(form)?;
    let now = call.timing.now;
    let mut errors = validate::check(form, schema, now).err().unwrap_or_default();
    let place = validate::place_of(schema, "personalisation", &errors);
    errors.splice(place..place, file_errors(form, now));
    let errors = validate::unique(errors);
    if errors.is_empty() {
        return check_base64(form);
    }
    Err(Refusal::Schema(errors))
}

/// The values that are objects: all of them are files.
pub(super) fn files(form: &Value) -> impl Iterator<Item = (&str, &Object)> {
    send::personalisation(form).iter().filter_map(|(name, value)| Some((name, value.as_object()?)))
}

pub(super) fn file_errors(form: &Value, now: Timestamp) -> Vec<SchemaError> {
    let errors = files(form).flat_map(|(_, file)| {
        validate::check(&Value::Object(file.clone()), FILE, now).err().unwrap_or_default()
    });
    errors.map(|error| error.inside_unnamed("personalisation")).collect()
}

pub(super) fn check_base64(form: &Value) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    for (name, file) in files(form) {
        let text = file.get("file").and_then(Value::as_str).unwrap_or_default();
        if !text.is_ascii() {
            return Err(uncaught("a file has characters that are not ASCII"));
        }
        if let Err(why) = base64::decode_or_say(text) {
            let message = format!("{name} : {why} : Error decoding base64 field");
            errors.push(SchemaError::verbatim(&message, "a file is not Base64"));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Schema(errors)) }
}

/// The checks before those of the sender and the recipient, in order. Returns the template that they find.
pub(super) fn check<'a>(
    call: &'a Call<'_>,
    form: &Value,
    message: MessageType,
) -> Result<&'a Arc<Template>, Refusal> {
    if !call.service().may_send(message) {
        return Err(Refusal::NotPermitted(message));
    }
    let is_scheduled = send::text(form, "scheduled_for").is_some_and(|time| !time.is_empty());
    if is_scheduled && !call.service().has_permission("schedule_notifications") {
        return Err(bad_request("Cannot schedule notifications (this feature is invite-only)"));
    }
    let id = database::id(send::text(form, "template_id").unwrap_or_default())?;
    let template = call.service().template(id).ok_or(Refusal::TemplateNotFound)?;
    if template.message_type != message {
        return Err(Refusal::TemplateUnsuitable { template: template.message_type, message });
    }
    if template.archived {
        return Err(Refusal::TemplateDeleted);
    }
    check_filled(template, form)?;
    if message != MessageType::Letter {
        check_limits(call)?;
    }
    Ok(template)
}

/// A file that is attached fills no placeholder.
pub(super) fn check_filled(template: &Template, form: &Value) -> Result<(), Refusal> {
    let is_attached = |value: &Value| {
        value.as_object().and_then(|file| file.get("sending_method")).and_then(Value::as_str)
            == Some("attach")
    };
    let values = Values::of_those(send::personalisation(form), |value| !is_attached(value));
    let missing = field::missing(&template.fields(), &values);
    if missing.is_empty() { Ok(()) } else { Err(Refusal::PersonalisationMissing(missing)) }
}

/// The rate limit, then the daily limit for all types together. The service lets through one more than the limit.
pub(super) fn check_limits(call: &Call<'_>) -> Result<(), Refusal> {
    if !call.app.is_limited() {
        return Ok(());
    }
    let (limits, config) = (&call.service().limits, call.service().config());
    let (key_type, now) = (call.caller.key().key_type, call.timing.now);
    limits.check_recent(key_type, config.rate_limit_per_minute.unwrap_or(3_000), now)?;
    let limit = config.message_limit.unwrap_or(250_000);
    if key_type != KeyType::Test && limits.all_sent_today(now) > limit {
        let message = format!("Exceeded send limits ({limit}) for today");
        return Err(CustomRefusal::new(429, "TooManyRequestsError", message).into());
    }
    Ok(())
}

pub(super) fn sender<'a>(call: &'a Call<'_>, given: Option<&str>) -> Result<&'a str, Refusal> {
    call.service().sms_sender(given.map(database::id).transpose()?).ok_or_else(|| Refusal::SenderNotFound {
        field: "sms_sender_id",
        id: given.unwrap_or_default().to_owned(),
        service: call.service().id,
    })
}

/// Only calendar files can be attached, and no file can be linked. The files of a smoke test are not checked.
pub(super) fn check_files(call: &Call<'_>, form: &Value, is_smoke_test: bool) -> Result<(), Refusal> {
    let mut with_files = files(form).peekable();
    if with_files.peek().is_some() && !call.service().has_permission("upload_document") {
        return Err(bad_request("Service is not allowed to send documents"));
    }
    for (_, file) in with_files.filter(|_| !is_smoke_test) {
        let text = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("sending_method") == "link" {
            return Err(CustomRefusal::general(501, "Not Implemented").into());
        }
        let bytes = base64::decode(text("file")).unwrap_or_default();
        if !bytes.starts_with(b"BEGIN:VCALENDAR") {
            let kind =
                if std::str::from_utf8(&bytes).is_ok() { "text/plain" } else { "application/octet-stream" };
            let message =
                format!("Unsupported attachment type '{kind}'. Supported types are: ['text/calendar']");
            return Err(CustomRefusal::new(400, "UnsupportedMimeTypeException", message).into());
        }
    }
    Ok(())
}
