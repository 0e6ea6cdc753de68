//! Sends: a request is checked before any limit, and the template after both.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, json};
use uuid::Uuid;

use crate::account::message::{Details, Draft, Extras, MessageCallback, Pdf};
use crate::account::status::Journey;
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::base64;
use crate::python::json::{self, Object, ReadError, Value};
use crate::recipient::email;
use crate::render::field::{self, Values};
use crate::service::letter::{LETTER, PDF};
use crate::time::Timestamp;
use crate::wire::database;
use crate::wire::refusal::{Exception, Refusal, Said};
use crate::wire::request::RequestExt as _;
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema, not_within_next_day};
use crate::world::{KeyType, MessageType};

use super::{email_text, numbers, sms_text, uncaught};

const SMS: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("phone_number", Kind::Checking(|text, _| numbers::parse(text).err().map(str::to_owned))),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("sms_sender_id", Kind::Id),
        Property("status_callback_url", Kind::HttpsStart),
        Property("status_callback_bearer_token", Kind::TextFrom(10)),
    ]),
    Rule::Required(&["phone_number", "template_id"]),
    Rule::Needs("status_callback_url", "status_callback_bearer_token"),
    Rule::NoOthers,
];

const EMAIL: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("email_address", Kind::Checking(|text, _| not_an_address(text))),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("email_reply_to_id", Kind::Id),
        Property("status_callback_url", Kind::HttpsStart),
        Property("status_callback_bearer_token", Kind::TextFrom(10)),
    ]),
    Rule::Required(&["email_address", "template_id"]),
    Rule::Needs("status_callback_url", "status_callback_bearer_token"),
    Rule::NoOthers,
];

const SCHEDULED_FOR: Kind =
    Kind::CheckingOrNull(|text, now| not_within_next_day(&in_full(text), now).map(str::to_owned));

/// A year alone is a date, too.
fn in_full(text: &str) -> Cow<'_, str> {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_year { format!("{text}-01-01").into() } else { text.into() }
}

fn not_an_address(text: &str) -> Option<String> {
    email::parse_of_any_length(text).err().map(|error| error.to_string())
}

/// Numbers and addresses for smoke tests: accepted like any other, then forgotten.
const SMOKE_NUMBERS: [&str; 6] =
    ["61400900000", "61400900111", "61400900222", "61426305772", "61426305773", "61426305774"];
const SMOKE_ADDRESSES: [&str; 3] = [
    "simulate-delivered@notify.gov.au",
    "simulate-delivered-2@notify.gov.au",
    "simulate-delivered-3@notify.gov.au",
];

/// What fails if the key is a test key.
const TEMPORARY_FAILURE: [&str; 3] = ["61426305770", "61409000003", "temp-fail@simulator.notify"];
const PERMANENT_FAILURE: [&str; 3] = ["61426305771", "61409000002", "perm-fail@simulator.notify"];

pub(super) fn sms(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = json(call)?;
    check(call, &form, SMS, MessageType::Sms)?;
    let template = template(call, &form, MessageType::Sms)?;
    let values = Values::of(send::personalisation(&form));
    check_filled(template, &values)?;
    let text = sms_text::render(&template.body, &values).map_err(Refusal::CharacterNotReplaced)?;
    if text.bytes > sms_text::LIMIT {
        return Err(Said::bad_request(format!(
            "Content for template has a character count greater than the limit of {}",
            sms_text::LIMIT
        ))
        .into());
    }
    let sender = sender(call, &form)?;
    let given = send::text(&form, "phone_number").unwrap_or_default();
    let number = numbers::parse(given).map_err(|_| uncaught("InvalidPhoneError", "no phone number"))?;
    send::check_recipient(call, &number.e164())?;
    if !numbers::is_priced(&number) {
        return Err(Refusal::Uncaught(Exception::Key, "texts to this country have no price"));
    }
    if !numbers::is_local(&number) && !call.service().has_permission("international_sms") {
        return Err(Refusal::InternationalNumber);
    }
    let content = json!({ "body": text.body, "from_number": sender });
    let details = Details::Sms { phone_number: given.into(), fragments: 1, rate_multiplier: 1 };
    let is_smoke_test = SMOKE_NUMBERS.contains(&number.e164().as_str());
    let journey = journey(call, &number.e164());
    let message = NewMessage { template, body: text.body, subject: None, content, details, journey };
    accept(call, &form, message, is_smoke_test)
}

