//! `POST /v2/notifications/email`

use serde::Serialize;

use super::{ALONE, File, file};
use crate::endpoints::{answered_with_its_template, message_debug, message_options};
use crate::model::{EmailPersonalisation, EmailReplyToId, Reference, SentEmail, TemplateId, TemplateType};
use crate::service::message;
use crate::{Endpoint, Identity, InvalidRequest, Operation, RequestParts};

/// Sends an e-mail with files, attached or linked. For one without files, [`SendEmail`](crate::SendEmail) works as
/// well.
///
/// GC Notify's documentation: [Sending an email](https://documentation.notification.canada.ca/en/send.html#sending-an-email).
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::gc::{File, SendEmail};
///
/// let message = SendEmail::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "kim@example.com")
///     .personalisation("name", "Kim")
///     .file("statement", File::attached("statement.csv", "name,amount\nKim,3\n"));
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendEmail {
    email_address: String,
    template_id: TemplateId,
    #[serde(skip_serializing_if = "EmailPersonalisation::is_empty")]
    personalisation: EmailPersonalisation<File>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_reply_to_id: Option<EmailReplyToId>,
}

impl SendEmail {
    /// An e-mail made from a template, to an address.
    pub fn new(template_id: TemplateId, email_address: impl Into<String>) -> Self {
        Self {
            email_address: email_address.into(),
            template_id,
            personalisation: EmailPersonalisation::default(),
            reference: None,
            email_reply_to_id: None,
        }
    }

    message_options!();

    /// Adds a file. If it is linked, `name` is the placeholder that its link fills. If it is attached, choose a name
    /// that no placeholder has.
    pub fn file(mut self, name: impl Into<String>, file: File) -> Self {
        self.personalisation.insert_file(name, file);
        self
    }

    /// Sets where replies go. The default is the service's default address.
    pub fn email_reply_to_id(mut self, email_reply_to_id: EmailReplyToId) -> Self {
        self.email_reply_to_id = Some(email_reply_to_id);
        self
    }
}

impl Endpoint for SendEmail {
    type Response = SentEmail;
    const OPERATION: Operation = message::sending("send_email", "/v2/notifications/email", ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        message::check_reference(self.reference.as_ref())?;
        file::check(self.personalisation.files().iter())?;
        let without_files =
            Self { personalisation: self.personalisation.without_large_contents(), ..self.clone() };
        let parts = RequestParts::new(Self::OPERATION.path());
        parts.json_with_files(self, self.personalisation.files_len(), &without_files)
    }

    fn identity(&self) -> Option<Identity> {
        let recipient = Some(&*self.email_address);
        Some(Identity::from_template(
            TemplateType::Email,
            self.template_id,
            recipient,
            self.reference.as_ref(),
        ))
    }

    answered_with_its_template!(SentEmail::found);
}

message_debug!(SendEmail);
