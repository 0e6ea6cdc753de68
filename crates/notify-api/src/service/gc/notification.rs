//! Messages as GC Notify stores them.

use serde::Deserialize;

use super::ALONE;
use crate::json;
use crate::model::masked::debug_only;
use crate::model::{Notification, NotificationId};
use crate::service::extended::{Extended, ExtendedPage, lists_notifications, reads_notification};
use crate::{
    ApiResponse, Effect, Endpoint, Error, InvalidRequest, Operation, Paged, RawResponse, RequestParts,
};

/// The additional fields of a message at GC Notify.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NotificationFields {
    /// The status in words, such as `No such number`.
    #[serde(default, deserialize_with = "json::text")]
    pub status_description: Option<String>,
    /// What the provider said about it.
    #[serde(default, deserialize_with = "json::text")]
    pub provider_response: Option<String>,
    /// The time at which the message was meant to go out, shown hours off.
    #[serde(default, deserialize_with = "json::text")]
    pub scheduled_for: Option<String>,
}

/// The additional fields of GC Notify in a delivery receipt. Read them with
/// [`Callback::added`](crate::callback::Callback::added).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceiptFields {
    /// The status in words, such as `No such number`.
    #[serde(default, deserialize_with = "json::text")]
    pub status_description: Option<String>,
    /// What the provider said about it.
    #[serde(default, deserialize_with = "json::text")]
    pub provider_response: Option<String>,
}

debug_only! {
    NotificationFields { status_description, provider_response, scheduled_for }
}

reads_notification!(
    "GC Notify",
    "GC Notify's documentation: [Status](https://documentation.notification.canada.ca/en/status.html).",
    NotificationFields,
    ALONE
);
lists_notifications!(
    "GC Notify",
    "GC Notify's documentation: [Status](https://documentation.notification.canada.ca/en/status.html).",
    NotificationFields,
    ALONE
);
