//! What the real service said, and how to compare it with what another server says. The rules are those of
//! `wire/README.md`.

mod authorization;
mod compare;
mod exchange;
mod id_or_time;
mod lenient;
mod mask;
mod recording;
mod replay;
mod table;
mod world;

pub use authorization::{Authorization, Shift, token};
pub use compare::{Difference, compare, json_differences};
pub use exchange::{Exchange, Replay, Request, Response};
pub use mask::Mask;
pub use recording::Recording;
pub use replay::{ServerClock, replay};
pub use table::table;
pub use world::{RecordedKey, World};
