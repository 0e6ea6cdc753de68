//! Sends of the third version. It accepts more than it can send, and does not report what goes wrong later.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::{contact, numbers, reads, text, uncaught};
use crate::account::message::{Details, Draft, Extras};
use crate::account::status::Journey;
use crate::api::operations::{Call, send};
use crate::python::json::{self, Object, ReadError, Value};
use crate::python::{id, iso_datetime};
use crate::wire::refusal::{AUTH, CustomRefusal, Entry, Envelope, Refusal};
use crate::wire::response::{self, Response};
use crate::world::MessageType;

/// How far ahead a message can be scheduled.
const DAY: Duration = Duration::from_secs(86_400);

const STRINGS: [&str; 6] =
    ["reference", "client_reference", "billing_code", "sms_sender_id", "phone_number", "email_address"];

/// How it refuses a caller: with less detail than the second version.
pub(super) fn refuse_caller(entry: &Entry<'_>) -> Refusal {
    let message = entry.messages.first().map_or_else(String::new, ToString::to_string);
    let message = if message.starts_with("Invalid token: ") { "Invalid token".to_owned() } else { message };
    if entry.status >= 500 {
        return uncaught("the token is odd");
    }
    CustomRefusal::new(entry.status, AUTH, message)
        .hint(entry.hint.clone().into_owned())
        .in_envelope(Envelope::WithoutStatus)
        .into()
}

pub(super) fn sms(call: &Call<'_>) -> Result<Response, Refusal> {
    send(call, MessageType::Sms)
}

pub(super) fn email(call: &Call<'_>) -> Result<Response, Refusal> {
    send(call, MessageType::Email)
}

fn refuse(status: u16, class: &'static str, message: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    CustomRefusal::new(status, class, message).in_envelope(Envelope::WithoutStatus).into()
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    refuse(400, "ValidationError", message)
}

fn bad(message: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    refuse(400, "BadRequest", message)
}

fn send(call: &Call<'_>, message: MessageType) -> Result<Response, Refusal> {
    if !call.service().may_send(message) {
        let message = "The service does not have permission to send this type of notification.";
        return Err(refuse(403, AUTH, message));
    }
    reads::check_type(call)?;
    let body = call.request.body();
    let form = json::read(body).map_err(|error| match error {
        ReadError::NotJson { at } => bad(not_json(body, at)),
        ReadError::TooDeep => uncaught("the body nests too deep"),
    })?;
    let fields = form.as_object().ok_or_else(|| uncaught("the body is not an object"))?;
    check(fields, message)?;
    check_recipient(fields)?;
    check_time(call, fields)?;
    let id = Uuid::new_v4();
    keep(call, id, &form, message)?;
    Ok(response::json(202, &json!({ "id": id })))
}

/// Python's message about a body that is not JSON from some byte on.
fn not_json(body: &[u8], at: usize) -> String {
    let before = body.get(..at).unwrap_or(body);
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    let what = match before.trim_ascii_end().last() {
        Some(b'{') => "Expecting property name enclosed in double quotes",
        None | Some(b':' | b'[' | b',') => "Expecting value",
        Some(_) => "Expecting ',' delimiter",
    };
    format!("400 Bad Request: Failed to decode JSON object: {what}: line {line} column {column} (char {at})")
}

/// The schema. Only the first error is reported.
fn check(fields: &Object, message: MessageType) -> Result<(), Refusal> {
    let (recipient, what, other) = if message == MessageType::Sms {
        ("phone_number", "a phone number", "email_address")
    } else {
        ("email_address", "an e-mail address", "phone_number")
    };
    if !fields.contains("template_id") {
        return Err(invalid("'template_id' is a required property"));
    }
    let is_known = |name: &str| {
        let is_string = STRINGS.contains(&name) && name != other;
        is_string && !(message == MessageType::Email && name == "sms_sender_id")
            || ["template_id", "recipient_identifier", "personalisation", "scheduled_for"].contains(&name)
    };
    let mut unknown: Vec<String> =
        fields.keys().filter(|name| !is_known(name)).map(|name| format!("'{name}'")).collect();
    if !unknown.is_empty() {
        unknown.sort_unstable();
        let verb = if unknown.len() == 1 { "was" } else { "were" };
        let names = unknown.join(", ");
        return Err(invalid(format!("Additional properties are not allowed ({names} {verb} unexpected)")));
    }
    for (name, value) in fields.iter() {
        check_field(name, value)?;
    }
    if !fields.contains(recipient) && !fields.contains("recipient_identifier") {
        return Err(invalid(format!("You must provide {what} or recipient identifier.")));
    }
    Ok(())
}

