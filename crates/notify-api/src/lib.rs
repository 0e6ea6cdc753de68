//! The operations of the Notify services, their answers and errors, and the machine that makes a call — without I/O.
//!
//! This crate opens no socket, reads no clock and never sleeps. Most programs want `notify-http`, which drives it over
//! reqwest; use this crate alone to carry calls over a transport of your own.
//!
//! 1. **A request is a value.** One operation of the API is one struct that implements [`Endpoint`]: [`SendSms`],
//!    [`SendEmail`], [`GetNotification`], [`ListNotifications`], [`ListTemplates`].
//! 2. **A call is a state machine.** A [`Call`] turns an endpoint into [`Step::Send`], [`Step::Wait`] and
//!    [`Step::Done`]. It signs a token for each attempt, learns how far the clocks are apart, and sends again only what
//!    the service certainly did not take.
//! 3. **A client is a loop** which does what the steps say:
//!
//! ```
//! use std::time::Duration;
//! use bytes::Bytes;
//! use notify_api::{ApiKey, Call, Event, GetNotification, Now, RawAnswer, Session, Step};
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
//!             std::thread::sleep(duration);
//!             call.next(Event::Elapsed, now())
//!         }
//!         Step::Done(result) => break result.and_then(RawAnswer::decode::<GetNotification>),
//!     }
//! };
//! assert!(answer.unwrap_err().is_not_found());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod answer;
mod base_url;
mod call;
mod endpoint;
mod endpoints;
mod error;
mod mask;
pub mod model;
mod pace;
mod policy;
mod request;
mod session;

pub use answer::{Answer, RawAnswer};
pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use call::{Call, Cause, Event, Now, Step};
pub use endpoint::{Effect, Endpoint, Identity, Operation};
pub use endpoints::{GetNotification, ListNotifications, ListTemplates, SendEmail, SendSms};
pub use error::{Error, ServiceError};
pub use notify_jwt::{ApiKey, ParseApiKeyError};
pub use pace::{Bucket, Pacer, Slot, TooLong, Unpaced, Urgency};
pub use policy::Policy;
pub use request::{InvalidRequest, Request};
pub use session::{Session, SessionBuilder};
