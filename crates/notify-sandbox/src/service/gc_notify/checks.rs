//! The checks of a send before it is accepted, and the refusals.

use std::sync::Arc;

use super::{bad_request, files, has_json, text, uncaught};
use crate::account::template::Template;
use crate::api::operations::{Call, send};
use crate::python::json::{self, Object, ReadError, Value};
use crate::render::content::whitespace;
use crate::render::field::{self, Values};
use crate::wire::database;
use crate::wire::refusal::{CustomRefusal, Exception, Refusal};
use crate::wire::validate::{self, Schema};
use crate::world::{KeyType, MessageType, ServiceConfig};

/// The body as JSON.
pub(super) fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    if !has_json(call.request) {
        return Err(CustomRefusal::new(
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

/// The same for operations that do not catch the error.
pub(super) fn json_or_exception(call: &Call<'_>) -> Result<Value, Refusal> {
    if !has_json(call.request) {
        return Err(uncaught("UnsupportedMediaType", "the body does not say that it is JSON"));
    }
    json::read(call.request.body()).map_err(|error| match error {
        ReadError::NotJson { .. } => uncaught("BadRequest", "the body is not JSON"),
        ReadError::TooDeep => Refusal::Uncaught(Exception::Recursion, "the body nests too deep"),
    })
}

/// The checks before the template, in their order.
pub(super) fn check(
    call: &Call<'_>,
    form: &Value,
    schema: &Schema,
    message: MessageType,
) -> Result<(), Refusal> {
    check_schema(call, form, schema)?;
    files::check(send::personalisation(form))?;
    check_suspended(call)?;
    check_permission(call, message)?;
    check_rate(call)
}

pub(super) fn check_schema(call: &Call<'_>, form: &Value, schema: &Schema) -> Result<(), Refusal> {
    let now = call.timing.now;
    let mut errors = validate::check(form, schema, now).err().unwrap_or_default();
    let files = files::check_form(send::personalisation(form), now);
    // Errors inside the values are listed in the place of that property.
    let place = validate::place_of(schema, "personalisation", &errors);
    errors.splice(place..place, files);
    let errors = validate::unique(errors);
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Schema(errors)) }
}

pub(super) fn check_suspended(call: &Call<'_>) -> Result<(), Refusal> {
    if call.service().config().suspended {
        return Err(CustomRefusal::new(403, "BadRequestError", "Service is suspended").into());
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

/// The yearly limit, then the daily limit.
pub(super) fn check_daily(call: &Call<'_>, message: MessageType) -> Result<(), Refusal> {
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
        return Err(CustomRefusal::new(429, class, message).into());
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
    Err(CustomRefusal::new(429, class, format!("Exceeded {what} daily sending limit of {limit} {unit}"))
        .into())
}

pub(super) fn template<'a>(
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

/// The values that fill placeholders: all except attached files.
pub(super) fn check_filled<'a>(template: &Template, values: &'a Object) -> Result<Values<'a>, Refusal> {
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

pub(super) fn check_length(call: &Call<'_>, template: &Template, values: &Values<'_>) -> Result<(), Refusal> {
    let length = text::sms_length(&template.body, values, call.service().sms_prefix.as_deref());
    if length <= text::LIMIT {
        return Ok(());
    }
    Err(bad_request(format!(
        "Content for template has a character count greater than the limit of {}",
        text::LIMIT
    )))
}

pub(super) fn check_not_empty(body: &str) -> Result<(), Refusal> {
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

pub(super) fn is_file(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.contains("file"))
}

pub(super) fn check_documents(call: &Call<'_>, values: &Object) -> Result<(), Refusal> {
    let has_files = values.iter().any(|(_, value)| is_file(value));
    if has_files && !call.service().has_permission("upload_document") {
        return Err(bad_request("Service is not allowed to send documents"));
    }
    Ok(())
}
