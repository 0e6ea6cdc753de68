//! `POST /v2/notifications/email`: send an e-mail, with links to files if it has any.

use serde_json::json;
use uuid::Uuid;

use crate::account::message::{Details, Draft, Extras};
use crate::account::status::Journey;
use crate::python::json::{Object, Value};
use crate::recipient::email as address;
use crate::render::content::sanitise::{self, NotText, SanitisedValue};
use crate::render::content::{self, email, whitespace};
use crate::wire::database;
use crate::wire::refusal::{Exception, Refusal};
use crate::wire::response::{self, Response};
use crate::wire::upload::Upload;
use crate::wire::validate::{self, Format, Kind, Property, Rule, Schema};
use crate::world::{KeyType, MessageType};

use super::{Call, send};
use crate::wire::request::RequestExt;

pub(crate) const SCHEMA: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::TextUpTo(1000)),
        Property("email_address", Kind::Formatted(Format::EmailAddress)),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", Kind::FormattedOrNull(Format::WithinNextDay)),
        Property("email_reply_to_id", Kind::Id),
        Property("one_click_unsubscribe_url", Kind::HttpsUrl),
        Property("sanitise_content_for", Kind::ListOrNull),
    ]),
    Rule::Required(&["email_address", "template_id"]),
    Rule::NoOthers,
];

/// A file among the values. Unknown properties of a file are reported first.
pub(crate) const FILE_SCHEMA: &Schema = &[
    Rule::Object,
    Rule::NoOthers,
    Rule::Properties(&[
        Property("file", Kind::Text),
        Property("is_csv", Kind::Checked(Format::YesOrNo)),
        Property("confirm_email_before_download", Kind::Checked(Format::YesOrNo)),
        Property("retention_period", Kind::Checked(Format::RetentionPeriod)),
        Property("filename", Kind::Checked(Format::Filename)),
    ]),
    Rule::NotBoth(["is_csv", "filename"], "Do not set a value for `is_csv` if `filename` is set."),
];

/// Addresses for smoke tests: accepted like any other, then forgotten.
const SMOKE_TEST: [&str; 3] = [
    "simulate-delivered@notifications.service.gov.uk",
    "simulate-delivered-2@notifications.service.gov.uk",
    "simulate-delivered-3@notifications.service.gov.uk",
];

/// Addresses that fail if the key is a test key.
const TEMPORARY_FAILURE: &str = "temp-fail@simulator.notify";
const PERMANENT_FAILURE: &str = "perm-fail@simulator.notify";

pub(super) fn answer(call: &Call<'_>) -> Result<Response, Refusal> {
    send::check_limits(call, MessageType::Email)?;
    let form = send::json(call)?;
    send::check_form(call, &form, SCHEMA, MessageType::Email)?;
    let template = send::template(call, &form, MessageType::Email)?;
    let mut values = send::personalisation(&form).clone();
    let not_text = |NotText| Refusal::Uncaught(Exception::Type, "what is to be sanitised has to be a text");
    let sanitised = sanitise::apply(&mut values, &names_to_sanitise(&form)?).map_err(not_text)?;
    let personalisation = content::Personalisation::from(&values);
    send::check_filled(template, &personalisation)?;
    let mut content = email::render(&template.subject, &template.body, &personalisation);
    if content.is_empty() {
        return Err(Refusal::MessageEmpty);
    }
    check_reply_to(call, &form)?;
    let given = send::text(&form, "email_address").unwrap_or_default();
    let recipient = address::parse(given).map_err(|_| Refusal::EmailAddress)?;
    let recipient = &recipient.normalised();
    send::check_recipient(call, recipient)?;
    let is_smoke_test = SMOKE_TEST.contains(&recipient.as_str());
    if upload_files(call, &form, &mut values, is_smoke_test)? {
        content = email::render(&template.subject, &template.body, &content::Personalisation::from(&values));
    }
    if content.body().len() > email::BYTE_LIMIT {
        return Err(Refusal::EmailTooLong { limit: email::BYTE_LIMIT, bytes: content.body().len() });
    }

    send::check_storable(&form, is_smoke_test)?;
    let id = Uuid::new_v4();
    let unsubscribe = send::text(&form, "one_click_unsubscribe_url");
    let answer = json!({
        "from_email": call.service().email_from,
        "body": content.body(),
        "subject": content.subject(),
        "one_click_unsubscribe_url": unsubscribe,
    });
    let answer = send::accepted(call, id, &form, template, answer);
    if !is_smoke_test {
        let key_type = call.caller.key().key_type;
        let draft = Draft {
            key_type,
            reference: send::reference(&form).map(str::to_owned),
            template: template.clone(),
            body: content.body().to_owned(),
            subject: Some(content.subject().to_owned()),
            details: Details::Email {
                email_address: whitespace::trim_obscure(given).into(),
                one_click_unsubscribe_url: unsubscribe.map(Into::into),
            },
            journey: journey(key_type, recipient),
            extras: Extras::default(),
        };
        send::keep(call, id, draft, false)?;
    }
    Ok(response::with_field(send::created(answer), "sanitised_content", &as_answered(sanitised)))
}

