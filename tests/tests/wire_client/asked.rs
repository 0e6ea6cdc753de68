//! The operation of our client that stands for a recorded request.

use std::str::FromStr;

use anyhow::{Context as _, Result, bail};
use notify_http::model::{PersonalisationValue, Status, TemplateType};
use notify_http::{Client, Error, GetNotification, ListNotifications, ListTemplates, SendEmail, SendSms};
use notify_tests::wire::Exchange;
use serde_json::{Map, Value};

use crate::answer::Told;

/// An operation with its arguments.
pub(crate) enum Asked {
    SendSms(SendSms),
    SendEmail(SendEmail),
    GetNotification(GetNotification),
    ListNotifications(ListNotifications),
    ListTemplates(ListTemplates),
}

impl Asked {
    /// Asks it, and says everything that the typed value says.
    pub(crate) async fn send(self, client: &Client) -> Result<Value, Error> {
        Ok(match self {
            Self::SendSms(asked) => client.send(asked).await?.value.told(),
            Self::SendEmail(asked) => client.send(asked).await?.value.told(),
            Self::GetNotification(asked) => client.send(asked).await?.value.told(),
            Self::ListNotifications(asked) => client.send(asked).await?.value.told(),
            Self::ListTemplates(asked) => client.send(asked).await?.value.told(),
        })
    }
}

/// Whether our client has the operation, or the answer is a refusal, which is read alike for all.
pub(crate) fn can_judge(exchange: &Exchange) -> bool {
    exchange.response.is_some() && stand_in(exchange).is_ok()
}

/// The same request, if our client can say it.
pub(crate) fn exactly(exchange: &Exchange) -> Option<Asked> {
    let request = &exchange.request;
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    match (request.method.as_str(), path) {
        ("POST", "/v2/notifications/sms") if query.is_empty() => send_sms(exchange).map(Asked::SendSms),
        ("POST", "/v2/notifications/email") if query.is_empty() => send_email(exchange).map(Asked::SendEmail),
        ("GET", "/v2/notifications") => list_notifications(query).map(Asked::ListNotifications),
        ("GET", "/v2/templates") => list_templates(query).map(Asked::ListTemplates),
        ("GET", path) => {
            let id = id(path.strip_prefix("/v2/notifications/")?)?;
            query.is_empty().then(|| Asked::GetNotification(GetNotification::new(id)))
        }
        _ => None,
    }
}

/// The same operation with other arguments. Where the service refused, any operation will do.
pub(crate) fn stand_in(exchange: &Exchange) -> Result<Asked> {
    let request = &exchange.request;
    let path = request.path.split('?').next().unwrap_or_default();
    let template = "00000000-0000-4000-8000-000000000000".parse().context("a template id")?;
    Ok(match (request.method.as_str(), path) {
        ("POST", "/v2/notifications/sms") => Asked::SendSms(SendSms::new(template, "07700900001")),
        ("POST", "/v2/notifications/email") => Asked::SendEmail(SendEmail::new(template, "a@example.com")),
        ("GET", "/v2/notifications" | "//v2/notifications") => {
            Asked::ListNotifications(ListNotifications::new())
        }
        ("GET", "/v2/templates") => Asked::ListTemplates(ListTemplates::new()),
        ("GET", path) if path.strip_prefix("/v2/notifications/").is_some_and(|id| !id.contains('/')) => {
            Asked::GetNotification(GetNotification::new("00000000-0000-4000-8000-000000000000".parse()?))
        }
        _ if exchange.response.as_ref().is_some_and(|response| response.status >= 400) => {
            Asked::ListTemplates(ListTemplates::new())
        }
        _ => bail!("our client has no such operation"),
    })
}

fn send_sms(exchange: &Exchange) -> Option<SendSms> {
    let mut fields = Fields::of(exchange)?;
    let mut sms = SendSms::new(id(&fields.text("template_id")?)?, fields.text("phone_number")?);
    for (name, value) in fields.personalisation()? {
        sms = sms.personalisation(name, value);
    }
    if let Some(reference) = fields.optional("reference").ok()? {
        sms = sms.reference(reference);
    }
    if let Some(sender) = fields.optional("sms_sender_id").ok()? {
        sms = sms.sms_sender_id(id(&sender)?);
    }
    fields.are_used_up().then_some(sms)
}

