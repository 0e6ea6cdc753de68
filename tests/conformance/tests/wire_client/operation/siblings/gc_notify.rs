//! The operations of GC Notify.

use notify_http::gc;
use notify_http::model::{PersonalisationValue, TemplateId, TemplateType, Timestamp};
use notify_testkit::wire::Exchange;
use serde_json::Value;

use super::super::fields::{Fields, Personal, base64, plain};
use super::super::{id, pairs};
use super::{message, template};

pub(super) fn email(exchange: &Exchange) -> Option<gc::SendEmail> {
    let mut fields = message(exchange)?;
    let mut email = gc::SendEmail::new(template(&mut fields)?, fields.text("email_address")?);
    for (name, value) in fields.personalisation_with(file)? {
        email = match value {
            Personal::Value(value) => email.personalisation(name, value),
            Personal::File(file) => email.file(name, file),
        };
    }
    texts!(email, fields, reference);
    ids!(email, fields, email_reply_to_id);
    fields.are_used_up().then_some(email)
}

fn file(mut fields: Fields) -> Option<gc::File> {
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

pub(super) fn bulk(exchange: &Exchange) -> Option<gc::SendBulk> {
    let mut fields = Fields::of(exchange)?;
    let (template, name) = (template(&mut fields)?, fields.text("name")?);
    let mut job = match (fields.0.remove("rows"), fields.optional("csv").ok()?) {
        (None, Some(csv)) => gc::SendBulk::csv(template, name, gc::Csv::new(csv)),
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

pub(super) fn create_template(exchange: &Exchange) -> Option<gc::CreateTemplate> {
    let mut fields = Fields::of(exchange)?;
    let (name, content) = (fields.text("name")?, fields.text("content")?);
    let category = id(&fields.text("template_category_id")?)?;
    let subject = fields.optional("subject").ok()?;
    let content = match (TemplateType::from(&*fields.text("template_type")?), subject) {
        (TemplateType::Sms, None) => gc::TemplateContent::Sms { content },
        (TemplateType::Email, Some(subject)) => gc::TemplateContent::Email { subject, content },
        _ => return None,
    };
    let mut template = gc::CreateTemplate::new(name, category, content);
    ids!(template, fields, parent_folder_id);
    fields.are_used_up().then_some(template)
}

pub(super) fn update_template(template: TemplateId, exchange: &Exchange) -> Option<gc::UpdateTemplate> {
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

pub(super) fn request_report(exchange: &Exchange) -> Option<gc::RequestReport> {
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

pub(super) fn list_reports(query: &str) -> Option<gc::ListReports> {
    let list = gc::ListReports::new();
    match pairs(query)?.as_slice() {
        [] => Some(list),
        [("older_than", text)] => Some(list.older_than(id(text)?)),
        _ => None,
    }
}
