//! The functions as C calls them: what they refuse, and what they answer.
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "each calls a function with pointers to values of the test, or with NULL"
)]

mod answers;
mod device;
mod journal;
mod null;
mod order;
mod short;
mod texts;
