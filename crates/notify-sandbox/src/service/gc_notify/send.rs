//! Sends of one message.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::checks::{
    self, check, check_daily, check_documents, check_filled, check_not_empty, is_file, template,
};
use super::schema::{EMAIL, SMS};
use super::{bad_request, numbers, text, uncaught};
use crate::account::message::{Details, Draft, Extras};
use crate::account::status::Journey;
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::json::{Object, Value};
use crate::recipient::email;
use crate::render::field::Values;
use crate::service::letter::{LETTER, PDF};
use crate::wire::refusal::{CustomRefusal, Refusal};
use crate::wire::response::{self, Response};
use crate::wire::validate;
use crate::world::{KeyType, MessageType};

/// Numbers and addresses for smoke tests.
pub(super) const SMOKE_NUMBERS: [&str; 3] = ["16132532222", "16132532223", "16132532224"];

const SMOKE_ADDRESSES: [&str; 3] = [
    "simulate-delivered@notification.canada.ca",
    "simulate-delivered-2@notification.canada.ca",
    "simulate-delivered-3@notification.canada.ca",
];

fn is_smoke_number(given: &str) -> bool {
    given.strip_prefix('+').is_some_and(|digits| SMOKE_NUMBERS.contains(&digits))
}

/// The recipients whose messages fail with a test key.
const TEMPORARY_FAILURE: [&str; 2] = ["15149301633", "temp-fail@simulator.notify"];

const PERMANENT_FAILURE: [&str; 2] = ["15149301632", "perm-fail@simulator.notify"];

/// Sends a message of the type in the path, which is checked last.
pub(super) fn message(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let form = checks::json(call)?;
    match parameters[0].as_str() {
        "sms" => sms(call, &form),
        "email" => email(call, &form),
        _ => Err(CustomRefusal::general(404, response::NO_SUCH_PATH).into()),
    }
}

fn sms(call: &Call<'_>, form: &Value) -> Result<Response, Refusal> {
    check(call, form, SMS, MessageType::Sms)?;
    let template = template(call, form, MessageType::Sms)?;
    let values = send::personalisation(form);
    let filled = check_filled(template, values)?;
    let values = Values::of(values);
    checks::check_length(call, template, &filled)?;
    let body = text::sms(&template.body, &values);
    check_not_empty(&body)?;
    let given = send::text(form, "phone_number").unwrap_or_default();
    if !is_smoke_number(given) {
        check_daily(call, MessageType::Sms)?;
    }
    let sender = checks::sender(call, send::text(form, "sms_sender_id"), "sms_sender_id")?;
    let number = numbers::parse(given).map_err(|_| uncaught("InvalidPhoneError", "no phone number"))?;
    let is_smoke_test = SMOKE_NUMBERS.contains(&number.e164().as_str());
    check_recipient(call, given, &number.e164())?;
    if !numbers::is_local(&number) && !call.service().has_permission("international_sms") {
        return Err(Refusal::InternationalNumber);
    }
    check_documents(call, send::personalisation(form))?;
    let content = json!({ "body": body, "from_number": sender });
    let details = Details::sms(given, &body, call.service().sms_prefix.as_deref());
    let journey = journey(call, &number.e164(), Journey::SENT);
    accept(call, form, template, (body, None), content, details, journey, is_smoke_test)
}

fn email(call: &Call<'_>, form: &Value) -> Result<Response, Refusal> {
    check(call, form, EMAIL, MessageType::Email)?;
    let template = template(call, form, MessageType::Email)?;
    let values = send::personalisation(form);
    check_filled(template, values)?;
    let mut linked = values.clone();
    check_not_empty(&text::body(&template.body, &Values::of(values)))?;
    check_daily(call, MessageType::Email)?;
    checks::reply_to(call, send::text(form, "email_reply_to_id"), "email_reply_to_id")?;
    let given = send::text(form, "email_address").unwrap_or_default();
    let address = email::parse_with_accents(given).map_err(|_| Refusal::EmailAddress)?.normalised();
    let is_smoke_test = SMOKE_ADDRESSES.contains(&address.as_str());
    check_recipient(call, given, &address)?;
    check_documents(call, values)?;
    link_files(call, &mut linked, is_smoke_test);
    let values = Values::of(&linked);
    let body = text::body(&template.body, &values);
    let subject = text::subject(&template.subject, &values);
    let content = json!({ "body": body, "from_email": call.service().email_from, "subject": subject });
    let details = Details::Email { email_address: given.into(), one_click_unsubscribe_url: None };
    let journey = journey(call, &address, Journey::DELIVERED);
    accept(call, form, template, (body, Some(subject)), content, details, journey, is_smoke_test)
}

