//! What the service answers when it took a message.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::masked::debug_only;
use super::{NotificationId, TemplateReference};

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
    /// The sender: a name or a number.
    pub from_number: String,
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
    /// The sender's address.
    pub from_email: String,
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

debug_only! {
    SentSms { id, template }
    SmsContent {}
    SentEmail { id, template }
    EmailContent {}
    SanitisedValue {}
}
