//! The sandbox compared with recorded sequences: answers that depend on earlier requests and on the time.
//!
//! Each test repeats the steps of a recording, on a clock that is frozen at the time of each step, and compares the
//! answers with the recorded ones.
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
