//! `POST /v2/notifications/sms`: send a text message.

use serde_json::json;
use uuid::Uuid;

use crate::account::message::{Details, Draft, Extras};
use crate::account::status::Journey;
use crate::python::json::Value;
use crate::recipient::phone::{self, Permissions, PhoneError, PhoneNumber};
use crate::render::content::{self, sms, whitespace};
use crate::wire::database;
use crate::wire::refusal::Refusal;
use crate::wire::response::Response;
use crate::wire::validate::{Format, Kind, Property, Rule, Schema};
use crate::world::{KeyType, MessageType};

use super::{Call, send};

pub(crate) const SCHEMA: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::TextUpTo(1000)),
        Property("phone_number", Kind::Formatted(Format::PhoneNumber)),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", Kind::FormattedOrNull(Format::WithinNextDay)),
        Property("sms_sender_id", Kind::Id),
    ]),
    Rule::Required(&["phone_number", "template_id"]),
    Rule::NoOthers,
];

/// Numbers for smoke tests: accepted like any other, then forgotten.
const SMOKE_TEST: [&str; 3] = ["447700900000", "447700900111", "447700900222"];

/// Numbers that fail if the key is a test key.
const TEMPORARY_FAILURE: &str = "447700900003";
const PERMANENT_FAILURE: &str = "447700900002";

pub(super) fn answer(call: &Call<'_>) -> Result<Response, Refusal> {
    send::check_limits(call, MessageType::Sms)?;
    let form = send::json(call)?;
    send::check_form(call, &form, SCHEMA, MessageType::Sms)?;
    let template = send::template(call, &form, MessageType::Sms)?;
    let values = content::Personalisation::from(send::personalisation(&form));
    send::check_filled(template, &values)?;
    let content = sms::render(&template.body, &values).map_err(Refusal::CharacterNotReplaced)?;
    if content.body().is_empty() {
        return Err(Refusal::MessageEmpty);
    }
    send::refuse_files(&form)?;
    let sender = sender(call, &form)?;
    let given = send::text(&form, "phone_number").unwrap_or_default();
    let number = recipient(call, given)?;
    if content.characters() > sms::CHARACTER_LIMIT {
        return Err(Refusal::TextTooLong { limit: sms::CHARACTER_LIMIT, characters: content.characters() });
    }

    let id = Uuid::new_v4();
    let answer = json!({ "body": content.body(), "from_number": sender });
    let answer = send::accepted(call, id, &form, template, answer);
    let is_smoke_test = SMOKE_TEST.contains(&number.normalised().as_str());
    send::check_storable(&form, is_smoke_test)?;
    if !is_smoke_test {
        let service = call.service();
        let key_type = call.caller.key().key_type;
        let draft = Draft {
            key_type,
            reference: send::reference(&form).map(str::to_owned),
            template: template.clone(),
            body: content.body().to_owned(),
            subject: None,
            details: Details::Sms {
                phone_number: whitespace::trim_obscure(given).into(),
                fragments: content.fragments(service.sms_prefix.as_deref()),
                rate_multiplier: number.rate_multiplier(),
            },
            journey: journey(key_type, &number),
            extras: Extras::default(),
        };
        send::keep(call, id, draft, !number.is_uk())?;
    }
    Ok(send::created(answer))
}

/// The sender that a form asks for, or the default.
fn sender<'a>(call: &'a Call<'_>, form: &Value) -> Result<&'a str, Refusal> {
    const FIELD: &str = "sms_sender_id";
    let given = send::text(form, FIELD);
    call.service().sms_sender(given.map(database::id).transpose()?).ok_or_else(|| Refusal::SenderNotFound {
        field: FIELD,
        id: given.unwrap_or_default().to_owned(),
        service: call.service().id,
    })
}

/// A number that this key may send to and this service can reach.
fn recipient(call: &Call<'_>, given: &str) -> Result<PhoneNumber, Refusal> {
    let number = phone::parse(given).map_err(Refusal::PhoneNumber)?;
    send::check_recipient(call, &number.normalised())?;
    let service = call.service();
    let permissions = Permissions {
        international: service.has_permission("international_sms"),
        uk_landline: service.has_permission("sms_to_uk_landlines"),
    };
    number.check(permissions).map_err(|error| match error {
        PhoneError::NotAUkMobile if !number.is_uk() => Refusal::InternationalNumber,
        other => Refusal::PhoneNumber(other),
    })?;
    if !number.is_uk() && call.app.is_limited() {
        service.limits.check_international(call.caller.key().key_type, call.timing.now)?;
    }
    Ok(number)
}

fn journey(key_type: KeyType, number: &PhoneNumber) -> Journey {
    match (key_type, number.normalised().as_str()) {
        (KeyType::Test, TEMPORARY_FAILURE) => Journey::TEMPORARY_FAILURE,
        (KeyType::Test, PERMANENT_FAILURE) => Journey::PERMANENT_FAILURE,
        _ if number.gets_receipts() => Journey::DELIVERED,
        _ => Journey::SENT,
    }
}
