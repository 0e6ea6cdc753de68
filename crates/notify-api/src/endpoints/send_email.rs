//! `POST /v2/notifications/email`

use std::fmt;

use http::Method;
use serde::Serialize;

use crate::model::{
    EmailReplyToId, Notification, Personalisation, Reference, SentEmail, TemplateId, TemplateType,
};
use crate::{Effect, Endpoint, Error, Identity, InvalidRequest, Operation, RawAnswer, Request};

/// Sends an e-mail.
///
/// `Debug` shows the template and the names of the placeholders, and neither recipient nor values.
///
/// # Examples
///
/// ```
/// use notify_api::SendEmail;
///
/// let message = SendEmail::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "kim@example.com")
///     .personalisation("name", "Kim")
///     .sanitise_content_for(["name"])
///     .one_click_unsubscribe_url("https://example.com/unsubscribe?token=1");
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
    #[serde(skip_serializing_if = "Option::is_none")]
    one_click_unsubscribe_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sanitise_content_for: Vec<String>,
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
            one_click_unsubscribe_url: None,
            sanitise_content_for: Vec::new(),
        }
    }

    message_options!();

    /// Sets where replies go; the service's default address unless told otherwise.
    pub fn email_reply_to_id(mut self, email_reply_to_id: EmailReplyToId) -> Self {
        self.email_reply_to_id = Some(email_reply_to_id);
        self
    }

    /// Sets where the mail program's unsubscribe button leads; it must begin with `https` and act on an empty POST
    /// (RFC 8058).
    pub fn one_click_unsubscribe_url(mut self, url: impl Into<String>) -> Self {
        self.one_click_unsubscribe_url = Some(url.into());
        self
    }

    /// Names placeholders whose values strangers wrote: links are removed from them, and Markdown is made harmless.
    pub fn sanitise_content_for(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.sanitise_content_for.extend(names.into_iter().map(Into::into));
        self
    }
}

impl Endpoint for SendEmail {
    type Answer = SentEmail;
    const OPERATION: Operation =
        Operation::new("send_email", Method::POST, "/v2/notifications/email", Effect::Sends);

    fn request(&self) -> Result<Request, InvalidRequest> {
        Request::new(Self::OPERATION.path()).json(self)
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity {
            template_type: TemplateType::Email,
            template_id: Some(self.template_id),
            recipient: Some(self.email_address.clone()),
            reference: self.reference.as_ref()?.if_unique()?.to_owned(),
        })
    }

    fn decode(raw: &RawAnswer) -> Result<SentEmail, Error> {
        if raw.was_found() { raw.json::<Notification>().map(Into::into) } else { raw.json() }
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
