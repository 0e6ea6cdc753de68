//! Pages of a list.

use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::masked::debug_only;
use super::{Notification, ReceivedTextMessage};

/// Up to 250 messages, the newest first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct NotificationPage {
    /// The messages.
    pub notifications: Vec<Notification>,
    /// Where this page is, and the next.
    pub links: Links,
}

/// Up to 250 received text messages, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReceivedTextMessagePage {
    /// The messages.
    pub received_text_messages: Vec<ReceivedTextMessage>,
    /// Where the list is, and the next page.
    pub links: Links,
}

/// Where a page is, and the next. `Debug` leaves out the URLs, whose query may hold a reference.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Links {
    /// This page.
    pub current: String,
    /// The next page; every page has one that is not empty, so that the end is an empty page.
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
