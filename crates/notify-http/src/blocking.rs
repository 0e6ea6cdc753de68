//! The client for programs without a runtime.
//!
//! ```no_run
//! use notify_http::{SendSms, blocking::Client};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(&std::env::var("NOTIFY_API_KEY")?)?;
//! let message = SendSms::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "+447900900123");
//! println!("{}", client.send(message)?.id);
//! # Ok(())
//! # }
//! ```
//!
//! It blocks the thread that calls it, which in async code would stop every other task of that thread. Called from
//! there, each operation is an error ([`InsideRuntime`] is its source) and nothing is sent; threads of
//! `tokio::task::spawn_blocking` may block, and so may [`Client`] on them.
//!
//! Make it after a fork, not before: in the child each operation is an error ([`AfterFork`] is its source), and nothing is
//! sent.

mod client;
mod driver;
mod pages;
mod runtime;
mod transport;

pub use client::Client;
pub use driver::AfterFork;
#[cfg(all(test, feature = "async", feature = "testing"))]
pub(crate) use driver::Driver;
pub use pages::{Items, Pages};
pub use runtime::InsideRuntime;
pub use transport::Transport;
