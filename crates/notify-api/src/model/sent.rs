//! What the service answers when it has taken a message.

mod found;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::masked::debug_only;
use super::{NotificationId, Postage, TemplateReference};
use crate::json;

/// A text message that the service took.
///
/// `Debug` leaves out the reference and the content.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SentSms {
    /// The message's id, for reading it later. Smoke-test numbers get an id that no later request finds.
    pub id: NotificationId,
    /// The reference that the request gave.
    #[serde(default, deserialize_with = "json::text")]
    pub reference: Option<String>,
    /// What the recipient reads.
    #[serde(default, deserialize_with = "json::or_default")]
    pub content: SmsContent,
    /// Where the message can be read. `None` if the answer was lost and a lookup found the message.
    #[serde(default, deserialize_with = "json::text")]
    pub uri: Option<String>,
    /// The version of the template that was used.
    pub template: TemplateReference,
}

/// What the recipient of a text message reads.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SmsContent {
    /// The text, without the service name that some services put before it.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub body: String,
    /// The sender: a name or a number. `None` if the answer was lost and a lookup found the message, since a lookup
    /// does not show it.
    #[serde(default, deserialize_with = "json::text")]
    pub from_number: Option<String>,
}

/// An e-mail that the service took.
///
/// `Debug` leaves out the reference and the content.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SentEmail {
    /// The message's id, for reading it later. Smoke-test addresses get an id that no later request finds.
    pub id: NotificationId,
    /// The reference that the request gave.
    #[serde(default, deserialize_with = "json::text")]
    pub reference: Option<String>,
    /// What the recipient reads.
    #[serde(default, deserialize_with = "json::or_default")]
    pub content: EmailContent,
    /// Where the message can be read. `None` if the answer was lost and a lookup found the message.
    #[serde(default, deserialize_with = "json::text")]
    pub uri: Option<String>,
    /// The version of the template that was used.
    pub template: TemplateReference,
    /// The values that `sanitise_content_for` changed, by placeholder as spelt in the request.
    #[serde(default, deserialize_with = "json::entries")]
    pub sanitised_content: BTreeMap<String, SanitisedValue>,
}

/// What the recipient of an e-mail reads.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EmailContent {
    /// The subject. `None` only if the answer was lost and a lookup found the message without it.
    #[serde(default, deserialize_with = "json::text")]
    pub subject: Option<String>,
    /// The text in Markdown, filled in.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub body: String,
    /// The sender's address. `None` if the answer was lost and a lookup found the message, since a lookup does not show
    /// it.
    #[serde(default, deserialize_with = "json::text")]
    pub from_email: Option<String>,
    /// The target of the mail program's unsubscribe button.
    #[serde(default, deserialize_with = "json::text")]
    pub one_click_unsubscribe_url: Option<String>,
}

/// A value before and after sanitising.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SanitisedValue {
    /// As given in the request.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub unsanitised: String,
    /// As it appears in the e-mail.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub sanitised: String,
}

/// A letter made from a template that the service took.
///
/// `Debug` leaves out the reference and the content.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SentLetter {
    /// The letter's id, for reading it later.
    pub id: NotificationId,
    /// The reference that the request gave.
    #[serde(default, deserialize_with = "json::text")]
    pub reference: Option<String>,
    /// What the recipient reads.
    #[serde(default, deserialize_with = "json::or_default")]
    pub content: LetterContent,
    /// Where the letter can be read. `None` if the answer was lost and a lookup found the message.
    #[serde(default, deserialize_with = "json::text")]
    pub uri: Option<String>,
    /// The version of the template that was used.
    pub template: TemplateReference,
}

/// What the recipient of a letter reads.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LetterContent {
    /// The heading. `None` only if the answer was lost and a lookup found the letter without it.
    #[serde(default, deserialize_with = "json::text")]
    pub subject: Option<String>,
    /// The text in Markdown, filled in.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub body: String,
}

/// A precompiled letter that the service took. Its status says later whether it can be printed.
///
/// `Debug` leaves out the reference.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SentPrecompiledLetter {
    /// The letter's id, for reading it later.
    pub id: NotificationId,
    /// The reference that the request gave.
    #[serde(default, deserialize_with = "json::text")]
    pub reference: Option<String>,
    /// How it will be posted within the United Kingdom.
    #[serde(default, deserialize_with = "json::optional_word")]
    pub postage: Option<Postage>,
}

debug_only! {
    SentSms { id, template }
    SmsContent {}
    SentEmail { id, template }
    EmailContent {}
    SanitisedValue {}
    SentLetter { id, template }
    LetterContent {}
    SentPrecompiledLetter { id, postage }
}
