//! Where things are in the workspace.

use std::env;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use xshell::Shell;

/// The published crates, each after those it depends on.
pub(crate) const PUBLISHED: [&str; 7] = [
    "notify-jwt",
    "notify-embedded",
    "notify-api",
    "notify-http",
    "notify-outbox",
    "notify-sandbox",
    "notify-cli",
];

/// A shell in the root of the workspace, wherever the command was started.
pub(crate) fn shell() -> Result<Shell> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .context("the manifest of xtask lies two folders below the root")?;
    let shell = Shell::new()?;
    shell.change_dir(root);
    Ok(shell)
}

/// The cargo that runs us.
pub(crate) fn cargo() -> PathBuf {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into()).into()
}

/// Where cargo puts the programs of this profile, including ours.
pub(crate) fn bin_dir() -> Result<PathBuf> {
    let program = env::current_exe()?;
    Ok(program.parent().context("a program lies in a folder")?.to_owned())
}

/// The target folder, wherever the user has it.
pub(crate) fn target_dir() -> Result<PathBuf> {
    Ok(bin_dir()?.parent().context("the folder of a profile lies in the target folder")?.to_owned())
}

/// A seed for random cases that differs from run to run.
pub(crate) fn fresh_seed() -> Result<u32> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos())
}
