//! The tests that need only Rust.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

/// All tests, including documentation tests.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    Ok(cmd!(shell, "{cargo} test --workspace").run()?)
}
