//! The sandbox held to what was recorded as sequences: answers that depend on what went before and on the time.
//!
//! Each test takes the steps of a recording again, on a clock that stands at the moment of each step, and compares what
//! comes with what was recorded.
#![expect(clippy::unwrap_used, reason = "a step of a sequence that cannot be taken fails its test")]

mod bodies;
mod exceptions;
mod fixture;
mod http;
mod letter_pdf;
mod limits;
mod log;
mod messages;
mod official_client;
mod paging;
mod remade;
mod statuses;
