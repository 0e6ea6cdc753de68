//! The operations that one of the sibling services has beyond GOV.UK Notify.

/// Sets what is optional and a text, by the setter of its name.
macro_rules! texts {
    ($message:ident, $fields:ident, $($name:ident),+) => {
        $(if let Some(text) = $fields.optional(stringify!($name)).ok()? {
            $message = $message.$name(text);
        })+
    };
}

/// The same for ids.
macro_rules! ids {
    ($message:ident, $fields:ident, $($name:ident),+) => {
        $(if let Some(text) = $fields.optional(stringify!($name)).ok()? {
            $message = $message.$name(id(&text)?);
        })+
    };
}

mod gc_notify;
mod notify_gov_au;
mod va_notify;

use notify_http::model::TemplateId;
use notify_http::{Service, au, gc, va};
use notify_testkit::wire::Exchange;

use super::fields::Fields;
use super::{Operation, has_empty_personalisation, id, list_notifications};

const ID: &str = "00000000-0000-4000-8000-000000000000";

/// The operation of this service's own that sends this request, if there is one.
pub(super) fn parse(service: Service, exchange: &Exchange) -> Option<Operation> {
    let request = &exchange.request;
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    Some(match (service.name(), request.method.as_str(), &parts[..]) {
        ("au", "GET", ["v2", "notifications"]) => notify_gov_au::list(query)?.into(),
        ("gc", "GET", ["v2", "notifications"]) => {
            gc::ListNotifications::from(list_notifications(query)?).into()
        }
        ("va", "GET", ["v2", "notifications"]) => {
            va::ListNotifications::from(list_notifications(query)?).into()
        }
        ("gc", "GET", ["v2", "reports"]) => gc_notify::list_reports(query)?.into(),
        _ if !query.is_empty() => return None,
        ("au", "GET", ["v2", "notifications", text]) => au::GetNotification::new(id(text)?).into(),
        ("gc", "GET", ["v2", "notifications", text]) => gc::GetNotification::new(id(text)?).into(),
        ("va", "GET", ["v2", "notifications", text]) => va::GetNotification::new(id(text)?).into(),
        ("au", "POST", ["v2", "notifications", "sms"]) => notify_gov_au::sms(exchange)?.into(),
        ("au", "POST", ["v2", "notifications", "email"]) => notify_gov_au::email(exchange)?.into(),
        ("gc", "POST", ["v2", "notifications", "email"]) => gc_notify::email(exchange)?.into(),
        ("gc", "POST", ["v2", "notifications", "bulk"]) => gc_notify::bulk(exchange)?.into(),
        ("gc", "GET", ["v2", "manage-template", "template-categories"]) => gc::ListTemplateCategories.into(),
        ("gc", "POST", ["v2", "manage-template"]) => gc_notify::create_template(exchange)?.into(),
        ("gc", "GET", ["v2", "manage-template", text]) => gc::GetTemplate::new(id(text)?).into(),
        ("gc", "PATCH", ["v2", "manage-template", text]) => {
            gc_notify::update_template(id(text)?, exchange)?.into()
        }
        ("gc", "DELETE", ["v2", "manage-template", text]) => gc::ArchiveTemplate::new(id(text)?).into(),
        ("gc", "POST", ["v2", "reports"]) => gc_notify::request_report(exchange)?.into(),
        ("gc", "GET", ["v2", "reports", text]) => gc::GetReport::new(id(text)?).into(),
        ("gc", "GET", ["v2", "reports", text, "content"]) => gc::DownloadReport::new(id(text)?).into(),
        ("va", "POST", ["v2", "notifications", "sms"]) => va_notify::sms(exchange)?.into(),
        ("va", "POST", ["v2", "notifications", "email"]) => va_notify::email(exchange)?.into(),
        ("va", "POST", ["v2", "notifications", "push"]) => va_notify::push(exchange)?.into(),
        ("va", "POST", ["v2", "notifications", "push", "broadcast"]) => {
            va_notify::broadcast(exchange)?.into()
        }
        ("va", "POST", ["v3", "notifications", "sms"]) => va_notify::v3_sms(exchange)?.into(),
        ("va", "POST", ["v3", "notifications", "email"]) => va_notify::v3_email(exchange)?.into(),
        _ => return None,
    })
}

