//! The operations that one of the sibling services has beyond GOV.UK Notify.

use notify_http::model::{PersonalisationValue, TemplateId, TemplateType, Timestamp};
use notify_http::{Service, au, gc, va};
use notify_testkit::wire::Exchange;
use serde_json::Value;

use super::fields::{Fields, NotText, Personal, base64, plain};
use super::{Asked, has_empty_personalisation, id, list_notifications, values};

const ID: &str = "00000000-0000-4000-8000-000000000000";

/// The same request, if an operation of this service's own can say it.
pub(super) fn said(service: Service, exchange: &Exchange) -> Option<Asked> {
    let request = &exchange.request;
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    Some(match (service.name(), request.method.as_str(), &parts[..]) {
        ("au", "GET", ["v2", "notifications"]) => au_list(query)?.into(),
        ("gc", "GET", ["v2", "notifications"]) => {
            gc::ListNotifications::from(list_notifications(query)?).into()
        }
        ("va", "GET", ["v2", "notifications"]) => {
            va::ListNotifications::from(list_notifications(query)?).into()
        }
        ("gc", "GET", ["v2", "reports"]) => list_reports(query)?.into(),
        _ if !query.is_empty() => return None,
        ("au", "GET", ["v2", "notifications", text]) => au::GetNotification::new(id(text)?).into(),
        ("gc", "GET", ["v2", "notifications", text]) => gc::GetNotification::new(id(text)?).into(),
        ("va", "GET", ["v2", "notifications", text]) => va::GetNotification::new(id(text)?).into(),
        ("au", "POST", ["v2", "notifications", "sms"]) => au_sms(exchange)?.into(),
        ("au", "POST", ["v2", "notifications", "email"]) => au_email(exchange)?.into(),
        ("gc", "POST", ["v2", "notifications", "email"]) => gc_email(exchange)?.into(),
        ("gc", "POST", ["v2", "notifications", "bulk"]) => gc_bulk(exchange)?.into(),
        ("gc", "GET", ["v2", "manage-template", "template-categories"]) => gc::ListTemplateCategories.into(),
        ("gc", "POST", ["v2", "manage-template"]) => create_template(exchange)?.into(),
        ("gc", "GET", ["v2", "manage-template", text]) => gc::GetTemplate::new(id(text)?).into(),
        ("gc", "PATCH", ["v2", "manage-template", text]) => update_template(id(text)?, exchange)?.into(),
        ("gc", "DELETE", ["v2", "manage-template", text]) => gc::ArchiveTemplate::new(id(text)?).into(),
        ("gc", "POST", ["v2", "reports"]) => request_report(exchange)?.into(),
        ("gc", "GET", ["v2", "reports", text]) => gc::GetReport::new(id(text)?).into(),
        ("gc", "GET", ["v2", "reports", text, "content"]) => gc::DownloadReport::new(id(text)?).into(),
        ("va", "POST", ["v2", "notifications", "sms"]) => va_sms(exchange)?.into(),
        ("va", "POST", ["v2", "notifications", "email"]) => va_email(exchange)?.into(),
        ("va", "POST", ["v2", "notifications", "push"]) => push(exchange)?.into(),
        ("va", "POST", ["v2", "notifications", "push", "broadcast"]) => broadcast(exchange)?.into(),
        ("va", "POST", ["v3", "notifications", "sms"]) => v3_sms(exchange)?.into(),
        ("va", "POST", ["v3", "notifications", "email"]) => v3_email(exchange)?.into(),
        _ => return None,
    })
}

/// The same operation with other arguments, as [`super::stand_in`].
pub(super) fn stand_in(service: Service, exchange: &Exchange) -> Option<Asked> {
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
            gc::SendBulk::csv(template_at("/data/template")?, "n", "phone number\n1\n").into()
        }
        ("gc", "GET", ["v2", "manage-template", "template-categories"]) => gc::ListTemplateCategories.into(),
        ("gc", "POST", ["v2", "manage-template"]) => {
            gc::CreateTemplate::sms("n", "c", gc::TemplateCategoryId::from_bytes([0; 16])).into()
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
        ("va", "POST", ["v2", "notifications", "push"]) => va::SendPush::new("t", "1").into(),
        ("va", "POST", ["v2", "notifications", "push", "broadcast"]) => {
            va::BroadcastPush::new("t", "s").into()
        }
        ("va", "POST", ["v3", "notifications", "sms"]) => va::v3::SendSms::new(template, "+1").into(),
        ("va", "POST", ["v3", "notifications", "email"]) => va::v3::SendEmail::new(template, "a@b.c").into(),
        _ => return None,
    })
}

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

