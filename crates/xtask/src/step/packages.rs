//! The published packages, as a registry would have them.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace::{self, PUBLISHED};

/// Packs each published crate, and builds it from its package and those of the others, so that a file left out of a
/// package is noticed. `.ci/run` packs without building.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    let packages = PUBLISHED.map(|package| format!("--package={package}"));
    // Uncommitted files are packed as well.
    cmd!(shell, "{cargo} package --allow-dirty --all-features {packages...}").run()?;
    Ok(())
}
