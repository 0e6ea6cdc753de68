//! A recorded request as an operation of our client.

mod fields;
mod siblings;

use std::str::FromStr;

use anyhow::{Context as _, Result, bail};
use notify_http::model::{PersonalisationValue, Postage, Status, TemplateType};
use notify_http::{
    Client, Endpoint as _, Error, GetLetterPdf, GetNotification, GetTemplate, GetTemplateVersion,
    InvalidRequest, ListNotifications, ListReceivedTextMessages, ListTemplates, PreviewTemplate,
    RequestParts, SendEmail, SendLetter, SendPrecompiledLetter, SendSms, Service, au, blocking, gc, va,
};
use notify_testkit::wire::Exchange;
use serde_json::Value;

use crate::answer::ToJson;
use fields::{Fields, Personal, base64, texts};

/// Lists the operations, and makes one type of them.
macro_rules! operations {
    ($($variant:ident($operation:ty),)+) => {
        /// An operation with its arguments.
        pub(crate) enum Operation {
            $($variant($operation),)+
        }

        impl Operation {
            /// Sends it, and returns the typed value as JSON.
            pub(crate) async fn send(self, client: &Client) -> Result<Value, Error> {
                match self {
                    $(Self::$variant(operation) => Ok(client.send(operation).await?.to_json()),)+
                }
            }

            /// The same, on the calling thread.
            pub(crate) fn send_blocking(self, client: &blocking::Client) -> Result<Value, Error> {
                match self {
                    $(Self::$variant(operation) => Ok(client.send(operation)?.to_json()),)+
                }
            }

            fn request(&self) -> Result<RequestParts, InvalidRequest> {
                match self {
                    $(Self::$variant(operation) => operation.request(),)+
                }
            }

            /// Whether our client would send it to this service.
            fn is_offered_by(&self, service: Service) -> bool {
                match self {
                    $(Self::$variant(operation) => {
                        service.offers(&<$operation>::OPERATION) && operation.part_not_offered(service).is_none()
                    })+
                }
            }
        }

        $(impl From<$operation> for Operation {
            fn from(operation: $operation) -> Self {
                Self::$variant(operation)
            }
        })+
    };
}

operations! {
    GetLetterPdf(GetLetterPdf),
    GetNotification(GetNotification),
    GetTemplate(GetTemplate),
    GetTemplateVersion(GetTemplateVersion),
    ListNotifications(ListNotifications),
    ListReceivedTextMessages(ListReceivedTextMessages),
    ListTemplates(ListTemplates),
    PreviewTemplate(PreviewTemplate),
    SendEmail(SendEmail),
    SendLetter(SendLetter),
    SendPrecompiledLetter(SendPrecompiledLetter),
    SendSms(SendSms),
    AuGetNotification(au::GetNotification),
    AuListNotifications(au::ListNotifications),
    AuSendEmail(au::SendEmail),
    AuSendSms(au::SendSms),
    GcArchiveTemplate(gc::ArchiveTemplate),
    GcCreateTemplate(gc::CreateTemplate),
    GcDownloadReport(gc::DownloadReport),
    GcGetNotification(gc::GetNotification),
    GcGetReport(gc::GetReport),
    GcGetTemplate(gc::GetTemplate),
    GcListNotifications(gc::ListNotifications),
    GcListReports(gc::ListReports),
    GcListTemplateCategories(gc::ListTemplateCategories),
    GcRequestReport(gc::RequestReport),
    GcSendBulk(gc::SendBulk),
    GcSendEmail(gc::SendEmail),
    GcUpdateTemplate(gc::UpdateTemplate),
    VaBroadcastPush(va::BroadcastPush),
    VaGetNotification(va::GetNotification),
    VaListNotifications(va::ListNotifications),
    VaSendEmail(va::SendEmail),
    VaSendEmailV3(va::v3::SendEmail),
    VaSendPush(va::SendPush),
    VaSendSms(va::SendSms),
    VaSendSmsV3(va::v3::SendSms),
}

/// Whether our client has the operation, or the answer is a refusal, which is read alike for all.
pub(crate) fn is_supported(service: Service, exchange: &Exchange) -> bool {
    exchange.response.is_some() && stand_in(service, exchange).is_ok()
}

/// What becomes of a recorded request in our client.
pub(crate) enum Translation {
    /// This operation sends the same request.
    Exact(Operation),
    /// The client finds the mistake itself, and sends nothing.
    Refused(InvalidRequest),
    /// The client knows that the service does not offer it, and sends nothing.
    NotOffered,
    /// The client's types cannot express it.
    Inexpressible,
}

