//! Sends of the second version: text messages and e-mails.

use std::sync::Arc;

use serde_json::{Map, json};
use uuid::Uuid;

use super::checks::{self, check, check_files, check_form, check_object};
use super::contact::{self, Identified};
use super::schema::{EMAIL, LETTER, SMS};
use super::{bad_request, numbers, text, uncaught};
use crate::account::message::{Details, Draft, Extras, MessageCallback};
use crate::account::status::Journey;
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::id;
use crate::python::json::Value;
use crate::recipient::email;
use crate::render::field::Values;
use crate::wire::refusal::{CustomRefusal, Refusal};
use crate::wire::response::{self, Response};
use crate::wire::validate;
use crate::world::{KeyType, MessageType};

/// Numbers and addresses for smoke tests: accepted like any other, then forgotten.
const SMOKE_NUMBERS: [&str; 3] = ["16132532222", "16132532223", "16132532224"];

const SMOKE_ADDRESSES: [&str; 3] = [
    "simulate-delivered@notifications.va.gov",
    "simulate-delivered-2@notifications.va.gov",
    "simulate-delivered-3@notifications.va.gov",
];

/// The recipients whose messages fail with a test key.
const TEMPORARY_FAILURE: &str = "temp-fail@simulator.notify";

const PERMANENT_FAILURE: &str = "perm-fail@simulator.notify";

/// Sends a message of the type in the path, which is checked after the body.
pub(super) fn message(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let form = checks::json(call)?;
    match parameters[0].as_str() {
        "sms" => sms(call, &form),
        "email" => email(call, &form),
        _ => Err(CustomRefusal::general(404, response::NO_SUCH_PATH).into()),
    }
}

fn sms(call: &Call<'_>, form: &Value) -> Result<Response, Refusal> {
    check_form(call, form, SMS)?;
    let senders = &call.service().config().sms_senders;
    let has_default = senders.iter().any(|sender| sender.is_default && !sender.archived);
    let given_sender = send::text(form, "sms_sender_id");
    if given_sender.is_none() && !has_default {
        return Err(bad_request(
            "You must supply a value for sms_sender_id, or the service must have a default.",
        ));
    }
    let template = check(call, form, MessageType::Sms)?;
    let sender = checks::sender(call, given_sender)?;
    let given = send::text(form, "phone_number").filter(|number| !number.is_empty());
    let recipient = match given {
        Some(given) => {
            let number = numbers::parse(given).map_err(|_| uncaught("no phone number"))?;
            send::check_recipient(call, &number.e164())?;
            if !numbers::is_local(&number) && !call.service().has_permission("international_sms") {
                return Err(Refusal::InternationalNumber);
            }
            Recipient::given(given, number.e164())
        }
        None => Recipient::identified(call, form, MessageType::Sms),
    };
    let is_smoke_test = SMOKE_NUMBERS.contains(&recipient.normalised.as_str());
    check_files(call, form, is_smoke_test)?;
    let body = text::sms(&template.body, &Values::of(send::personalisation(form)));
    let sender_id = given_sender
        .and_then(id::parse)
        .or_else(|| senders.iter().find(|sender| sender.is_default).map(|sender| sender.id));
    let content = json!({ "body": text::redacted_sms(template), "from_number": sender });
    let contact: Arc<str> = recipient.shown.as_deref().unwrap_or_default().into();
    let details = Details::sms(contact.as_ref(), &body, call.service().sms_prefix.as_deref());
    let new =
        NewMessage { template, body, subject: None, content, details, recipient, is_smoke_test, sender_id };
    accept(call, form, new)
}

fn email(call: &Call<'_>, form: &Value) -> Result<Response, Refusal> {
    check_form(call, form, EMAIL)?;
    let template = check(call, form, MessageType::Email)?;
    let given = send::text(form, "email_address").filter(|address| !address.is_empty());
    let recipient = match given {
        Some(given) => {
            let address = email::parse(given).map_err(|_| Refusal::EmailAddress)?.normalised();
            send::check_recipient(call, &address)?;
            Recipient::given(given, address)
        }
        None => Recipient::identified(call, form, MessageType::Email),
    };
    let is_smoke_test = SMOKE_ADDRESSES.contains(&recipient.normalised.as_str());
    check_files(call, form, is_smoke_test)?;
    let values = Values::of(send::personalisation(form));
    let (body, subject) = (text::body(&template.body, &values), text::body(&template.subject, &values));
    let (redacted_subject, redacted_body) = text::redacted_email(template);
    let content = json!({ "body": redacted_body, "subject": redacted_subject });
    let contact = recipient.shown.as_deref().unwrap_or_default();
    let details = Details::Email { email_address: contact.into(), one_click_unsubscribe_url: None };
    let subject = Some(subject);
    let new =
        NewMessage { template, body, subject, content, details, recipient, is_smoke_test, sender_id: None };
    accept(call, form, new)
}

