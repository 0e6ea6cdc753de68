//! Complaints.

use serde::Deserialize;

use crate::json;
use crate::model::masked::debug_only;
use crate::model::{ComplaintId, NotificationId, Timestamp};

/// The recipient of an e-mail reported it as spam: do not write to them again. Not every service offers this callback.
///
/// `Debug` leaves out the recipient and the reference.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Complaint {
    /// The e-mail.
    pub notification_id: NotificationId,
    /// The complaint.
    pub complaint_id: ComplaintId,
    /// The reference that the e-mail was sent with.
    #[serde(default, deserialize_with = "json::text")]
    pub reference: Option<String>,
    /// The recipient.
    #[serde(default, deserialize_with = "json::text")]
    pub to: Option<String>,
    /// When the recipient complained.
    #[serde(default, deserialize_with = "json::option")]
    pub complaint_date: Option<Timestamp>,
}

debug_only! {
    Complaint { notification_id, complaint_id, complaint_date }
}
