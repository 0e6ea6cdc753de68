//! `notify check`

mod report;

use notify_http::check::{self, CheckResult};
use notify_http::model::{File, Template, TemplateType};
use notify_http::{GetTemplate, SendEmail, SendLetter, SendSms};

use crate::args::{CheckArgs, Format, Options};
use crate::exit::{CommandError, ExitStatus};
use crate::input::read;
use crate::output::{print, print_styled, value};
use crate::personalisation;
use crate::service::Service;
use report::{Length, Report};

/// A placeholder for the recipient, which the checks ignore.
const NOBODY: &str = "nobody";

/// Reports what is known about a message before it is sent.
pub(crate) async fn run(args: CheckArgs, options: &Options) -> Result<(), CommandError> {
    let service = Service::new(options)?;
    let template = service.send(GetTemplate::new(args.template.template)).await?.into_inner();
    let report = match template.template_type {
        TemplateType::Sms => sms(&args, &service, template)?,
        TemplateType::Email => email(&args, template)?,
        TemplateType::Letter => letter(&args, template)?,
        ref other => {
            let error =
                anyhow::anyhow!("the template makes messages of a kind that cannot be checked: {other}");
            return Err(CommandError::new(ExitStatus::Unanswered, error));
        }
    };
    match options.format() {
        Format::Text => print_styled(&report.fields().to_string())?,
        format => print(value::one(format, &report.json(), report::COLUMNS)?.as_bytes())?,
    }
    report.result()
}

fn sms(args: &CheckArgs, service: &Service, template: Template) -> Result<Report, CommandError> {
    refuse_files(args)?;
    let facts = service.facts();
    let values = personalisation::collect(&args.template)?;
    let message = SendSms::new(template.id, NOBODY).personalisations(values.clone());
    let result = check::sms_at(facts, &message, &template);
    let unnamed = check::SmsText::of(&template, &values);
    let text = match &args.service_name {
        Some(name) => check::SmsText::with_service_name(check::ServiceName(name), unnamed.as_str()),
        None => unnamed.clone(),
    };
    let length = Length { is: text.length_at(facts), limit: facts.max_sms_characters(), unit: "characters" };
    let replaced = unnamed.replaced().iter().map(|(from, to)| (*from, to.clone())).collect();
    let report = Report::new(template, result, &values, &[]).length(length);
    Ok(report.fragments(text.fragments(), text.encoding()).replaced(replaced).body(text.as_str()))
}

fn email(args: &CheckArgs, template: Template) -> Result<Report, CommandError> {
    let values = personalisation::collect(&args.template)?;
    let mut message = SendEmail::new(template.id, NOBODY).personalisations(values.clone());
    for (name, path) in &args.file {
        message = message.file(name, File::new(read(path)?));
    }
    let result = check::email(&message, &template);
    // Only the service knows how long the links to files are.
    let mut filled = values.clone();
    filled.extend(args.file.iter().map(|(name, _)| (name.as_str(), "")));
    let text = check::Filled::new(&template, &filled).body.trim().to_owned();
    let length = Length { is: text.len(), limit: Some(check::MAX_EMAIL_BYTES), unit: "bytes" };
    let files: Vec<&str> = args.file.iter().map(|(name, _)| name.as_str()).collect();
    Ok(Report::new(template, result, &values, &files).length(length).body(&text))
}

fn letter(args: &CheckArgs, template: Template) -> Result<Report, CommandError> {
    refuse_files(args)?;
    let values = personalisation::collect(&args.template)?;
    let message = SendLetter::new(template.id, [NOBODY]).personalisations(values.clone());
    let result: CheckResult = check::letter(&message, &template);
    let text = check::Filled::new(&template, &values).body;
    Ok(Report::new(template, result, &values, &[]).body(&text))
}

fn refuse_files(args: &CheckArgs) -> Result<(), CommandError> {
    if args.file.is_empty() {
        return Ok(());
    }
    Err(CommandError::usage("only e-mails have files, and the template makes no e-mail"))
}
