//! What the service answers when it took a message.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::masked::debug_only;
use super::{Notification, NotificationId, TemplateReference};

/// A text message that the service took.
///
/// `Debug` leaves out the reference and the content.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SentSms {
    /// The message, for asking after it. Smoke-test numbers get an id that no later request finds.
    pub id: NotificationId,
    /// The reference that the request gave.
    pub reference: Option<String>,
    /// What the recipient reads.
    pub content: SmsContent,
    /// Where the message can be read.
    pub uri: String,
    /// The version of the template that was used.
    pub template: TemplateReference,
}

/// What the recipient of a text message reads.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SmsContent {
    /// The text, without the service name which some services put before it.
    pub body: String,
    /// The sender: a name or a number. `None` when the answer was lost and the message was found again, since the
    /// service does not say it then.
    pub from_number: Option<String>,
}

/// An e-mail that the service took.
///
/// `Debug` leaves out the reference and the content.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SentEmail {
    /// The message, for asking after it. Smoke-test addresses get an id that no later request finds.
    pub id: NotificationId,
    /// The reference that the request gave.
    pub reference: Option<String>,
    /// What the recipient reads.
    pub content: EmailContent,
    /// Where the message can be read.
    pub uri: String,
    /// The version of the template that was used.
    pub template: TemplateReference,
    /// The values that `sanitise_content_for` changed, by placeholder as the request spelt it.
    #[serde(default)]
    pub sanitised_content: BTreeMap<String, SanitisedValue>,
}

/// What the recipient of an e-mail reads.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EmailContent {
    /// The subject.
    pub subject: String,
    /// The text in Markdown, filled in.
    pub body: String,
    /// The sender's address. `None` when the answer was lost and the message was found again, since the service does
    /// not say it then.
    pub from_email: Option<String>,
    /// Where the mail program's unsubscribe button leads.
    pub one_click_unsubscribe_url: Option<String>,
}

/// A value before and after sanitising.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SanitisedValue {
    /// As the request gave it.
    pub unsanitised: String,
    /// As it stands in the e-mail.
    pub sanitised: String,
}

/// A message found again by its reference, after the answer to its sending was lost.
impl From<Notification> for SentSms {
    fn from(found: Notification) -> Self {
        Self {
            uri: uri(&found),
            id: found.id,
            reference: found.reference,
            content: SmsContent { body: found.body, from_number: None },
            template: found.template,
        }
    }
}

/// A message found again by its reference, after the answer to its sending was lost.
impl From<Notification> for SentEmail {
    fn from(found: Notification) -> Self {
        Self {
            uri: uri(&found),
            id: found.id,
            reference: found.reference,
            content: EmailContent {
                subject: found.subject.unwrap_or_default(),
                body: found.body,
                from_email: None,
                one_click_unsubscribe_url: found.one_click_unsubscribe_url,
            },
            template: found.template,
            sanitised_content: BTreeMap::new(),
        }
    }
}

/// Where a listed message can be read: a list names the place of its template alone, on the same server.
fn uri(found: &Notification) -> String {
    let base = found.template.uri.split_once("/v2/").map_or("", |(base, _)| base);
    format!("{base}/v2/notifications/{}", found.id)
}

debug_only! {
    SentSms { id, template }
    SmsContent {}
    SentEmail { id, template }
    EmailContent {}
    SanitisedValue {}
}
