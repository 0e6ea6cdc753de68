//! What Notify.gov.au takes and answers beyond GOV.UK Notify.
//!
//! The service was closed; its source of 2021-06-09 is what this module keeps to. All operations of GOV.UK Notify work
//! with it, except that no letter has a PDF to read.
//!
//! # What it does badly
//!
//! - **`scheduled_for`** is left out here on purpose: the server stores such a message, shows another time than it was
//!   given, and never sends it at that time.
//! - **Characters.** A text message with a no-break space, `½`, `™` or any of some 3,000 other characters in its template or
//!   in a value is answered with a 500, and so stays in doubt.
//! - **Files** in a placeholder would be printed into the e-mail as text, so they are refused before they are sent.
//! - **Malformed tokens and JSON** are answered with a 500, not with a 403 or 400.
//! - **Text messages** have at most 612 characters, of which `é` counts as two and `€` as three.
//! - **The limit a minute** is named and never applies. The daily one counts all kinds of messages together.

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

use super::{Facts, Service};

const FACTS: Facts = Facts {
    name: "au",
    title: "Notify.gov.au",
    base_url: "https://rest-api.notify.gov.au",
    domain: "notify.gov.au",
    bounds_requests: false,
    messages_per_minute: 3_000,
    max_sms_characters: Some(612),
    max_file_bytes: None,
    lacks: &["/v2/notifications/{id}/pdf"],
    smoke_test_numbers: &["426305772", "426305773", "426305774", "400900000", "400900111", "400900222"],
    refusals: &refusals::LINES,
};

impl Service {
    /// Notify.gov.au. Its source bounds no request.
    pub const fn notify_gov_au() -> Self {
        Self(&FACTS)
    }
}

/// The operations of this module are this service's alone.
const ALONE: &[Service] = &[Service::notify_gov_au()];
