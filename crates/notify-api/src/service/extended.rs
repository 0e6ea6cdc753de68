//! An answer that says more than GOV.UK Notify's.

use std::ops::Deref;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::json;
use crate::model::{Links, Notification, UnreadableItem};

/// The fields that every service gives, with the additional fields of one service.
///
/// It dereferences to the common fields: `message.status`. The others are in `added`: `message.added`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Extended<T, F> {
    /// The fields that every service gives.
    pub common: T,
    /// The additional fields of this service.
    pub added: F,
}

impl<T, F> Extended<T, F> {
    pub(crate) fn new(common: T, added: F) -> Self {
        Self { common, added }
    }
}

impl<T, F> Deref for Extended<T, F> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.common
    }
}

/// Both parts read the whole object: the fields of the common part need their values as they were written, and a part
/// of an object has lost that.
impl<'de, T: DeserializeOwned, F: DeserializeOwned> Deserialize<'de> for Extended<T, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        // The reader's own message may quote a value.
        let common = serde_json::from_str(raw.get()).map_err(|_| D::Error::custom("no such object"))?;
        let added = serde_json::from_str(raw.get()).map_err(|_| D::Error::custom("no such object"))?;
        Ok(Self { common, added })
    }
}

/// A page of messages with the additional fields of one service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Messages", bound = "F: DeserializeOwned")]
#[non_exhaustive]
pub struct ExtendedPage<F> {
    /// The messages.
    pub notifications: Vec<Extended<Notification, F>>,
    /// The items of the page that cannot be read.
    pub unreadable: Vec<UnreadableItem>,
    /// Where this page is, and the next.
    pub links: Links,
}

#[derive(Deserialize)]
struct Messages {
    notifications: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "json::or_default")]
    links: Links,
}

impl<F: DeserializeOwned> From<Messages> for ExtendedPage<F> {
    fn from(page: Messages) -> Self {
        let (notifications, unreadable) = json::elements("notifications", page.notifications);
        Self { notifications, unreadable, links: page.links }
    }
}

/// Defines the operation that reads one message with a service's additional fields.
macro_rules! reads_notification {
    ($title:literal, $documentation:literal, $fields:ty, $alone:expr) => {
        #[doc = concat!("Reads one message as [`GetNotification`](crate::GetNotification) does, with what ", $title, " adds.")]
        ///
        #[doc = $documentation]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[must_use = "a request is made only when it is given to a client"]
        pub struct GetNotification(crate::GetNotification);

        impl GetNotification {
            /// Requests this message.
            pub fn new(id: NotificationId) -> Self {
                Self(crate::GetNotification::new(id))
            }
        }

        impl Endpoint for GetNotification {
            type Response = Extended<Notification, $fields>;
            const OPERATION: Operation =
                Operation::new("get_notification", http::Method::GET, "/v2/notifications/{id}", Effect::Reads)
                    .only($alone);

            fn request(&self) -> Result<RequestParts, InvalidRequest> {
                self.0.request()
            }

            fn decode(raw: &RawResponse) -> Result<Self::Response, Error> {
                raw.json()
            }
        }
    };
}
pub(super) use reads_notification;

/// Defines the operation that reads a page of messages with a service's additional fields.
macro_rules! lists_notifications {
    ($title:literal, $documentation:literal, $fields:ty, $alone:expr) => {
        #[doc = concat!("Reads a page of messages as [`ListNotifications`](crate::ListNotifications) does, with what ", $title, " adds.")]
        ///
        /// It is built from that list and its filters.
        ///
        #[doc = $documentation]
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        #[must_use = "a request is made only when it is given to a client"]
        pub struct ListNotifications(crate::ListNotifications);

        impl From<crate::ListNotifications> for ListNotifications {
            fn from(list: crate::ListNotifications) -> Self {
                Self(list)
            }
        }

        impl Endpoint for ListNotifications {
            type Response = ExtendedPage<$fields>;
            const OPERATION: Operation =
                Operation::new("list_notifications", http::Method::GET, "/v2/notifications", Effect::Reads)
                    .only($alone);

            fn request(&self) -> Result<RequestParts, InvalidRequest> {
                self.0.request()
            }

            fn decode(raw: &RawResponse) -> Result<Self::Response, Error> {
                raw.json()
            }
        }

        impl Paged for ListNotifications {
            type Item = Extended<Notification, $fields>;

            fn next_page(&self, page: &ApiResponse<Self::Response>) -> Result<Option<Self>, Error> {
                if page.notifications.is_empty() && page.unreadable.is_empty() {
                    return Ok(None);
                }
                Ok(Some(Self(self.0.after_page(&page.links, page.raw())?)))
            }

            fn items(page: Self::Response) -> Vec<Self::Item> {
                page.notifications
            }

            fn left_out(page: &ApiResponse<Self::Response>) -> Vec<Error> {
                crate::paged::left_out(&page.unreadable, page.raw())
            }
        }
    };
}
pub(super) use lists_notifications;
