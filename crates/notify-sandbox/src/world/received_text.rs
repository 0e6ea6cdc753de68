//! A text message that somebody has sent to a service.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

/// A text message to the service.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceivedText {
    pub(crate) id: Uuid,
    pub(crate) created_at: Timestamp,
    pub(crate) service_id: Uuid,
    pub(crate) notify_number: String,
    pub(crate) user_number: String,
    pub(crate) content: String,
}
