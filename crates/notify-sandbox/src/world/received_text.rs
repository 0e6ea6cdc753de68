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
        let is_sender = is_number(&self.user_number) || is_name(&self.user_number);
        (!is_sender)
            .then_some("`user_number` is neither a number such as 447900900123 nor a name such as BANK")
    }
}

/// Whether a text message can come from an organisation under this name, where a service takes such texts: at most eleven
/// letters, digits and spaces, with a letter among them.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=11).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether a text message can come from this number. Short codes send texts too; no number is longer than the longest of
/// E.164.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number in the form of E.164, with a plus. Short codes have none.
pub(crate) fn with_plus(number: &str) -> String {
    /// No short code has so many digits.
    const LONGER_THAN_SHORT_CODES: usize = 7;
    let digits = number.trim_start_matches('+');
    if digits.len() < LONGER_THAN_SHORT_CODES { digits.to_owned() } else { format!("+{digits}") }
}
