//! What users see of the toolkit, judged by recordings and by other implementations.
//!
//! `wire/` holds what the real service said, exchange by exchange; nobody edits it. This library loads it and plays
//! both of its sides again, on byte level and with nothing of the toolkit itself, so that the toolkit cannot vouch
//! for its own mistakes:
//!
//! - [`wire`] — the recordings: [`Recording`](wire::Recording), [`Exchange`](wire::Exchange), how an `Authorization`
//!   header is made [again](wire::Authorization), and how an answer is [compared](wire::compare) with the recorded
//!   one.
//! - [`http1`] — a plain HTTP/1.1 writer and reader over `TcpStream`, and a server that answers with given bytes.
//! - [`claims`] — the exchanges that nobody claims yet: a list that can only shrink.
//!
//!
//! The tests themselves are the programs in `tests/`; `cargo test -p notify-tests --test wire_sandbox auth/` runs
//! those of one group.

pub mod claims;
pub mod http1;
pub mod markdown;
pub mod wire;

/// The Rust blocks of the README, as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
