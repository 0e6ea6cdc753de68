//! The operations of the Notify services, their answers and errors, and the machine that makes a call — without I/O.
//!
//! This crate opens no socket, reads no clock and never sleeps. Most programs want `notify-http`, which drives it over
//! reqwest. Use this crate alone to carry calls over your own transport.
//!
//! 1. **A request is a value.** One operation of the API is one struct that implements [`Endpoint`]: [`SendSms`],
//!    [`SendEmail`], [`SendLetter`], [`SendPrecompiledLetter`], [`GetNotification`], [`ListNotifications`],
//!    [`GetLetterPdf`], [`GetTemplate`], [`GetTemplateVersion`], [`ListTemplates`], [`PreviewTemplate`],
//!    [`ListReceivedTextMessages`].
//! 2. **A call is a state machine.** A [`Call`] turns an endpoint into [`Step::Send`], [`Step::Wait`] and
//!    [`Step::Done`]. It signs a token for each attempt, learns the difference between the two clocks, and resends only
//!    what the service certainly did not take.
//! 3. **A client is a loop** that does what the steps say:
//!
//! ```
//! use std::time::Duration;
//! use bytes::Bytes;
//! use notify_api::{ApiKey, Call, Event, GetNotification, Now, RawResponse, Session, Step};
//!
//! # let key = ApiKey::parse("demo-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0")?;
//! # fn carry(_: http::Request<Bytes>) -> Event {
//! #     let body = r#"{"errors":[{"error":"NoResultFound","message":"No result found"}],"status_code":404}"#;
//! #     Event::Response(http::Response::builder().status(404).body(Bytes::from(body)).unwrap())
//! # }
//! # fn now() -> Now { Now { monotonic: Duration::ZERO, unix: Duration::from_secs(1_795_430_454) } }
//! let session = Session::builder(&key).build();
//! let endpoint = GetNotification::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
//! let mut step = Call::new(&session, &endpoint, now())?.next(Event::Start, now());
//! let answer = loop {
//!     step = match step {
//!         Step::Send(request, call) => call.next(carry(request), now()),
//!         Step::Wait(duration, call) => {
//!             std::thread::sleep(duration.min(call.longest_sleep()));
//!             call.next(Event::Elapsed, now())
//!         }
//!         Step::Reconnect(call) => call.next(Event::Elapsed, now()), // each request has a connection of its own
//!         Step::Done(result) => break result.and_then(RawResponse::decode::<GetNotification>),
//!     }
//! };
//! assert!(answer.unwrap_err().is_not_found());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! These are the operations of GOV.UK Notify. The other services have most of them; [`Service`] says which. The
//! operations that only Notify.gov.au, GC Notify or VA Notify offers are in [`au`], [`gc`] and [`va`]. If you ask a
//! service for something it does not offer, nothing is sent, and [`Error::is_not_offered`] holds.
//!
//! Lists come in pages, and each page knows how to request the next: [`Paged`]. To check a message before you send it,
//! use [`check`]. To read what the service posts to you, use [`callback`].
//!
//! # When a message is sent again
//!
//! The API has no idempotency key. A [`Call`] sends a message again only if the service certainly did not take it:
//!
//! - no connection was made, or the proxy let nothing through;
//! - the service refused it, in its own words, because of the token's time or because it came too fast;
//! - or the message has a reference of its own ([`generate_reference`](SendSms::generate_reference),
//!   [`unique_reference`](SendSms::unique_reference)), and two lookups by it, whose tokens prove that the service can no
//!   longer take the message, list nothing.
//!
//! In every other case in which the service may have taken it, the call ends in an error for which
//! [`Error::may_have_been_sent`] holds. The error carries the [reference](Error::reference). A call reports a message
//! as sent only if the service said so about this very message, or lists it.
//!
//! The exact guarantees, what they rest on, and how they are proved:
//! [Never twice by accident](https://github.com/notify-toolkit/notify/blob/main/docs/never-twice.md).
#![forbid(unsafe_code)]

mod base_url;
mod call;
pub mod callback;
pub mod check;
mod endpoint;
mod endpoints;
mod error;
mod headers;
mod json;
pub mod model;
mod paged;
mod policy;
mod printable;
mod proxy;
mod rate_limit;
mod redaction;
mod report;
mod request;
mod response;
mod service;
mod session;
#[cfg(feature = "testing")]
pub mod testing;
mod trace_id;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use call::{Call, Cause, Event, Now, Progress, Step, WaitReason};
pub use endpoint::{Effect, Endpoint, Identity, Operation};
pub use endpoints::{
    GetLetterPdf, GetNotification, GetTemplate, GetTemplateVersion, ListNotifications,
    ListReceivedTextMessages, ListTemplates, PreviewTemplate, SendEmail, SendLetter, SendPrecompiledLetter,
    SendSms,
};
pub use error::{Error, ErrorKind, ServiceError};
pub use notify_jwt::{ApiKey, KeyParts, ParseApiKeyError, ParsePartsError, Signer};
pub use paged::Paged;
pub use policy::Policy;
pub use proxy::ProxyAddress;
pub use rate_limit::{
    Accepted, DeadlineExceeded, PermitRequest, Priority, RateLimiter, Reservation, Throttled, TokenBucket,
    Unlimited,
};
pub use request::{InvalidRequest, RequestParts};
pub use response::{ApiResponse, RawResponse};
pub use service::{Extended, ExtendedPage, NotOffered, Service, au, gc, va};
pub use session::{Session, SessionBuilder};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
