//! What is published, as a registry would have it.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace::{self, PUBLISHED};

/// Packs each published crate, and builds it from what was packed, with the others from theirs: a file that was left out
/// is missing there. `.ci/run` packs without building.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    let packages = PUBLISHED.map(|package| format!("--package={package}"));
    // What is not committed yet is packed as well.
    cmd!(shell, "{cargo} package --allow-dirty --all-features {packages...}").run()?;
    Ok(())
}
