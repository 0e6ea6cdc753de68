//! What the service posts to you.
//!
//! On the service's website you name an `https` URL and a bearer token for each kind of callback. The service signs
//! nothing and stamps no time: the token is all there is to tell its requests from others, so
//! [`CallbackToken::verify`] compares it in constant time before it reads anything else.
//!
//! Receipts of one message can go to a URL of its own. At Notify.gov.au they carry the bearer token that was sent with the
//! message ([`status_callback`](crate::au::SendSms::status_callback)); at VA Notify
//! ([`callback_url`](crate::va::SendSms::callback_url)) a signature, which [`CallbackSecret::verify`] checks.
//!
//! # What to answer
//!
//! Answer within 3 seconds with a 2xx, before you do what takes long. Only some answers make the service try again:
//!
//! | service | tries again after | how often | never after |
//! | --- | --- | --- | --- |
//! | GOV.UK Notify, GC Notify | 429, 5xx, no answer in 5 s | every 5 minutes, 5 times | any other answer |
//! | Notify.gov.au | 5xx, no answer in 10 s | every minute, 5 times | any other answer, 429 too |
//! | VA Notify, to the service's URL | 5xx, no answer in 5 s | up to 60 times, at most 5 minutes apart | any other answer, 429 too |
//! | VA Notify, to a message's own URL | 429, 5xx, no answer in 5 s | the same | any other answer; a refused connection |
//!
//! So answer with a 503 when you cannot take a callback now, and with a 4xx only to what you never want to see again: a 401
//! to the wrong token loses each callback that comes before you have put it right. No service follows a redirect well: a POST
//! becomes a GET without a body ([`CallbackError::Empty`]), and the token or the signature goes to wherever it points.
//!
//! Callbacks come more than once, and in any order: keep the [`deduplication_key`](Callback::deduplication_key) of what you
//! have handled. A field that a callback lacks, or that is not what it should be, costs nothing but itself: what is not
//! there is `None`, or empty.
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
//!         Callback::ReceivedText(text) => println!("{} came in at {:?}", text.id, text.date_received),
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
mod signature;
mod token;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};

pub use complaint::Complaint;
pub use delivery_receipt::DeliveryReceipt;
pub use received_text::ReceivedText;
pub use returned_letter::ReturnedLetter;
pub use signature::{CallbackSecret, InvalidCallbackSecret};
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

/// The fields that tell one kind from the others, by being there; their values may be null.
#[derive(Deserialize)]
struct Marks {
    #[serde(default, deserialize_with = "there")]
    status: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    source_number: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    date_sent: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    complaint_id: Option<IgnoredAny>,
}

fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<IgnoredAny>, D::Error> {
    IgnoredAny::deserialize(deserializer).map(Some)
}

impl Callback {
    /// Reads the body of a callback, whose sender has been verified in another way.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Empty`], [`CallbackError::Unreadable`] or [`CallbackError::UnknownKind`].
    pub fn from_json(body: &[u8]) -> Result<Self, CallbackError> {
        if body.is_empty() {
            return Err(CallbackError::Empty);
        }
        match read(body)? {
            Marks { complaint_id: Some(_), .. } => read(body).map(Self::Complaint),
            Marks { source_number: Some(_), .. } => read(body).map(Self::ReceivedText),
            Marks { date_sent: Some(_), .. } => read(body).map(Self::ReturnedLetter),
            Marks { status: Some(_), .. } => read(body).map(Self::DeliveryReceipt),
            _ => Err(CallbackError::UnknownKind),
        }
    }

    /// What one of the services says besides, from the body of a callback that was verified:
    /// [`gc::ReceiptFields`](crate::gc::ReceiptFields), [`va::ReceiptFields`](crate::va::ReceiptFields),
    /// [`va::ReceivedTextFields`](crate::va::ReceivedTextFields).
    ///
    /// # Errors
    ///
    /// [`CallbackError::Unreadable`].
    ///
    /// # Examples
    ///
    /// ```
    /// use notify_api::callback::Callback;
    /// use notify_api::gc::ReceiptFields;
    ///
    /// let body = br#"{"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "status": "permanent-failure",
    ///     "status_description": "No such number"}"#;
    /// let added: ReceiptFields = Callback::added(body)?;
    /// assert_eq!(added.status_description.as_deref(), Some("No such number"));
    /// # Ok::<(), notify_api::callback::CallbackError>(())
    /// ```
    pub fn added<F: DeserializeOwned>(body: &[u8]) -> Result<F, CallbackError> {
        read(body)
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
    /// The bearer token or the signature is missing or another one: answer 401, after which it does not come again; see
    /// [what to answer](self#what-to-answer).
    #[error("the callback does not carry the right token or signature")]
    Unauthorized,
    /// There is no body: the service followed a redirect, by which its POST became a GET. The callback is lost; name the
    /// URL where it is taken.
    #[error("the callback has no body, as after a redirect")]
    Empty,
    /// The body is not what the service sends; `at` says where. Answer 503 to have it again when you can read it.
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
