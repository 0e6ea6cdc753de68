//! The client as a program uses it: over real sockets, against servers that are odd, hostile, or absent.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

mod blocking;
mod connections;
mod fake;
mod hostile;
mod key;
mod pages;
mod proxy;
mod rate_limit;
mod redirect;
mod reqwest_builder;
mod server;
mod settings;
mod shown;
mod url;
mod waiting;

use std::time::Duration;

use notify_http::{Client, ClientBuilder, GetNotification, Policy, SendSms};

pub(crate) const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
pub(crate) const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";
pub(crate) const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
pub(crate) const ID: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

/// The service's answer to a text message.
pub(crate) const SENT: &str = r#"{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","reference":null,"content":{"body":"b","from_number":"f"},"uri":"u","template":{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","version":1,"uri":"u"}}"#;

/// One attempt of a second and a half, and an answer of up to 64 KiB.
pub(crate) fn impatient() -> Policy {
    let attempt = Duration::from_millis(1_500);
    Policy::default().attempts(1).attempt_timeout(attempt).max_answer_bytes(64 * 1024)
}

pub(crate) fn builder(url: &str) -> ClientBuilder<Client> {
    Client::builder(KEY).base_url(url).policy(impatient())
}

pub(crate) fn client(url: &str) -> Client {
    builder(url).build().unwrap()
}

/// A request.
pub(crate) fn request() -> GetNotification {
    GetNotification::new(ID.parse().unwrap())
}

/// A message without a reference of its own.
pub(crate) fn message() -> SendSms {
    SendSms::new(ID.parse().unwrap(), "+447900900123")
}
