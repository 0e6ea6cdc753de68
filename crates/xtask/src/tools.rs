//! How to install what is not Rust: under `target/`, or with the package manager if permitted.

pub(crate) mod cargo_tool;
pub(crate) mod debian;
pub(crate) mod go;
pub(crate) mod node;
pub(crate) mod python;

use std::fs::{self, File};

use anyhow::Result;

use crate::workspace;

/// Waits until no other step installs anything. None does until the file is dropped.
fn installation_lock() -> Result<File> {
    let folder = workspace::target_dir()?.join("tools");
    fs::create_dir_all(&folder)?;
    let file = File::create(folder.join("lock"))?;
    file.lock()?;
    Ok(file)
}
