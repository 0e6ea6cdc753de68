//! What VA Notify offers beyond GOV.UK Notify.
//!
//! GOV.UK Notify's [`SendSms`](crate::SendSms) and [`SendEmail`](crate::SendEmail) work. The ones here also have
//! [recipient identifiers](RecipientIdentifier), a billing code and their own callback URL, and e-mails have
//! [calendar files](File). There are push messages ([`SendPush`], [`BroadcastPush`]), and an experimental [`v3`].
//!
//! # The key
//!
//! VA Notify issues the secret of a key, mostly of 86 characters, and the service id separately. To make a client, pass
//! both as [`KeyParts`](crate::KeyParts): `Client::builder(KeyParts { service_id, secret })`. Without such a client, use
//! [`Signer::from_parts`](notify_jwt::Signer::from_parts). By default, a key expires after 180 days. The service then says
//! `API key expired`, and [`Error::is_key_refused`](crate::Error::is_key_refused) holds. A revoked key may work for ten
//! more minutes.
//!
//! # What it does badly
//!
//! - **A push with a test key is real**, and so is a message sent with [`v3`].
//! - **`scheduled_for`** is not honoured, so it is left out here. Nothing sends the message before 24 hours and 15
//!   minutes. A malformed time is answered with a 500, but the message is stored all the same. With a recipient
//!   identifier, the message goes at once.
//! - **Recipient identifiers skip the checks**: with them, a team key, or a service in trial mode, can send to
//!   strangers.
//! - **Missing placeholders** are named in a random order, and conditional ones count as missing.
//! - **Content** in answers has `<redacted>` in place of each value, and shows every conditional part.
//! - **Text messages** have no limit: 2,000 characters are accepted, and billed.
//! - **A list of templates** that includes a letter is answered with a 500.
//! - **Requests** have at most 1,048,576 bytes, files included. The service answers letters with a 501; this crate
//!   refuses them before sending.
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
pub use push::{BroadcastPush, PushTemplateId, Pushed, SendPush};
pub use recipient::{IdentifierType, RecipientIdentifier};
pub use send_email::SendEmail;
pub use send_sms::SendSms;
pub use sent::SentFields;

use super::{Properties, Service, SmsLength};

const PROPERTIES: Properties = Properties {
    name: "va",
    title: "VA Notify",
    base_url: "https://api.va.gov/vanotify",
    domain: "va.gov",
    bounds_requests: false,
    messages_per_minute: 3_000,
    max_sms_characters: None,
    sms_length: SmsLength::Utf16,
    // In base64, together with the rest of the request.
    max_file_bytes: Some(File::MAX_BYTES),
    lacks: &["/v2/notifications/letter", "/v2/notifications/{id}/pdf", "/v2/received-text-messages"],
    // Canada's numbers, which it inherited.
    smoke_test_numbers: &["6132532222", "6132532223", "6132532224"],
    refusals: &refusals::LINES,
};

impl Service {
    /// VA Notify. Its source sets no time limit for a request.
    pub const fn va_notify() -> Self {
        Self(&PROPERTIES)
    }
}

/// Only this service has the operations of this module.
const ALONE: &[Service] = &[Service::va_notify()];

/// How many characters a callback URL may have.
const LONGEST_CALLBACK_URL: usize = 255;

/// The setters of a message of either kind.
macro_rules! va_message_options {
    () => {
        /// Also names the person, by one of VA's identifiers.
        pub fn recipient_identifier(mut self, recipient: RecipientIdentifier) -> Self {
            self.recipient_identifier = Some(recipient);
            self
        }

        /// Sets who pays, as a text of your choice.
        pub fn billing_code(mut self, billing_code: impl Into<String>) -> Self {
            self.billing_code = Some(billing_code.into());
            self
        }

        /// Has the receipt of this message posted to this URL instead of the service's own callback. The URL must begin
        /// with `https` and have at most 255 characters.
        ///
        /// The receipt carries a signature instead of a token. Verify it with
        /// [`CallbackSecret`](crate::callback::CallbackSecret).
        pub fn callback_url(mut self, url: impl Into<String>) -> Self {
            self.callback_url = Some(url.into());
            self
        }
    };
}
use va_message_options;
