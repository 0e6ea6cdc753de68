//! The steps that all sends have in common, in the order in which the service takes them.

use std::sync::Arc;

use serde_json::{Map, json};
use uuid::Uuid;

use crate::account::message::{Draft, Message};
use crate::account::template::Template;
use crate::python::id;
use crate::python::json::{self, Object, ReadError, Value, surrogate};
use crate::render::content::{self, Personalisation};
use crate::wire::refusal::{Exception, Refusal};
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Schema};
use crate::world::{KeyType, MessageType};

use super::Call;
use crate::wire::request::RequestExt;

/// Checks the limits, before the body is read.
pub(crate) fn check_limits(call: &Call<'_>, message: MessageType) -> Result<(), Refusal> {
    if !call.app.is_limited() {
        return Ok(());
    }
    call.service().limits.check(call.caller.key().key_type, message, call.timing.now)
}

/// Answers a send of an unknown type. The service looks up the type's limit before it checks the type.
pub(crate) fn unknown_type(call: &Call<'_>, message_type: &str) -> Result<Response, Refusal> {
    if call.app.is_limited() {
        call.service().limits.check_rate(call.caller.key().key_type, call.timing.now)?;
    }
    // It has a limit, but is not a type of message.
    if message_type == "international_sms" {
        json(call)?;
        return Ok(response::no_such_path());
    }
    Err(Refusal::Uncaught(Exception::Key, "the type of a message is sms, email or letter"))
}

/// The body as JSON. Anything falsy counts as an empty object.
pub(crate) fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    let body = call.request.body();
    let value = json::read(body).map_err(|error| match error {
        ReadError::NotJson { at } => Refusal::NotJson { at, length: body.len() },
        ReadError::TooDeep => {
            Refusal::Uncaught(Exception::Recursion, "lists or objects in the body nest too deep")
        }
    })?;
    Ok(if value.is_truthy() { value } else { Value::Object(Object::EMPTY) })
}

/// Refuses what the service accepts but cannot store. It writes down the values even of a smoke test; the reference goes
/// only to its database.
pub(crate) fn check_storable(form: &Value, is_smoke_test: bool) -> Result<(), Refusal> {
    const HALF: Refusal = Refusal::Uncaught(
        Exception::UnicodeEncode,
        "half a surrogate pair stands alone in the personalisation or the reference, so that it is not text",
    );
    let values = form.as_object().and_then(|form| form.get("personalisation"));
    if values.is_some_and(|values| values.any_text(&surrogate::is_in)) {
        return Err(HALF);
    }
    match reference(form) {
        Some(reference) if !is_smoke_test && surrogate::is_in(reference) => Err(HALF),
        Some(reference) if !is_smoke_test => check_no_nul(reference),
        _ => Ok(()),
    }
}

/// Refuses a character that the database cannot store.
pub(crate) fn check_no_nul(text: &str) -> Result<(), Refusal> {
    if text.contains('\0') {
        return Err(Refusal::Uncaught(
            Exception::Value,
            "there is a NUL character in the reference or the address",
        ));
    }
    Ok(())
}

/// Checks the body against the operation's schema, and whether the service may send this type of message.
pub(crate) fn check_form(
    call: &Call<'_>,
    form: &Value,
    schema: &Schema,
    message: MessageType,
) -> Result<(), Refusal> {
    validate::check(form, schema, call.timing.now).map_err(Refusal::Schema)?;
    if call.service().may_send(message) { Ok(()) } else { Err(Refusal::NotPermitted(message)) }
}

/// The template that a form names, if it can be sent as this type of message.
pub(crate) fn template<'a>(
    call: &'a Call<'_>,
    form: &Value,
    message: MessageType,
) -> Result<&'a Arc<Template>, Refusal> {
    let id = text(form, "template_id").and_then(id::parse).ok_or(Refusal::TemplateNotFound)?;
    let template = call.service().template(id).ok_or(Refusal::TemplateNotFound)?;
    if template.message_type != message {
        return Err(Refusal::TemplateUnsuitable { template: template.message_type, message });
    }
    if template.archived { Err(Refusal::TemplateDeleted) } else { Ok(template) }
}

