//! The tasks of this workspace: `cargo xtask --help`.
//!
//! Where things are, and where new ones go:
//!
//! - `command/<name>.rs` — one file per command, `command/interop/<name>.rs` per kind of implementation in other
//!   languages; a command that is also a step has a function of its own for the steps to call.
//! - `command/test.rs`, `command/prove.rs` — the steps of the two commands, one line each. A new proof is a new line
//!   there.
//! - `step/<name>.rs` — steps that are not commands of their own.
//! - `tools/<name>.rs` — how to install what is not Rust.
//! - `firmware/` — the firmware of the examples: its boards, how to build and run it, what it costs.
//! - `parallel.rs` — the same work for several things at once.
//! - `results.rs` — dated results, which are committed.

mod command;
mod environment;
mod firmware;
mod parallel;
mod results;
mod step;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match environment::start_clean().and_then(|()| command::Xtask::parse().run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
