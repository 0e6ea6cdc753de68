//! Messages as GC Notify keeps them.

use serde::Deserialize;

use super::ALONE;
use crate::json;
use crate::model::masked::debug_only;
use crate::model::{Notification, NotificationId};
use crate::service::extended::{Extended, ExtendedPage, lists_notifications, reads_notification};
use crate::{
    ApiResponse, Effect, Endpoint, Error, InvalidRequest, Operation, Paged, RawResponse, RequestParts,
};

/// What GC Notify says of a message besides.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NotificationFields {
    /// The status in words, such as `No such number`.
    #[serde(default, deserialize_with = "json::text")]
    pub status_description: Option<String>,
    /// What the provider said of it.
    #[serde(default, deserialize_with = "json::text")]
    pub provider_response: Option<String>,
    /// The time that a message was sent with to go out at, shown hours off.
    #[serde(default, deserialize_with = "json::text")]
    pub scheduled_for: Option<String>,
}

/// What GC Notify says besides in a delivery receipt; read with [`Callback::added`](crate::callback::Callback::added).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceiptFields {
    /// The status in words, such as `No such number`.
    #[serde(default, deserialize_with = "json::text")]
    pub status_description: Option<String>,
    /// What the provider said of it.
    #[serde(default, deserialize_with = "json::text")]
    pub provider_response: Option<String>,
}

debug_only! {
    NotificationFields { status_description, provider_response, scheduled_for }
}

reads_notification!("GC Notify", NotificationFields, ALONE);
lists_notifications!("GC Notify", NotificationFields, ALONE);
