//! Pages of a list.

use serde::Deserialize;

use super::Notification;
use super::masked::debug_only;

/// Up to 250 messages, the newest first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct NotificationPage {
    /// The messages.
    pub notifications: Vec<Notification>,
    /// Where this page is, and the next.
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

debug_only! {
    Links {}
}
