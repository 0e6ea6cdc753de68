//! `POST /v2/notifications/sms`

use http::Method;
use serde::Serialize;

use crate::model::{Personalisation, Reference, SentSms, SmsSenderId, TemplateId, TemplateType};
use crate::{Effect, Endpoint, Identity, InvalidRequest, Operation, RequestParts};

/// Sends a text message.
///
/// GOV.UK Notify's documentation: [Send a text message](https://docs.notifications.service.gov.uk/rest-api.html#send-a-text-message).
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::SendSms;
///
/// let message = SendSms::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "+447900900123")
///     .personalisation("name", "Kim")
///     .reference("appointment 17");
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
}

impl SendSms {
    /// A text message made from a template, to a phone number in any notation. Numbers without `+` are read as UK ones.
    pub fn new(template_id: TemplateId, phone_number: impl Into<String>) -> Self {
        Self {
            phone_number: phone_number.into(),
            template_id,
            personalisation: Personalisation::default(),
            reference: None,
            sms_sender_id: None,
        }
    }

    message_options!();

    /// Sets the sender. The default is the service's default sender.
    pub fn sms_sender_id(mut self, sms_sender_id: SmsSenderId) -> Self {
        self.sms_sender_id = Some(sms_sender_id);
        self
    }

    pub(crate) fn template(&self) -> TemplateId {
        self.template_id
    }

    pub(crate) fn values(&self) -> &Personalisation {
        &self.personalisation
    }
}

impl Endpoint for SendSms {
    type Response = SentSms;
    const OPERATION: Operation =
        Operation::new("send_sms", Method::POST, "/v2/notifications/sms", Effect::Sends);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        if let Some(reference) = &self.reference {
            reference.check()?;
        }
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    fn identity(&self) -> Option<Identity> {
        let recipient = Some(&*self.phone_number);
        Some(Identity::from_template(TemplateType::Sms, self.template_id, recipient, self.reference.as_ref()))
    }

    answered_with_its_template!(SentSms::found);
}

message_debug!(SendSms);
