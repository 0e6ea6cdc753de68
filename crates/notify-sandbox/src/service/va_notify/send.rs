//! Sends of the second version: text messages and e-mails.

use std::sync::Arc;

use serde_json::{Map, json};
use uuid::Uuid;

use super::contact::{self, Identified};
use super::{bad_request, numbers, reads, text, uncaught};
use crate::account::message::{Details, Draft, Extras, MessageCallback};
use crate::account::status::Journey;
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::base64;
use crate::python::json::{self, Object, ReadError, Value};
use crate::recipient::email;
use crate::render::field::{self, Values};
use crate::service::letter::ADDRESS;
use crate::time::Timestamp;
use crate::wire::database;
use crate::wire::refusal::{Refusal, Said};
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema, SchemaError, not_within_next_day};
use crate::world::{KeyType, MessageType};

const ID_TYPES: &[&str] = &["VAPROFILEID", "PID", "ICN", "BIRLSID", "EDIPI"];

const IDENTIFIER: Kind = Kind::Parts(&[
    Rule::Properties(&[Property("id_type", Kind::TextOneOf(ID_TYPES)), Property("id_value", Kind::Text)]),
    Rule::Required(&["id_type", "id_value"]),
]);

const SMS: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("phone_number", Kind::Checking(|text, _| numbers::parse(text).err().map(str::to_owned))),
        Property("recipient_identifier", IDENTIFIER),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("sms_sender_id", Kind::IdOrNull),
        Property("billing_code", Kind::TextUpToOrNull(256)),
        Property("callback_url", CALLBACK_URL),
    ]),
    Rule::Required(&["template_id"]),
    Rule::AnyOf(
        &["phone_number", "recipient_identifier"],
        "Please provide either a phone number or recipient identifier.",
    ),
    Rule::NoOthers,
];

const EMAIL: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("email_address", Kind::Checking(|text, _| not_an_address(text))),
        Property("recipient_identifier", IDENTIFIER),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("billing_code", Kind::TextUpToOrNull(256)),
        Property("callback_url", CALLBACK_URL),
    ]),
    Rule::Required(&["template_id"]),
    Rule::AnyOf(
        &["email_address", "recipient_identifier"],
        "Please provide either an email address or a recipient identifier",
    ),
    Rule::NoOthers,
];

const LETTER: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("template_id", Kind::Id),
        Property("billing_code", Kind::TextUpToOrNull(256)),
        Property("personalisation", Kind::Form(ADDRESS)),
    ]),
    Rule::Required(&["template_id", "personalisation"]),
    Rule::NoOthers,
];

const SCHEDULED_FOR: Kind =
    Kind::CheckingOrNull(|text, now| not_within_next_day(text, now).map(str::to_owned));

const CALLBACK_URL: Kind = Kind::CheckingOrNull(|text, _| {
    const LONGEST: usize = 255;
    if !text.starts_with("https") {
        return Some(format!("{text} does not match ^https.*"));
    }
    (text.chars().count() > LONGEST).then(|| format!("{text} is too long"))
});

/// A file among the values.
const FILE: &Schema = &[
    Rule::Properties(&[
        Property("file", Kind::Text),
        Property("filename", Kind::TextBetween(3, 255)),
        Property("sending_method", Kind::TextOneOf(&["attach", "link"])),
    ]),
    Rule::Required(&["file", "filename"]),
];

fn not_an_address(text: &str) -> Option<String> {
    email::parse(text).err().map(|error| error.to_string())
}

/// Numbers and addresses for smoke tests: accepted like any other, then forgotten.
const SMOKE_NUMBERS: [&str; 3] = ["16132532222", "16132532223", "16132532224"];
const SMOKE_ADDRESSES: [&str; 3] = [
    "simulate-delivered@notifications.va.gov",
    "simulate-delivered-2@notifications.va.gov",
    "simulate-delivered-3@notifications.va.gov",
];

/// What fails if the key is a test key.
const TEMPORARY_FAILURE: &str = "temp-fail@simulator.notify";
const PERMANENT_FAILURE: &str = "perm-fail@simulator.notify";

