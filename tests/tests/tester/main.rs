//! The sandbox in the hands of a tester: time, faults, callbacks, control, messages.
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

mod callbacks;
mod clock;
mod control;
mod desk;
mod faults;
mod messages;
