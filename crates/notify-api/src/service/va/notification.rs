//! Messages as VA Notify stores them.

use serde::Deserialize;

use super::{ALONE, RecipientIdentifier};
use crate::json;
use crate::model::masked::debug_only;
use crate::model::{Notification, NotificationId, SmsSenderId};
use crate::service::extended::{Extended, ExtendedPage, lists_notifications, reads_notification};
use crate::{
    ApiResponse, Effect, Endpoint, Error, InvalidRequest, Operation, Paged, RawResponse, RequestParts,
};

/// The additional fields of a message at VA Notify.
///
/// `Debug` leaves out everything that may identify a person.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct NotificationFields {
    /// The provider's own id for the message.
    #[serde(default, deserialize_with = "json::text")]
    pub provider_reference: Option<String>,
    /// Why the message has its status.
    #[serde(default, deserialize_with = "json::text")]
    pub status_reason: Option<String>,
    /// The identifiers of the person it was sent to.
    #[serde(default, deserialize_with = "json::or_default")]
    pub recipient_identifiers: Vec<RecipientIdentifier>,
    /// Who pays.
    #[serde(default, deserialize_with = "json::text")]
    pub billing_code: Option<String>,
    /// Where the receipt goes.
    #[serde(default, deserialize_with = "json::text")]
    pub callback_url: Option<String>,
    /// The sender of a text message.
    #[serde(default, deserialize_with = "json::option")]
    pub sms_sender_id: Option<SmsSenderId>,
    /// How many segments a text message had.
    #[serde(default, deserialize_with = "json::number")]
    pub segments_count: Option<u32>,
    /// What the message cost, in thousandths of a cent.
    #[serde(default, deserialize_with = "json::number")]
    pub cost_in_millicents: Option<f64>,
    /// The provider that it was handed to.
    #[serde(default, deserialize_with = "json::text")]
    pub sent_by: Option<String>,
    /// The time at which the message was meant to go out. It is shown eight to ten hours late, and not kept to.
    #[serde(default, deserialize_with = "json::text")]
    pub scheduled_for: Option<String>,
}

debug_only! {
    NotificationFields { provider_reference, status_reason, sms_sender_id, segments_count, cost_in_millicents, sent_by }
}

reads_notification!(
    "VA Notify",
    "VA Notify's documentation: [OpenAPI](https://github.com/department-of-veterans-affairs/notification-api/blob/main/documents/openapi/openapi.yaml).",
    NotificationFields,
    ALONE
);
lists_notifications!(
    "VA Notify",
    "VA Notify's documentation: [OpenAPI](https://github.com/department-of-veterans-affairs/notification-api/blob/main/documents/openapi/openapi.yaml).",
    NotificationFields,
    ALONE
);
