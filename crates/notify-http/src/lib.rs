//! The client of the Notify services for servers, on reqwest.
//!
//! One line makes a client, which is cheap to clone and shared by all tasks; one verb sends any operation:
//!
//! ```no_run
//! use notify_http::{Client, GetNotification, SendSms};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(&std::env::var("NOTIFY_API_KEY")?)?;
//!
//! let message = SendSms::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "+447900900123")
//!     .personalisation("name", "Kim");
//! let sent = client.send(message).await?.value;
//!
//! println!("{}", client.send(GetNotification::new(sent.id)).await?.value.status);
//! # Ok(())
//! # }
//! ```
//!
//! What the client does on its own: it signs a token for each attempt, learns the service's clock when this machine's
//! is wrong, and repeats what can be repeated — reads after faults, messages only when the service certainly did not
//! take them. What it does not do: follow redirects, or send a message twice.
//!
//! When something fails, [`Error`] says what can be done about it. Everything of [`notify_api`] is here too.
#![forbid(unsafe_code)]

mod builder;
mod client;
mod transport;

pub use builder::{BuildError, ClientBuilder};
pub use client::Client;
pub use notify_api::*;