/// Translates a recorded request into an operation.
pub(crate) fn translate(service: Service, exchange: &Exchange) -> Translation {
    let operation = siblings::parse(service, exchange).or_else(|| parse(exchange));
    let Some(operation) = operation else { return Translation::Inexpressible };
    match operation.request() {
        _ if !operation.is_offered_by(service) => Translation::NotOffered,
        Ok(_) => Translation::Exact(operation),
        Err(reason) => Translation::Refused(reason),
    }
}

/// The operation that sends this request, if our client can express it.
fn parse(exchange: &Exchange) -> Option<Operation> {
    let request = &exchange.request;
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let parts: Vec<&str> = path.strip_prefix("/v2/")?.split('/').collect();
    Some(match (request.method.as_str(), &parts[..]) {
        ("GET", ["notifications"]) => list_notifications(query)?.into(),
        ("GET", ["received-text-messages"]) => list_received(query)?.into(),
        ("GET", ["templates"]) => list_templates(query)?.into(),
        _ if !query.is_empty() => return None,
        ("POST", ["notifications", "sms"]) => send_sms(exchange)?.into(),
        ("POST", ["notifications", "email"]) => send_email(exchange)?.into(),
        ("POST", ["notifications", "letter"]) => match send_letter(exchange) {
            Some(letter) => letter.into(),
            None => send_precompiled_letter(exchange)?.into(),
        },
        ("GET", ["notifications", text]) => GetNotification::new(id(text)?).into(),
        ("GET", ["notifications", text, "pdf"]) => GetLetterPdf::new(id(text)?).into(),
        ("GET", ["template", text]) => GetTemplate::new(id(text)?).into(),
        ("GET", ["template", text, "version", version]) => {
            GetTemplateVersion::new(id(text)?, version.parse().ok()?).into()
        }
        ("POST", ["template", text, "preview"]) => preview(id(text)?, exchange)?.into(),
        _ => return None,
    })
}

/// The same operation with other arguments, except for what a message and its answer have in common: template and reference.
/// Where the service refused, any operation will do.
pub(crate) fn stand_in(service: Service, exchange: &Exchange) -> Result<Operation> {
    const ID: &str = "00000000-0000-4000-8000-000000000000";
    let answer = exchange.response.as_ref().and_then(|response| response.json.as_ref());
    let answered = |pointer: &str| answer.and_then(|json| json.pointer(pointer)?.as_str());
    let template = answered("/template/id").unwrap_or(ID).parse().context("a template id")?;
    let reference = answered("/reference");
    if let Some(operation) = siblings::stand_in(service, exchange) {
        return Ok(operation);
    }
    let request = &exchange.request;
    let path = request.path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    Ok(match (request.method.as_str(), &parts[..]) {
        ("POST", ["v2", "notifications", "sms"]) => {
            let sms = SendSms::new(template, "07700900001");
            reference.map_or(sms.clone(), |reference| sms.reference(reference)).into()
        }
        ("POST", ["v2", "notifications", "email"]) => {
            let email = SendEmail::new(template, "a@example.com");
            reference.map_or(email.clone(), |reference| email.reference(reference)).into()
        }
        ("POST", ["v2", "notifications", "letter"]) if service.offers(&SendLetter::OPERATION) => {
            let is_precompiled = Fields::of(exchange).is_some_and(|fields| fields.0.contains_key("content"));
            if is_precompiled {
                SendPrecompiledLetter::new(reference.unwrap_or("r"), "%PDF-").into()
            } else {
                let letter = SendLetter::new(template, ["a", "b", "c"]);
                reference.map_or(letter.clone(), |reference| letter.reference(reference)).into()
            }
        }
        ("GET", ["v2", "notifications"]) => ListNotifications::new().into(),
        ("GET", ["v2", "received-text-messages"]) if service.offers(&ListReceivedTextMessages::OPERATION) => {
            ListReceivedTextMessages::new().into()
        }
        ("GET", ["v2", "templates"]) => ListTemplates::new().into(),
        ("GET", ["v2", "notifications", _]) => GetNotification::new(ID.parse()?).into(),
        ("GET", ["v2", "notifications", _, "pdf"]) if service.offers(&GetLetterPdf::OPERATION) => {
            GetLetterPdf::new(ID.parse()?).into()
        }
        ("GET", ["v2", "template", _]) => GetTemplate::new(template).into(),
        ("GET", ["v2", "template", _, "version", _]) => GetTemplateVersion::new(template, 1).into(),
        ("POST", ["v2", "template", _, "preview"]) => PreviewTemplate::new(template).into(),
        _ if exchange.response.as_ref().is_some_and(|response| response.status >= 400) => {
            ListTemplates::new().into()
        }
        _ => bail!("our client has no such operation"),
    })
}

