//! Delivery receipts.

use serde::Deserialize;

use crate::json;
use crate::model::masked::debug_only;
use crate::model::{NotificationId, Status, TemplateId, TemplateType, Timestamp};

/// A text message or e-mail reached a status: delivered, or one of the failures.
///
/// `Debug` leaves out the recipient and the reference.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DeliveryReceipt {
    /// The message.
    pub id: NotificationId,
    /// The reference that the message was sent with.
    #[serde(default, deserialize_with = "json::text")]
    pub reference: Option<String>,
    /// The recipient, as given when the message was sent. `None` if the service knows none, as at VA Notify when a
    /// person's address could not be found.
    #[serde(default, deserialize_with = "json::text")]
    pub to: Option<String>,
    /// What became of it.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub status: Status,
    /// When the service took it.
    #[serde(default, deserialize_with = "json::option")]
    pub created_at: Option<Timestamp>,
    /// When it reached this status.
    #[serde(default, deserialize_with = "json::option")]
    pub completed_at: Option<Timestamp>,
    /// When it was handed to a provider.
    #[serde(default, deserialize_with = "json::option")]
    pub sent_at: Option<Timestamp>,
    /// What kind of message it is.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub notification_type: TemplateType,
    /// The template it was made from; only GOV.UK Notify says so.
    #[serde(default, deserialize_with = "json::option")]
    pub template_id: Option<TemplateId>,
    /// The version of the template.
    #[serde(default, deserialize_with = "json::number")]
    pub template_version: Option<u32>,
}

debug_only! {
    DeliveryReceipt { id, status, created_at, completed_at, sent_at, notification_type, template_id, template_version }
}
