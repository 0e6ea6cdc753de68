//! A message as the service keeps it.

use serde::Deserialize;

use super::masked::debug_only;
use super::{NotificationId, Postage, Status, TemplateReference, TemplateType, Timestamp};

/// A message as the service keeps it, seven days unless the service is set otherwise.
///
/// `Debug` leaves out everything that may name a person.
#[derive(Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Notification {
    /// The message.
    pub id: NotificationId,
    /// The reference that was given when it was sent.
    pub reference: Option<String>,
    /// The recipient of an e-mail, as given.
    pub email_address: Option<String>,
    /// The recipient of a text message, as given.
    pub phone_number: Option<String>,
    /// The address of a letter, first line. A seventh line is never returned.
    pub line_1: Option<String>,
    /// The address of a letter, second line.
    pub line_2: Option<String>,
    /// The address of a letter, third line.
    pub line_3: Option<String>,
    /// The address of a letter, fourth line.
    pub line_4: Option<String>,
    /// The address of a letter, fifth line.
    pub line_5: Option<String>,
    /// The address of a letter, sixth line.
    pub line_6: Option<String>,
    /// The postcode of a letter that was sent with one apart from its lines.
    pub postcode: Option<String>,
    /// What kind of message it is.
    #[serde(rename = "type")]
    pub notification_type: TemplateType,
    /// How far it has come.
    pub status: Status,
    /// The version of the template that was used.
    pub template: TemplateReference,
    /// What the recipient reads.
    pub body: String,
    /// The subject of an e-mail, or the heading of a letter.
    pub subject: Option<String>,
    /// When the service took it.
    pub created_at: Timestamp,
    /// Who sent it from the service's website.
    pub created_by_name: Option<String>,
    /// When it was handed to a provider.
    pub sent_at: Option<Timestamp>,
    /// When it came to its final status.
    pub completed_at: Option<Timestamp>,
    /// How a letter is posted.
    pub postage: Option<Postage>,
    /// Where the mail program's unsubscribe button leads.
    pub one_click_unsubscribe_url: Option<String>,
    /// When a letter should arrive; other messages have no such field.
    pub estimated_delivery: Option<Timestamp>,
    /// Whether the cost is known yet.
    #[serde(default)]
    pub is_cost_data_ready: bool,
    /// The cost in pounds, when it is known.
    pub cost_in_pounds: Option<f64>,
    /// What the cost is made of.
    #[serde(default)]
    pub cost_details: CostDetails,
}

debug_only! {
    Notification { id, notification_type, status, template, created_at, sent_at, completed_at }
}

/// What the cost of a message is made of; empty for e-mails, and as long as it is not known.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CostDetails {
    /// A text message: how many fragments are billed.
    pub billable_sms_fragments: Option<u32>,
    /// A text message: by how much its country multiplies the rate.
    pub international_rate_multiplier: Option<f64>,
    /// A text message: pounds a fragment.
    pub sms_rate: Option<f64>,
    /// A letter: how many sheets are billed.
    pub billable_sheets_of_paper: Option<u32>,
    /// A letter: how it is posted.
    pub postage: Option<Postage>,
}
