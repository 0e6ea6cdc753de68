//! The messages that were sent, as a test sees them.

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter, Write as _};
use std::ops::Deref;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;
use uuid::Uuid;

use super::preview::OnPhone;
use crate::account::message::{Details, Message, MessageState, Timing};
use crate::account::service::Service;
use crate::account::status::Status;
use crate::world::{KeyType, MessageType};

/// A message that a service has accepted, as rendered, with its status at the time of the call.
///
/// Its `Debug` shows everything, recipient and text included, to make failed tests readable.
#[derive(Clone)]
pub struct SentMessage {
    service: Arc<Service>,
    message: Arc<Message>,
    state: MessageState,
    timing: Timing,
}

impl SentMessage {
    pub(crate) fn new(service: Arc<Service>, message: Arc<Message>, timing: Timing) -> Self {
        let state = message.state(timing);
        Self { service, message, state, timing }
    }

    /// The id.
    pub fn id(&self) -> String {
        self.message.id.to_string()
    }

    /// Its place among the messages of all services.
    pub(super) fn number(&self) -> u64 {
        self.message.number
    }

    /// The id of the service that sent it.
    pub fn service(&self) -> String {
        self.service.id.to_string()
    }

    /// The type of the key it was sent with.
    pub fn key_type(&self) -> KeyType {
        self.message.key_type
    }

    /// The type.
    pub fn message_type(&self) -> MessageType {
        self.message.message_type()
    }

    /// The recipient as the sender wrote it, without invisible white space; for a letter, the lines of the address.
    pub fn to(&self) -> String {
        match &self.message.details {
            Details::Letter { lines, .. } => {
                let lines = lines.iter().filter(|line| line.is_truthy()).map(ToString::to_string);
                lines.collect::<Vec<_>>().join("\n")
            }
            _ => self.message.recipient().unwrap_or_default().to_owned(),
        }
    }

    /// The text with all placeholders filled in; for an e-mail or a letter, in the service's Markdown.
    pub fn body(&self) -> &str {
        &self.message.body
    }

    /// The subject with all placeholders filled in. A text message has none.
    pub fn subject(&self) -> Option<&str> {
        self.message.subject.as_deref()
    }

    /// The sender's reference.
    pub fn reference(&self) -> Option<&str> {
        self.message.reference.as_deref()
    }

    /// The id of the template.
    pub fn template(&self) -> String {
        self.message.template.id.to_string()
    }

    /// The status.
    pub fn status(&self) -> Status {
        self.state.status
    }

    /// When it was accepted, by the sandbox's clock.
    pub fn created_at(&self) -> SystemTime {
        self.message.created_at.into()
    }

    /// The PDF of a letter as it is printed. Other messages have none.
    pub fn pdf(&self) -> Option<Vec<u8>> {
        self.message.pdf().map(Cow::into_owned)
    }

    /// Whether this is part of the recipient or of a line of the address, or another spelling of the recipient.
    pub(crate) fn recipient_contains(&self, part: &str) -> bool {
        let compact = |text: &str| text.to_lowercase().split_whitespace().collect::<String>();
        compact(&self.to()).contains(&compact(part)) || self.is_for(part)
    }

    /// Whether a filter with this word selects it: the status that the API shows, or a word that covers several.
    pub(crate) fn has_status(&self, word: &str) -> bool {
        self.status().has_word(word, self.message_type())
    }

