//! `POST /v2/notifications/sms`

use serde::Serialize;

use super::ALONE;
use super::status_callback::{StatusCallback, status_callback_options};
use crate::endpoints::{answered_with_its_template, message_debug, message_options};
use crate::model::{Personalisation, Reference, SentSms, SmsSenderId, TemplateId, TemplateType};
use crate::service::message;
use crate::{Endpoint, Identity, InvalidRequest, Operation, RequestParts};

/// Sends a text message that can have its own URL for receipts.
///
/// Notify.gov.au's documentation closed with the service. GOV.UK Notify's, from which it came: [Send a text message](https://docs.notifications.service.gov.uk/rest-api.html#send-a-text-message).
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::au::SendSms;
///
/// let message = SendSms::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "0412 345 678")
///     .personalisation("name", "Kim")
///     .status_callback("https://example.gov.au/receipts", "a token of your choice");
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendSms {
    phone_number: String,
    template_id: TemplateId,
    #[serde(skip_serializing_if = "Personalisation::is_empty")]
    personalisation: Personalisation,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sms_sender_id: Option<SmsSenderId>,
    #[serde(flatten)]
    status_callback: StatusCallback,
}

impl SendSms {
    /// A text message made from a template, to a phone number. Numbers without `+` are read as Australian ones.
    pub fn new(template_id: TemplateId, phone_number: impl Into<String>) -> Self {
        Self {
            phone_number: phone_number.into(),
            template_id,
            personalisation: Personalisation::default(),
            reference: None,
            sms_sender_id: None,
            status_callback: StatusCallback::default(),
        }
    }

    message_options!();
    status_callback_options!();

    /// Sets the sender. The default is the service's default sender.
    pub fn sms_sender_id(mut self, sms_sender_id: SmsSenderId) -> Self {
        self.sms_sender_id = Some(sms_sender_id);
        self
    }
}

impl Endpoint for SendSms {
    type Response = SentSms;
    const OPERATION: Operation = message::sending("send_sms", "/v2/notifications/sms", ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        message::check_reference(self.reference.as_ref())?;
        self.status_callback.check()?;
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    fn identity(&self) -> Option<Identity> {
        let recipient = Some(&*self.phone_number);
        Some(Identity::from_template(TemplateType::Sms, self.template_id, recipient, self.reference.as_ref()))
    }

    answered_with_its_template!(SentSms::found);
}

message_debug!(SendSms);
