//! A message to send, as a value.

use core::fmt;

use crate::id::{self, SenderId, TemplateId};
use crate::recipient::Recipient;
use crate::reference::Reference;
use crate::writer::Writer;

/// What kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sms,
    Email,
}

impl Kind {
    /// The API's own word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }
}

/// A text message or an e-mail, made from a template. It borrows its texts.
///
/// `Debug` shows the template, but neither the recipient nor the values.
///
/// ```
/// use notify_embedded::{Message, Reference, TemplateId};
///
/// const DOORBELL: TemplateId = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");
/// let reference = Reference::numbered("door-17", 42)?;
/// let message = Message::sms(DOORBELL, "+447900900123")
///     .personalisation(&[("door", "back door")])
///     .unique_reference(&reference);
/// # Ok::<(), notify_embedded::InvalidReference>(())
/// ```
#[derive(Clone, Copy)]
#[must_use = "a message is sent only when a call sends it"]
pub struct Message<'m> {
    kind: Kind,
    template: TemplateId,
    recipient: &'m str,
    personalisation: &'m [(&'m str, &'m str)],
    reference: Option<&'m Reference>,
    is_unique: bool,
    sender: Option<SenderId>,
}

impl<'m> Message<'m> {
    /// A text message to a phone number in any notation. GOV.UK Notify reads numbers without `+` as UK ones.
    pub const fn sms(template: TemplateId, phone_number: &'m str) -> Self {
        Self::new(Kind::Sms, template, phone_number)
    }

    /// An e-mail.
    pub const fn email(template: TemplateId, email_address: &'m str) -> Self {
        Self::new(Kind::Email, template, email_address)
    }

    const fn new(kind: Kind, template: TemplateId, recipient: &'m str) -> Self {
        let (personalisation, reference, is_unique, sender) = (&[], None, false, None);
        Self { kind, template, recipient, personalisation, reference, is_unique, sender }
    }

    /// The values for the template's placeholders, each with its name.
    pub const fn personalisation(self, values: &'m [(&'m str, &'m str)]) -> Self {
        Self { personalisation: values, ..self }
    }

    /// A reference that other messages may have too. If the answer is lost, the message stays in doubt: nobody can look
    /// it up.
    pub const fn reference(self, reference: &'m Reference) -> Self {
        Self { reference: Some(reference), is_unique: false, ..self }
    }

    /// A reference that no other message of the service has, now or later: see [`Reference::numbered`]. If the answer is
    /// lost, the message is looked up by it.
    pub const fn unique_reference(self, reference: &'m Reference) -> Self {
        Self { reference: Some(reference), is_unique: true, ..self }
    }

    /// The sender of a text message, or the address for replies to an e-mail, instead of the service's default.
    pub const fn sender(self, sender: SenderId) -> Self {
        Self { sender: Some(sender), ..self }
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) const fn recipient(&self) -> &'m str {
        self.recipient
    }

    /// What identifies the message in the service's answers.
    pub(crate) fn identity(&self) -> Identity {
        Identity {
            kind: self.kind,
            template: self.template,
            recipient: Recipient::of(self.recipient.as_bytes()),
            reference: self.reference.cloned(),
            is_unique: self.is_unique,
        }
    }

    /// Writes the body of the request.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let (recipient, sender) = match self.kind {
            Kind::Sms => ("{\"phone_number\":", ",\"sms_sender_id\":\""),
            Kind::Email => ("{\"email_address\":", ",\"email_reply_to_id\":\""),
        };
        writer.text(recipient);
        writer.json(self.recipient.as_bytes());
        writer.text(",\"template_id\":\"");
        writer.bytes(&id::text(self.template.0));
        writer.text("\"");
        let mut before = ",\"personalisation\":{";
        for (name, value) in self.personalisation {
            writer.text(before);
            writer.json(name.as_bytes());
            writer.text(":");
            writer.json(value.as_bytes());
            before = ",";
        }
        if !self.personalisation.is_empty() {
            writer.text("}");
        }
        if let Some(reference) = self.reference {
            writer.text(",\"reference\":");
            writer.json(reference.as_bytes());
        }
        if let Some(SenderId(id)) = self.sender {
            writer.text(sender);
            writer.bytes(&id::text(id));
            writer.text("\"");
        }
        writer.text("}");
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("kind", &self.kind)
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

/// What identifies a message in the service's answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) kind: Kind,
    pub(crate) template: TemplateId,
    pub(crate) recipient: Recipient,
    pub(crate) reference: Option<Reference>,
    /// Whether no other message of the service has the reference.
    pub(crate) is_unique: bool,
}
