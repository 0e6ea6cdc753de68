//! `POST /v2/notifications/sms`

use serde::Serialize;

use super::sent::found_sms;
use super::{ALONE, LONGEST_CALLBACK_URL, RecipientIdentifier, SentFields, va_message_options};
use crate::endpoints::{answered_with_its_template, message_debug, message_options};
use crate::model::{Personalisation, Reference, SentSms, SmsSenderId, TemplateId, TemplateType};
use crate::service::{Extended, message};
use crate::{Endpoint, Identity, InvalidRequest, Operation, RequestParts};

/// Sends a text message to a number, or to a person named by one of VA's identifiers.
///
/// VA Notify's documentation: [OpenAPI](https://github.com/department-of-veterans-affairs/notification-api/blob/main/documents/openapi/openapi.yaml).
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::va::{IdentifierType, RecipientIdentifier, SendSms};
///
/// let template = "740e5834-3a29-46b4-9a6f-16142fde533a".parse()?;
/// let message = SendSms::new(template, "+12025550150").billing_code("7").callback_url("https://example.com/receipt");
/// let person = RecipientIdentifier::new(IdentifierType::Icn, "1013062086V794840");
/// let message = SendSms::to_person(template, person).personalisation("name", "Kim");
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendSms {
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_identifier: Option<RecipientIdentifier>,
    template_id: TemplateId,
    #[serde(skip_serializing_if = "Personalisation::is_empty")]
    personalisation: Personalisation,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sms_sender_id: Option<SmsSenderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<String>,
}

impl SendSms {
    /// A text message made from a template, to a phone number. Numbers without `+` are read as those of the United
    /// States.
    pub fn new(template_id: TemplateId, phone_number: impl Into<String>) -> Self {
        Self {
            phone_number: Some(phone_number.into()),
            recipient_identifier: None,
            template_id,
            personalisation: Personalisation::default(),
            reference: None,
            sms_sender_id: None,
            billing_code: None,
            callback_url: None,
        }
    }

    /// The same, to a person whose number the service looks up.
    pub fn to_person(template_id: TemplateId, recipient: RecipientIdentifier) -> Self {
        let message = Self::new(template_id, "");
        Self { phone_number: None, recipient_identifier: Some(recipient), ..message }
    }

    message_options!();
    va_message_options!();

    /// Sets the sender. The default is the service's default sender, which it must then have.
    pub fn sms_sender_id(mut self, sms_sender_id: SmsSenderId) -> Self {
        self.sms_sender_id = Some(sms_sender_id);
        self
    }
}

impl Endpoint for SendSms {
    type Response = Extended<SentSms, SentFields>;
    const OPERATION: Operation = message::sending("send_sms", "/v2/notifications/sms", ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        message::check_reference(self.reference.as_ref())?;
        if let Some(url) = &self.callback_url {
            message::check_callback_url("callback_url", url, LONGEST_CALLBACK_URL)?;
        }
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    fn identity(&self) -> Option<Identity> {
        let person = self.recipient_identifier.as_ref().map(|person| &*person.id_value);
        let recipient = self.phone_number.as_deref().or(person);
        Some(Identity::from_template(TemplateType::Sms, self.template_id, recipient, self.reference.as_ref()))
    }

    answered_with_its_template!(found_sms);
}

message_debug!(SendSms);
