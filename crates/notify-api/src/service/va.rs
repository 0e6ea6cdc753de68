//! What VA Notify takes and answers beyond GOV.UK Notify.
//!
//! GOV.UK Notify's [`SendSms`](crate::SendSms) and [`SendEmail`](crate::SendEmail) work; the ones here have
//! [recipient identifiers](RecipientIdentifier), a billing code and a callback URL of their own besides, and e-mails
//! [calendar files](File). There are push messages ([`SendPush`], [`BroadcastPush`]), and an experimental [`v3`].
//!
//! # The key
//!
//! The secret of a key is handed out alone, mostly with 86 characters, and the service id elsewhere. A client is made of
//! both: `Client::builder((service_id, secret))`, [`Signer::from_parts`](notify_jwt::Signer::from_parts) where there is no
//! such client. A key expires, after 180 days unless it was made otherwise: `API key expired` then, for which
//! [`Error::is_key_refused`](crate::Error::is_key_refused) holds. After a key is revoked it may work for ten minutes more.
//!
//! # What it does badly
//!
//! - **A push with a test key is real**, and so is a message by [`v3`].
//! - **`scheduled_for`** is not honoured: nothing sends the message before 24 hours and 15 minutes, a wrong form of the time
//!   is answered with a 500 and the message stored all the same, and with a recipient identifier it goes at once. So it is
//!   left out here.
//! - **Recipient identifiers skip the checks**: a team key, and a service in trial mode, send to strangers by them.
//! - **Missing placeholders** are named in a random order, and conditional ones count as missing.
//! - **Content** in answers has `<redacted>` in place of each value, and shows every conditional part.
//! - **Text messages** have no limit: 2,000 characters are taken, and billed.
//! - **A list of templates** with a letter among them is answered with a 500.
//! - **Requests** have at most 1,048,576 bytes, files included. Letters are answered with a 501, and are refused here before
//!   they are sent.
//! - **Links** in answers lack the `/vanotify` of the base URL.
//! - **The limit a minute** is off in production.

mod callback;
mod file;
mod notification;
mod push;
mod recipient;
mod refusals;
mod send_email;
mod send_sms;
mod sent;
pub mod v3;

pub use callback::{ReceiptFields, ReceivedTextFields};
pub use file::File;
pub use notification::{GetNotification, ListNotifications, NotificationFields};
pub use push::{BroadcastPush, Pushed, SendPush};
pub use recipient::{IdentifierType, RecipientIdentifier};
pub use send_email::SendEmail;
pub use send_sms::SendSms;
pub use sent::SentFields;

use super::{Facts, Service};

const FACTS: Facts = Facts {
    name: "va",
    title: "VA Notify",
    base_url: "https://api.va.gov/vanotify",
    domain: "va.gov",
    bounds_requests: false,
    messages_per_minute: 3_000,
    max_sms_characters: None,
    // In base64, beside the rest of the request.
    max_file_bytes: Some(File::MAX_BYTES),
    lacks: &["/v2/notifications/letter", "/v2/notifications/{id}/pdf", "/v2/received-text-messages"],
    // Canada's, which it inherited.
    smoke_test_numbers: &["6132532222", "6132532223", "6132532224"],
    refusals: &refusals::LINES,
};

impl Service {
    /// VA Notify. Its source bounds no request.
    pub const fn va_notify() -> Self {
        Self(&FACTS)
    }
}

/// The operations of this module are this service's alone.
const ALONE: &[Service] = &[Service::va_notify()];

/// How many characters a callback URL may have.
const LONGEST_CALLBACK_URL: usize = 255;

/// The setters of a message of either kind.
macro_rules! va_message_options {
    () => {
        /// Names the person as well, by an identifier of VA's.
        pub fn recipient_identifier(mut self, recipient: RecipientIdentifier) -> Self {
            self.recipient_identifier = Some(recipient);
            self
        }

        /// Sets who pays, in a text of the sender's own.
        pub fn billing_code(mut self, billing_code: impl Into<String>) -> Self {
            self.billing_code = Some(billing_code.into());
            self
        }

        /// Has the receipt of this message posted to this URL, instead of to the service's own callback. It must begin
        /// with `https` and have at most 255 characters.
        ///
        /// The receipt carries no token, but a signature: verify it with
        /// [`CallbackSecret`](crate::callback::CallbackSecret).
        pub fn callback_url(mut self, url: impl Into<String>) -> Self {
            self.callback_url = Some(url.into());
            self
        }
    };
}
use va_message_options;