/// The service sends no letters, but says so only after all its checks.
pub(super) fn letter(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = checks::json(call)?;
    check_object(&form)?;
    validate::check(&form, LETTER, call.timing.now).map_err(Refusal::Schema)?;
    check(call, &form, MessageType::Letter)?;
    Err(CustomRefusal::general(501, "Not Implemented").into())
}

/// Who gets a message.
struct Recipient {
    /// As given, or as looked up.
    shown: Option<String>,
    normalised: String,
    identifiers: serde_json::Value,
}

impl Recipient {
    fn given(given: &str, normalised: String) -> Self {
        Self { shown: Some(given.to_owned()), normalised, identifiers: json!([]) }
    }

    fn identified(call: &Call<'_>, form: &Value, message: MessageType) -> Self {
        let found = contact::identified(call, form, message);
        let Identified { contact, shown } = found.unwrap_or(Identified { contact: None, shown: json!([]) });
        Self { normalised: contact.clone().unwrap_or_default(), shown: contact, identifiers: shown }
    }
}

/// A message that is about to be accepted.
struct NewMessage<'a> {
    template: &'a Arc<Template>,
    body: String,
    subject: Option<String>,
    content: serde_json::Value,
    details: Details,
    recipient: Recipient,
    is_smoke_test: bool,
    sender_id: Option<Uuid>,
}

impl NewMessage<'_> {
    fn journey(&self, key_type: KeyType) -> Journey {
        let is_test = key_type == KeyType::Test;
        match self.recipient.normalised.as_str() {
            _ if self.recipient.shown.is_none() => Journey::PERMANENT_FAILURE,
            PERMANENT_FAILURE if is_test => Journey::PERMANENT_FAILURE,
            TEMPORARY_FAILURE if is_test => Journey::TEMPORARY_FAILURE,
            _ => Journey::DELIVERED,
        }
    }
}

/// Stores a message, unless it is a smoke test, and answers.
fn accept(call: &Call<'_>, form: &Value, new: NewMessage<'_>) -> Result<Response, Refusal> {
    send::check_storable(form, new.is_smoke_test)?;
    let id = Uuid::new_v4();
    let code = send::text(form, "billing_code");
    let callback_url = send::text(form, "callback_url");
    let scheduled_for = send::text(form, "scheduled_for");
    let is_identified = new.recipient.identifiers != json!([]);
    let has_schedule = form.as_object().is_some_and(|form| form.contains("scheduled_for"));
    if has_schedule && !is_identified && (new.is_smoke_test || !scheduled_for.is_some_and(is_understood)) {
        return Err(uncaught("the service reads no time but YYYY-MM-DD HH:MM"));
    }
    let mut answer: Map<_, _> = send::accepted(call, id, form, new.template, new.content.clone());
    answer.insert("billing_code".to_owned(), json!(code.filter(|code| !code.is_empty())));
    answer.insert("callback_url".to_owned(), json!(callback_url));
    answer.insert("scheduled_for".to_owned(), json!(scheduled_for));
    if new.is_smoke_test {
        return Ok(send::created(answer));
    }
    let is_scheduled = scheduled_for.is_some() && !is_identified;
    let key = call.caller.key();
    let mut extras = Extras { is_scheduled, ..Extras::default() };
    let shown = [
        ("billing_code", json!(code)),
        ("callback_url", json!(callback_url)),
        ("recipient_identifiers", new.recipient.identifiers.clone()),
        ("sms_sender_id", json!(new.sender_id)),
    ];
    extras.fields.extend(shown.map(|(name, value)| (name.to_owned(), value)));
    extras.callback = callback_url.map(|url| MessageCallback {
        url: Some(url.to_owned()),
        secret: String::from_utf8_lossy(key.secret()).into_owned(),
    });
    let journey = if is_scheduled { Journey::WAITING } else { new.journey(key.key_type) };
    let draft = Draft {
        key_type: key.key_type,
        reference: send::reference(form).map(str::to_owned),
        template: Arc::clone(new.template),
        body: new.body,
        subject: new.subject,
        details: new.details,
        journey,
        extras,
    };
    send::keep(call, id, draft, false)?;
    Ok(send::created(answer))
}

/// Whether a time has the one notation that the service can handle.
fn is_understood(time: &str) -> bool {
    let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00 00:00"
}
