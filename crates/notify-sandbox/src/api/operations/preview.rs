//! `POST /v2/template/{id}/preview`: a template with its values filled in, and nothing sent.

use serde_json::json;

use crate::python::json::{Object, Value};
use crate::render::content;
use crate::wire::database;
use crate::wire::refusal::{Exception, Refusal};
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};
use crate::world::MessageType;

use super::{Call, send, template};

pub(crate) const SCHEMA: &Schema = &[
    Rule::Object,
    Rule::Properties(&[Property("id", Kind::Id), Property("personalisation", Kind::Object)]),
    Rule::Required(&["id"]),
];

pub(crate) fn answer(call: &Call<'_>, id: &str) -> Result<Response, Refusal> {
    // A template without placeholders needs no body at all.
    let mut body =
        if call.request.body().is_empty() { Value::Object(Object::EMPTY) } else { send::json(call)? };
    let Value::Object(form) = &mut body else {
        return Err(Refusal::Uncaught(Exception::Type, "the body is not an object"));
    };
    form.insert("id", Value::String(id.to_owned()));
    validate::check(&body, SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    let template = template::find(call, database::id(id)?)?;
    let values = content::Personalisation::from(send::personalisation(&body));
    send::check_filled(template, &values)?;
    let (subject, body, html) = match template.message_type {
        MessageType::Sms => {
            let content =
                content::sms::render(&template.body, &values).map_err(Refusal::CharacterNotReplaced)?;
            (None, content.body().to_owned(), None)
        }
        MessageType::Email => {
            let content = content::email::render(&template.subject, &template.body, &values);
            let html = content::email::html(&template.body, &values);
            (Some(content.subject().to_owned()), content.body().to_owned(), Some(html))
        }
        MessageType::Letter => {
            let content = content::letter::render(&template.subject, &template.body, &values);
            (Some(content.subject().to_owned()), content.body().to_owned(), None)
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
            "html": html,
            "postage": template.postage,
        }),
    ))
}
