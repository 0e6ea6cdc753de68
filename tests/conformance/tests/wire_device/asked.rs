//! What was asked, as a device asks it.

use notify_embedded::{
    Call, Message, NotificationId, Query, Reference, RequestError, SenderId, Service, TemplateId,
};
use notify_jwt::{Clock, Signer};
use notify_testkit::wire::Exchange;
use serde_json::{Map, Value};

/// A template that no answer is about.
const TEMPLATE: TemplateId = TemplateId::from_static("00000000-0000-4000-8000-000000000000");

/// What a device asks.
pub(super) enum Asked {
    Message(OwnedMessage),
    Id(NotificationId),
    Reference(Reference),
}

/// A message with its texts.
pub(super) struct OwnedMessage {
    is_sms: bool,
    template: TemplateId,
    recipient: String,
    personalisation: Vec<(String, String)>,
    reference: Option<Reference>,
    sender: Option<SenderId>,
    /// Whether this is what was recorded, or a stand-in for what a device cannot say.
    pub(super) is_exact: bool,
}

impl Asked {
    /// Whether it is about something that a device does.
    pub(super) fn is_for_a_device(exchange: &Exchange) -> bool {
        exchange.response.is_some()
            && match (exchange.request.method.as_str(), exchange.request.path.as_str()) {
                ("POST", "/v2/notifications/sms" | "/v2/notifications/email") => true,
                ("GET", path) => id(path).is_some() || reference(path).is_some(),
                _ => false,
            }
    }

    pub(super) fn by(exchange: &Exchange) -> Self {
        let path = exchange.request.path.as_str();
        if let Some(id) = id(path) {
            return Self::Id(id);
        }
        if let Some(reference) = reference(path) {
            return Self::Reference(reference);
        }
        let is_sms = path.ends_with("sms");
        // Some bodies were recorded in part.
        let body = exchange.request.body().ok().flatten();
        let body = body.and_then(|body| serde_json::from_slice(&body).ok());
        let exact = body.as_ref().and_then(|body| OwnedMessage::exactly(is_sms, body));
        Self::Message(exact.unwrap_or_else(|| OwnedMessage::stand_in(is_sms)))
    }

    /// The request, if a device can say what was recorded.
    pub(super) fn request(
        &self,
        service: Service<'_>,
        signer: &Signer,
        clock: &Clock,
    ) -> Result<Option<Vec<u8>>, RequestError> {
        let mut buffer = vec![0; 1 << 16];
        let request = match self {
            Self::Message(message) if !message.is_exact => return Ok(None),
            Self::Message(message) => {
                return message.with(|message| {
                    let mut call = Call::new(service, message);
                    Ok(Some(call.request(signer, clock, 5, &mut buffer)?.to_vec()))
                });
            }
            Self::Id(id) => Query::get(service, *id).request(signer, clock, 5, &mut buffer)?,
            Self::Reference(reference) => {
                Query::find(service, reference).request(signer, clock, 5, &mut buffer)?
            }
        };
        Ok(Some(request.to_vec()))
    }
}

/// The id in a path, in the spelling in which a device writes it.
fn id(path: &str) -> Option<NotificationId> {
    let id = NotificationId::parse(path.strip_prefix("/v2/notifications/")?).ok()?;
    path.ends_with(&id.to_string()).then_some(id)
}

/// The reference that a list is asked for, and nothing else, in the spelling in which a device writes it.
fn reference(path: &str) -> Option<Reference> {
    let value = path.strip_prefix("/v2/notifications?reference=")?;
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    Reference::new(value).ok().filter(|_| is_plain)
}

/// A field that may be missing. `None` if it is there and is not a text, which a device cannot say.
fn optional<T>(body: &Map<String, Value>, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    match body.get(name) {
        None => Some(Vec::new()),
        Some(value) => Some(vec![read(value.as_str()?)?]),
    }
}

impl OwnedMessage {
    fn exactly(is_sms: bool, body: &Value) -> Option<Self> {
        let (recipient, sender_field) =
            if is_sms { ("phone_number", "sms_sender_id") } else { ("email_address", "email_reply_to_id") };
        let body = body.as_object()?;
        let known = [recipient, sender_field, "template_id", "personalisation", "reference"];
        if body.keys().any(|name| !known.contains(&name.as_str())) {
            return None;
        }
        let mut personalisation = Vec::new();
        if let Some(values) = body.get("personalisation") {
            for (name, value) in values.as_object().filter(|values| !values.is_empty())? {
                personalisation.push((name.clone(), value.as_str()?.to_owned()));
            }
        }
        let template = body.get("template_id")?.as_str()?;
        // An id of another spelling is another text.
        let template = TemplateId::parse(template).ok().filter(|id| id.to_string() == template)?;
        let sender = |text: &str| SenderId::parse(text).ok().filter(|id| id.to_string() == text);
        Some(Self {
            is_sms,
            template,
            recipient: body.get(recipient)?.as_str()?.to_owned(),
            personalisation,
            reference: optional(body, "reference", |text| Reference::new(text).ok())?.pop(),
            sender: optional(body, sender_field, sender)?.pop(),
            is_exact: true,
        })
    }

    fn stand_in(is_sms: bool) -> Self {
        Self {
            is_sms,
            template: TEMPLATE,
            recipient: "+447900900123".to_owned(),
            personalisation: Vec::new(),
            reference: None,
            sender: None,
            is_exact: false,
        }
    }

    /// Does something with the message.
    pub(super) fn with<T>(&self, run: impl FnOnce(Message<'_>) -> T) -> T {
        let values: Vec<_> =
            self.personalisation.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let new = if self.is_sms { Message::sms } else { Message::email };
        let mut message = new(self.template, &self.recipient).personalisation(&values);
        if let Some(reference) = &self.reference {
            message = message.reference(reference);
        }
        if let Some(sender) = self.sender {
            message = message.sender(sender);
        }
        run(message)
    }
}
