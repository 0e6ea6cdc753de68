//! Checks of a message before it is sent.
//!
//! These checks do no I/O and run only when you ask for them, with a template that you have read before
//! ([`GetTemplate`](crate::GetTemplate), [`ListTemplates`](crate::ListTemplates)). They say that the service will
//! refuse a message only if that is certain. Whether it will *take* a message depends on more than can be seen from
//! here, such as the numbers and addresses that this service may send to. So a [`CheckResult`] is either refused or
//! unknown.
//!
//! # Examples
//!
//! ```
//! use notify_api::SendSms;
//! use notify_api::check::{self, CheckResult, Problem, SmsText};
//! use notify_api::model::{Personalisation, Template};
//!
//! # let json = r#"{"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "type": "sms", "name": "n", "version": 1,
//! #     "created_at": "2026-11-23T10:42:43.906471Z", "body": "Dear ((name)), come at ((time)).",
//! #     "personalisation": {"name": {"required": true}, "time": {"required": true}}}"#;
//! let template: Template = serde_json::from_str(json)?; // or as GetTemplate answers
//! let message = SendSms::new(template.id, "+447900900123").personalisation("Name", "Łucja");
//! assert_eq!(
//!     check::sms(&message, &template),
//!     CheckResult::Refused(vec![Problem::MissingPersonalisation(vec!["time".to_owned()])])
//! );
//!
//! let values = Personalisation::from_iter([("name", "Łucja"), ("time", "9")]);
//! let text = SmsText::of(&template, &values);
//! assert_eq!((text.as_str(), text.fragments()), ("Dear Lucja, come at 9.", 1));
//! assert_eq!(check::sms(&message.personalisation("time", "9"), &template), CheckResult::Unknown);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod content;
mod filled;
mod message;
mod personalisation;
mod sms_text;

pub use crate::model::placeholder::key as placeholder_key;
pub use filled::Filled;
pub use message::{CheckResult, MAX_EMAIL_BYTES, Problem, email, letter, sms, sms_at};
pub use personalisation::{missing_personalisation, unused_personalisation};
pub use sms_text::{Encoding, ServiceName, SmsText};
