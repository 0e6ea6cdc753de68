//! `POST /v2/notifications/letter` with `content`: send a letter that comes as a PDF. What is wrong with the PDF shows
//! only afterwards, in the letter's status.

use serde_json::json;
use uuid::Uuid;

use crate::account::message::{Details, Draft, Extras, Pdf};
use crate::account::status::Journey;
use crate::python::base64;
use crate::python::json::Value;
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::wire::upload::has_virus;
use crate::wire::validate::{Format, Kind, Property, Rule, Schema};
use crate::world::{KeyType, MessageType};

use super::{Call, send};

pub(crate) const SCHEMA: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("content", Kind::Text),
        Property("postage", Kind::Formatted(Format::Postage)),
    ]),
    Rule::Required(&["reference", "content"]),
    Rule::NoOthers,
];

/// The placeholder for an address that has not been read yet.
const UNREAD_ADDRESS: &str = "Provided as PDF";

pub(super) fn answer(call: &Call<'_>, form: &Value) -> Result<Response, Refusal> {
    send::check_form(call, form, SCHEMA, MessageType::Letter)?;
    send::check_letters_allowed(call)?;
    let content = send::text(form, "content").unwrap_or_default();
    let pdf = base64::decode(content).map_err(|_| Refusal::LetterNotBase64)?;

    send::check_storable(form, false)?;
    let id = Uuid::new_v4();
    let postage = send::text(form, "postage").unwrap_or("second");
    let answer = json!({ "id": id, "reference": send::reference(form), "postage": postage });
    let template = &call.service().precompiled;
    let key_type = call.caller.key().key_type;
    let mut lines = [const { Value::Null }; 7];
    lines[0] = Value::String(UNREAD_ADDRESS.to_owned());
    let draft = Draft {
        key_type,
        reference: send::reference(form).map(str::to_owned),
        template: template.clone(),
        body: String::new(),
        subject: Some(template.name.clone()),
        journey: journey(key_type, &pdf),
        extras: Extras::default(),
        details: Details::Letter {
            lines: Box::new(lines),
            postage: postage.into(),
            pdf: Box::new(Pdf::Supplied(pdf.into())),
        },
    };
    send::keep(call, id, draft, false)?;
    Ok(response::json(201, &answer))
}

fn journey(key_type: KeyType, pdf: &[u8]) -> Journey {
    if has_virus(pdf) {
        Journey::PDF_WITH_VIRUS
    } else if !pdf.starts_with(b"%PDF-") {
        Journey::PDF_UNPRINTABLE
    } else if key_type == KeyType::Test {
        Journey::PDF_TESTED
    } else {
        Journey::PDF_PRINTED
    }
}