/// The values of a form.
pub(crate) fn personalisation(form: &Value) -> &Object {
    let values = form.as_object().and_then(|form| form.get("personalisation")).and_then(Value::as_object);
    values.unwrap_or(const { &Object::EMPTY })
}

/// Whether each placeholder has a value.
pub(crate) fn check_filled(template: &Template, values: &Personalisation) -> Result<(), Refusal> {
    let missing = content::missing(&template.fields(), values);
    if missing.is_empty() { Ok(()) } else { Err(Refusal::PersonalisationMissing(missing)) }
}

/// The values that are files: objects that say so.
pub(crate) fn files(form: &Value) -> impl Iterator<Item = (&str, &Object)> {
    personalisation(form)
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_object().filter(|object| object.contains("file"))?)))
}

/// Only e-mails link to files.
pub(crate) fn refuse_files(form: &Value) -> Result<(), Refusal> {
    if files(form).next().is_some() { Err(Refusal::FileNotByEmail) } else { Ok(()) }
}

/// Whether the key, or a service in trial mode, may send to a recipient.
pub(crate) fn check_recipient(call: &Call<'_>, normalised: &str) -> Result<(), Refusal> {
    let service = call.service();
    let refusal = match call.caller.key().key_type {
        KeyType::Team => Refusal::RecipientNotOnTeam,
        KeyType::Live if service.trial_mode => Refusal::RecipientInTrialMode,
        KeyType::Live | KeyType::Test => return Ok(()),
    };
    if service.knows_recipient(normalised) { Ok(()) } else { Err(refusal) }
}

/// Letters cost money and need an address: not with a team key, and not in trial mode.
pub(crate) fn check_letters_allowed(call: &Call<'_>) -> Result<(), Refusal> {
    match call.caller.key().key_type {
        KeyType::Team => Err(Refusal::LettersWithTeamKey),
        KeyType::Live if call.service().trial_mode => Err(Refusal::LettersInTrialMode),
        KeyType::Live | KeyType::Test => Ok(()),
    }
}

/// Counts and stores a message.
pub(crate) fn keep(call: &Call<'_>, id: Uuid, draft: Draft, international: bool) -> Result<(), Refusal> {
    Ok(call.app.keep(call.service(), Message::new(id, draft, call.timing.now), international)?)
}

/// The response to an accepted message, with the content that is specific to its type.
pub(crate) fn accepted(
    call: &Call<'_>,
    id: Uuid,
    form: &Value,
    template: &Template,
    content: serde_json::Value,
) -> Map<String, serde_json::Value> {
    let base = call.request.base_url();
    let service = call.service().id;
    let mut answer = Map::new();
    answer.insert("id".to_owned(), json!(id));
    answer.insert("reference".to_owned(), json!(reference(form)));
    answer.insert("content".to_owned(), content);
    answer.insert("uri".to_owned(), json!(format!("{base}/v2/notifications/{id}")));
    // A path of the website, not of the API.
    let uri = format!("{base}/services/{service}/templates/{}", template.id);
    answer
        .insert("template".to_owned(), json!({ "id": template.id, "version": template.version, "uri": uri }));
    answer.insert("scheduled_for".to_owned(), serde_json::Value::Null);
    answer
}

pub(crate) fn created(answer: Map<String, serde_json::Value>) -> Response {
    response::json(201, &answer.into())
}

/// A property that is a string.
pub(crate) fn text<'a>(form: &'a Value, name: &str) -> Option<&'a str> {
    form.as_object()?.get(name)?.as_str()
}

pub(crate) fn reference(form: &Value) -> Option<&str> {
    text(form, "reference")
}
