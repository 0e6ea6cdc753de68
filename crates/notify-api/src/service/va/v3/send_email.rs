//! `POST /v3/notifications/email`

use serde::Serialize;

use super::{ALONE, RecipientIdentifier, Sent, found};
use crate::endpoints::{message_debug, message_options};
use crate::model::{Notification, Personalisation, Reference, TemplateId, TemplateType};
use crate::service::message;
use crate::{Endpoint, Error, Identity, InvalidRequest, Operation, RawResponse, RequestParts};

/// Sends an e-mail; experimental, see [the module](super).
///
/// VA Notify's documentation: [v3 Errors](https://github.com/department-of-veterans-affairs/notification-api/wiki/v3-Errors).
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendEmail {
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_identifier: Option<RecipientIdentifier>,
    template_id: TemplateId,
    #[serde(skip_serializing_if = "Personalisation::is_empty")]
    personalisation: Personalisation,
    #[serde(rename = "client_reference", skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_code: Option<String>,
}

impl SendEmail {
    /// An e-mail made from a template, to an address.
    pub fn new(template_id: TemplateId, email_address: impl Into<String>) -> Self {
        Self {
            email_address: Some(email_address.into()),
            recipient_identifier: None,
            template_id,
            personalisation: Personalisation::default(),
            reference: None,
            billing_code: None,
        }
    }

    /// The same, to a person whose address the service looks up.
    pub fn to_person(template_id: TemplateId, recipient: RecipientIdentifier) -> Self {
        let message = Self::new(template_id, "");
        Self { email_address: None, recipient_identifier: Some(recipient), ..message }
    }

    message_options!();

    /// Sets who pays, as a text of your choice.
    pub fn billing_code(mut self, billing_code: impl Into<String>) -> Self {
        self.billing_code = Some(billing_code.into());
        self
    }
}

impl Endpoint for SendEmail {
    type Response = Sent;
    const OPERATION: Operation = message::sending("send_email_v3", "/v3/notifications/email", ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        message::check_reference(self.reference.as_ref())?;
        RequestParts::new(Self::OPERATION.path()).json(self)
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

    fn found(message: Notification) -> Option<Sent> {
        Some(found(&message))
    }

    fn decode(raw: &RawResponse) -> Result<Sent, Error> {
        raw.json()
    }
}

message_debug!(SendEmail);
