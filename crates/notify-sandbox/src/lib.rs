//! A Notify service on your desk, for tests and demos, which answers as the real one does.

mod content;
#[cfg(test)]
mod contract;
mod recipient;