fn message(exchange: &Exchange) -> Option<Fields> {
    Fields::of(exchange).filter(|fields| !has_empty_personalisation(fields))
}

fn template(fields: &mut Fields) -> Option<TemplateId> {
    id(&fields.text("template_id")?)
}

/// A URL and a token, or a token alone.
macro_rules! status_callback {
    ($message:ident, $fields:ident) => {
        match (
            $fields.optional("status_callback_url").ok()?,
            $fields.optional("status_callback_bearer_token").ok()?,
        ) {
            (Some(url), Some(token)) => $message = $message.status_callback(url, token),
            (None, Some(token)) => $message = $message.status_callback_bearer_token(token),
            (None, None) => {}
            (Some(_), None) => return None,
        }
    };
}

/// The filters that are this service's own, and the others.
fn au_list(query: &str) -> Option<au::ListNotifications> {
    let (own, common): (Vec<_>, Vec<_>) =
        query.split('&').partition(|pair| pair.starts_with("template_id=") || *pair == "include_jobs=false");
    let mut list = au::ListNotifications::from(list_notifications(&common.join("&"))?);
    let mut names = Vec::new();
    for (name, value) in super::pairs(&own.join("&"))? {
        if names.contains(&name.to_owned()) {
            return None;
        }
        names.push(name.to_owned());
        list = if name == "template_id" { list.template_id(id(value)?) } else { list.exclude_jobs() };
    }
    Some(list)
}

fn au_sms(exchange: &Exchange) -> Option<au::SendSms> {
    let mut fields = message(exchange)?;
    let mut sms = au::SendSms::new(template(&mut fields)?, fields.text("phone_number")?)
        .personalisations(values(&mut fields)?);
    texts!(sms, fields, reference);
    ids!(sms, fields, sms_sender_id);
    status_callback!(sms, fields);
    fields.are_used_up().then_some(sms)
}

fn au_email(exchange: &Exchange) -> Option<au::SendEmail> {
    let mut fields = message(exchange)?;
    let mut email = au::SendEmail::new(template(&mut fields)?, fields.text("email_address")?)
        .personalisations(values(&mut fields)?);
    texts!(email, fields, reference);
    ids!(email, fields, email_reply_to_id);
    status_callback!(email, fields);
    fields.are_used_up().then_some(email)
}

fn gc_email(exchange: &Exchange) -> Option<gc::SendEmail> {
    let mut fields = message(exchange)?;
    let mut email = gc::SendEmail::new(template(&mut fields)?, fields.text("email_address")?);
    for (name, value) in fields.personalisation_with(gc_file)? {
        email = match value {
            Personal::Value(value) => email.personalisation(name, value),
            Personal::File(file) => email.file(name, file),
        };
    }
    texts!(email, fields, reference);
    ids!(email, fields, email_reply_to_id);
    fields.are_used_up().then_some(email)
}

fn gc_file(mut fields: Fields) -> Option<gc::File> {
    let content = base64(&fields.text("file")?)?;
    let filename = fields.optional("filename").ok()?;
    let file = match (&*fields.text("sending_method")?, filename) {
        ("attach", Some(filename)) => gc::File::attached(filename, content),
        ("link", Some(filename)) => gc::File::linked(content).filename(filename),
        ("link", None) => gc::File::linked(content),
        _ => return None,
    };
    fields.are_used_up().then_some(file)
}

