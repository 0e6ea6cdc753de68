//! How the accounts of one service differ from those of another: what its customers have, and how it shows what they
//! sent.

use uuid::Uuid;

use crate::account::message::{Message, Timing};
use crate::account::status::Status;
use crate::account::template::Template;
use crate::python::json::Object;
use crate::render::content::{self, Personalisation, email, letter, sms};
use crate::world::{MessageType, ServiceConfig};

/// A template filled in with values. A placeholder without a value appears as it is written.
#[derive(Default)]
pub(crate) struct FilledTemplate {
    /// A text message has none.
    pub(crate) subject: Option<String>,
    pub(crate) body: String,
    /// Of an e-mail, if it is known.
    pub(crate) html: Option<String>,
    /// How many fragments a text message has with a prefix.
    pub(crate) fragments: usize,
}

impl FilledTemplate {
    /// A text message with this text, from a service with this prefix.
    pub(crate) fn sms(body: String, prefix: Option<&str>) -> Self {
        Self { fragments: sms::fragments_of(&body, prefix), body, ..Self::default() }
    }
}

/// The account's part of a dialect. The defaults are those of GOV.UK Notify.
pub(crate) trait AccountDialect: Send + Sync {
    /// A recipient, normalised, so that two spellings compare equal.
    fn comparable(&self, recipient: &str) -> String;

    /// A sender of text messages as answers show it: a phone number in full, a word unchanged.
    fn sender_as_shown(&self, sender: &str) -> String;

    /// The domain behind the `@` of a service's address.
    fn email_domain(&self) -> &'static str {
        "notify.example"
    }

    /// The address that a service's e-mails come from.
    fn email_from(&self, config: &ServiceConfig) -> String {
        if let Some(address) = &config.email_from {
            return address.clone();
        }
        let words = config.name.split(|character: char| !character.is_ascii_alphanumeric());
        let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
        let local = config.email_sender_local_part.clone().unwrap_or_else(|| words.join("."));
        let domain = config.sending_domain.as_deref().unwrap_or_else(|| self.email_domain());
        format!("{local}@{domain}")
    }

    /// The text that a client is given for a key.
    fn api_key(&self, name: &str, service: Uuid, secret: &str) -> String {
        format!("{name}-{service}-{secret}")
    }

    /// A field of a template.
    fn field(&self, source: &str) -> content::Template {
        content::Template::parse(source)
    }

    /// The HTML of an e-mail with this body, already filled in; `None` if it is not known how the service renders it.
    fn email_html(&self, body: &str) -> Option<String> {
        Some(email::html_of_rendered(body))
    }

    /// A template with these values, as a service with this prefix sends it.
    ///
    /// # Errors
    ///
    /// The character on which the service fails.
    fn fill(
        &self,
        template: &Template,
        values: &Object,
        prefix: Option<&str>,
    ) -> Result<FilledTemplate, char> {
        let values = Personalisation::from(values);
        Ok(match template.message_type {
            MessageType::Sms => {
                let text = sms::render(&template.body, &values)?;
                let fragments = text.fragments(prefix);
                FilledTemplate { body: text.body().to_owned(), fragments, ..FilledTemplate::default() }
            }
            MessageType::Email => {
                let text = email::render(&template.subject, &template.body, &values);
                let (subject, body) = (Some(text.subject().to_owned()), text.body().to_owned());
                FilledTemplate {
                    subject,
                    body,
                    html: Some(email::html(&template.body, &values)),
                    fragments: 0,
                }
            }
            MessageType::Letter => {
                let text = letter::render(&template.subject, &template.body, &values);
                let (subject, body) = (Some(text.subject().to_owned()), text.body().to_owned());
                FilledTemplate { subject, body, ..FilledTemplate::default() }
            }
        })
    }

    /// A message as the API shows it.
    fn view(&self, message: &Message, base: &str, timing: Timing) -> serde_json::Value {
        serde_json::to_value(message.view(base, timing)).unwrap_or_default()
    }

    /// Whether it posts a receipt when a text message or an e-mail reaches this status.
    fn gets_receipt(&self, status: Status) -> bool {
        status.gets_receipt()
    }
}