fn send_email(exchange: &Exchange) -> Option<SendEmail> {
    let mut fields = Fields::of(exchange)?;
    let mut email = SendEmail::new(id(&fields.text("template_id")?)?, fields.text("email_address")?);
    for (name, value) in fields.personalisation()? {
        email = email.personalisation(name, value);
    }
    if let Some(reference) = fields.optional("reference").ok()? {
        email = email.reference(reference);
    }
    if let Some(reply_to) = fields.optional("email_reply_to_id").ok()? {
        email = email.email_reply_to_id(id(&reply_to)?);
    }
    if let Some(url) = fields.optional("one_click_unsubscribe_url").ok()? {
        email = email.one_click_unsubscribe_url(url);
    }
    if let Some(names) = fields.0.remove("sanitise_content_for") {
        email = email.sanitise_content_for(texts(names)?);
    }
    fields.are_used_up().then_some(email)
}

fn list_notifications(query: &str) -> Option<ListNotifications> {
    let mut list = ListNotifications::new();
    let mut once = Vec::new();
    for (name, value) in pairs(query)? {
        if !matches!(name, "template_type" | "status") {
            // A filter that stands twice: the service takes the first, our client cannot say it.
            if once.contains(&name) {
                return None;
            }
            once.push(name);
        }
        list = match (name, value) {
            ("template_type", word) => list.template_type(TemplateType::from(word)),
            ("status", word) => list.status(Status::from(word)),
            ("reference", text) => list.reference(text),
            ("older_than", text) => list.older_than(id(text)?),
            ("include_jobs", "true") => list.include_jobs(),
            _ => return None,
        };
    }
    Some(list)
}

fn list_templates(query: &str) -> Option<ListTemplates> {
    let list = ListTemplates::new();
    match pairs(query)?.as_slice() {
        [] => Some(list),
        [("type", word)] => Some(list.template_type(TemplateType::from(*word))),
        _ => None,
    }
}

/// The pairs of a query that has nothing escaped.
fn pairs(query: &str) -> Option<Vec<(&str, &str)>> {
    let plain = !query.contains(['%', '+']);
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=')).collect();
    plain.then_some(pairs).flatten()
}

/// An id in the one spelling in which our client writes it.
fn id<T: FromStr + ToString>(text: &str) -> Option<T> {
    text.parse().ok().filter(|id: &T| id.to_string() == text)
}

fn texts(value: Value) -> Option<Vec<String>> {
    let Value::Array(items) = value else { return None };
    items.into_iter().map(text).collect()
}

fn text(value: Value) -> Option<String> {
    if let Value::String(text) = value { Some(text) } else { None }
}

/// The fields of a body, which are used up one by one: what is left over is what our client cannot say.
struct Fields(Map<String, Value>);

/// A field is there and no text.
struct NotText;

impl Fields {
    fn of(exchange: &Exchange) -> Option<Self> {
        let body = exchange.request.body().ok()??;
        let Value::Object(fields) = serde_json::from_slice(&body).ok()? else { return None };
        Some(Self(fields))
    }

    fn text(&mut self, name: &str) -> Option<String> {
        text(self.0.remove(name)?)
    }

    fn optional(&mut self, name: &str) -> Result<Option<String>, NotText> {
        self.0.remove(name).map(|value| text(value).ok_or(NotText)).transpose()
    }

    fn personalisation(&mut self) -> Option<Vec<(String, PersonalisationValue)>> {
        let Some(value) = self.0.remove("personalisation") else { return Some(Vec::new()) };
        let Value::Object(values) = value else { return None };
        // An empty object is left out by our client, which means the same.
        if values.is_empty() {
            return None;
        }
        values.into_iter().map(|(name, value)| Some((name, personal(value)?))).collect()
    }

    fn are_used_up(&self) -> bool {
        self.0.is_empty()
    }
}

fn personal(value: Value) -> Option<PersonalisationValue> {
    Some(match value {
        Value::String(text) => text.into(),
        Value::Bool(flag) => flag.into(),
        Value::Number(number) => number.as_i64()?.into(),
        Value::Array(_) => texts(value)?.into(),
        Value::Null | Value::Object(_) => return None,
    })
}