pub(super) fn email(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = json(call)?;
    check(call, &form, EMAIL, MessageType::Email)?;
    let template = template(call, &form, MessageType::Email)?;
    let values = Values::of(send::personalisation(&form));
    check_filled(template, &values)?;
    let body = email_text::body(&template.body, &values);
    let subject = email_text::subject(&template.subject, &values);
    check_reply_to(call, &form)?;
    let given = send::text(&form, "email_address").unwrap_or_default();
    let address = email::parse_of_any_length(given).map_err(|_| Refusal::EmailAddress)?.normalised();
    send::check_recipient(call, &address)?;
    let content = json!({ "body": body, "from_email": call.service().email_from, "subject": subject });
    let details = Details::Email { email_address: given.into(), one_click_unsubscribe_url: None };
    let is_smoke_test = SMOKE_ADDRESSES.contains(&address.as_str());
    let journey = journey(call, &address);
    let message = NewMessage { template, body, subject: Some(subject), content, details, journey };
    accept(call, &form, message, is_smoke_test)
}

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
    let lines = address_lines(fields);
    let address: Vec<String> =
        lines.iter().filter(|line| line.is_truthy()).map(ToString::to_string).collect();
    let pdf = Pdf::Rendered {
        address: address.join("\n").into(),
        contact_block: template.contact_block.as_deref().unwrap_or_default().into(),
    };
    let details = Details::Letter { lines: Box::new(lines), postage: "second".into(), pdf };
    let is_test = call.caller.key().key_type == KeyType::Test;
    let journey = if is_test { Journey::TEST_LETTER } else { Journey::DELIVERED };
    let message = NewMessage { template, body, subject: Some(subject), content, details, journey };
    accept(call, &form, message, false)
}

/// A letter that comes as a PDF. It is read at once.
fn pdf(call: &Call<'_>, form: &Value) -> Result<Response, Refusal> {
    validate::check(form, PDF, call.timing.now).map_err(Refusal::Schema)?;
    check_permission(call, "letter", "letters")?;
    check_permission(call, "precompiled_letter", "precompiled_letters")?;
    check_limits(call)?;
    send::check_letters_allowed(call)?;
    let content = send::text(form, "content").unwrap_or_default();
    let bytes = base64::decode(content).map_err(|_| Refusal::LetterNotBase64)?;
    if !is_pdf(&bytes) {
        return Err(Said::bad_request("Letter content is not a valid PDF").into());
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
            pdf: Pdf::Supplied(bytes.into()),
        },
        journey: Journey::PDF_PRINTED,
        extras: Extras::default(),
    };
    send::keep(call, id, draft, false)?;
    Ok(response::json(201, &json!({ "id": id, "reference": reference })))
}

/// Whether the service finds the pages of a PDF: it has no table of its parts otherwise.
fn is_pdf(bytes: &[u8]) -> bool {
    let has = |mark: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
    bytes.starts_with(b"%PDF") && has(b"startxref") && has(b"%%EOF")
}

/// The body of a request that says it is JSON; the service takes any other for null.
pub(super) fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    if !call.request.says_json() {
        return Ok(Value::Null);
    }
    // It does not read bodies that come in chunks.
    let is_chunked = call.request.headers().contains_key(http::header::TRANSFER_ENCODING);
    let body: &[u8] = if is_chunked { b"" } else { call.request.body() };
    json::read(body).map_err(|error| match error {
        ReadError::NotJson { .. } => uncaught("BadRequest", "the body is not JSON"),
        ReadError::TooDeep => Refusal::Uncaught(Exception::Recursion, "the body nests too deep"),
    })
}

/// The checks before the template, in their order.
fn check(call: &Call<'_>, form: &Value, schema: &Schema, message: MessageType) -> Result<(), Refusal> {
    validate::check(form, schema, call.timing.now).map_err(Refusal::Schema)?;
    let (permission, what) = match message {
        MessageType::Sms => ("sms", "text messages"),
        MessageType::Email => ("email", "emails"),
        MessageType::Letter => ("letter", "letters"),
    };
    check_permission(call, permission, what)?;
    let is_scheduled = send::text(form, "scheduled_for").is_some_and(|time| !time.is_empty());
    if is_scheduled && !call.service().has_permission("schedule_notifications") {
        return Err(Said::bad_request("Cannot schedule notifications (this feature is invite-only)").into());
    }
    check_limits(call)
}

fn check_permission(call: &Call<'_>, permission: &str, what: &str) -> Result<(), Refusal> {
    if call.service().has_permission(permission) {
        return Ok(());
    }
    Err(Said::bad_request(format!("Cannot send {what}")).into())
}

/// The requests of the last minute, then the messages of the day, of all types together.
fn check_limits(call: &Call<'_>) -> Result<(), Refusal> {
    if !call.app.is_limited() {
        return Ok(());
    }
    let (limits, config) = (&call.service().limits, call.service().config());
    let (key_type, now) = (call.caller.key().key_type, call.timing.now);
    limits.check_recent(key_type, config.rate_limit_per_minute.unwrap_or(3_000), now)?;
    let limit = config.message_limit.unwrap_or(250_000);
    if key_type != KeyType::Test && limits.all_sent_today(now) >= limit {
        let message = format!("Exceeded send limits ({limit}) for today");
        return Err(Said::new(429, "TooManyRequestsError", message).into());
    }
    Ok(())
}

fn template<'a>(
    call: &'a Call<'_>,
    form: &Value,
    message: MessageType,
) -> Result<&'a Arc<Template>, Refusal> {
    let id = database::id(send::text(form, "template_id").unwrap_or_default())?;
    let template = call.service().template(id).ok_or(Refusal::TemplateNotFound)?;
    if template.message_type != message {
        return Err(Refusal::TemplateUnsuitable { template: template.message_type, message });
    }
    if template.archived { Err(Refusal::TemplateDeleted) } else { Ok(template) }
}

