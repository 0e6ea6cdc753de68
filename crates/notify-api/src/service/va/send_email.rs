//! `POST /v2/notifications/email`

use serde::Serialize;

use super::sent::found_email;
use super::{ALONE, File, LONGEST_CALLBACK_URL, RecipientIdentifier, SentFields, file, va_message_options};
use crate::endpoints::{answered_with_its_template, message_debug, message_options};
use crate::model::{EmailPersonalisation, Reference, SentEmail, TemplateId, TemplateType};
use crate::service::{Extended, message};
use crate::{Endpoint, Identity, InvalidRequest, Operation, RequestParts};

/// Sends an e-mail to an address, or to a person named by one of VA's identifiers.
///
/// VA Notify's documentation: [OpenAPI](https://github.com/department-of-veterans-affairs/notification-api/blob/main/documents/openapi/openapi.yaml).
///
/// The answer's `content.body` is the template's Markdown with `<redacted>` for each value.
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::va::{File, SendEmail};
///
/// let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
/// let message = SendEmail::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "kim@example.com")
///     .file("appointment", File::attached("appointment.ics", calendar));
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendEmail {
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_identifier: Option<RecipientIdentifier>,
    template_id: TemplateId,
    #[serde(skip_serializing_if = "EmailPersonalisation::is_empty")]
    personalisation: EmailPersonalisation<File>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<String>,
}

impl SendEmail {
    /// An e-mail made from a template, to an address.
    pub fn new(template_id: TemplateId, email_address: impl Into<String>) -> Self {
        Self {
            email_address: Some(email_address.into()),
            recipient_identifier: None,
            template_id,
            personalisation: EmailPersonalisation::default(),
            reference: None,
            billing_code: None,
            callback_url: None,
        }
    }

    /// The same, to a person whose address the service looks up.
    pub fn to_person(template_id: TemplateId, recipient: RecipientIdentifier) -> Self {
        let message = Self::new(template_id, "");
        Self { email_address: None, recipient_identifier: Some(recipient), ..message }
    }

    message_options!();
    va_message_options!();

    /// Adds a calendar file. The service must have permission to send files.
    pub fn file(mut self, name: impl Into<String>, file: File) -> Self {
        self.personalisation.insert_file(name, file);
        self
    }
}

impl Endpoint for SendEmail {
    type Response = Extended<SentEmail, SentFields>;
    const OPERATION: Operation = message::sending("send_email", "/v2/notifications/email", ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        message::check_reference(self.reference.as_ref())?;
        if let Some(url) = &self.callback_url {
            message::check_callback_url("callback_url", url, LONGEST_CALLBACK_URL)?;
        }
        file::check(self.personalisation.files())?;
        let without_files =
            Self { personalisation: self.personalisation.without_large_contents(), ..self.clone() };
        let parts = RequestParts::new(Self::OPERATION.path());
        parts.json_with_files(self, self.personalisation.files_len(), &without_files)
    }

    fn identity(&self) -> Option<Identity> {
        let person = self.recipient_identifier.as_ref().map(|person| &*person.id_value);
        let recipient = self.email_address.as_deref().or(person);
        Some(Identity::from_template(
            TemplateType::Email,
            self.template_id,
            recipient,
            self.reference.as_ref(),
        ))
    }

    answered_with_its_template!(found_email);
}

message_debug!(SendEmail);
