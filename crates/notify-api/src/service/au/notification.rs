//! Messages as Notify.gov.au keeps them.

use serde::Deserialize;

use super::ALONE;
use crate::json;
use crate::model::masked::debug_only;
use crate::model::{Notification, NotificationId};
use crate::service::extended::{Extended, reads_notification};
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// What Notify.gov.au says of a message besides.
///
/// `Debug` shows none of it.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NotificationFields {
    /// The e-mail address of who sent it from the service's website.
    #[serde(default, deserialize_with = "json::text")]
    pub created_by_email_address: Option<String>,
    /// The time that a message was sent with to go out at. The service shows another time than it was given, and does not
    /// keep to either.
    #[serde(default, deserialize_with = "json::text")]
    pub scheduled_for: Option<String>,
}

debug_only! {
    NotificationFields {}
}

reads_notification!("Notify.gov.au", NotificationFields, ALONE);