pub(super) fn check_filled(template: &Template, values: &Values<'_>) -> Result<(), Refusal> {
    let missing = field::missing(&template.fields(), values);
    if missing.is_empty() { Ok(()) } else { Err(Refusal::PersonalisationMissing(missing)) }
}

fn sender<'a>(call: &'a Call<'_>, form: &Value) -> Result<&'a str, Refusal> {
    const FIELD: &str = "sms_sender_id";
    let given = send::text(form, FIELD);
    call.service().sms_sender(given.map(database::id).transpose()?).ok_or_else(|| Refusal::SenderNotFound {
        field: FIELD,
        id: given.unwrap_or_default().to_owned(),
        service: call.service().id,
    })
}

fn check_reply_to(call: &Call<'_>, form: &Value) -> Result<(), Refusal> {
    const FIELD: &str = "email_reply_to_id";
    let Some(given) = send::text(form, FIELD) else { return Ok(()) };
    if call.service().has_reply_to(database::id(given)?) {
        return Ok(());
    }
    Err(Refusal::SenderNotFound { field: FIELD, id: given.to_owned(), service: call.service().id })
}

/// Whether the body has a PDF. The service asks this of any body, as Python asks it of a text or a list.
fn has_content(form: &Value) -> Result<bool, Refusal> {
    const KEY: &str = "content";
    match form {
        value if !value.is_truthy() => Ok(false),
        Value::Object(form) => Ok(form.contains(KEY)),
        Value::String(text) => Ok(text.contains(KEY)),
        Value::Array(items) => Ok(items.iter().any(|item| item.as_str() == Some(KEY))),
        _ => Err(Refusal::Uncaught(Exception::Type, "the body is not an object")),
    }
}

fn address_lines(fields: &Object) -> [Value; 7] {
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

fn journey(call: &Call<'_>, recipient: &str) -> Journey {
    if call.caller.key().key_type != KeyType::Test {
        Journey::DELIVERED
    } else if TEMPORARY_FAILURE.contains(&recipient) {
        Journey::TEMPORARY_FAILURE
    } else if PERMANENT_FAILURE.contains(&recipient) {
        Journey::PERMANENT_FAILURE
    } else {
        Journey::DELIVERED
    }
}

/// What is about to be accepted.
struct NewMessage<'a> {
    template: &'a Arc<Template>,
    body: String,
    subject: Option<String>,
    content: serde_json::Value,
    details: Details,
    journey: Journey,
}

/// Stores a message, unless it is a smoke test, and answers.
fn accept(
    call: &Call<'_>,
    form: &Value,
    message: NewMessage<'_>,
    is_smoke_test: bool,
) -> Result<Response, Refusal> {
    send::check_storable(form, is_smoke_test)?;
    let id = Uuid::new_v4();
    let scheduled_for = send::text(form, "scheduled_for").filter(|time| !time.is_empty());
    let mut answer: Map<_, _> = send::accepted(call, id, form, message.template, message.content);
    answer.insert("scheduled_for".to_owned(), json!(send::text(form, "scheduled_for")));
    let shown = scheduled_for.map(shown_time);
    let mut extras = Extras { is_scheduled: scheduled_for.is_some(), ..Extras::default() };
    extras.callback = send::text(form, "status_callback_bearer_token").map(|token| MessageCallback {
        url: send::text(form, "status_callback_url").map(str::to_owned),
        secret: token.to_owned(),
    });
    if let Some(Some(shown)) = &shown {
        extras.fields.insert("scheduled_for".to_owned(), json!(shown));
    }
    if !is_smoke_test {
        let draft = Draft {
            key_type: call.caller.key().key_type,
            reference: send::reference(form).map(str::to_owned),
            template: Arc::clone(message.template),
            body: message.body,
            subject: message.subject,
            details: message.details,
            journey: if scheduled_for.is_some() { Journey::WAITING } else { message.journey },
            extras,
        };
        send::keep(call, id, draft, false)?;
    }
    match shown {
        // The message is there by now; and so is that of a smoke test, of which no time can be kept.
        Some(None) => Err(uncaught("ValueError", "scheduled_for is not written as YYYY-MM-DD HH:MM")),
        Some(Some(_)) if is_smoke_test => Err(uncaught("IntegrityError", "a smoke test cannot be scheduled")),
        _ => Ok(send::created(answer)),
    }
}

/// The time as `GET` shows it: taken for one of Sydney, twice.
fn shown_time(text: &str) -> Option<String> {
    // The first Sundays of April and of October.
    let zone = TimeZone::posix("AEST-10AEDT,M10.1.0,M4.1.0/3").expect("a zone in a form of POSIX's");
    let time = DateTime::strptime("%Y-%m-%d %H:%M", text).ok()?;
    let once = Timestamp::from_civil(time, &zone)?.civil(&TimeZone::UTC);
    Some(Timestamp::from_civil(once, &zone)?.to_string())
}
