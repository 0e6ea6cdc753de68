//! What the service posts to you.
//!
//! On the service's website you name an `https` URL and a bearer token for each kind of callback. The service signs
//! nothing and stamps no time: the token is all there is to tell its requests from others, so
//! [`CallbackToken::verify`] compares it in constant time before it reads anything else.
//!
//! Answer within 5 seconds with a 2xx. After a 429, a 5xx or no answer, GOV.UK Notify tries again every 5 minutes, five
//! times; after any other answer it never does. So callbacks come more than once, and in any order: keep
//! the [`deduplication_key`](Callback::deduplication_key) of what you have handled.
//!
//! Nothing is posted for letters on their way, nor for the service's smoke-test recipients.
//!
//! # Examples
//!
//! ```
//! use http::HeaderMap;
//! use notify_api::callback::{Callback, CallbackError, CallbackToken};
//!
//! fn receive(token: &CallbackToken, headers: &HeaderMap, body: &[u8]) -> Result<(), CallbackError> {
//!     match token.verify(headers, body)? {
//!         Callback::DeliveryReceipt(receipt) => println!("{} is {}", receipt.id, receipt.status),
//!         Callback::ReceivedText(text) => println!("{} came in at {}", text.id, text.date_received),
//!         other => println!("{other:?}"),
//!     }
//!     Ok(())
//! }
//!
//! let token = CallbackToken::new("a token of your choice")?;
//! let mut headers = HeaderMap::new();
//! headers.insert("authorization", "Bearer another token".parse()?);
//! assert!(matches!(receive(&token, &headers, b"{}"), Err(CallbackError::Unauthorized)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod complaint;
mod delivery_receipt;
mod received_text;
mod returned_letter;
mod token;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

pub use complaint::Complaint;
pub use delivery_receipt::DeliveryReceipt;
pub use received_text::ReceivedText;
pub use returned_letter::ReturnedLetter;
pub use token::{CallbackToken, InvalidCallbackToken};

use crate::json;
use crate::printable::Printable;

/// What the service posted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Callback {
    /// A message came to a status.
    DeliveryReceipt(DeliveryReceipt),
    /// Somebody sent a text message to the service.
    ReceivedText(ReceivedText),
    /// A letter came back.
    ReturnedLetter(ReturnedLetter),
    /// The recipient of an e-mail called it spam.
    Complaint(Complaint),
}

/// The fields that tell one kind from the others.
#[derive(Deserialize)]
struct Marks {
    status: Option<IgnoredAny>,
    source_number: Option<IgnoredAny>,
    date_sent: Option<IgnoredAny>,
    complaint_id: Option<IgnoredAny>,
}

impl Callback {
    /// Reads the body of a callback, whose sender has been verified in another way.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Unreadable`] or [`CallbackError::UnknownKind`].
    pub fn from_json(body: &[u8]) -> Result<Self, CallbackError> {
        match read(body)? {
            Marks { complaint_id: Some(_), .. } => read(body).map(Self::Complaint),
            Marks { source_number: Some(_), .. } => read(body).map(Self::ReceivedText),
            Marks { date_sent: Some(_), .. } => read(body).map(Self::ReturnedLetter),
            Marks { status: Some(_), .. } => read(body).map(Self::DeliveryReceipt),
            _ => Err(CallbackError::UnknownKind),
        }
    }

    /// A text that is the same for each repetition of this callback, and for no other: the kind and the id, and for a
    /// receipt the status, since one message can have several. It names no person.
    pub fn deduplication_key(&self) -> String {
        match self {
            Self::DeliveryReceipt(receipt) => format!("delivery-receipt/{}/{}", receipt.id, receipt.status),
            Self::ReceivedText(text) => format!("received-text/{}", text.id),
            Self::ReturnedLetter(letter) => format!("returned-letter/{}", letter.notification_id),
            Self::Complaint(complaint) => format!("complaint/{}", complaint.complaint_id),
        }
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, CallbackError> {
    json::read(body).map_err(|at| CallbackError::Unreadable { at })
}

/// Why a callback cannot be taken. It shows nothing of what was posted but names of fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The bearer token is missing or another one: answer 401.
    #[error("the callback does not carry the bearer token")]
    Unauthorized,
    /// The body is not what the service sends; `at` says where.
    #[error("the callback cannot be read, at {}", Printable(.at))]
    #[non_exhaustive]
    Unreadable {
        /// The path of the field, and the place in the text.
        at: String,
    },
    /// The body is JSON, and no callback that was known when this was written.
    #[error("the callback is of no known kind")]
    UnknownKind,
}
