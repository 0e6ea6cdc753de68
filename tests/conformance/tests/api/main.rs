//! The operations, answers and errors without I/O, compared with what the service said.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

mod call;
mod callbacks;
mod checks;
mod errors;
mod hostile;
mod odd;
mod paging;
mod redaction;
