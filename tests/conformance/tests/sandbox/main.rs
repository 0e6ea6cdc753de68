//! The sandbox in the hands of a tester: time, faults, callbacks, control, messages.
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

mod abroad;
mod callbacks;
mod characters;
mod clock;
mod control;
mod desk;
mod faults;
mod messages;