/// Letters have never worked here: whatever earlier checks do not refuse ends in an exception.
pub(super) fn letter(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = checks::json_or_exception(call)?;
    let has_content = form.as_object().is_some_and(|form| form.contains("content"));
    if has_content {
        validate::check(&form, PDF, call.timing.now).map_err(Refusal::Schema)?;
        checks::check_permission(call, MessageType::Letter)?;
        checks::check_rate(call)?;
        send::check_letters_allowed(call)?;
        return Err(uncaught("AttributeError", "the service makes no letters"));
    }
    check(call, &form, LETTER, MessageType::Letter)?;
    let template = template(call, &form, MessageType::Letter)?;
    check_filled(template, send::personalisation(&form))?;
    send::check_letters_allowed(call)?;
    Err(uncaught("KeyError", "the service makes no letters"))
}

/// Anybody may send to the smoke test recipients, if they are written exactly like this.
fn check_recipient(call: &Call<'_>, given: &str, normalised: &str) -> Result<(), Refusal> {
    match send::check_recipient(call, normalised) {
        _ if is_smoke_number(given) || SMOKE_ADDRESSES.contains(&given) => Ok(()),
        Err(Refusal::RecipientNotOnTeam) => Err(bad_request(format!(
            "Can’t send to this recipient using a team-only API key (service {}) - see \
             https://documentation.notification.canada.ca/en/keys.html#team-and-safelist",
            call.service().id
        ))),
        other => other,
    }
}

/// Files become links, or, in a smoke test, a link to nothing.
fn link_files(call: &Call<'_>, values: &mut Object, is_smoke_test: bool) {
    let service = call.service().id;
    let names: Vec<String> =
        values.iter().filter(|(_, value)| is_file(value)).map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let url = format!("https://api.document.notification.canada.ca/services/{service}/documents");
        let link =
            if is_smoke_test { format!("{url}/test-document") } else { format!("{url}/{}", Uuid::new_v4()) };
        values.insert(&name, Value::String(link));
    }
}

fn journey(call: &Call<'_>, recipient: &str, otherwise: Journey) -> Journey {
    if call.caller.key().key_type != KeyType::Test {
        otherwise
    } else if TEMPORARY_FAILURE.contains(&recipient) {
        Journey::TEMPORARY_FAILURE
    } else if PERMANENT_FAILURE.contains(&recipient) {
        Journey::PERMANENT_FAILURE
    } else {
        Journey::DELIVERED
    }
}

/// Stores a message, unless it is a smoke test, and answers.
#[expect(clippy::too_many_arguments, reason = "each is a part of one message")]
fn accept(
    call: &Call<'_>,
    form: &Value,
    template: &Arc<Template>,
    (body, subject): (String, Option<String>),
    content: serde_json::Value,
    details: Details,
    journey: Journey,
    is_smoke_test: bool,
) -> Result<Response, Refusal> {
    let id = Uuid::new_v4();
    let scheduled_for = send::text(form, "scheduled_for").filter(|time| !time.is_empty());
    // Others are stored later, when an error reaches nobody.
    send::check_storable(form, is_smoke_test || scheduled_for.is_none())?;
    let mut answer = send::accepted(call, id, form, template, content);
    answer.insert("scheduled_for".to_owned(), json!(send::text(form, "scheduled_for")));
    if !is_smoke_test {
        let draft = Draft {
            key_type: call.caller.key().key_type,
            reference: send::reference(form).map(str::to_owned),
            template: Arc::clone(template),
            body,
            subject,
            details,
            journey: if scheduled_for.is_some() { Journey::WAITING } else { journey },
            extras: Extras { is_scheduled: scheduled_for.is_some(), ..Extras::default() },
        };
        send::keep(call, id, draft, false)?;
    }
    Ok(send::created(answer))
}
