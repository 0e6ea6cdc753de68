//! Text messages that people sent to the service.

use serde::Deserialize;

use super::masked::debug_only;
use super::{ReceivedTextMessageId, ServiceId, Timestamp};

/// A text message that somebody sent to one of the service's numbers.
///
/// `Debug` leaves out the numbers and the text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceivedTextMessage {
    /// The message.
    pub id: ReceivedTextMessageId,
    /// When the service received it.
    pub created_at: Timestamp,
    /// Whom it was sent to.
    pub service_id: ServiceId,
    /// The service's number, as the service writes it.
    pub notify_number: String,
    /// Who sent it: digits with the country code first and no `+`, such as `447700900123`.
    pub user_number: String,
    /// The text.
    pub content: String,
}

debug_only! {
    ReceivedTextMessage { id, created_at, service_id }
}