/// Sends a message of the type that the path names, which is looked at after the body.
pub(super) fn message(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let form = json(call)?;
    match parameters[0].as_str() {
        "sms" => sms(call, &form),
        "email" => email(call, &form),
        _ => Err(Said::general(404, response::NO_SUCH_PATH).into()),
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
    let sender = sender(call, given_sender)?;
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
    let values = text::redacted(template);
    let body = text::shown_sms(&template.body, &Values::of(&values));
    let sender_id = given_sender
        .and_then(crate::python::id::parse)
        .or_else(|| senders.iter().find(|sender| sender.is_default).map(|sender| sender.id));
    let content = json!({ "body": body, "from_number": sender });
    let contact: Arc<str> = recipient.shown.as_deref().unwrap_or_default().into();
    let details = Details::Sms { phone_number: contact.as_ref().into(), fragments: 1, rate_multiplier: 1 };
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
    let values = text::redacted(template);
    let values = Values::of(&values);
    let (body, subject) = (text::shown(&template.body, &values), text::shown(&template.subject, &values));
    let content = json!({ "body": body, "subject": subject });
    let contact = recipient.shown.as_deref().unwrap_or_default();
    let details = Details::Email { email_address: contact.into(), one_click_unsubscribe_url: None };
    let subject = Some(subject);
    let new =
        NewMessage { template, body, subject, content, details, recipient, is_smoke_test, sender_id: None };
    accept(call, form, new)
}

/// Letters come to nothing, but not before all that may be wrong with them.
pub(super) fn letter(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = json(call)?;
    check_object(&form)?;
    validate::check(&form, LETTER, call.timing.now).map_err(Refusal::Schema)?;
    check(call, &form, MessageType::Letter)?;
    Err(Said::general(501, "Not Implemented").into())
}

/// The body as JSON.
fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    reads::check_type(call)?;
    json::read(call.request.body()).map_err(|error| match error {
        ReadError::NotJson { .. } => bad_request(
            "Error decoding arguments: The browser (or proxy) sent a request that this server could not understand.",
        ),
        ReadError::TooDeep => uncaught("the body nests too deep"),
    })
}

fn check_object(form: &Value) -> Result<(), Refusal> {
    if form.as_object().is_some() {
        return Ok(());
    }
    let message = "Payload is not a dictionary.";
    Err(Refusal::Schema(vec![SchemaError::verbatim(message, "the body is not an object")]))
}

fn check_form(call: &Call<'_>, form: &Value, schema: &Schema) -> Result<(), Refusal> {
    check_object(form)?;
    let now = call.timing.now;
    let mut errors = validate::check(form, schema, now).err().unwrap_or_default();
    let place = validate::place_of(schema, "personalisation", &errors);
    errors.splice(place..place, file_errors(form, now));
    let errors = validate::unique(errors);
    if errors.is_empty() {
        return check_base64(form);
    }
    Err(Refusal::Schema(errors))
}

/// The values that are objects: files, all of them.
fn files(form: &Value) -> impl Iterator<Item = (&str, &Object)> {
    send::personalisation(form).iter().filter_map(|(name, value)| Some((name, value.as_object()?)))
}

fn file_errors(form: &Value, now: Timestamp) -> Vec<SchemaError> {
    let errors = files(form).flat_map(|(_, file)| {
        validate::check(&Value::Object(file.clone()), FILE, now).err().unwrap_or_default()
    });
    errors.map(|error| error.inside_unnamed("personalisation")).collect()
}

fn check_base64(form: &Value) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    for (name, file) in files(form) {
        let text = file.get("file").and_then(Value::as_str).unwrap_or_default();
        if !text.is_ascii() {
            return Err(uncaught("a file has characters that are not ASCII"));
        }
        if let Err(why) = base64::decode_or_say(text) {
            let message = format!("{name} : {why} : Error decoding base64 field");
            errors.push(SchemaError::verbatim(&message, "a file is not Base64"));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Schema(errors)) }
}

