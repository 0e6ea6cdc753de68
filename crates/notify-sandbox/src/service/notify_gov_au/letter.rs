//! Letters, from a template or as a PDF.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::checks::{check, check_filled, check_limits, check_permission, json, template};
use super::email_text;
use super::send::{NewMessage, accept};
use crate::account::message::{Details, Draft, Extras, Pdf};
use crate::account::status::Journey;
use crate::api::operations::{Call, send, send_letter};
use crate::python::base64;
use crate::python::json::Value;
use crate::render::field::Values;
use crate::service::letter::{LETTER, PDF};
use crate::wire::refusal::{CustomRefusal, Exception, Refusal};
use crate::wire::response::{self, Response};
use crate::wire::validate;
use crate::world::{KeyType, MessageType};

pub(super) fn letter(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = json(call)?;
    if has_content(&form)? {
        return pdf(call, &form);
    }
    check(call, &form, LETTER, MessageType::Letter)?;
    let template = template(call, &form, MessageType::Letter)?;
    let fields = send::personalisation(&form);
    let values = Values::of(fields);
    check_filled(template, &values)?;
    send::check_letters_allowed(call)?;
    let body = email_text::body(&template.body, &values);
    let subject = email_text::subject(&template.subject, &values);
    let content = json!({ "body": body, "subject": subject });
    let lines = send_letter::address_lines(fields);
    let address: Vec<String> =
        lines.iter().filter(|line| line.is_truthy()).map(ToString::to_string).collect();
    let pdf = Pdf::Rendered {
        address: address.join("\n").into(),
        contact_block: template.contact_block.as_deref().unwrap_or_default().into(),
    };
    let details = Details::Letter { lines: Box::new(lines), postage: "second".into(), pdf: Box::new(pdf) };
    let is_test = call.caller.key().key_type == KeyType::Test;
    let journey = if is_test { Journey::TEST_LETTER } else { Journey::DELIVERED };
    let message = NewMessage { template, body, subject: Some(subject), content, details, journey };
    accept(call, &form, message, false)
}

/// A letter that comes as a PDF. The service checks it at once.
pub(super) fn pdf(call: &Call<'_>, form: &Value) -> Result<Response, Refusal> {
    validate::check(form, PDF, call.timing.now).map_err(Refusal::Schema)?;
    check_permission(call, "letter", "letters")?;
    check_permission(call, "precompiled_letter", "precompiled_letters")?;
    check_limits(call)?;
    send::check_letters_allowed(call)?;
    let content = send::text(form, "content").unwrap_or_default();
    let bytes = base64::decode(content).map_err(|_| Refusal::LetterNotBase64)?;
    if !is_pdf(&bytes) {
        return Err(CustomRefusal::bad_request("Letter content is not a valid PDF").into());
    }
    let reference = send::reference(form).unwrap_or_default();
    let id = Uuid::new_v4();
    let template = &call.service().precompiled;
    let mut lines = [const { Value::Null }; 7];
    lines[0] = Value::String(reference.to_owned());
    let draft = Draft {
        key_type: call.caller.key().key_type,
        reference: Some(reference.to_owned()),
        template: Arc::clone(template),
        body: String::new(),
        subject: Some(template.name.clone()),
        details: Details::Letter {
            lines: Box::new(lines),
            postage: "second".into(),
            pdf: Box::new(Pdf::Supplied(bytes.into())),
        },
        journey: Journey::PDF_PRINTED,
        extras: Extras::default(),
    };
    send::keep(call, id, draft, false)?;
    Ok(response::json(201, &json!({ "id": id, "reference": reference })))
}

/// Whether the service finds the pages of a PDF, for which it needs the cross-reference table.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    let has = |mark: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
    bytes.starts_with(b"%PDF") && has(b"startxref") && has(b"%%EOF")
}

/// Whether the body has a PDF. The service uses Python's `in`, which also works on texts and lists.
pub(super) fn has_content(form: &Value) -> Result<bool, Refusal> {
    const KEY: &str = "content";
    match form {
        value if !value.is_truthy() => Ok(false),
        Value::Object(form) => Ok(form.contains(KEY)),
        Value::String(text) => Ok(text.contains(KEY)),
        Value::Array(items) => Ok(items.iter().any(|item| item.as_str() == Some(KEY))),
        _ => Err(Refusal::Uncaught(Exception::Type, "the body is not an object")),
    }
}
