//! The time, for devices that have to be told it.

mod clock;
mod date;

pub use clock::{Clock, LearnError};
pub use date::{ParseHttpDateError, parse_http_date};
