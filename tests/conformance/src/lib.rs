//! What users see of the toolkit, judged by the recordings of the services, which `notify-testkit` reads.
//!
//! The tests themselves are the programs in `tests/`; `cargo test -p notify-conformance --test wire_sandbox auth/` runs
//! those of one group. [`claims`] has the exchanges that nobody claims yet: a list that can only shrink.

pub mod claims;

/// The Rust blocks of the README, as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