/// The checks before anybody asks who sends and who receives, in their order; and the template that they find.
fn check<'a>(call: &'a Call<'_>, form: &Value, message: MessageType) -> Result<&'a Arc<Template>, Refusal> {
    if !call.service().may_send(message) {
        return Err(Refusal::NotPermitted(message));
    }
    let is_scheduled = send::text(form, "scheduled_for").is_some_and(|time| !time.is_empty());
    if is_scheduled && !call.service().has_permission("schedule_notifications") {
        return Err(bad_request("Cannot schedule notifications (this feature is invite-only)"));
    }
    let id = database::id(send::text(form, "template_id").unwrap_or_default())?;
    let template = call.service().template(id).ok_or(Refusal::TemplateNotFound)?;
    if template.message_type != message {
        return Err(Refusal::TemplateUnsuitable { template: template.message_type, message });
    }
    if template.archived {
        return Err(Refusal::TemplateDeleted);
    }
    check_filled(template, form)?;
    if message != MessageType::Letter {
        check_limits(call)?;
    }
    Ok(template)
}

/// A file that is attached fills no placeholder.
fn check_filled(template: &Template, form: &Value) -> Result<(), Refusal> {
    let is_attached = |value: &Value| {
        value.as_object().and_then(|file| file.get("sending_method")).and_then(Value::as_str)
            == Some("attach")
    };
    let values = Values::of_those(send::personalisation(form), |value| !is_attached(value));
    let missing = field::missing(&template.fields(), &values);
    if missing.is_empty() { Ok(()) } else { Err(Refusal::PersonalisationMissing(missing)) }
}

/// The requests of the last minute, then the messages of the day, of all types together. One more gets through.
fn check_limits(call: &Call<'_>) -> Result<(), Refusal> {
    if !call.app.is_limited() {
        return Ok(());
    }
    let (limits, config) = (&call.service().limits, call.service().config());
    let (key_type, now) = (call.caller.key().key_type, call.timing.now);
    limits.check_recent(key_type, config.rate_limit_per_minute.unwrap_or(3_000), now)?;
    let limit = config.message_limit.unwrap_or(250_000);
    if key_type != KeyType::Test && limits.all_sent_today(now) > limit {
        let message = format!("Exceeded send limits ({limit}) for today");
        return Err(Said::new(429, "TooManyRequestsError", message).into());
    }
    Ok(())
}

fn sender<'a>(call: &'a Call<'_>, given: Option<&str>) -> Result<&'a str, Refusal> {
    call.service().sms_sender(given.map(database::id).transpose()?).ok_or_else(|| Refusal::SenderNotFound {
        field: "sms_sender_id",
        id: given.unwrap_or_default().to_owned(),
        service: call.service().id,
    })
}

/// Calendars are all that may be sent along, and only as they are. Nobody looks at what a smoke test sends.
fn check_files(call: &Call<'_>, form: &Value, is_smoke_test: bool) -> Result<(), Refusal> {
    let mut with_files = files(form).peekable();
    if with_files.peek().is_some() && !call.service().has_permission("upload_document") {
        return Err(bad_request("Service is not allowed to send documents"));
    }
    for (_, file) in with_files.filter(|_| !is_smoke_test) {
        let text = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("sending_method") == "link" {
            return Err(Said::general(501, "Not Implemented").into());
        }
        let bytes = base64::decode(text("file")).unwrap_or_default();
        if !bytes.starts_with(b"BEGIN:VCALENDAR") {
            let kind =
                if std::str::from_utf8(&bytes).is_ok() { "text/plain" } else { "application/octet-stream" };
            let message =
                format!("Unsupported attachment type '{kind}'. Supported types are: ['text/calendar']");
            return Err(Said::new(400, "UnsupportedMimeTypeException", message).into());
        }
    }
    Ok(())
}

/// Who gets a message.
struct Recipient {
    /// As it was given, or as somebody knew it.
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

/// What is about to be accepted.
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

/// The one notation that the service gets through with.
fn is_understood(time: &str) -> bool {
    let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00 00:00"
}
