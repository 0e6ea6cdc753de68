#![doc = env!("CARGO_PKG_DESCRIPTION")]
//!
//! [`Sandbox::start`] listens on a free port of this machine and speaks the v2 API of GOV.UK Notify: all twelve
//! operations, every refusal in the service's words and order, limits, statuses that change, letters as PDFs. Nothing is
//! ever delivered.
//!
//! [`SandboxBuilder::service`] makes it one of the sibling services instead: Notify.gov.au, GC Notify or VA Notify, with their
//! own operations, tokens, orders of checks, words, limits and callbacks. One sandbox is one [`Service`].
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
//! A sandbox is also a [`Control`], with which a test drives it:
//!
//! - [`messages`](Control::messages): the messages that were sent, as rendered;
//! - [`clock`](Control::clock): the [`Clock`] for tokens, delivery, limits, retention and callbacks;
//! - [`inject_fault`](Control::inject_fault): a [`Fault`] that cuts, delays or fails requests;
//! - [`set_callback`](Control::set_callback): delivery receipts and received texts, posted to the program under test;
//! - [`add_services`](Control::add_services), [`add_key`](Control::add_key), [`add_template`](Control::add_template):
//!   services, keys and templates besides those of its [`World`].
//!
//! ```
//! use notify_sandbox::{ErrorResponse, Fault, Sandbox};
//!
//! let sandbox = Sandbox::start()?;
//! sandbox.inject_fault(Fault::respond(ErrorResponse::Unavailable).next(2));
//! // … the program under test sends something …
//! for message in &sandbox.messages() {
//!     println!("{} was told: {}", message.to(), message.body());
//! }
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Programs in other languages use the same API over HTTP, under `/sandbox/`; `CONTROL.md` in this crate's folder
//! documents it. With the feature `state`, everything that was acknowledged is kept in a file.
//!
//! The sandbox delivers nothing, prints nothing and charges nothing. Only callbacks leave it, to the URLs that a world or a
//! test names.

mod account;
mod api;
mod app;
mod callbacks;
mod control;
mod faults;
mod http;
mod inbox;
pub mod letters;
mod python;
mod recipient;
pub mod recipients;
mod render;
mod sandbox;
mod service;
mod state;
mod time;
mod wire;
mod world;

pub use account::status::Status;
pub use api::auth::inspect::{TokenAnswer, TokenInspection, TokenKey, TokenPart, TokenPlace};
pub use callbacks::{CallbackOutcome, CallbackRecord};
pub use control::{
    CallbackReceiver, Control, ControlError, IncomingText, Key, Messages, NewKey, NewTemplate, SentMessage,
    ServiceInfo, TemplateContent,
};
pub use faults::{ErrorResponse, Fault};
pub use http::log::RequestRecord;
pub use sandbox::{DEFAULT_STEP, Sandbox, SandboxBuilder};
pub use service::{Service, UnknownService};
pub use state::StateError;
pub use time::Clock;
pub use world::{CallbackKind, KeyType, MessageType, World, WorldError};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