    /// Whether the subject and the body contain each of these words.
    pub(crate) fn contains_words(&self, words: &str) -> bool {
        let text = format!("{}\n{}", self.subject().unwrap_or_default(), self.body()).to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    /// The HTML of an e-mail, if it is known.
    pub(crate) fn html(&self) -> Option<String> {
        let is_email = self.message_type() == MessageType::Email;
        is_email.then(|| self.service.dialect.email_html(self.body())).flatten()
    }

    pub(crate) fn is_for(&self, recipient: &str) -> bool {
        let own = self.to();
        own == recipient
            || self.service.dialect.comparable(&own) == self.service.dialect.comparable(recipient)
    }

    /// The message as the control API shows it: the API's fields, and a few that the API does not show.
    pub(crate) fn view(&self, base: &str) -> impl Serialize {
        #[derive(Serialize)]
        struct View {
            #[serde(flatten)]
            message: serde_json::Value,
            service: Uuid,
            key_type: KeyType,
            to: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            html: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            on_phone: Option<OnPhone>,
        }
        let on_phone = match self.message.details {
            Details::Sms { fragments, .. } => {
                Some(OnPhone::new(self.body(), self.service.sms_prefix.as_deref(), fragments))
            }
            _ => None,
        };
        let mut message = self.service.dialect.view(&self.message, base, self.timing);
        // What the recipient reads, even if the service's own answers hide it.
        for (name, text) in [("body", Some(self.body())), ("subject", self.subject())] {
            if let (Some(shown), Some(text)) = (message.get_mut(name), text) {
                *shown = text.into();
            }
        }
        View {
            message,
            service: self.service.id,
            key_type: self.key_type(),
            to: self.to(),
            html: self.html(),
            on_phone,
        }
    }
}

impl Debug for SentMessage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentMessage")
            .field("id", &self.id())
            .field("type", &self.message_type().as_str())
            .field("key_type", &self.key_type().as_str())
            .field("to", &self.to())
            .field("subject", &self.subject())
            .field("body", &self.body())
            .field("reference", &self.reference())
            .field("status", &self.status().as_str())
            .finish_non_exhaustive()
    }
}

/// Messages, newest first. Dereferences to a slice of [`SentMessage`], and has filters.
///
/// ```
/// # use notify_sandbox::{MessageType, Sandbox};
/// # let sandbox = Sandbox::start()?;
/// assert!(sandbox.messages().to("+447900900123").is_empty());
/// assert_eq!(sandbox.messages().of_type(MessageType::Email).len(), 0);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Messages(Vec<SentMessage>);

impl Messages {
    pub(crate) fn new(messages: Vec<SentMessage>) -> Self {
        Self(messages)
    }

    fn narrowed(mut self, keeps: impl FnMut(&SentMessage) -> bool) -> Self {
        self.0.retain(keeps);
        self
    }

    /// The messages to a recipient, however the number or the address is written.
    #[must_use]
    pub fn to(self, recipient: &str) -> Self {
        self.narrowed(|message| message.is_for(recipient))
    }

    /// The messages with a reference.
    #[must_use]
    pub fn with_reference(self, reference: &str) -> Self {
        self.narrowed(|message| message.reference() == Some(reference))
    }

    /// The messages of a type.
    #[must_use]
    pub fn of_type(self, message_type: MessageType) -> Self {
        self.narrowed(|message| message.message_type() == message_type)
    }

    /// The messages of a template.
    #[must_use]
    pub fn of_template(self, template: &str) -> Self {
        self.narrowed(|message| message.template() == template)
    }

    /// The only message.
    ///
    /// # Panics
    ///
    /// If there is none, or more than one. The panic lists them.
    #[track_caller]
    pub fn only(mut self) -> SentMessage {
        match self.0.pop() {
            Some(message) if self.0.is_empty() => message,
            last => {
                self.0.extend(last);
                panic!("expected one message, found {}{}", self.0.len(), self.listed());
            }
        }
    }

    /// One line for each message.
    fn listed(&self) -> String {
        let mut text = String::new();
        for message in &self.0 {
            let kind = message.message_type().as_str();
            let _ = write!(
                text,
                "\n  {kind} to {:?}, {}: {:?}",
                message.to(),
                message.status().as_str(),
                message.body()
            );
        }
        text
    }
}

impl Deref for Messages {
    type Target = [SentMessage];

    fn deref(&self) -> &[SentMessage] {
        &self.0
    }
}

impl IntoIterator for Messages {
    type Item = SentMessage;
    type IntoIter = std::vec::IntoIter<SentMessage>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Messages {
    type Item = &'a SentMessage;
    type IntoIter = std::slice::Iter<'a, SentMessage>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
