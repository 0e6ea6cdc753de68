//! For the tests of your program: answers and errors without a service, and the rules that every rate limiter must
//! keep.
//!
//! Enable the feature `testing` under `[dev-dependencies]`. It also makes all models of answers and callbacks
//! serialisable. To test against a whole service, use `notify-sandbox` instead.
//!
//! # Examples
//!
//! Code that is written against its own trait, and tested without a client:
//!
//! ```
//! use notify_api::model::SentSms;
//! use notify_api::{ApiResponse, Error, ErrorKind, SendSms, testing};
//!
//! trait Texts {
//!     fn send(&self, message: SendSms) -> Result<ApiResponse<SentSms>, Error>;
//! }
//!
//! struct Refusing;
//!
//! impl Texts for Refusing {
//!     fn send(&self, _: SendSms) -> Result<ApiResponse<SentSms>, Error> {
//!         Err(testing::refusal::<SendSms>(400, "InvalidPhoneError", "Not a UK mobile number"))
//!     }
//! }
//!
//! struct Taking;
//!
//! impl Texts for Taking {
//!     fn send(&self, message: SendSms) -> Result<ApiResponse<SentSms>, Error> {
//!         let mut sent = testing::sent_sms();
//!         sent.reference = message.reference_text().map(str::to_owned);
//!         Ok(testing::response::<SendSms>(sent))
//!     }
//! }
//!
//! let message = SendSms::new(testing::TEMPLATE, "+447900900123").reference("appointment 17");
//! assert_eq!(Refusing.send(message.clone()).unwrap_err().kind(), ErrorKind::Recipient);
//! assert_eq!(Taking.send(message).unwrap().reference.as_deref(), Some("appointment 17"));
//! ```

mod models;
mod rate_limiter;

use bytes::Bytes;
use http::StatusCode;

use crate::error::{Evidence, Failure, Refusal};
use crate::redaction::Redaction;
use crate::report::Report;
use crate::{ApiResponse, Cause, Endpoint, Error, RawResponse};
pub use models::{
    TEMPLATE, complaint, delivery_receipt, notification, notification_page, received_text,
    received_text_message, received_text_message_page, returned_letter, sent_email, sent_letter,
    sent_precompiled_letter, sent_sms, template, template_list, template_preview,
};
pub use rate_limiter::check_rate_limiter;

/// A response with this answer, as a client returns it. Its raw response is an empty 200.
pub fn response<E: Endpoint>(answer: E::Response) -> ApiResponse<E::Response> {
    let raw = RawResponse::new(http::Response::new(Bytes::new()), report::<E>(1));
    ApiResponse::new(answer, raw)
}

/// The error of an operation that the service refused with this status, class and text.
///
/// # Panics
///
/// If `status` is not an HTTP status, or `class` is not one word, as when the two texts are swapped.
pub fn refusal<E: Endpoint>(status: u16, class: &str, message: &str) -> Error {
    let status = StatusCode::from_u16(status).expect("an HTTP status has three digits");
    assert!(!class.is_empty() && !class.contains(' '), "a class is one word, such as BadRequestError");
    let error = serde_json::json!({ "error": class, "message": message });
    let body = serde_json::json!({ "status_code": status.as_u16(), "errors": [error] });
    let mut response = http::Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    let refusal = Refusal::new(response, &Redaction::default());
    Error::new(report::<E>(1), Failure::Refused(refusal), Evidence::None)
}

/// The error of an operation that got no answer: a message [may have been sent](Error::may_have_been_sent).
pub fn lost<E: Endpoint>(reference: Option<&str>) -> Error {
    let report = Report { reference: reference.map(str::to_owned), ..report::<E>(1) };
    Error::new(report, Failure::Lost(Cause::new("the connection was cut")), Evidence::None)
}

/// The error of an operation that did not reach the service.
pub fn not_sent<E: Endpoint>() -> Error {
    Error::new(report::<E>(1), Failure::NotSent(Cause::new("connection refused")), Evidence::None)
}

fn report<E: Endpoint>(attempts: u32) -> Report {
    Report { attempts, ..Report::before(&E::OPERATION) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, GetNotification, SendEmail};

    #[test]
    fn errors_are_what_a_client_would_give() {
        let refused = refusal::<SendEmail>(429, "RateLimitError", "Exceeded rate limit");
        assert_eq!((refused.kind(), refused.is_retryable()), (ErrorKind::RateLimit, true));
        assert_eq!((refused.operation(), refused.attempts()), ("send_email", 1));
        let lost_message = lost::<SendEmail>(Some("r"));
        assert!(lost_message.may_have_been_sent() && !lost_message.is_retryable());
        assert_eq!(lost_message.reference(), Some("r"));
        assert!(lost::<GetNotification>(None).is_retryable());
        assert!(not_sent::<SendEmail>().is_not_sent());
    }

    #[test]
    #[should_panic(expected = "a class is one word")]
    fn a_class_and_a_text_that_are_swapped_are_noticed() {
        let _ = refusal::<SendEmail>(429, "Exceeded rate limit", "RateLimitError");
    }
}
