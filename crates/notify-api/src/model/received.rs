//! Text messages that people sent to the service.

use serde::Deserialize;

use super::masked::debug_only;
use super::{ReceivedTextMessageId, ServiceId, Timestamp};
use crate::json;

/// A text message that somebody sent to one of the service's numbers.
///
/// `Debug` leaves out the numbers and the text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReceivedTextMessage {
    /// The message.
    pub id: ReceivedTextMessageId,
    /// When the service received it.
    #[serde(default, deserialize_with = "json::option")]
    pub created_at: Option<Timestamp>,
    /// The service it was sent to.
    #[serde(default, deserialize_with = "json::option")]
    pub service_id: Option<ServiceId>,
    /// The service's number, as the service writes it.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub notify_number: String,
    /// The sender's number: digits with the country code first and no `+`, such as `447700900123`.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub user_number: String,
    /// The text.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub content: String,
}

debug_only! {
    ReceivedTextMessage { id, created_at, service_id }
}
