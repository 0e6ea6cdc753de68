//! `notify`: the command line of the Notify services.
//!
//! ```text
//! args      what was typed, read into plain data or refused
//! input     files that the arguments name
//! command   one file a verb: plain data in, an answer out
//! output    the answer, on stdout
//! progress  what is waited for, on stderr
//! web       requests that are not for a Notify service
//! exit      what went wrong, on stderr, and the exit status
//! ```

mod args;
mod command;
mod completion;
mod environment;
mod exit;
mod input;
mod interrupt;
mod keyring;
mod output;
mod personalisation;
mod profile;
mod progress;
mod recipient;
mod screen;
mod service;
mod setup;
mod web;

use std::process::ExitCode;

fn main() -> ExitCode {
    completion::answer();
    let code = match args::parse(std::env::args_os()).and_then(command::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    };
    progress::release();
    code
}