/// The same operation with other arguments, as [`super::stand_in`].
pub(super) fn stand_in(service: Service, exchange: &Exchange) -> Option<Operation> {
    let answer = exchange.response.as_ref().and_then(|response| response.json.as_ref());
    let answered = |pointer: &str| answer.and_then(|json| json.pointer(pointer)?.as_str());
    let template_at = |pointer: &str| answered(pointer).unwrap_or(ID).parse().ok();
    let template = template_at("/template/id")?;
    let reference = answered("/reference");
    let request = &exchange.request;
    let path = request.path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    // Each message with the reference of its answer, if that has one.
    macro_rules! with_reference {
        ($message:expr) => {{
            let message = $message;
            reference.map_or(message.clone(), |reference| message.reference(reference)).into()
        }};
    }
    Some(match (service.name(), request.method.as_str(), &parts[..]) {
        ("au", "GET", ["v2", "notifications"]) => au::ListNotifications::default().into(),
        ("gc", "GET", ["v2", "notifications"]) => gc::ListNotifications::default().into(),
        ("va", "GET", ["v2", "notifications"]) => va::ListNotifications::default().into(),
        ("au", "GET", ["v2", "notifications", _]) => au::GetNotification::new(ID.parse().ok()?).into(),
        ("gc", "GET", ["v2", "notifications", _]) => gc::GetNotification::new(ID.parse().ok()?).into(),
        ("va", "GET", ["v2", "notifications", _]) => va::GetNotification::new(ID.parse().ok()?).into(),
        ("au", "POST", ["v2", "notifications", "sms"]) => with_reference!(au::SendSms::new(template, "1")),
        ("au", "POST", ["v2", "notifications", "email"]) => {
            with_reference!(au::SendEmail::new(template, "a@b.c"))
        }
        ("gc", "POST", ["v2", "notifications", "email"]) => {
            with_reference!(gc::SendEmail::new(template, "a@b.c"))
        }
        ("gc", "POST", ["v2", "notifications", "bulk"]) => {
            gc::SendBulk::csv(template_at("/data/template")?, "n", gc::Csv::new("phone number\n1\n")).into()
        }
        ("gc", "GET", ["v2", "manage-template", "template-categories"]) => gc::ListTemplateCategories.into(),
        ("gc", "POST", ["v2", "manage-template"]) => {
            let content = gc::TemplateContent::Sms { content: "c".into() };
            gc::CreateTemplate::new("n", gc::TemplateCategoryId::from_bytes([0; 16]), content).into()
        }
        ("gc", "GET", ["v2", "manage-template", _]) => gc::GetTemplate::new(template).into(),
        ("gc", "PATCH", ["v2", "manage-template", _]) => gc::UpdateTemplate::new(template).name("n").into(),
        ("gc", "DELETE", ["v2", "manage-template", _]) => gc::ArchiveTemplate::new(template).into(),
        ("gc", "GET", ["v2", "reports"]) => gc::ListReports::new().into(),
        ("gc", "POST", ["v2", "reports"]) => gc::RequestReport::emails(gc::ReportLanguage::English).into(),
        ("gc", "GET", ["v2", "reports", _]) => gc::GetReport::new(ID.parse().ok()?).into(),
        ("gc", "GET", ["v2", "reports", _, "content"]) => gc::DownloadReport::new(ID.parse().ok()?).into(),
        ("va", "POST", ["v2", "notifications", "sms"]) => with_reference!(va::SendSms::new(template, "1")),
        ("va", "POST", ["v2", "notifications", "email"]) => {
            with_reference!(va::SendEmail::new(template, "a@b.c"))
        }
        ("va", "POST", ["v2", "notifications", "push"]) => {
            va::SendPush::new(va::PushTemplateId::new("t"), "1").into()
        }
        ("va", "POST", ["v2", "notifications", "push", "broadcast"]) => {
            va::BroadcastPush::new(va::PushTemplateId::new("t"), "s").into()
        }
        ("va", "POST", ["v3", "notifications", "sms"]) => va::v3::SendSms::new(template, "+1").into(),
        ("va", "POST", ["v3", "notifications", "email"]) => va::v3::SendEmail::new(template, "a@b.c").into(),
        _ => return None,
    })
}

fn message(exchange: &Exchange) -> Option<Fields> {
    Fields::of(exchange).filter(|fields| !has_empty_personalisation(fields))
}

fn template(fields: &mut Fields) -> Option<TemplateId> {
    id(&fields.text("template_id")?)
}
