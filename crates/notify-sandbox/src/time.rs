//! The sandbox's clock, timestamps as the API writes them, and the calendar of the post.

pub(crate) mod calendar;
mod clock;
mod timestamp;

pub use clock::Clock;
pub(crate) use clock::ClockState;
pub(crate) use timestamp::Timestamp;
