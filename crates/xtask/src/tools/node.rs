//! Node, with its own packages under `target/`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use super::{debian, installation_lock};
use crate::workspace;

/// The folder for `NODE_PATH` with the packages that a package file (with pinned versions) lists.
pub(crate) fn modules(shell: &Shell, package: &str) -> Result<PathBuf> {
    debian::require(shell, &["node", "--version"], &["nodejs", "npm"])?;
    debian::require(shell, &["npm", "--version"], &["npm"])?;
    let _lock = installation_lock()?;
    let wanted = shell.read_file(package)?;
    // Each package file has a folder of its own, named after the one in which it lies.
    let name = Path::new(package).parent().and_then(Path::file_name).context("it lies in a folder")?;
    let folder = workspace::target_dir()?.join(name);
    let modules = folder.join("node_modules");
    // Written last, so that an interrupted installation is not mistaken for a complete one.
    let installed = folder.join("installed.json");
    if shell.read_file(&installed).is_ok_and(|have| have == wanted) {
        return Ok(modules);
    }
    shell.remove_path(&folder)?;
    shell.create_dir(&folder)?;
    shell.write_file(folder.join("package.json"), &wanted)?;
    cmd!(shell, "npm install --silent --no-audit --no-fund --no-package-lock --prefix {folder}").run()?;
    shell.write_file(&installed, wanted)?;
    Ok(modules)
}
