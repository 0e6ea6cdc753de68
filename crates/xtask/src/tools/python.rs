//! Python, with its own packages under `target/`.

use std::path::PathBuf;

use anyhow::Result;
use xshell::{Shell, cmd};

use super::{debian, installation_lock};
use crate::workspace;

/// The Python of an environment under `target/python` with everything that a requirements file (with pinned versions)
/// lists.
pub(crate) fn with_packages(shell: &Shell, requirements: &str) -> Result<PathBuf> {
    debian::require(shell, &["python3", "-c", "import venv, ensurepip"], &["python3", "python3-venv"])?;
    let _lock = installation_lock()?;
    let wanted = shell.read_file(requirements)?;
    let environment = workspace::target_dir()?.join("python");
    let python = environment.join("bin/python");
    // Written last, so that an interrupted installation is not mistaken for a complete one.
    let installed = environment.join("installed.txt");
    if shell.read_file(&installed).is_ok_and(|have| have == wanted) {
        return Ok(python);
    }
    cmd!(shell, "python3 -m venv --clear {environment}").run()?;
    cmd!(shell, "{python} -m pip install --quiet --disable-pip-version-check --requirement {requirements}")
        .run()?;
    shell.write_file(&installed, wanted)?;
    Ok(python)
}