fn check_field(name: &str, value: &Value) -> Result<(), Refusal> {
    let shown = value.repr().to_string();
    let Some(text) = value.as_str() else {
        let wanted =
            if matches!(name, "recipient_identifier" | "personalisation") { "object" } else { "string" };
        let fits = wanted == "object" && value.as_object().is_some();
        return if fits { Ok(()) } else { Err(invalid(format!("{shown} is not of type '{wanted}'"))) };
    };
    let format = match name {
        "template_id" | "sms_sender_id" => (text.len() == 36 && id::parse(text).is_some(), "uuid"),
        "email_address" => (text.contains('@'), "email"),
        "scheduled_for" => (iso_datetime::parse(text).is_some(), "date-time"),
        "recipient_identifier" | "personalisation" => {
            return Err(invalid(format!("{shown} is not of type 'object'")));
        }
        _ => return Ok(()),
    };
    if format.0 { Ok(()) } else { Err(invalid(format!("{shown} is not a '{}'", format.1))) }
}

/// A number must include its country code.
fn check_recipient(fields: &Object) -> Result<(), Refusal> {
    let Some(number) = fields.get("phone_number").and_then(Value::as_str) else { return Ok(()) };
    if !number.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(bad("(1) The string supplied did not seem to be a phone number."));
    }
    if !number.trim_start().starts_with('+') {
        return Err(bad("(0) Missing or invalid default region."));
    }
    if numbers::parse(number).is_err() {
        return Err(bad(format!("{number} is not a valid phone number.")));
    }
    Ok(())
}

fn check_time(call: &Call<'_>, fields: &Object) -> Result<(), Refusal> {
    let Some(text) = fields.get("scheduled_for").and_then(Value::as_str) else { return Ok(()) };
    if text.ends_with(['Z', 'z']) {
        return Err(bad(format!("Invalid isoformat string: '{text}'")));
    }
    let time = iso_datetime::parse(text).ok_or_else(|| bad(format!("Invalid isoformat string: '{text}'")))?;
    let now = call.timing.now;
    if time < now {
        return Err(bad("The scheduled time cannot be in the past."));
    }
    if time > now + DAY {
        return Err(bad("The scheduled time cannot be more than one calendar day in the future."));
    }
    Err(refuse(501, "NotImplementedError", "Scheduled sending is not implemented."))
}

/// Stores a message, unless its template does not exist or is of another type.
fn keep(call: &Call<'_>, id: Uuid, form: &Value, message: MessageType) -> Result<(), Refusal> {
    let template = send::text(form, "template_id").and_then(id::parse);
    let template = template.and_then(|id| call.service().template(id));
    let Some(template) = template.filter(|template| template.message_type == message) else { return Ok(()) };
    let is_sms = message == MessageType::Sms;
    let given = send::text(form, if is_sms { "phone_number" } else { "email_address" }).map(str::to_owned);
    let found = contact::identified(call, form, message);
    let Some(recipient) = given.or_else(|| found?.contact) else { return Ok(()) };
    // The recipient gets no values either.
    let (body, subject, details) = if is_sms {
        let body = text::redacted_sms(template);
        let details = Details::sms(recipient.as_str(), &body, call.service().sms_prefix.as_deref());
        (body, None, details)
    } else {
        let details =
            Details::Email { email_address: recipient.as_str().into(), one_click_unsubscribe_url: None };
        let (subject, body) = text::redacted_email(template);
        (body, Some(subject), details)
    };
    let draft = Draft {
        // The first key of the service counts, whichever key was used.
        key_type: call.service().keys.first().map_or(call.caller.key().key_type, |key| key.key_type),
        reference: send::text(form, "client_reference").map(str::to_owned),
        template: Arc::clone(template),
        body,
        subject,
        details,
        journey: Journey::SENT,
        extras: Extras::default(),
    };
    send::keep(call, id, draft, false)
}
