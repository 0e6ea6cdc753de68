//! Code that the tests of several packages share.
//!
//! `tests/wire` contains what the real services said, exchange by exchange; nobody edits it. This library loads it and
//! replays both sides of it, byte by byte. It uses nothing of the toolkit itself, so the toolkit cannot confirm its
//! own mistakes:
//!
//! - [`wire`] — the recordings: [`Recording`](wire::Recording), [`Exchange`](wire::Exchange), how to make an
//!   `Authorization` header [again](wire::Authorization), and how to [compare](wire::compare) an answer with the
//!   recorded one.
//! - [`http1`] — a plain HTTP/1.1 writer and reader over `TcpStream`, and servers that answer with given bytes.
//! - [`service`] — a service that is not the sandbox: it takes messages, loses its answers, hangs and lies as the test
//!   says.
//! - [`markdown`] — the commands in a page, and the output that the page shows.
//! - [`postgres`] — a PostgreSQL server of the tests' own.

pub mod http1;
pub mod markdown;
#[cfg(unix)]
pub mod postgres;
pub mod service;
pub mod wire;
