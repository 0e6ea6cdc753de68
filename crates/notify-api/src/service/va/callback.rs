//! The additional fields of VA Notify's callbacks.

use serde::Deserialize;
use serde_json::Value;

use crate::json;
use crate::model::SmsSenderId;

/// The additional fields of VA Notify in a delivery receipt. Read them with
/// [`Callback::added`](crate::callback::Callback::added).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceiptFields {
    /// Why the message has its status.
    #[serde(default, deserialize_with = "json::text")]
    pub status_reason: Option<String>,
    /// The provider that it was handed to; `None` if it never went out.
    #[serde(default, deserialize_with = "json::text")]
    pub provider: Option<String>,
    /// What the provider said, if the callback was set up to include it. Always `None` in a receipt that goes to a
    /// message's own URL.
    #[serde(default, deserialize_with = "json::option")]
    pub provider_payload: Option<Value>,
}

/// The additional fields of VA Notify for a text message that somebody sent to the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceivedTextFields {
    /// The sender whose number the message came to.
    #[serde(default, deserialize_with = "json::option")]
    pub sms_sender_id: Option<SmsSenderId>,
}
