//! Sends a message through a Notify service from a microcontroller: without `std`, without `alloc`, and without I/O.
//!
//! A message is a value: [`Message`]. A [`Call`] takes it to its end. It writes requests into your buffer and reads answers
//! in pieces of any size; the sockets, TLS and the waiting are yours. It knows what an answer means, and what its absence
//! means:
//!
//! ```text
//!              ┌────────────────── connect again, after so many seconds ◄──────────────────┐
//!              ▼                                                                           │
//! connect ─► request ─► write ─► received / closed / timed_out ─► Outcome ─┬─ TryAgain ────┤
//!                                                                          ├─ Unknown ─────┘ (looks it up)
//!                                                                          ├─ Accepted
//!                                                                          └─ Refused
//! ```
//!
//! [`Query`] asks for one message, by its id or its reference. [`Journal`] is what a device keeps in flash, so that a reset
//! between the first byte and the answer loses and doubles nothing.
//!
//! # Never twice
//!
//! The services have no idempotency key. If the answer is lost, nobody says whether the message was taken. So a call sends a
//! message again only after the service refused it in its own words because of the token's time or the rate limit, or after
//! lookups proved that it is absent. Otherwise the outcome is [`Outcome::Unknown`], and the next request is a lookup. The rules
//! are those of the whole toolkit:
//! [Never twice by accident](https://github.com/notify-toolkit/notify/blob/main/docs/never-twice.md). In short:
//!
//! - Only a message with a [reference of its own](Message::unique_reference) can be looked up.
//! - Only GOV.UK Notify [proves absence](Service::proves_absence), some 71 seconds after the token of the message.
//! - The device's clock proves nothing, and may be wrong. The token of the lookup proves that the time is over.
//!
//! # Time
//!
//! A board without a clock starts from the time of its build, or from the last time that the service
//! [confirmed](Journal::last_confirmed). Its first token may be refused. The call then adjusts the
//! [`Clock`](notify_jwt::Clock) to the `Date` of that refusal, and says [`TryAgain(0)`](Outcome::TryAgain). That is only sound
//! if nobody else can answer in the service's name: read there about the risk, and set the clock's maximum adjustment.
//!
//! Uptimes are whole seconds that never go back while the device runs. They may stand still while it sleeps.
//!
//! # What it costs
//!
//! A `Call` takes about a kilobyte of RAM, and a request less than another. Nothing in it can panic: an image with a call, a
//! query and a journal, optimised for size, contains no panic code, as checked on each change. An answer may be as long as it
//! likes, a list of 250 messages included; what is not needed is dropped as it arrives. [From a microcontroller to
//! Notify](https://github.com/notify-toolkit/notify/blob/main/docs/from-a-microcontroller.md) has the figures.
//!
//! # What it does not do
//!
//! Letters, files, bulk jobs and callbacks: a gateway can do them with `notify-http`. Each request has a connection of its
//! own, since a device sends seldom, and an answer then never belongs to another request. It does not pace: a device that
//! wants to send more than a message a second should wait for its turn.

#![no_std]
#![forbid(unsafe_code)]

mod answer;
mod call;
mod digits;
mod exchange;
mod fence;
mod http;
mod id;
mod in_doubt;
mod journal;
mod json;
mod message;
mod outcome;
mod query;
mod recipient;
mod reference;
mod request;
mod service;
mod word;
mod writer;

pub use call::Call;
pub use id::{InvalidId, NotificationId, SenderId, TemplateId};
pub use in_doubt::InDoubt;
pub use journal::{Ending, Journal, RECORD_LEN, Record, StillInDoubt};
pub use message::Message;
pub use outcome::{Outcome, Refusal, RequestError};
pub use query::{Answer, Found, Query};
pub use reference::{InvalidReference, REFERENCE_MAX, Reference};
pub use service::Service;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
