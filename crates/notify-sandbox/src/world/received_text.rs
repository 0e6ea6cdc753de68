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

impl ReceivedText {
    /// Why the service cannot have received it; none if it can. A text may be empty: a phone can send one.
    pub(super) fn why_impossible(&self, service: Uuid) -> Option<&'static str> {
        if self.service_id != service {
            return Some("`service_id` is not the id of the service in which it stands");
        }
        (!is_number(&self.user_number)).then_some("`user_number` is not a number such as 447900900123")
    }
}

/// Whether a text message can come from this number. Short codes send texts too; no number is longer than the longest of
/// E.164.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
