//! A client of the Notify services, on reqwest.
//!
//! One line makes a client. It is cheap to clone, and all tasks can share it. One method, `send`, performs any
//! operation:
//!
#![cfg_attr(feature = "async", doc = "```no_run")]
#![cfg_attr(not(feature = "async"), doc = "```text")]
//! use notify_http::{Client, GetNotification, SendSms};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(&std::env::var("NOTIFY_API_KEY")?)?;
//!
//! let message = SendSms::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "+447900900123")
//!     .personalisation("name", "Kim");
//! let sent = client.send(message).await?;
//!
//! println!("{}", client.send(GetNotification::new(sent.id)).await?.status);
//! # Ok(())
//! # }
//! ```
//!
//! The client signs a token for each attempt. It learns the service's clock when this machine's is wrong. It keeps to
//! the service's rate limit, and it retries what is safe to retry: reads after most failures, messages only when the
//! service certainly did not take them. It never follows redirects, and it does not send a message twice by accident.
//! For exactly what that means, see [Never twice by
//! accident](https://github.com/notify-toolkit/notify/blob/main/docs/never-twice.md).
//!
//! When something fails, [`Error`] says what you can do about it. This crate re-exports everything in [`notify_api`].
//!
//! # Features
//!
//! - `async` (default): [`Client`], for programs on tokio.
//! - `blocking`: `blocking::Client`, for programs without a runtime.
//! - `rustls` (default): TLS by rustls and ring, trusting the certificates that the machine trusts.
//! - `rustls-no-provider`: the same, with the cryptography provider that your program installs for the process.
//! - `native-tls`: TLS by the system's library.
//! - `reqwest-builder`: `ClientBuilder::reqwest`, which takes a reqwest builder and so ties your program to reqwest's
//!   version.
//! - `testing`: responses and errors for your program's tests, and a conformance suite for transports.
//! - `tracing`: a span for each call and an event for each attempt, without personal data.
//!
//! Without any of the three TLS features, building a client for an `https://` service fails.
//!
//! # Why rustls with ring, and HTTP/1.1
//!
//! This table shows the cost of a program that sends one text message, on Linux. Crates include build dependencies,
//! and the program is built with `--release` on one core:
//!
//! | TLS | crates | processor seconds to compile | bytes, stripped |
//! | --- | ---: | ---: | ---: |
//! | none | 101 | 126 | 2,546,320 |
//! | rustls with ring | 116 | 178 | 4,409,960 |
//! | the system's library, which has to be installed besides | 117 | 143 | 2,747,544 |
//! | rustls with aws-lc, what reqwest takes unless told otherwise | 121 | 239 | 6,518,008 |
//!
//! So the feature `rustls` uses ring, the smallest option that needs nothing from the system. reqwest panics if rustls
//! is compiled in and the process has no cryptography provider. This crate therefore gives each client its provider
//! directly, and `build` fails if there is none.
//!
//! HTTP/2 would add 7 more crates and 740 KB, and would put all requests on one connection: if it broke, every message
//! on it would be in doubt at once. The service takes 50 requests a second, which a few HTTP/1.1 connections can
//! carry.
//!
//! # What a send costs
//!
//! The table compares this client with reqwest alone, which sends the same message with the same token and reads the
//! same answer, but has no timeout, no rate limiter and no classification of errors (`cargo xtask bench-http`, on two
//! cores):
//!
//! | a send | this client | reqwest alone |
//! | --- | ---: | ---: |
//! | instructions, with SHA-256 in software | 93,941 | 88,281 |
//! | peak memory of the process with 256 in flight, KiB | 12,356 | 11,664 |
//! | messages a second, 32 in flight, of a service that answers after 5 ms | 5,460 | 5,494 |
//! | messages a second, 32 in flight, of one that answers at once | 27,221 | 29,026 |
//!
//! # Dropping a call
//!
//! Dropping the future of a send, as `tokio::time::timeout` and `select!` do, ends the call wherever it is: before
//! anything was sent, while the request is in flight, or after the service took the message but before its answer was
//! read. You cannot know which, and nothing looks the message up afterwards. Treat it like
//! [`Error::may_have_been_sent`]: look the message up by a reference of its own before you send it again. To limit a
//! call's time, set the client's timeout instead; the call then ends with an error that says what happened.
#![forbid(unsafe_code)]

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(any(feature = "async", feature = "blocking"))]
mod builder;
#[cfg(feature = "async")]
mod client;
#[cfg(any(feature = "async", feature = "blocking"))]
mod inner;
#[cfg(any(feature = "async", feature = "blocking"))]
mod into;
#[cfg(any(feature = "async", feature = "blocking"))]
mod kind;
#[cfg(any(feature = "async", feature = "blocking"))]
mod pages;
#[cfg(any(feature = "async", feature = "blocking"))]
mod reqwest_transport;
#[cfg(all(feature = "testing", any(feature = "async", feature = "blocking")))]
pub mod testing;
#[cfg(any(feature = "async", feature = "blocking"))]
mod tls;
#[cfg(any(feature = "async", feature = "blocking"))]
mod trace;
#[cfg(any(feature = "async", feature = "blocking"))]
mod transport;
#[cfg(any(feature = "async", feature = "blocking"))]
mod wait;

#[cfg(any(feature = "async", feature = "blocking"))]
pub use builder::{BuildError, ClientBuilder};
#[cfg(feature = "async")]
pub use client::Client;
#[cfg(any(feature = "async", feature = "blocking"))]
pub use into::{IntoApiKey, IntoBaseUrl, InvalidKey};
pub use notify_api::{
    Accepted, ApiKey, ApiResponse, BaseUrl, Call, Cause, DeadlineExceeded, Effect, Endpoint, Error,
    ErrorKind, Event, Extended, ExtendedPage, GetLetterPdf, GetNotification, GetTemplate, GetTemplateVersion,
    Identity, InvalidBaseUrl, InvalidRequest, KeyParts, ListNotifications, ListReceivedTextMessages,
    ListTemplates, NotOffered, Now, Operation, Paged, ParseApiKeyError, ParsePartsError, PermitRequest,
    Policy, PreviewTemplate, Priority, Progress, ProxyAddress, RateLimiter, RawResponse, RequestParts,
    Reservation, SendEmail, SendLetter, SendPrecompiledLetter, SendSms, Service, ServiceError, Session,
    SessionBuilder, Signer, Step, Throttled, TokenBucket, Unlimited, WaitReason, au, callback, check, gc,
    model, va,
};
#[cfg(feature = "async")]
pub use pages::{Items, Pages};
#[cfg(any(feature = "async", feature = "blocking"))]
pub use transport::{Limits, TransportError};
#[cfg(feature = "async")]
pub use transport::{ResponseFuture, Transport};
#[cfg(any(feature = "async", feature = "blocking"))]
pub use wait::WaitError;

#[cfg(all(doctest, feature = "async"))]
#[doc = include_str!("../README.md")]
struct Readme;
