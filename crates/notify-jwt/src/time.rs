//! The time, for devices that cannot keep it.

mod clock;
mod date;

pub use clock::{AdjustClockError, Clock, TimeSample};
pub use date::{ParseHttpDateError, parse_http_date, parse_http_date_bytes};
