//! The tests that need nothing but Rust.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

/// Everything, documentation tests included.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    Ok(cmd!(shell, "{cargo} test --workspace").run()?)
}
