//! A file that says that the sandbox is ready, and at which URL.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// A ready file, removed on drop.
pub(super) struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Removes the file of an earlier sandbox, so that nobody mistakes it for this one's.
    pub(super) fn clear(path: &Path) -> anyhow::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove the old {}", path.display()))
            }
            _ => Ok(()),
        }
    }

    /// Writes a temporary file and renames it, so that nobody sees half a file.
    pub(super) fn write(path: &Path, url: &str) -> anyhow::Result<Self> {
        let mut aside = OsString::from(path);
        aside.push(format!(".{}", std::process::id()));
        fs::write(&aside, format!("{url}\n"))
            .and_then(|()| fs::rename(&aside, path))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self(path.to_owned()))
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Someone else may have removed it already.
        let _ = fs::remove_file(&self.0);
    }
}
