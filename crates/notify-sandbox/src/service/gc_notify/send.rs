//! Sends of one message.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::{bad_request, files, has_json, iso8601, numbers, text, uncaught};
use crate::account::message::{Details, Draft, Extras};
use crate::account::status::Journey;
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::json::{self, Object, ReadError, Value};
use crate::recipient::email;
use crate::render::content::whitespace;
use crate::render::field::{self, Values};
use crate::service::letter::{LETTER, PDF};
use crate::time::Timestamp;
use crate::wire::database;
use crate::wire::refusal::{Exception, Refusal, Said};
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema, not_within};
use crate::world::{KeyType, MessageType, ServiceConfig};

/// How far ahead a message may be scheduled.
const FOUR_DAYS: Duration = Duration::from_secs(96 * 3_600);

pub(super) const SCHEDULED_FOR: Kind = Kind::CheckingOrNull(not_within_four_days);

const SMS: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("phone_number", Kind::Checking(|text, _| numbers::parse(text).err())),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Object),
        Property("scheduled_for", SCHEDULED_FOR),
        Property("sms_sender_id", Kind::Id),
    ]),
    Rule::Required(&["phone_number", "template_id"]),
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
    ]),
    Rule::Required(&["email_address", "template_id"]),
    Rule::NoOthers,
];

fn not_within_four_days(text: &str, now: Timestamp) -> Option<String> {
    // What its clock shows counts as if it were UTC; nothing else is a moment at all.
    let text = iso8601::parse(text).map_or_else(String::new, |moment| moment.clock.to_string());
    let why = not_within(&text, now, FOUR_DAYS, "datetime can only be up to 96 hours in the future")?;
    Some(why.replace("can not", "cannot"))
}

fn not_an_address(text: &str) -> Option<String> {
    const LONGEST: usize = 320;
    if text.trim_matches(whitespace::is_space).chars().count() > LONGEST {
        return Some(email::EmailError.to_string());
    }
    email::parse_with_accents(text).err().map(|error| error.to_string())
}

/// Numbers and addresses for smoke tests.
const SMOKE_NUMBERS: [&str; 3] = ["16132532222", "16132532223", "16132532224"];
const SMOKE_ADDRESSES: [&str; 3] = [
    "simulate-delivered@notification.canada.ca",
    "simulate-delivered-2@notification.canada.ca",
    "simulate-delivered-3@notification.canada.ca",
];

fn is_smoke_number(given: &str) -> bool {
    given.strip_prefix('+').is_some_and(|digits| SMOKE_NUMBERS.contains(&digits))
}

/// What fails if the key is a test key.
const TEMPORARY_FAILURE: [&str; 2] = ["15149301633", "temp-fail@simulator.notify"];
const PERMANENT_FAILURE: [&str; 2] = ["15149301632", "perm-fail@simulator.notify"];

/// Sends a message of the type that the path names, which is checked last.
pub(super) fn message(call: &Call<'_>, parameters: &[String]) -> Result<Response, Refusal> {
    let form = json(call)?;
    match parameters[0].as_str() {
        "sms" => sms(call, &form),
        "email" => email(call, &form),
        _ => Err(Said::general(404, response::NO_SUCH_PATH).into()),
    }
}

fn sms(call: &Call<'_>, form: &Value) -> Result<Response, Refusal> {
    check(call, form, SMS, MessageType::Sms)?;
    let template = template(call, form, MessageType::Sms)?;
    let values = send::personalisation(form);
    let filled = check_filled(template, values)?;
    let values = Values::of(values);
    check_length(call, template, &filled)?;
    let body = text::sms(&template.body, &values);
    check_not_empty(&body)?;
    let given = send::text(form, "phone_number").unwrap_or_default();
    if !is_smoke_number(given) {
        check_daily(call, MessageType::Sms)?;
    }
    let sender = sender(call, send::text(form, "sms_sender_id"), "sms_sender_id")?;
    let number = numbers::parse(given).map_err(|_| uncaught("InvalidPhoneError", "no phone number"))?;
    let is_smoke_test = SMOKE_NUMBERS.contains(&number.e164().as_str());
    check_recipient(call, given, &number.e164())?;
    if !numbers::is_local(&number) && !call.service().has_permission("international_sms") {
        return Err(Refusal::InternationalNumber);
    }
    check_documents(call, values_of(form))?;
    let content = json!({ "body": body, "from_number": sender });
    let details = Details::Sms { phone_number: given.into(), fragments: 1, rate_multiplier: 1 };
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
    reply_to(call, send::text(form, "email_reply_to_id"), "email_reply_to_id")?;
    let given = send::text(form, "email_address").unwrap_or_default();
    let address = email::parse_with_accents(given).map_err(|_| Refusal::EmailAddress)?.normalised();
    let is_smoke_test = SMOKE_ADDRESSES.contains(&address.as_str());
    check_recipient(call, given, &address)?;
    check_documents(call, values_of(form))?;
    link_files(call, &mut linked, is_smoke_test);
    let values = Values::of(&linked);
    let body = text::body(&template.body, &values);
    let subject = text::subject(&template.subject, &values);
    let content = json!({ "body": body, "from_email": call.service().email_from, "subject": subject });
    let details = Details::Email { email_address: given.into(), one_click_unsubscribe_url: None };
    let journey = journey(call, &address, Journey::DELIVERED);
    accept(call, form, template, (body, Some(subject)), content, details, journey, is_smoke_test)
}