fn gc_bulk(exchange: &Exchange) -> Option<gc::SendBulk> {
    let mut fields = Fields::of(exchange)?;
    let (template, name) = (template(&mut fields)?, fields.text("name")?);
    let mut job = match (fields.0.remove("rows"), fields.optional("csv").ok()?) {
        (None, Some(csv)) => gc::SendBulk::csv(template, name, csv),
        (Some(Value::Array(rows)), None) => {
            let mut rows = rows.into_iter().map(cells);
            let job = gc::SendBulk::rows(template, name, rows.next()??);
            rows.try_fold(job, |job, row| Some(job.row(row?)))?
        }
        _ => return None,
    };
    if let Some(time) = fields.optional("scheduled_for").ok()? {
        // Our client says a time in one way.
        let moment: Timestamp = time.parse().ok()?;
        if moment.to_string().strip_suffix(".000000Z") != Some(&time) {
            return None;
        }
        job = job.scheduled_for(moment);
    }
    texts!(job, fields, reply_to_id);
    fields.are_used_up().then_some(job)
}

fn cells(row: Value) -> Option<Vec<PersonalisationValue>> {
    let Value::Array(cells) = row else { return None };
    cells.into_iter().map(plain).collect()
}

fn create_template(exchange: &Exchange) -> Option<gc::CreateTemplate> {
    let mut fields = Fields::of(exchange)?;
    let (name, content) = (fields.text("name")?, fields.text("content")?);
    let category = id(&fields.text("template_category_id")?)?;
    let subject = fields.optional("subject").ok()?;
    let mut template = match (TemplateType::from(&*fields.text("template_type")?), subject) {
        (TemplateType::Sms, None) => gc::CreateTemplate::sms(name, content, category),
        (TemplateType::Email, Some(subject)) => gc::CreateTemplate::email(name, subject, content, category),
        _ => return None,
    };
    ids!(template, fields, parent_folder_id);
    fields.are_used_up().then_some(template)
}

fn update_template(template: TemplateId, exchange: &Exchange) -> Option<gc::UpdateTemplate> {
    let mut fields = Fields::of(exchange)?;
    let mut update = gc::UpdateTemplate::new(template);
    texts!(update, fields, name, subject, content);
    ids!(update, fields, template_category_id);
    match fields.0.remove("parent_folder_id") {
        None => {}
        Some(Value::Null) => update = update.without_folder(),
        Some(Value::String(folder)) => update = update.parent_folder_id(id(&folder)?),
        Some(_) => return None,
    }
    fields.are_used_up().then_some(update)
}

fn request_report(exchange: &Exchange) -> Option<gc::RequestReport> {
    let mut fields = Fields::of(exchange)?;
    let language = gc::ReportLanguage::from(&*fields.text("language")?);
    let job = fields.optional("job_id").ok()?;
    let report = match (&*fields.text("report_type")?, job) {
        ("sms", None) => gc::RequestReport::text_messages(language),
        ("email", None) => gc::RequestReport::emails(language),
        ("job", Some(job)) => gc::RequestReport::job(id(&job)?, language),
        _ => return None,
    };
    fields.are_used_up().then_some(report)
}

fn list_reports(query: &str) -> Option<gc::ListReports> {
    let list = gc::ListReports::new();
    match super::pairs(query)?.as_slice() {
        [] => Some(list),
        [("older_than", text)] => Some(list.older_than(id(text)?)),
        _ => None,
    }
}

/// A person, where one is named.
fn person(fields: &mut Fields) -> Result<Option<va::RecipientIdentifier>, NotText> {
    let Some(value) = fields.0.remove("recipient_identifier") else { return Ok(None) };
    let Value::Object(identifier) = value else { return Err(NotText) };
    let mut identifier = Fields(identifier);
    let (id_type, id_value) = (identifier.text("id_type"), identifier.text("id_value"));
    match (id_type, id_value) {
        (Some(id_type), Some(id_value)) if identifier.are_used_up() => {
            Ok(Some(va::RecipientIdentifier::new(va::IdentifierType::from(&*id_type), id_value)))
        }
        _ => Err(NotText),
    }
}

