//! The sandbox as tests use it: time, faults, callbacks, control, messages.
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

mod abroad;
mod callbacks;
mod characters;
mod clock;
mod control;
mod events;
mod faults;
mod fixture;
mod inbox;
mod magic;
mod messages;
mod paging;
mod refused;
mod robust;
mod sibling_callbacks;
mod siblings;
mod templates;
