//! Delivery receipts.

use serde::Deserialize;

use crate::model::masked::debug_only;
use crate::model::{NotificationId, Status, TemplateId, TemplateType, Timestamp};

/// A text message or e-mail came to a status: delivered, or one of the failures.
///
/// `Debug` leaves out the recipient and the reference.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DeliveryReceipt {
    /// The message.
    pub id: NotificationId,
    /// The reference that was given when it was sent.
    pub reference: Option<String>,
    /// The recipient, as it was given when it was sent.
    pub to: String,
    /// What became of it.
    pub status: Status,
    /// When the service took it.
    pub created_at: Timestamp,
    /// When it came to this status.
    pub completed_at: Option<Timestamp>,
    /// When it was handed to a provider.
    pub sent_at: Option<Timestamp>,
    /// What kind of message it is.
    pub notification_type: TemplateType,
    /// The template it was made from.
    pub template_id: TemplateId,
    /// The version of the template.
    pub template_version: u32,
}

debug_only! {
    DeliveryReceipt { id, status, created_at, completed_at, sent_at, notification_type, template_id, template_version }
}
