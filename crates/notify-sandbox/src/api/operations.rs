//! The operations of the API, one file each: its schema, its checks in their order, its response.

mod call;
pub(crate) mod file;
pub(crate) mod letter_pdf;
pub(crate) mod list_messages;
pub(crate) mod list_templates;
pub(crate) mod message;
pub(crate) mod preview;
pub(crate) mod received_texts;
pub(crate) mod send;
pub(crate) mod send_email;
pub(crate) mod send_letter;
pub(crate) mod send_pdf_letter;
pub(crate) mod send_sms;
pub(crate) mod template;

use serde_json::json;

use crate::api::router::Resource;
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use http::Method;

pub(crate) use call::Call;

/// Answers an authenticated call.
pub(crate) fn answer(call: &Call<'_>, resource: &Resource) -> Result<Response, Refusal> {
    match resource {
        Resource::Messages => list_messages::answer(call),
        Resource::Message(message_type) if call.request.method() == Method::POST => {
            match message_type.as_str() {
                "sms" => send_sms::answer(call),
                "email" => send_email::answer(call),
                "letter" => send_letter::answer(call),
                other => send::unknown_type(call, other),
            }
        }
        Resource::Message(id) => message::answer(call, id),
        Resource::LetterPdf(id) => letter_pdf::answer(call, id),
        Resource::Template(id) => template::answer(call, id, None),
        Resource::TemplateVersion(id, version) => template::answer(call, id, Some(*version)),
        Resource::TemplatePreview(id) => preview::answer(call, id),
        Resource::Templates => list_templates::answer(call),
        Resource::ReceivedTexts => received_texts::answer(call),
        Resource::File(..) | Resource::TemplateVersions | Resource::Health => Ok(response::no_such_path()),
    }
}

/// Says that the service is up.
pub(crate) fn health() -> Response {
    response::json(200, &json!({ "status": "ok" }))
}

#[cfg(test)]
mod tests;
