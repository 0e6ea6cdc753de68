//! What users see of the toolkit, tested against the recordings of the services, which `notify-testkit` reads.
//!
//! The tests are the programs in `tests/`; `cargo test -p notify-conformance --test wire_sandbox auth/` runs those of
//! one group. [`coverage`] keeps the list of exchanges that no test covers yet; it can only shrink.

pub mod coverage;

/// The Rust blocks of the README, as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
