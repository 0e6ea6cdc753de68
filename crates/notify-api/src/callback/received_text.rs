//! Received text messages.

use serde::Deserialize;

use crate::json;
use crate::model::masked::debug_only;
use crate::model::{ReceivedTextMessageId, Timestamp};

/// Somebody sent a text message to one of the service's numbers.
///
/// `Debug` leaves out the numbers and the text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReceivedText {
    /// The message.
    pub id: ReceivedTextMessageId,
    /// The sender's number: digits with the country code first and no `+`, such as `447700900123`.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub source_number: String,
    /// The service's number, as the service writes it.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub destination_number: String,
    /// The text.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub message: String,
    /// When the network took it.
    #[serde(default, deserialize_with = "json::option")]
    pub date_received: Option<Timestamp>,
}

debug_only! {
    ReceivedText { id, date_received }
}