/// A message to an address, to a person, or to both.
macro_rules! addressed {
    ($type:ty, $fields:ident, $address:literal) => {{
        let template = template(&mut $fields)?;
        match ($fields.optional($address).ok()?, person(&mut $fields).ok()?) {
            (Some(address), None) => <$type>::new(template, address),
            (None, Some(person)) => <$type>::to_person(template, person),
            _ => return None,
        }
    }};
}

fn va_sms(exchange: &Exchange) -> Option<va::SendSms> {
    let mut fields = message(exchange)?;
    let template = template(&mut fields)?;
    let mut sms = match (fields.optional("phone_number").ok()?, person(&mut fields).ok()?) {
        (Some(number), None) => va::SendSms::new(template, number),
        (None, Some(person)) => va::SendSms::to_person(template, person),
        (Some(number), Some(person)) => va::SendSms::new(template, number).recipient_identifier(person),
        (None, None) => return None,
    };
    sms = sms.personalisations(values(&mut fields)?);
    texts!(sms, fields, reference, billing_code, callback_url);
    ids!(sms, fields, sms_sender_id);
    fields.are_used_up().then_some(sms)
}

fn va_email(exchange: &Exchange) -> Option<va::SendEmail> {
    let mut fields = message(exchange)?;
    let template = template(&mut fields)?;
    let mut email = match (fields.optional("email_address").ok()?, person(&mut fields).ok()?) {
        (Some(address), None) => va::SendEmail::new(template, address),
        (None, Some(person)) => va::SendEmail::to_person(template, person),
        (Some(address), Some(person)) => va::SendEmail::new(template, address).recipient_identifier(person),
        (None, None) => return None,
    };
    for (name, value) in fields.personalisation_with(va_file)? {
        email = match value {
            Personal::Value(value) => email.personalisation(name, value),
            Personal::File(file) => email.file(name, file),
        };
    }
    texts!(email, fields, reference, billing_code, callback_url);
    fields.are_used_up().then_some(email)
}

fn va_file(mut fields: Fields) -> Option<va::File> {
    let content = base64(&fields.text("file")?)?;
    let filename = fields.text("filename")?;
    let file = match fields.optional("sending_method").ok()?.as_deref() {
        Some("attach") => va::File::attached(filename, content),
        None => va::File::for_placeholder(filename, content),
        Some(_) => return None,
    };
    fields.are_used_up().then_some(file)
}

fn push(exchange: &Exchange) -> Option<va::SendPush> {
    let mut fields = message(exchange)?;
    let template = fields.text("template_id")?;
    let person = person(&mut fields).ok()??;
    let is_icn = person.id_type == va::IdentifierType::Icn;
    let mut push = va::SendPush::new(template, is_icn.then_some(person.id_value)?)
        .personalisations(values(&mut fields)?);
    texts!(push, fields, mobile_app);
    fields.are_used_up().then_some(push)
}

fn broadcast(exchange: &Exchange) -> Option<va::BroadcastPush> {
    let mut fields = message(exchange)?;
    let mut push = va::BroadcastPush::new(fields.text("template_id")?, fields.text("topic_sid")?)
        .personalisations(values(&mut fields)?);
    texts!(push, fields, mobile_app);
    fields.are_used_up().then_some(push)
}

fn v3_sms(exchange: &Exchange) -> Option<va::v3::SendSms> {
    let mut fields = message(exchange)?;
    let mut sms = addressed!(va::v3::SendSms, fields, "phone_number").personalisations(values(&mut fields)?);
    if let Some(reference) = fields.optional("client_reference").ok()? {
        sms = sms.reference(reference);
    }
    texts!(sms, fields, billing_code);
    ids!(sms, fields, sms_sender_id);
    fields.are_used_up().then_some(sms)
}

fn v3_email(exchange: &Exchange) -> Option<va::v3::SendEmail> {
    let mut fields = message(exchange)?;
    let mut email =
        addressed!(va::v3::SendEmail, fields, "email_address").personalisations(values(&mut fields)?);
    if let Some(reference) = fields.optional("client_reference").ok()? {
        email = email.reference(reference);
    }
    texts!(email, fields, billing_code);
    fields.are_used_up().then_some(email)
}
