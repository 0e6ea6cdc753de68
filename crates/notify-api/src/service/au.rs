//! What Notify.gov.au offers beyond GOV.UK Notify.
//!
//! The service was closed; this module follows its source of 2021-06-09. All operations of GOV.UK Notify work with it,
//! except that no letter has a PDF to read.
//!
//! # What it does badly
//!
//! - **`scheduled_for`** is left out on purpose: the server stores such a message, shows a different time from the one
//!   given, and never sends it at that time.
//! - **Characters.** A text message with a no-break space, `½`, `™` or any of some 3,000 other characters in its
//!   template or in a value is answered with a 500, and so stays in doubt.
//! - **Files** in a placeholder would be printed into the e-mail as text, so this crate refuses them before sending.
//! - **Malformed tokens and JSON** are answered with a 500, not with a 403 or 400.
//! - **Text messages** have at most 612 characters, of which `é` counts as two and `€` as three.
//! - **The limit a minute** is named but never applies. The daily limit counts all kinds of messages together.

mod list_notifications;
mod notification;
mod refusals;
mod send_email;
mod send_sms;
mod status_callback;

pub use list_notifications::ListNotifications;
pub use notification::{GetNotification, NotificationFields};
pub use send_email::SendEmail;
pub use send_sms::SendSms;

use super::{Properties, Service, SmsLength};

const PROPERTIES: Properties = Properties {
    name: "au",
    title: "Notify.gov.au",
    base_url: "https://rest-api.notify.gov.au",
    domain: "notify.gov.au",
    bounds_requests: false,
    messages_per_minute: 3_000,
    max_sms_characters: Some(612),
    sms_length: SmsLength::Utf8,
    max_file_bytes: None,
    lacks: &["/v2/notifications/{id}/pdf"],
    smoke_test_numbers: &["426305772", "426305773", "426305774", "400900000", "400900111", "400900222"],
    refusals: &refusals::LINES,
};

impl Service {
    /// Notify.gov.au. Its source sets no time limit for a request.
    pub const fn notify_gov_au() -> Self {
        Self(&PROPERTIES)
    }
}

/// Only this service has the operations of this module.
const ALONE: &[Service] = &[Service::notify_gov_au()];
