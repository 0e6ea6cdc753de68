//! What the real service said, and how to hold it against what somebody else says. The rules are those of `wire/README.md`.

mod authorization;
mod compare;
mod exchange;
mod mask;
mod recording;
mod replay;

pub use authorization::{Authorization, Shift};
pub use compare::{Difference, compare};
pub use exchange::{Exchange, Replay, Request, Response};
pub use mask::Mask;
pub use recording::{Recording, World};
pub use replay::replay;