/// Letters have never worked here: what is not refused before ends as an exception.
pub(super) fn letter(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = json_or_exception(call)?;
    let has_content = form.as_object().is_some_and(|form| form.contains("content"));
    if has_content {
        validate::check(&form, PDF, call.timing.now).map_err(Refusal::Schema)?;
        check_permission(call, MessageType::Letter)?;
        check_rate(call)?;
        send::check_letters_allowed(call)?;
        return Err(uncaught("AttributeError", "the service makes no letters"));
    }
    check(call, &form, LETTER, MessageType::Letter)?;
    let template = template(call, &form, MessageType::Letter)?;
    check_filled(template, send::personalisation(&form))?;
    send::check_letters_allowed(call)?;
    Err(uncaught("KeyError", "the service makes no letters"))
}

/// The body as JSON.
pub(super) fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    if !has_json(call.request) {
        return Err(Said::new(
            415,
            "BadRequestError",
            "UnsupportedMediaType error: Did not attempt to load JSON data because the request Content-Type was not \
             'application/json'.",
        )
        .into());
    }
    json::read(call.request.body()).map_err(|error| match error {
        ReadError::NotJson { .. } => bad_request(
            "Error decoding arguments: The browser (or proxy) sent a request that this server could not understand.",
        ),
        ReadError::TooDeep => Refusal::Uncaught(Exception::Recursion, "the body nests too deep"),
    })
}

/// The same for operations that do not catch what is wrong with it.
pub(super) fn json_or_exception(call: &Call<'_>) -> Result<Value, Refusal> {
    if !has_json(call.request) {
        return Err(uncaught("UnsupportedMediaType", "the body does not say that it is JSON"));
    }
    json::read(call.request.body()).map_err(|error| match error {
        ReadError::NotJson { .. } => uncaught("BadRequest", "the body is not JSON"),
        ReadError::TooDeep => Refusal::Uncaught(Exception::Recursion, "the body nests too deep"),
    })
}

fn values_of(form: &Value) -> &Object {
    send::personalisation(form)
}

/// The checks before the template, in their order.
fn check(call: &Call<'_>, form: &Value, schema: &Schema, message: MessageType) -> Result<(), Refusal> {
    check_schema(call, form, schema)?;
    files::check(values_of(form))?;
    check_suspended(call)?;
    check_permission(call, message)?;
    check_rate(call)
}

fn check_schema(call: &Call<'_>, form: &Value, schema: &Schema) -> Result<(), Refusal> {
    let now = call.timing.now;
    let mut errors = validate::check(form, schema, now).err().unwrap_or_default();
    let files = files::check_form(values_of(form), now);
    // What is wrong inside the values comes at their place among the properties.
    let place = validate::place_of(schema, "personalisation", &errors);
    errors.splice(place..place, files);
    let errors = validate::unique(errors);
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Schema(errors)) }
}

pub(super) fn check_suspended(call: &Call<'_>) -> Result<(), Refusal> {
    if call.service().config().suspended {
        return Err(Said::new(403, "BadRequestError", "Service is suspended").into());
    }
    Ok(())
}

pub(super) fn check_permission(call: &Call<'_>, message: MessageType) -> Result<(), Refusal> {
    if call.service().may_send(message) { Ok(()) } else { Err(Refusal::NotPermitted(message)) }
}

pub(super) fn check_rate(call: &Call<'_>) -> Result<(), Refusal> {
    if !call.app.is_limited() {
        return Ok(());
    }
    let limit = call.service().config().rate_limit_per_minute.unwrap_or(1_000);
    call.service().limits.check_recent(call.caller.key().key_type, limit, call.timing.now)
}

/// How many messages of a type a service sends.
pub(super) struct Limits {
    pub(super) annual: Option<u32>,
    pub(super) daily: u32,
}

impl Limits {
    pub(super) fn of(config: &ServiceConfig, message: MessageType) -> Self {
        let (annual, daily) = if message == MessageType::Sms {
            (config.sms_annual_limit, config.sms_message_limit)
        } else {
            (config.email_annual_limit, config.email_message_limit)
        };
        Self { annual, daily: daily.unwrap_or(10_000) }
    }
}

