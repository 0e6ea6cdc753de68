//! What VA Notify answers when it has taken a message.

use serde::Deserialize;

use crate::json;
use crate::model::masked::debug_only;
use crate::model::{Notification, SentEmail, SentSms};
use crate::service::Extended;

/// The additional fields of VA Notify's answer when it has taken a message. All are empty if the answer was lost and a
/// lookup found the message.
///
/// `Debug` shows none of it.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SentFields {
    /// Who pays.
    #[serde(default, deserialize_with = "json::text")]
    pub billing_code: Option<String>,
    /// Where the receipt goes.
    #[serde(default, deserialize_with = "json::text")]
    pub callback_url: Option<String>,
}

debug_only! {
    SentFields {}
}

pub(super) fn found_sms(message: Notification) -> Option<Extended<SentSms, SentFields>> {
    Some(Extended::new(SentSms::found(message)?, SentFields::default()))
}

pub(super) fn found_email(message: Notification) -> Option<Extended<SentEmail, SentFields>> {
    Some(Extended::new(SentEmail::found(message)?, SentFields::default()))
}
