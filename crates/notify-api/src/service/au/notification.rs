//! Messages as Notify.gov.au stores them.

use serde::Deserialize;

use super::ALONE;
use crate::json;
use crate::model::masked::debug_only;
use crate::model::{Notification, NotificationId};
use crate::service::extended::{Extended, reads_notification};
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// The additional fields of a message at Notify.gov.au.
///
/// `Debug` shows none of it.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NotificationFields {
    /// The e-mail address of the person who sent it from the service's website.
    #[serde(default, deserialize_with = "json::text")]
    pub created_by_email_address: Option<String>,
    /// The time at which the message was meant to go out. The service shows a different time from the one given, and
    /// keeps to neither.
    #[serde(default, deserialize_with = "json::text")]
    pub scheduled_for: Option<String>,
}

debug_only! {
    NotificationFields {}
}

reads_notification!(
    "Notify.gov.au",
    "Notify.gov.au's documentation closed with the service. GOV.UK Notify's, from which it came: [Get the status of one message](https://docs.notifications.service.gov.uk/rest-api.html#get-the-status-of-one-message).",
    NotificationFields,
    ALONE
);