/// The messages of the year and of the day.
fn check_daily(call: &Call<'_>, message: MessageType) -> Result<(), Refusal> {
    let (service, config) = (call.service(), call.service().config());
    if !call.app.is_limited() || call.caller.key().key_type == KeyType::Test {
        return Ok(());
    }
    let (year, today) = service.limits.sent(message, call.timing.now);
    let is_sms = message == MessageType::Sms;
    let Limits { annual, daily: limit } = Limits::of(config, message);
    if let Some(limit) = annual.filter(|limit| year >= *limit) {
        let (class, what) = if is_sms {
            ("LiveServiceRequestExceedsSMSAnnualLimitError", "SMS")
        } else {
            ("LiveServiceRequestExceedsEmailAnnualLimitError", "email")
        };
        let message = format!("Exceeded annual {what} sending limit of {limit} messages");
        return Err(Said::new(429, class, message).into());
    }
    if today < limit {
        return Ok(());
    }
    let (class, what, unit) = match (is_sms, service.trial_mode) {
        (true, false) => ("LiveServiceTooManySMSRequestsError", "SMS", "fragments"),
        (true, true) => ("TrialServiceTooManySMSRequestsError", "SMS", "fragments"),
        (false, false) => ("LiveServiceTooManyEmailRequestsError", "email", "messages"),
        (false, true) => ("TrialServiceTooManyEmailRequestsError", "email", "messages"),
    };
    Err(Said::new(429, class, format!("Exceeded {what} daily sending limit of {limit} {unit}")).into())
}

fn template<'a>(
    call: &'a Call<'_>,
    form: &Value,
    message: MessageType,
) -> Result<&'a Arc<Template>, Refusal> {
    let template = existing(call, send::text(form, "template_id").unwrap_or_default())?;
    if template.message_type != message {
        return Err(Refusal::TemplateUnsuitable { template: template.message_type, message });
    }
    check_active(template)?;
    Ok(template)
}

pub(super) fn existing<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Arc<Template>, Refusal> {
    call.service().template(database::id(id)?).ok_or(Refusal::TemplateNotFound)
}

pub(super) fn check_active(template: &Template) -> Result<(), Refusal> {
    if template.archived {
        return Err(bad_request(format!("Template {} has been deleted", template.id)));
    }
    Ok(())
}

/// The values that fill placeholders: all but the files that are attached.
fn check_filled<'a>(template: &Template, values: &'a Object) -> Result<Values<'a>, Refusal> {
    let is_attached = |value: &Value| {
        value.as_object().and_then(|file| file.get("sending_method")).and_then(Value::as_str)
            == Some("attach")
    };
    let filled = Values::of_those(values, |value| !is_attached(value));
    let missing = field::missing(&template.fields(), &filled);
    if missing.is_empty() {
        return Ok(filled);
    }
    Err(bad_request(format!(
        "Missing personalisation for template ID {}: {}",
        template.id,
        missing.join(", ")
    )))
}

fn check_length(call: &Call<'_>, template: &Template, values: &Values<'_>) -> Result<(), Refusal> {
    let length = text::sms_length(&template.body, values, call.service().sms_prefix.as_deref());
    if length <= text::LIMIT {
        return Ok(());
    }
    Err(bad_request(format!(
        "Content for template has a character count greater than the limit of {}",
        text::LIMIT
    )))
}

fn check_not_empty(body: &str) -> Result<(), Refusal> {
    if body.trim_matches(whitespace::is_space).is_empty() {
        return Err(bad_request("Message is empty or just whitespace"));
    }
    Ok(())
}

pub(super) fn sender<'a>(
    call: &'a Call<'_>,
    given: Option<&str>,
    field: &'static str,
) -> Result<&'a str, Refusal> {
    call.service().sms_sender(given.map(database::id).transpose()?).ok_or_else(|| Refusal::SenderNotFound {
        field,
        id: given.unwrap_or_default().to_owned(),
        service: call.service().id,
    })
}

pub(super) fn reply_to(call: &Call<'_>, given: Option<&str>, field: &'static str) -> Result<(), Refusal> {
    let Some(given) = given else { return Ok(()) };
    if call.service().has_reply_to(database::id(given)?) {
        return Ok(());
    }
    Err(Refusal::SenderNotFound { field, id: given.to_owned(), service: call.service().id })
}

/// Smoke recipients, written exactly so, are for everybody.
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

fn is_file(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.contains("file"))
}

fn check_documents(call: &Call<'_>, values: &Object) -> Result<(), Refusal> {
    let has_files = values.iter().any(|(_, value)| is_file(value));
    if has_files && !call.service().has_permission("upload_document") {
        return Err(bad_request("Service is not allowed to send documents"));
    }
    Ok(())
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
    // Others are stored later, where nobody hears of it.
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
