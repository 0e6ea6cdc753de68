//! `POST /v2/notifications/letter`: send a letter from a template, or hand over to [`send_pdf_letter`].

use serde_json::json;
use uuid::Uuid;

use crate::account::message::{Details, Draft, Extras, Pdf};
use crate::account::status::Journey;
use crate::python::json::{Object, Value, surrogate};
use crate::recipient::postal::Address;
use crate::recipient::postal::country::Zone;
use crate::render::content::{self, letter};
use crate::wire::refusal::{Exception, Refusal};
use crate::wire::response::Response;
use crate::wire::validate::{Kind, Property, Rule, Schema};
use crate::world::{KeyType, MessageType};

use super::{Call, send, send_pdf_letter};

pub(crate) const SCHEMA: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::TextUpTo(1000)),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
    ]),
    Rule::Required(&["template_id", "personalisation"]),
    Rule::NoOthers,
];

pub(super) fn answer(call: &Call<'_>) -> Result<Response, Refusal> {
    send::check_limits(call, MessageType::Letter)?;
    let form = send::json(call)?;
    if has_content(&form)? {
        return send_pdf_letter::answer(call, &form);
    }
    // The service starts over for a letter from a template, and so takes a second token from the bucket.
    send::check_limits(call, MessageType::Letter)?;
    send::check_form(call, &form, SCHEMA, MessageType::Letter)?;
    let template = send::template(call, &form, MessageType::Letter)?;
    let fields = send::personalisation(&form);
    let values = content::Personalisation::from(fields);
    send::check_filled(template, &values)?;
    let codes = letter::qr_codes(&template.body, &values);
    if codes.iter().any(|code| surrogate::is_in(code)) {
        send::check_storable(&form, false)?;
    }
    if let Some(code) = codes.into_iter().find(|code| code.len() > letter::LONGEST_QR_CODE) {
        return Err(Refusal::QrCodeTooLong(code));
    }
    let content = letter::render(&template.subject, &template.body, &values);
    if content.is_empty() {
        return Err(Refusal::MessageEmpty);
    }
    send::refuse_files(&form)?;
    send::check_letters_allowed(call)?;
    let address = Address::from_personalisation(fields);
    address.check(call.service().has_permission("international_letters")).map_err(Refusal::Address)?;

    send::check_storable(&form, false)?;
    send::check_no_nul(&address.lines().join("\n"))?;
    let id = Uuid::new_v4();
    let answer = json!({ "body": content.body(), "subject": content.subject() });
    let answer = send::accepted(call, id, &form, template, answer);
    let key_type = call.caller.key().key_type;
    // Letters abroad have classes of post of their own.
    let postage = address.postage().map(postage_abroad).or(template.postage.as_deref()).unwrap_or("second");
    let draft = Draft {
        key_type,
        reference: send::reference(&form).map(str::to_owned),
        template: template.clone(),
        body: content.body().to_owned(),
        subject: Some(content.subject().to_owned()),
        details: Details::Letter {
            lines: Box::new(address_lines(fields)),
            postage: postage.into(),
            pdf: Box::new(Pdf::Rendered {
                address: address.lines().join("\n").into(),
                contact_block: template.contact_block.as_deref().unwrap_or_default().into(),
            }),
        },
        journey: if key_type == KeyType::Test { Journey::TEST_LETTER } else { Journey::DELIVERED },
        extras: Extras::default(),
    };
    send::keep(call, id, draft, false)?;
    Ok(send::created(answer))
}

/// Whether the body has a PDF. The service uses Python's `in` for it, which also works on texts and lists.
fn has_content(form: &Value) -> Result<bool, Refusal> {
    const KEY: &str = "content";
    match form {
        Value::Object(form) => Ok(form.contains(KEY)),
        Value::String(text) => Ok(text.contains(KEY)),
        Value::Array(items) => Ok(items.iter().any(|item| item.as_str() == Some(KEY))),
        _ => Err(Refusal::Uncaught(Exception::Type, "the body is not an object")),
    }
}

const fn postage_abroad(zone: Zone) -> &'static str {
    match zone {
        Zone::Europe => "europe",
        Zone::RestOfWorld | Zone::UnitedKingdom => "rest-of-world",
    }
}

/// The lines as `GET` shows them: what was sent as the first six and as the postcode.
pub(crate) fn address_lines(fields: &Object) -> [Value; 7] {
    let names = [
        "address_line_1",
        "address_line_2",
        "address_line_3",
        "address_line_4",
        "address_line_5",
        "address_line_6",
        "postcode",
    ];
    names.map(|name| fields.get(name).cloned().unwrap_or(Value::Null))
}
