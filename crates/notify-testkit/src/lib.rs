//! What the tests of several packages share.
//!
//! `tests/wire` holds what the real services said, exchange by exchange; nobody edits it. This library loads it and
//! plays both of its sides again, on byte level and with nothing of the toolkit itself, so that the toolkit cannot vouch
//! for its own mistakes:
//!
//! - [`wire`] — the recordings: [`Recording`](wire::Recording), [`Exchange`](wire::Exchange), how an `Authorization`
//!   header is made [again](wire::Authorization), and how an answer is [compared](wire::compare) with the recorded
//!   one.
//! - [`http1`] — a plain HTTP/1.1 writer and reader over `TcpStream`, and servers that answer with given bytes.
//! - [`service`] — a service that is not the sandbox: it takes messages, loses its answers, hangs and lies as a test says.
//! - [`markdown`] — the commands of a page, and what it says they print.

pub mod http1;
pub mod markdown;
pub mod service;
pub mod wire;
