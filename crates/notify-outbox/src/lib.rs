//! An outbox for the Notify services: what you put in is sent **once, within what the API allows, whatever dies, provided
//! the store keeps what it committed**.
//!
//! The Notify services have no idempotency key. A program that sends in a loop and dies does not know afterwards which
//! message was the last. This crate writes each message down before it is sent, and what became of it afterwards; and
//! what is in doubt after a crash it looks up at the service until it is known.
//!
#![cfg_attr(feature = "sqlite", doc = "```no_run")]
#![cfg_attr(not(feature = "sqlite"), doc = "```text")]
//! use notify_outbox::{Intent, Message, NotifyClient, SqliteStore, Store as _, Worker};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let store = SqliteStore::open("outbox.sqlite")?;
//! let message: Message = serde_json::from_str(
//!     r#"{"type": "sms", "template_id": "740e5834-3a29-46b4-9a6f-16142fde533a", "phone_number": "+447900900123"}"#,
//! )?;
//! store.put(vec![Intent::new("appointment-17-reminder")?.payload(message.to_json())]).await?;
//!
//! let builder = notify_http::Client::builder(&std::env::var("NOTIFY_API_KEY")?);
//! let client = NotifyClient::build(builder, "https://api.notifications.service.gov.uk", None)?;
//! let worker = Worker::new(store, client);
//! worker.run_until_empty().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # The promise, and what it rests on
//!
//! *Once, within what the API allows, whatever dies, provided the store keeps what it committed.*
//!
//! - **Once**: a message that was put is sent one time. A producer that puts it again, with the same reference, gets the
//!   same row.
//! - **Within what the API allows**: absence can be proved of GOV.UK Notify alone. Of the other services a lookup can
//!   find a message, and never prove that it will not come. There, and for the recipients of smoke tests, which no
//!   service lists, a message whose answer was lost stays *in doubt*, for a person to decide.
//! - **Whatever dies**: producer, worker, machine, network, database connection; at any moment, stopped or killed, and
//!   whatever its clock shows.
//! - **Provided the store keeps what it committed**: a store restored from a backup, or a replica that took over and
//!   lacks the last commits, has forgotten claims. Where that is noticed, everything that reads as ready is looked up
//!   first. Two primaries that both take commits are not covered.
//!
//! It rests on what [Never twice by accident](https://github.com/notify-toolkit/notify/blob/main/docs/never-twice.md) says:
//! the token is the fence. And on this: the reference belongs to this message alone, and the row's machine
//! ([`Row`]) keeps the rules F1 to F6.
//!
//! # Parts
//!
//! - [`Row`]: the states of a message, pure.
//! - [`Store`]: where rows are kept. `SqliteStore` (feature `sqlite`, on by default) is one file for one process;
//!   `PostgresStore` (feature `postgres`) is for many hosts; [`MemoryStore`] is for tests.
//! - [`Client`]: what sends and looks up. [`NotifyClient`] does it over `notify-http`.
//! - [`Worker`]: the loop between the two.
//!
//! Out of scope: schedules, priorities, other jobs than messages. Whoever has a job queue can run a worker's parts
//! inside a job.
#![forbid(unsafe_code)]

mod claim;
mod client;
mod machine;
mod notify;
mod store;
mod worker;

pub use claim::{Claim, Holder, Outcome, Report, RowId, Task, Want};
pub use client::{Attempted, Client, Obstacle};
pub use machine::{Decision, LONGEST_WINDOW, Reconciler, Row, State};
pub use notify::{InvalidMessage, LinkedFile, Message, NotifyClient};
pub use store::{
    Activity, Counts, Erased, Exchanged, Intent, InvalidIntent, Kept, LONGEST_REFERENCE, MemoryStore, Put,
    Slots, Store, StoreError, Undecided, Upkeep,
};
#[cfg(feature = "sqlite")]
pub use store::{Entry, OpenError, SqliteStore};
#[cfg(feature = "postgres")]
pub use store::{InvalidUrl, PostgresStore};
pub use worker::{Event, Worker, WorkerError};

#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../README.md")]
struct Readme;
