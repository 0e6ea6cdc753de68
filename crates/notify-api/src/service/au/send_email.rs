//! `POST /v2/notifications/email`

use std::fmt;

use serde::Serialize;

use super::ALONE;
use super::status_callback::{StatusCallback, status_callback_options};
use crate::endpoints::message_options;
use crate::model::{
    EmailReplyToId, Notification, Personalisation, Reference, SentEmail, TemplateId, TemplateType,
};
use crate::service::message;
use crate::{Endpoint, Error, Identity, InvalidRequest, Operation, RawResponse, RequestParts};

/// Sends an e-mail that can have its own URL for receipts.
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
        Some(message::identity(TemplateType::Email, self.template_id, recipient, self.reference.as_ref()))
    }

    fn is_about(answer: &SentEmail, identity: &Identity) -> bool {
        identity.is_answered_by(answer.reference.as_deref(), Some(answer.template.id))
    }

    fn found(message: Notification) -> Option<SentEmail> {
        SentEmail::found(message)
    }

    fn decode(raw: &RawResponse) -> Result<SentEmail, Error> {
        raw.json()
    }
}

impl fmt::Debug for SendEmail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendEmail")
            .field("template_id", &self.template_id)
            .field("personalisation", &self.personalisation)
            .finish_non_exhaustive()
    }
}
