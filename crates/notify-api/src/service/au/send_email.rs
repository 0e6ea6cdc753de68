//! `POST /v2/notifications/email`

use serde::Serialize;

use super::ALONE;
use super::status_callback::{StatusCallback, status_callback_options};
use crate::endpoints::{answered_with_its_template, message_debug, message_options};
use crate::model::{EmailReplyToId, Personalisation, Reference, SentEmail, TemplateId, TemplateType};
use crate::service::message;
use crate::{Endpoint, Identity, InvalidRequest, Operation, RequestParts};

/// Sends an e-mail that can have its own URL for receipts.
///
/// Notify.gov.au's documentation closed with the service. GOV.UK Notify's, from which it came: [Send an email](https://docs.notifications.service.gov.uk/rest-api.html#send-an-email).
///
/// The answer's `content.body` is plain text with underlined headings and `•` bullets, not Markdown.
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::au::SendEmail;
///
/// let message = SendEmail::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "kim@example.gov.au")
///     .status_callback("https://example.gov.au/receipts", "a token of your choice");
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendEmail {
    email_address: String,
    template_id: TemplateId,
    #[serde(skip_serializing_if = "Personalisation::is_empty")]
    personalisation: Personalisation,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_reply_to_id: Option<EmailReplyToId>,
    #[serde(flatten)]
    status_callback: StatusCallback,
}

impl SendEmail {
    /// An e-mail made from a template, to an address.
    pub fn new(template_id: TemplateId, email_address: impl Into<String>) -> Self {
        Self {
            email_address: email_address.into(),
            template_id,
            personalisation: Personalisation::default(),
            reference: None,
            email_reply_to_id: None,
            status_callback: StatusCallback::default(),
        }
    }

    message_options!();
    status_callback_options!();

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
        self.status_callback.check()?;
        RequestParts::new(Self::OPERATION.path()).json(self)
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
