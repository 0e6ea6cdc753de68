//! An outbox for the Notify services: what you put in is sent **once, within what the API allows, whatever dies, provided
//! the store keeps what it committed**.
//!
//! The Notify services have no idempotency key. A program that dies while it sends in a loop does not know which message
//! was its last. This crate writes each message down before it sends it, and afterwards what became of it. If a crash
//! leaves a message in doubt, the crate looks it up at the service until its fate is known.
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
//! let client = NotifyClient::new(notify_http::Client::new(&std::env::var("NOTIFY_API_KEY")?)?);
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
//! - **Once**: a message that was put is sent once. A producer that puts it again, with the same reference, gets the
//!   same row.
//! - **Within what the API allows**: only at GOV.UK Notify can lookups prove that a message was not taken. At the other
//!   services a lookup can find a message, but never prove that it will not appear later. There, and for smoke-test
//!   recipients, whose messages no service lists, a message whose answer was lost stays *in doubt*, and a person decides.
//! - **Whatever dies**: the producer, a worker, the machine, the network or the database connection, killed or suspended
//!   at any moment, whatever its clock shows.
//! - **Provided the store keeps what it committed**: a store restored from a backup, or a replica that took over and
//!   lacks the last commits, has forgotten claims. If the store notices, it has everything that reads as ready looked up
//!   first. Two primaries that both take commits are not covered.
//!
//! It rests on what [Never twice by accident](https://github.com/notify-toolkit/notify/blob/main/docs/never-twice.md) says:
//! the token is the fence. It also rests on this: the reference belongs to this message alone, and the row's state
//! machine ([`Row`]) keeps the rules F1 to F6.
//!
//! # Parts
//!
//! - [`Row`]: the states of a message, without I/O.
//! - [`Store`]: where rows are kept. `SqliteStore` (feature `sqlite`, on by default) is one file for one process;
//!   `PostgresStore` (feature `postgres`) is for many hosts; [`MemoryStore`] is for tests.
//! - [`Client`]: what sends and looks up. [`NotifyClient`] does it over `notify-http`.
//! - [`Worker`]: the loop between the two.
//!
//! Out of scope: schedules, priorities, and jobs other than messages. If you have a job queue, a job can use these parts
//! without a worker.
#![forbid(unsafe_code)]

mod claim;
mod client;
mod machine;
mod notify;
mod store;
mod worker;

pub use claim::{Claim, ClaimRequest, Holder, Outcome, Report, RowId, Task};
pub use client::{Client, Obstacle, SendOutcome};
pub use machine::{Decision, LONGEST_WINDOW, Reconciler, Row, State};
pub use notify::{InvalidMessage, LinkedFile, Message, NotifyClient};
pub use store::{
    Activity, Counts, Erased, Exchanged, Intent, InvalidIntent, LONGEST_REFERENCE, ListRequest,
    ListedMessage, Maintenance, MemoryStore, Put, Slots, StateName, Store, StoreError, StoredMessage,
    Undecided,
};
#[cfg(feature = "sqlite")]
pub use store::{Entry, OpenError, SqliteStore};
#[cfg(feature = "postgres")]
pub use store::{InvalidUrl, PostgresStore};
pub use worker::{Event, Worker, WorkerError};

#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../README.md")]
struct Readme;