/// The placeholders that our client sends. It leaves out an empty object, which means the same, except in letters and
/// previews.
fn values(fields: &mut Fields) -> Option<Vec<(String, PersonalisationValue)>> {
    let values = fields.personalisation()?;
    values.into_iter().map(|(name, value)| Some((name, value.value()?))).collect()
}

fn has_empty_personalisation(fields: &Fields) -> bool {
    fields.0.get("personalisation").and_then(Value::as_object).is_some_and(serde_json::Map::is_empty)
}

fn send_sms(exchange: &Exchange) -> Option<SendSms> {
    let mut fields = Fields::of(exchange).filter(|fields| !has_empty_personalisation(fields))?;
    let mut sms = SendSms::new(id(&fields.text("template_id")?)?, fields.text("phone_number")?)
        .personalisations(values(&mut fields)?);
    if let Some(reference) = fields.optional("reference").ok()? {
        sms = sms.reference(reference);
    }
    if let Some(sender) = fields.optional("sms_sender_id").ok()? {
        sms = sms.sms_sender_id(id(&sender)?);
    }
    fields.are_used_up().then_some(sms)
}

fn send_email(exchange: &Exchange) -> Option<SendEmail> {
    let mut fields = Fields::of(exchange).filter(|fields| !has_empty_personalisation(fields))?;
    let mut email = SendEmail::new(id(&fields.text("template_id")?)?, fields.text("email_address")?);
    for (name, value) in fields.personalisation()? {
        email = match value {
            Personal::Value(value) => email.personalisation(name, value),
            Personal::File(file) => email.file(name, file),
        };
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

fn send_letter(exchange: &Exchange) -> Option<SendLetter> {
    let mut fields = Fields::of(exchange).filter(|fields| fields.0.contains_key("personalisation"))?;
    let (address, values): (Vec<_>, Vec<_>) =
        values(&mut fields)?.into_iter().partition(|(name, _)| name.starts_with("address_line_"));
    let mut lines = Vec::new();
    for (index, (name, value)) in address.into_iter().enumerate() {
        let PersonalisationValue::Text(line) = value else { return None };
        lines.push((name == format!("address_line_{}", index + 1)).then_some(line)?);
    }
    let mut letter = SendLetter::new(id(&fields.text("template_id")?)?, lines).personalisations(values);
    if let Some(reference) = fields.optional("reference").ok()? {
        letter = letter.reference(reference);
    }
    fields.are_used_up().then_some(letter)
}

fn send_precompiled_letter(exchange: &Exchange) -> Option<SendPrecompiledLetter> {
    let mut fields = Fields::of(exchange)?;
    let content = base64(&fields.text("content")?)?;
    let mut letter = SendPrecompiledLetter::new(fields.text("reference")?, content);
    if let Some(postage) = fields.optional("postage").ok()? {
        letter = letter.postage(Postage::from(&*postage));
    }
    fields.are_used_up().then_some(letter)
}

fn preview(template: notify_http::model::TemplateId, exchange: &Exchange) -> Option<PreviewTemplate> {
    let mut fields = Fields::of(exchange).filter(|fields| fields.0.contains_key("personalisation"))?;
    let preview = PreviewTemplate::new(template).personalisations(values(&mut fields)?);
    fields.are_used_up().then_some(preview)
}

fn list_notifications(query: &str) -> Option<ListNotifications> {
    let mut list = ListNotifications::new();
    let mut once = Vec::new();
    for (name, value) in pairs(query)? {
        if !matches!(name, "template_type" | "status") {
            // A filter that occurs twice: the service takes the first, our client cannot express it.
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

fn list_received(query: &str) -> Option<ListReceivedTextMessages> {
    let list = ListReceivedTextMessages::new();
    match pairs(query)?.as_slice() {
        [] => Some(list),
        [("older_than", text)] => Some(list.older_than(id(text)?)),
        _ => None,
    }
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
