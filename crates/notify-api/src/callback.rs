//! What the service posts to you.
//!
//! On the service's website, you name an `https` URL and a bearer token for each kind of callback. The service signs
//! nothing and adds no timestamp, so only the token tells its requests from others. [`CallbackToken::verify`] compares
//! it in constant time before it reads anything else.
//!
//! A message can have its own URL for receipts. At Notify.gov.au, these receipts carry the bearer token that was sent
//! with the message ([`status_callback`](crate::au::SendSms::status_callback)). At VA Notify
//! ([`callback_url`](crate::va::SendSms::callback_url)), they carry a signature, which [`CallbackSecret::verify`]
//! checks.
//!
//! # What to answer
//!
//! Answer within 3 seconds with a 2xx, before you do anything that takes long. Only some answers make the service try
//! again:
//!
//! | service | tries again after | how often | never after |
//! | --- | --- | --- | --- |
//! | GOV.UK Notify, GC Notify | 429, 5xx, no answer in 5 s | every 5 minutes, 5 times | any other answer |
//! | Notify.gov.au | 5xx, no answer in 10 s | every minute, 5 times | any other answer, 429 too |
//! | VA Notify, to the service's URL | 5xx, no answer in 5 s | up to 60 times, at most 5 minutes apart | any other answer, 429 too |
//! | VA Notify, to a message's own URL | 429, 5xx, no answer in 5 s | the same | any other answer; a refused connection |
//!
//! So answer with a 503 if you cannot take a callback now, and with a 4xx only to callbacks that you never want to see
//! again. A 401 to a wrong token loses every callback that comes before you have fixed the token. No service follows a
//! redirect well: a POST becomes a GET without a body ([`CallbackError::Empty`]), and the token or the signature goes
//! wherever the redirect points.
//!
//! Callbacks can come more than once, and in any order. Keep the [`deduplication_key`](Callback::deduplication_key) of
//! each one that you have handled. If a field is missing or malformed, only that field is lost: it is `None`, or empty.
//!
//! The service posts nothing for letters on their way, nor for its smoke-test recipients.
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
    /// A message reached a status.
    DeliveryReceipt(DeliveryReceipt),
    /// Somebody sent a text message to the service.
    ReceivedText(ReceivedText),
    /// A letter came back.
    ReturnedLetter(ReturnedLetter),
    /// The recipient of an e-mail reported it as spam.
    Complaint(Complaint),
}

/// The fields whose presence identifies a kind of callback; their values may be null.
#[derive(Deserialize)]
struct Discriminators {
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
    /// Reads the body of a callback whose sender you have verified in another way.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Empty`], [`CallbackError::Unreadable`] or [`CallbackError::UnknownKind`].
    pub fn from_json(body: &[u8]) -> Result<Self, CallbackError> {
        if body.is_empty() {
            return Err(CallbackError::Empty);
        }
        match read(body)? {
            Discriminators { complaint_id: Some(_), .. } => read(body).map(Self::Complaint),
            Discriminators { source_number: Some(_), .. } => read(body).map(Self::ReceivedText),
            Discriminators { date_sent: Some(_), .. } => read(body).map(Self::ReturnedLetter),
            Discriminators { status: Some(_), .. } => read(body).map(Self::DeliveryReceipt),
            _ => Err(CallbackError::UnknownKind),
        }
    }

    /// Reads the additional fields of one of the services, from the body of a verified callback:
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
    /// receipt also the status, since one message can have several. It holds no personal data.
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

/// Why a callback cannot be taken. Of what was posted, it shows only names of fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The bearer token or the signature is missing or wrong. Answer 401; the callback then does not come again. See
    /// [what to answer](self#what-to-answer).
    #[error("the callback does not carry the right token or signature")]
    Unauthorized,
    /// There is no body: the service followed a redirect, which turned its POST into a GET. The callback is lost. Give
    /// the service the final URL.
    #[error("the callback has no body, as after a redirect")]
    Empty,
    /// The body is not what the service sends; `at` says where. Answer 503 to receive it again when you can read it.
    #[error("the callback cannot be read, at {}", Printable(.at))]
    #[non_exhaustive]
    Unreadable {
        /// The path of the field, and the place in the text.
        at: String,
    },
    /// The body is JSON, but not a kind of callback that this version knows.
    #[error("the callback is of no known kind")]
    UnknownKind,
}