/// The names of the values to sanitise.
fn names_to_sanitise(form: &Value) -> Result<Vec<&str>, Refusal> {
    let Some(Value::Array(names)) = form.as_object().and_then(|form| form.get("sanitise_content_for")) else {
        return Ok(Vec::new());
    };
    names.iter().map(Value::as_str).collect::<Option<_>>().ok_or(Refusal::Uncaught(
        Exception::Type,
        "sanitise_content_for has to list the names of placeholders",
    ))
}

/// What sanitising has changed, as the response shows it.
fn as_answered(changes: Vec<SanitisedValue>) -> Value {
    let mut content = Object::EMPTY;
    for change in changes {
        let mut values = Object::EMPTY;
        values.insert("unsanitised", change.unsanitised);
        values.insert("sanitised", change.sanitised);
        content.insert(&change.name, Value::Object(values));
    }
    Value::Object(content)
}

fn check_reply_to(call: &Call<'_>, form: &Value) -> Result<(), Refusal> {
    const FIELD: &str = "email_reply_to_id";
    let Some(given) = send::text(form, FIELD) else { return Ok(()) };
    if call.service().has_reply_to(database::id(given)?) {
        return Ok(());
    }
    Err(Refusal::SenderNotFound { field: FIELD, id: given.to_owned(), service: call.service().id })
}

/// Replaces files by links to them, and returns whether there were any.
fn upload_files(
    call: &Call<'_>,
    form: &Value,
    values: &mut Object,
    is_smoke_test: bool,
) -> Result<bool, Refusal> {
    let files: Vec<_> = send::files(form).collect();
    if files.is_empty() {
        return Ok(false);
    }
    for (_, file) in &files {
        if file.iter().any(|(name, value)| is_option(name) && value.as_object().is_some()) {
            return Err(Refusal::Uncaught(Exception::Type, "an option of a file is an object"));
        }
        validate::check(&Value::Object((*file).clone()), FILE_SCHEMA, call.timing.now)
            .map_err(Refusal::Schema)?;
    }
    let service = call.service();
    if !service.has_contact_link {
        return Err(Refusal::FilesNotSetUp(service.id));
    }
    for (name, file) in files {
        let base = call.request.base_url();
        let link = if is_smoke_test {
            format!("{base}/services/{}/documents/test-document", service.id)
        } else {
            let upload = Upload::new(service.id, file).map_err(Refusal::Document)?;
            call.app.store_document(upload, base, call.timing.now)?
        };
        values.insert(name, Value::String(link));
    }
    Ok(true)
}

/// Whether a file may have a property of this name.
fn is_option(name: &str) -> bool {
    FILE_SCHEMA.iter().any(|rule| match rule {
        Rule::Properties(properties) => properties.iter().any(|Property(known, _)| *known == name),
        _ => false,
    })
}

fn journey(key_type: KeyType, recipient: &str) -> Journey {
    match (key_type, recipient) {
        (KeyType::Test, TEMPORARY_FAILURE) => Journey::TEMPORARY_FAILURE,
        (KeyType::Test, PERMANENT_FAILURE) => Journey::PERMANENT_FAILURE,
        _ => Journey::DELIVERED,
    }
}
