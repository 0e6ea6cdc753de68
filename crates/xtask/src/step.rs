//! Named steps, and which of them to run.

pub(crate) mod c;
pub(crate) mod cargo_test;
pub(crate) mod device;
pub(crate) mod features;
pub(crate) mod firmware;
pub(crate) mod lowest;
pub(crate) mod mutants;
pub(crate) mod never_twice;
pub(crate) mod outbox;
mod outcome;
pub(crate) mod packages;
pub(crate) mod portable;
pub(crate) mod powerset;
mod selection;
mod side_by_side;
pub(crate) mod start_up;

use anyhow::Result;
use xshell::Shell;

pub(crate) use selection::Selection;

/// One step of a command.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// The name for `--only`: short, lower case.
    pub(crate) name: &'static str,
    /// What it proves if it passes.
    pub(crate) proves: &'static str,
    /// Runs it in the root of the workspace. An error says what to do about it.
    pub(crate) run: fn(&Shell) -> Result<()>,
}
