//! Pages of a list.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::masked::debug_only;
use super::{Notification, ReceivedTextMessage, UnreadableItem};
use crate::json;

/// Up to 250 messages, the newest first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[serde(from = "Messages")]
#[non_exhaustive]
pub struct NotificationPage {
    /// The messages.
    pub notifications: Vec<Notification>,
    /// The items of the page that cannot be read.
    #[cfg_attr(feature = "testing", serde(skip_serializing))]
    pub unreadable: Vec<UnreadableItem>,
    /// Where this page is, and the next.
    pub links: Links,
}

/// Up to 250 received text messages, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[serde(from = "Texts")]
#[non_exhaustive]
pub struct ReceivedTextMessagePage {
    /// The messages.
    pub received_text_messages: Vec<ReceivedTextMessage>,
    /// The items of the page that cannot be read.
    #[cfg_attr(feature = "testing", serde(skip_serializing))]
    pub unreadable: Vec<UnreadableItem>,
    /// Where the list is, and the next page.
    pub links: Links,
}

#[derive(Deserialize)]
struct Messages {
    notifications: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "json::or_default")]
    links: Links,
}

#[derive(Deserialize)]
struct Texts {
    received_text_messages: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "json::or_default")]
    links: Links,
}

impl From<Messages> for NotificationPage {
    fn from(page: Messages) -> Self {
        let (notifications, unreadable) = json::elements("notifications", page.notifications);
        Self { notifications, unreadable, links: page.links }
    }
}

impl From<Texts> for ReceivedTextMessagePage {
    fn from(page: Texts) -> Self {
        let (texts, unreadable) = json::elements("received_text_messages", page.received_text_messages);
        Self { received_text_messages: texts, unreadable, links: page.links }
    }
}

/// Where a page is, and the next. `Debug` leaves out the URLs, whose query may hold a reference.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Links {
    /// This page.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub current: String,
    /// The next page. Every page that is not empty has one, so the list ends with an empty page.
    #[serde(default, deserialize_with = "json::text")]
    pub next: Option<String>,
}

impl Links {
    /// The value of `older_than` in the link to the next page, which is where that page begins.
    ///
    /// ```
    /// # use notify_api::model::Links;
    /// let links: Links = serde_json::from_str(
    ///     r#"{"current": "https://example.com/l", "next": "https://example.com/l?status=sent&older_than=17"}"#,
    /// )?;
    /// assert_eq!(links.older_than().as_deref(), Some("17"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn older_than(&self) -> Option<String> {
        let (_, query) = self.next.as_deref()?.split_once('?')?;
        let value = query.split('&').find_map(|pair| pair.strip_prefix("older_than="))?;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    }
}

debug_only! {
    Links {}
}
