//! Cargo tools, built once under `target/tools`.

use std::path::PathBuf;

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

/// The program of this name, at exactly this version.
pub(crate) fn require(shell: &Shell, name: &str, version: &str) -> Result<PathBuf> {
    let root = workspace::target_dir()?.join("tools");
    let cargo = workspace::cargo();
    // Returns quickly, without doing anything, if that version is installed.
    cmd!(shell, "{cargo} install --quiet --locked --root {root} --version ={version} {name}").run()?;
    Ok(root.join("bin").join(name))
}
