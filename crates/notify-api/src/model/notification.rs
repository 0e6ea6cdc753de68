//! A message as the service stores it.

use serde::Deserialize;

use super::masked::debug_only;
use super::{NotificationId, Postage, Status, TemplateReference, TemplateType, Timestamp};
use crate::json;

/// A message as the service stores it, for seven days unless the service has another setting.
///
/// `Debug` leaves out everything that may identify a person.
#[derive(Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Notification {
    /// The message.
    pub id: NotificationId,
    /// The reference that the message was sent with.
    #[serde(default, deserialize_with = "json::text")]
    pub reference: Option<String>,
    /// The recipient of an e-mail, as given.
    #[serde(default, deserialize_with = "json::text")]
    pub email_address: Option<String>,
    /// The recipient of a text message, as given.
    #[serde(default, deserialize_with = "json::text")]
    pub phone_number: Option<String>,
    /// The address of a letter, first line. A seventh line is never returned.
    #[serde(default, deserialize_with = "json::text")]
    pub line_1: Option<String>,
    /// The address of a letter, second line.
    #[serde(default, deserialize_with = "json::text")]
    pub line_2: Option<String>,
    /// The address of a letter, third line.
    #[serde(default, deserialize_with = "json::text")]
    pub line_3: Option<String>,
    /// The address of a letter, fourth line.
    #[serde(default, deserialize_with = "json::text")]
    pub line_4: Option<String>,
    /// The address of a letter, fifth line.
    #[serde(default, deserialize_with = "json::text")]
    pub line_5: Option<String>,
    /// The address of a letter, sixth line.
    #[serde(default, deserialize_with = "json::text")]
    pub line_6: Option<String>,
    /// The postcode of a letter that was sent with one separate from its lines.
    #[serde(default, deserialize_with = "json::text")]
    pub postcode: Option<String>,
    /// What kind of message it is.
    #[serde(rename = "type", default = "json::unsaid", deserialize_with = "json::word")]
    pub notification_type: TemplateType,
    /// How far it has come.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub status: Status,
    /// The version of the template that was used.
    #[serde(default, deserialize_with = "json::option")]
    pub template: Option<TemplateReference>,
    /// What the recipient reads.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub body: String,
    /// The subject of an e-mail, or the heading of a letter.
    #[serde(default, deserialize_with = "json::text")]
    pub subject: Option<String>,
    /// When the service took it.
    #[serde(default, deserialize_with = "json::option")]
    pub created_at: Option<Timestamp>,
    /// The person who sent it from the service's website.
    #[serde(default, deserialize_with = "json::text")]
    pub created_by_name: Option<String>,
    /// When it was handed to a provider.
    #[serde(default, deserialize_with = "json::option")]
    pub sent_at: Option<Timestamp>,
    /// When it reached its final status.
    #[serde(default, deserialize_with = "json::option")]
    pub completed_at: Option<Timestamp>,
    /// How a letter is posted.
    #[serde(default, deserialize_with = "json::optional_word")]
    pub postage: Option<Postage>,
    /// The target of the mail program's unsubscribe button.
    #[serde(default, deserialize_with = "json::text")]
    pub one_click_unsubscribe_url: Option<String>,
    /// When a letter should arrive; other messages have no such field.
    #[serde(default, deserialize_with = "json::option")]
    pub estimated_delivery: Option<Timestamp>,
    /// Whether the cost is known yet.
    #[serde(default, deserialize_with = "json::flag")]
    pub is_cost_data_ready: bool,
    /// The cost in pounds, if it is known.
    #[serde(default, deserialize_with = "json::number")]
    pub cost_in_pounds: Option<f64>,
    /// What the cost is made of.
    #[serde(default, deserialize_with = "json::or_default")]
    pub cost_details: CostDetails,
}

debug_only! {
    Notification { id, notification_type, status, template, created_at, sent_at, completed_at }
}

/// What the cost of a message is made of. Empty for e-mails, and until the cost is known.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CostDetails {
    /// A text message: how many fragments are billed.
    #[serde(default, deserialize_with = "json::number")]
    pub billable_sms_fragments: Option<u32>,
    /// A text message: the factor by which its country multiplies the rate.
    #[serde(default, deserialize_with = "json::number")]
    pub international_rate_multiplier: Option<f64>,
    /// A text message: pounds per fragment.
    #[serde(default, deserialize_with = "json::number")]
    pub sms_rate: Option<f64>,
    /// A letter: how many sheets are billed.
    #[serde(default, deserialize_with = "json::number")]
    pub billable_sheets_of_paper: Option<u32>,
    /// A letter: how it is posted.
    #[serde(default, deserialize_with = "json::optional_word")]
    pub postage: Option<Postage>,
}
