//! `notify send`

use notify_http::model::{
    File, NotificationId, SentEmail, SentLetter, SentPrecompiledLetter, SentSms, TemplateReference,
};
use notify_http::{RawResponse, SendEmail, SendLetter, SendPrecompiledLetter, SendSms};
use uuid::Uuid;

use super::details::version;
use crate::args::{EmailArgs, LetterArgs, Options, PrecompiledLetterArgs, Reference, SmsArgs};
use crate::exit::CommandError;
use crate::input::read;
use crate::output::{self, csv, fields::Fields};
use crate::personalisation;
use crate::recipient;
use crate::service::Service;

/// Sets the reference of a message made from a template.
macro_rules! with_reference {
    ($message:expr, $args:expr) => {
        match Reference::from($args) {
            Reference::Shared(text) => $message.reference(text),
            Reference::Unique(text) => $message.unique_reference(text),
            Reference::Random => $message.generate_reference(),
        }
    };
}

/// Sends a text message.
pub(crate) async fn sms(args: SmsArgs, options: &Options) -> Result<(), CommandError> {
    let values = personalisation::collect(&args.template)?;
    let to = recipient::one(args.to, args.to_file.as_deref())?;
    let message = SendSms::new(args.template.template, to).personalisations(values);
    let mut message = with_reference!(message, args.reference);
    if let Some(id) = args.sms_sender_id {
        message = message.sms_sender_id(id);
    }
    let service = Service::new(options)?;
    let answer = service.send(message).await?;
    let (SentSms { id, reference, content, template, .. }, raw) = answer.into_parts();
    let fields =
        sent(id, reference, &template).optional("from", content.from_number).field("body", content.body);
    show(&service, options, args.wait.wait, (&raw, &fields), id).await
}

/// Sends an e-mail.
pub(crate) async fn email(args: EmailArgs, options: &Options) -> Result<(), CommandError> {
    let values = personalisation::collect(&args.template)?;
    let to = recipient::one(args.to, args.to_file.as_deref())?;
    let mut message = SendEmail::new(args.template.template, to)
        .personalisations(values)
        .sanitise_content_for(args.sanitise_content_for);
    for (name, path) in args.file {
        let file = File::new(read(&path)?);
        let filename = path.file_name().map(|filename| filename.to_string_lossy().into_owned());
        message = message.file(name, filename.map_or(file.clone(), |filename| file.filename(filename)));
    }
    let mut message = with_reference!(message, args.reference);
    if let Some(id) = args.email_reply_to_id {
        message = message.email_reply_to_id(id);
    }
    if let Some(url) = args.one_click_unsubscribe_url {
        message = message.one_click_unsubscribe_url(url);
    }
    let service = Service::new(options)?;
    let answer = service.send(message).await?;
    let (SentEmail { id, reference, content, template, .. }, raw) = answer.into_parts();
    let fields = sent(id, reference, &template)
        .optional("from", content.from_email)
        .optional("subject", content.subject)
        .field("body", content.body);
    show(&service, options, args.wait.wait, (&raw, &fields), id).await
}

/// Sends a letter.
pub(crate) async fn letter(args: LetterArgs, options: &Options) -> Result<(), CommandError> {
    let values = personalisation::collect(&args.template)?;
    let to = recipient::lines(args.to, args.to_file.as_deref())?;
    let message = SendLetter::new(args.template.template, to).personalisations(values);
    let message = with_reference!(message, args.reference);
    let service = Service::new(options)?;
    let answer = service.send(message).await?;
    let (SentLetter { id, reference, content, template, .. }, raw) = answer.into_parts();
    let fields =
        sent(id, reference, &template).optional("subject", content.subject).field("body", content.body);
    show(&service, options, args.wait.wait, (&raw, &fields), id).await
}

/// Sends a precompiled letter.
pub(crate) async fn precompiled_letter(
    args: PrecompiledLetterArgs,
    options: &Options,
) -> Result<(), CommandError> {
    let pdf = read(&args.pdf)?;
    let mut message = match args.reference.into() {
        Reference::Shared(text) => SendPrecompiledLetter::new(text, pdf),
        Reference::Unique(text) => SendPrecompiledLetter::new(text, pdf).reference_is_unique(),
        Reference::Random => {
            SendPrecompiledLetter::new(Uuid::new_v4().to_string(), pdf).reference_is_unique()
        }
    };
    if let Some(postage) = args.postage {
        message = message.postage(postage);
    }
    let service = Service::new(options)?;
    let answer = service.send(message).await?;
    let (SentPrecompiledLetter { id, reference, postage, .. }, raw) = answer.into_parts();
    let fields = Fields::new().field("id", id).optional("reference", reference).optional("postage", postage);
    show(&service, options, args.wait.wait, (&raw, &fields), id).await
}

fn sent(id: NotificationId, reference: Option<String>, template: &TemplateReference) -> Fields {
    Fields::new().field("id", id).optional("reference", reference).field("template", version(template))
}

/// The message is on its way, so a later failure must not look as if it were not.
async fn show(
    service: &Service,
    options: &Options,
    waits: bool,
    (raw, fields): (&RawResponse, &Fields),
    id: NotificationId,
) -> Result<(), CommandError> {
    if waits {
        return super::wait::after_sending(service, id, options, (raw, fields)).await;
    }
    output::answer(options, raw, fields, csv::SENT)
        .map_err(|error| error.after_sending(id, &options.as_arguments()))
}
