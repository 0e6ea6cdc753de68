//! The third version of VA Notify's API: **experimental, and not yet usable for real messages**.
//!
//! At the recorded commit it is off in production and in staging, which answer with a 404
//! ([`Error::is_unknown_operation`](crate::Error::is_unknown_operation)). Where it is on:
//!
//! - **the text that goes out is the redacted one**: `Hello <redacted>`;
//! - **a test key sends for real**, since the service's first key counts instead of the one that signed;
//! - an unknown template, sender or person is accepted all the same, and then the id never leads to a message.
//!
//! The answer holds only the id. Read the message with [`GetNotification`](crate::va::GetNotification).

mod send_email;
mod send_sms;

pub use send_email::SendEmail;
pub use send_sms::SendSms;

use serde::Deserialize;

use super::{ALONE, RecipientIdentifier};
use crate::model::{Notification, NotificationId};

/// A message that the service has taken but not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Sent {
    /// The message's id, for reading it later.
    pub id: NotificationId,
}

/// Rebuilds the lost answer from the listed message.
fn found(message: &Notification) -> Sent {
    Sent { id: message.id }
}
