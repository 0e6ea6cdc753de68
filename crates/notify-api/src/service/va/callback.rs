//! What VA Notify posts besides.

use serde::Deserialize;
use serde_json::Value;

use crate::json;
use crate::model::SmsSenderId;

/// What VA Notify says besides in a delivery receipt; read with [`Callback::added`](crate::callback::Callback::added).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceiptFields {
    /// Why the message has its status.
    #[serde(default, deserialize_with = "json::text")]
    pub status_reason: Option<String>,
    /// The provider that it was handed to; `None` where it never went out.
    #[serde(default, deserialize_with = "json::text")]
    pub provider: Option<String>,
    /// What the provider said, where the callback was set up to have it. Always `None` in a receipt that goes to a
    /// message's own URL.
    #[serde(default, deserialize_with = "json::option")]
    pub provider_payload: Option<Value>,
}

/// What VA Notify says besides of a text message that somebody sent to the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceivedTextFields {
    /// The sender whose number the message came to.
    #[serde(default, deserialize_with = "json::option")]
    pub sms_sender_id: Option<SmsSenderId>,
}
