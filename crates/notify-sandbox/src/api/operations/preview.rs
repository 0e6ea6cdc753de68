//! `POST /v2/template/{id}/preview`: a template with its values filled in, and nothing sent.

use serde_json::json;

use crate::account::template::Template;
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
    add_id(&mut body, id)?;
    validate::check(&body, SCHEMA, call.timing.now).map_err(Refusal::Schema)?;
    let template = template::find(call, database::id(id)?)?;
    let values = content::Personalisation::from(send::personalisation(&body));
    send::check_filled(template, &values)?;
    let preview = match template.message_type {
        MessageType::Sms => {
            let content =
                content::sms::render(&template.body, &values).map_err(Refusal::CharacterNotReplaced)?;
            Preview { body: content.body().to_owned(), ..Preview::default() }
        }
        MessageType::Email => {
            let content = content::email::render(&template.subject, &template.body, &values);
            let html = content::email::html(&template.body, &values);
            Preview {
                subject: Some(content.subject().to_owned()),
                body: content.body().to_owned(),
                html: Some(html),
            }
        }
        MessageType::Letter => {
            let content = content::letter::render(&template.subject, &template.body, &values);
            Preview {
                subject: Some(content.subject().to_owned()),
                body: content.body().to_owned(),
                html: None,
            }
        }
    };
    Ok(preview.answer(template))
}

/// Adds the id of the path to the body, to be checked with it.
pub(crate) fn add_id(body: &mut Value, id: &str) -> Result<(), Refusal> {
    let Value::Object(form) = body else {
        return Err(Refusal::Uncaught(Exception::Type, "the body is not an object"));
    };
    form.insert("id", Value::String(id.to_owned()));
    Ok(())
}

/// A template with its values filled in.
#[derive(Default)]
pub(crate) struct Preview {
    pub(crate) subject: Option<String>,
    pub(crate) body: String,
    pub(crate) html: Option<String>,
}

impl Preview {
    pub(crate) fn answer(self, template: &Template) -> Response {
        let body = json!({
            "id": template.id,
            "type": template.message_type.as_str(),
            "version": template.version,
            "body": self.body,
            "subject": self.subject,
            "html": self.html,
            "postage": template.postage,
        });
        response::json(200, &body)
    }
}
