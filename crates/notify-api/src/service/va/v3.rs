//! The third version of VA Notify's API: **experimental, and of no use for real messages yet**.
//!
//! At the commit that was recorded it is off in production and in staging, where it is answered with a 404
//! ([`Error::is_unknown_operation`](crate::Error::is_unknown_operation)). Where it is on,
//!
//! - **the text that goes out is the redacted one**: `Hello <redacted>`;
//! - **a test key sends for real**, since the service's first key counts and not the one that signed;
//! - an unknown template, sender or person is taken all the same, and then there is nothing under the id for ever.
//!
//! The answer has the id alone; the message is read with [`GetNotification`](crate::va::GetNotification).

mod send_email;
mod send_sms;

pub use send_email::SendEmail;
pub use send_sms::SendSms;

use serde::Deserialize;

use super::{ALONE, RecipientIdentifier};
use crate::model::{Notification, NotificationId};

/// A message that the service took, and has not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Sent {
    /// The message, for asking after it.
    pub id: NotificationId,
}

/// The answer that was lost, from the message as it is listed.
fn found(message: &Notification) -> Sent {
    Sent { id: message.id }
}
