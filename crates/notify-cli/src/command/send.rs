//! `notify send`

use notify_http::model::{NotificationId, SentEmail, SentSms, TemplateReference};
use notify_http::{RawAnswer, SendEmail, SendSms};

use crate::args::{EmailArgs, Format, Options, ReferenceArgs, SmsArgs};
use crate::exit::Failure;
use crate::output::fields::Fields;
use crate::output::{json, print, print_styled};
use crate::personalisation;
use crate::service::Service;

/// Gives a message the reference of the arguments, or one of its own: without one, a message whose answer is lost
/// cannot be found again.
macro_rules! with_reference {
    ($message:expr, $args:expr) => {
        match $args {
            ReferenceArgs { reference: Some(reference), .. } => $message.reference(reference),
            ReferenceArgs { unique_reference: Some(reference), .. } => $message.unique_reference(reference),
            ReferenceArgs { .. } => $message.generate_reference(),
        }
    };
}

/// Sends a text message.
pub(crate) async fn sms(args: SmsArgs, options: &Options) -> Result<(), Failure> {
    let personalisation = personalisation::collect(&args.message)?;
    let message = SendSms::new(args.message.template, args.to).personalisations(personalisation);
    let mut message = with_reference!(message, args.message.reference);
    if let Some(id) = args.sms_sender_id {
        message = message.sms_sender_id(id);
    }
    let answer = Service::new(options)?.send(message).await?;
    let SentSms { id, reference, content, template, .. } = answer.value;
    let fields =
        sent(id, reference, &template).optional("from", content.from_number).field("body", content.body);
    show(options, &answer.raw, &fields, id)
}

/// Sends an e-mail.
pub(crate) async fn email(args: EmailArgs, options: &Options) -> Result<(), Failure> {
    let personalisation = personalisation::collect(&args.message)?;
    let message = SendEmail::new(args.message.template, args.to)
        .personalisations(personalisation)
        .sanitise_content_for(args.sanitise_content_for);
    let mut message = with_reference!(message, args.message.reference);
    if let Some(id) = args.email_reply_to_id {
        message = message.email_reply_to_id(id);
    }
    if let Some(url) = args.one_click_unsubscribe_url {
        message = message.one_click_unsubscribe_url(url);
    }
    let answer = Service::new(options)?.send(message).await?;
    let SentEmail { id, reference, content, template, .. } = answer.value;
    let fields = sent(id, reference, &template)
        .optional("from", content.from_email)
        .field("subject", content.subject)
        .field("body", content.body);
    show(options, &answer.raw, &fields, id)
}

fn sent(id: NotificationId, reference: Option<String>, template: &TemplateReference) -> Fields {
    Fields::new()
        .field("id", id)
        .optional("reference", reference)
        .field("template", format!("{} version {}", template.id, template.version))
}

/// The message is on its way, so a failure from here on must not read as if it were not.
fn show(options: &Options, raw: &RawAnswer, fields: &Fields, id: NotificationId) -> Result<(), Failure> {
    let shown = match options.format() {
        Format::Text => print_styled(&fields.to_string()),
        format => json::answer(format, raw.body()).and_then(|text| print(text.as_bytes())),
    };
    shown.map_err(|failure| failure.context(format!("the message was sent, as {id}")))
}
