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
//! A blocking client blocks the thread that calls it. In async code that would stop every other task on that thread,
//! so there each operation fails before anything is sent, with [`InsideRuntime`] as the error's source. Threads of
//! `tokio::task::spawn_blocking` may block, so they may use [`Client`].
//!
//! Make the client after a fork, not before. In the child of a fork each operation fails before anything is sent, with
//! [`AfterFork`] as the error's source.

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
