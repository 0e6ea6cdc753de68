//! Sends: a request is checked before any limit, and the template after both.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, json};
use uuid::Uuid;

use super::checks::{self, check, check_filled, check_reply_to, template};
use super::schema::{EMAIL, SMS};
use super::{email_text, numbers, sms_text, uncaught};
use crate::account::message::{Details, Draft, Extras, MessageCallback};
use crate::account::status::Journey;
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::json::Value;
use crate::recipient::email;
use crate::render::field::Values;
use crate::time::Timestamp;
use crate::wire::refusal::{CustomRefusal, Exception, Refusal};
use crate::wire::response::Response;
use crate::world::{KeyType, MessageType};

/// Numbers and addresses for smoke tests: accepted like any other, then forgotten.
const SMOKE_NUMBERS: [&str; 6] =
    ["61400900000", "61400900111", "61400900222", "61426305772", "61426305773", "61426305774"];

const SMOKE_ADDRESSES: [&str; 3] = [
    "simulate-delivered@notify.gov.au",
    "simulate-delivered-2@notify.gov.au",
    "simulate-delivered-3@notify.gov.au",
];

/// The recipients whose messages fail with a test key.
const TEMPORARY_FAILURE: [&str; 3] = ["61426305770", "61409000003", "temp-fail@simulator.notify"];

const PERMANENT_FAILURE: [&str; 3] = ["61426305771", "61409000002", "perm-fail@simulator.notify"];

pub(super) fn sms(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = checks::json(call)?;
    check(call, &form, SMS, MessageType::Sms)?;
    let template = template(call, &form, MessageType::Sms)?;
    let values = Values::of(send::personalisation(&form));
    check_filled(template, &values)?;
    let text = sms_text::render(&template.body, &values).map_err(Refusal::CharacterNotReplaced)?;
    if text.bytes > sms_text::LIMIT {
        return Err(CustomRefusal::bad_request(format!(
            "Content for template has a character count greater than the limit of {}",
            sms_text::LIMIT
        ))
        .into());
    }
    let sender = checks::sender(call, &form)?;
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
    let details = Details::sms(given, &text.body, call.service().sms_prefix.as_deref());
    let is_smoke_test = SMOKE_NUMBERS.contains(&number.e164().as_str());
    let journey = journey(call, &number.e164());
    let message = NewMessage { template, body: text.body, subject: None, content, details, journey };
    accept(call, &form, message, is_smoke_test)
}

pub(super) fn email(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = checks::json(call)?;
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

/// A message that is about to be accepted.
pub(super) struct NewMessage<'a> {
    pub(super) template: &'a Arc<Template>,
    pub(super) body: String,
    pub(super) subject: Option<String>,
    pub(super) content: serde_json::Value,
    pub(super) details: Details,
    pub(super) journey: Journey,
}

/// Stores a message, unless it is a smoke test, and answers.
pub(super) fn accept(
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
        // By now the message is stored, even that of a smoke test, for which no time can be stored.
        Some(None) => Err(uncaught("ValueError", "scheduled_for is not written as YYYY-MM-DD HH:MM")),
        Some(Some(_)) if is_smoke_test => Err(uncaught("IntegrityError", "a smoke test cannot be scheduled")),
        _ => Ok(send::created(answer)),
    }
}

/// The time as `GET` shows it: taken for Sydney time, twice.
fn shown_time(text: &str) -> Option<String> {
    // The first Sundays of April and of October.
    let zone = TimeZone::posix("AEST-10AEDT,M10.1.0,M4.1.0/3").expect("a zone in a form of POSIX's");
    let time = DateTime::strptime("%Y-%m-%d %H:%M", text).ok()?;
    let once = Timestamp::from_civil(time, &zone)?.civil(&TimeZone::UTC);
    Some(Timestamp::from_civil(once, &zone)?.to_string())
}
