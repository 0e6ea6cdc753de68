//! The routes of what was sent and received.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::{PAGE_SIZE, created, done, ok};
use crate::account::mailbox::Index;
use crate::account::status::Status;
use crate::control::http_api::{Call, ControlApi, RequestError, Result};
use crate::control::{ControlError, IncomingText, SentMessage};
use crate::python::id;
use crate::wire::request::RequestExt;
use crate::wire::response::{self, Response};
use crate::world::MessageType;

/// The types of messages, as the filter takes them.
const TYPES: [&str; 3] =
    [MessageType::Sms.as_str(), MessageType::Email.as_str(), MessageType::Letter.as_str()];

pub(super) fn list(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let query = call.request.parameters();
    let known = [
        "to",
        "recipient",
        "reference",
        "type",
        "status",
        "template",
        "service",
        "text",
        "older_than",
        "limit",
    ];
    if let Some(unknown) = query.names().find(|name| !known.contains(name)) {
        return Err(RequestError::Malformed(format!(
            "{unknown} is not a filter; the filters are {}",
            known.join(", ")
        )));
    }
    let limit = match query.first("limit") {
        Some(limit) => {
            limit.parse().map_err(|_| RequestError::Malformed(format!("{limit} is not a number")))?
        }
        None => PAGE_SIZE,
    };
    if let Some(status) = query.first("status").filter(|status| !Status::is_filter(status)) {
        return Err(RequestError::Malformed(format!("{status} is not a status")));
    }
    if let Some(word) = query.first("type").filter(|word| !TYPES.contains(word)) {
        return Err(RequestError::Malformed(format!(
            "{word} is not a type; the types are {}",
            TYPES.join(", ")
        )));
    }
    let parsed =
        |text| id::parse(text).ok_or_else(|| RequestError::Malformed(format!("{text} is not an id")));
    let id_of = |name: &str| query.first(name).map(parsed).transpose();
    let older_than = id_of("older_than")?;
    let template = id_of("template")?.map(|id| id.to_string());
    let service = id_of("service")?.map(|id| id.to_string());
    let wants = |name: &str, holds: &dyn Fn(&str) -> bool| query.first(name).is_none_or(holds);
    let selects = |message: &SentMessage| {
        wants("to", &|to| message.is_for(to))
            && wants("recipient", &|part| message.recipient_contains(part))
            && wants("reference", &|reference| message.reference() == Some(reference))
            && wants("type", &|word| message.message_type().as_str() == word)
            && wants("status", &|word| message.has_status(word))
            && wants("text", &|words| message.contains_words(words))
            && template.as_ref().is_none_or(|template| message.template() == *template)
            && service.as_ref().is_none_or(|service| message.service() == *service)
    };
    let index = match (query.first("reference"), query.first("status")) {
        (Some(reference), _) => Index::Reference(reference),
        (None, Some(status)) => Index::Status(status),
        (None, None) => Index::All,
    };
    let messages = api.control.select(index, older_than, limit, selects);
    let messages: Vec<_> = messages.iter().map(|message| message.view(&api.base)).collect();
    ok(&BTreeMap::from([("messages", messages)]))
}

pub(super) fn message(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let message = api.control.message(call.parameter(0)).ok_or(ControlError::NoSuchMessage)?;
    ok(&message.view(&api.base))
}

pub(super) fn letter_pdf(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    let message = api.control.message(call.parameter(0)).ok_or(ControlError::NoSuchMessage)?;
    let pdf = message.pdf().ok_or(ControlError::NotALetter)?;
    Ok(response::pdf(pdf, call.request.range()))
}

pub(super) fn set_status(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct NewStatus {
        status: String,
    }
    let new: NewStatus = call.read()?;
    let status = Status::from_word(&new.status)
        .ok_or_else(|| RequestError::Malformed(format!("{} is not a status", new.status)))?;
    api.control.set_status(call.parameter(0), status)?;
    message(api, call)
}

pub(super) fn mark_as_spam(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    api.control.mark_as_spam(call.parameter(0))?;
    done()
}

pub(super) fn receive_text(api: &ControlApi, call: &Call<'_>) -> Result<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        from: String,
        content: String,
    }
    let body: Body = call.read()?;
    let text = IncomingText { from: &body.from, content: &body.content };
    created(&json!({ "id": api.control.receive_text(text)? }))
}
