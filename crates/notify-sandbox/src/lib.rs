#![doc = "A Notify service on your desk, for tests and demos, which answers as the real one does."]
//!
//! [`Sandbox::start`] listens on a free port of this machine and speaks the v2 API of GOV.UK Notify: all twelve
//! operations, every refusal in the service's words and order, limits, statuses that move, letters as PDFs. Nobody is
//! sent anything.
//!
//! ```
//! use notify_sandbox::{KeyType, Sandbox};
//!
//! let sandbox = Sandbox::start()?;
//! let (url, key) = (sandbox.url(), sandbox.api_key(KeyType::Test));
//! // Give both to a client in any language.
//! # assert!(url.starts_with("http://127.0.0.1:") && key.len() >= 73);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! A sandbox is also a [`Control`], the tester's hand on it:
//!
//! - [`messages`](Control::messages): what was sent, as rendered, to be asserted on in one line;
//! - [`clock`](Control::clock): the [`Clock`] that tokens, delivery, limits, retention and callbacks follow;
//! - [`order`](Control::order): a [`Fault`], which cuts, delays or fails requests;
//! - [`set_callback`](Control::set_callback): receipts and received texts, posted to a program under test;
//! - services, keys and templates that a test makes up, beside those of its [`World`].
//!
//! ```
//! use notify_sandbox::{Failure, Fault, Sandbox};
//!
//! let sandbox = Sandbox::start()?;
//! sandbox.order(Fault::answer(Failure::Unavailable).next(2));
//! // … the program under test sends something …
//! for message in &sandbox.messages() {
//!     println!("{} was told: {}", message.to(), message.body());
//! }
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Programs in other languages do the same over HTTP, under `/sandbox/`: `CONTROL.md` in this crate's folder tells how. With the feature
//! `state`, all that was answered lasts in a file.
//!
//! What it does not do: it delivers nothing, prints nothing, charges nothing. The only thing that leaves it are callbacks,
//! to the addresses that a world or a test names.

mod account;
mod api;
mod app;
mod callbacks;
#[cfg(test)]
mod contract;
mod control;
mod faults;
mod http;
mod python;
mod recipient;
mod render;
mod sandbox;
mod state;
mod time;
mod wire;
mod world;

// `recipient::phone` reads texts as they are rendered.
use render::content;

pub use account::status::Status;
pub use callbacks::{CallbackOutcome, CallbackRecord};
pub use control::{Control, ControlError, Key, Messages, NewTemplate, SentMessage, ServiceInfo};
pub use faults::{Failure, Fault};
pub use http::log::RequestRecord;
pub use sandbox::{Builder, DEFAULT_STEP, Sandbox};
pub use state::StateError;
pub use time::Clock;
pub use world::{CallbackKind, KeyType, MessageType, World, WorldError};
