//! A file that says that the sandbox is ready, and at which URL.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// A ready file, removed on drop unless somebody else has written it since.
pub(super) struct ReadyFile {
    path: PathBuf,
    contents: String,
}

impl ReadyFile {
    /// Removes the file of an earlier sandbox, so that nobody mistakes it for this one's. Any other file stays, and is an
    /// error.
    pub(super) fn clear(path: &Path) -> anyhow::Result<()> {
        match fs::read_to_string(path) {
            Ok(contents) if is_ready_file(&contents) => fs::remove_file(path)
                .with_context(|| format!("cannot remove the old ready file {}", path.display())),
            // Not a link to nowhere, which somebody has made.
            Err(error) if error.kind() == ErrorKind::NotFound && !path.is_symlink() => Ok(()),
            _ => bail!(
                "{} exists, and no sandbox has made it: remove it, or give --ready-file another name",
                path.display()
            ),
        }
    }

    /// Writes a temporary file and renames it, so that nobody sees half a file.
    pub(super) fn write(path: &Path, url: &str) -> anyhow::Result<Self> {
        let mut aside = OsString::from(path);
        aside.push(format!(".{}", std::process::id()));
        let contents = format!("{url}\n");
        fs::write(&aside, &contents)
            .and_then(|()| fs::rename(&aside, path))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path: path.to_owned(), contents })
    }
}

/// Whether a sandbox has written a file: the URL of a socket on one line.
fn is_ready_file(contents: &str) -> bool {
    let url = contents.strip_suffix('\n').and_then(|line| line.split_once("://"));
    url.is_some_and(|(scheme, address)| {
        ["http", "https"].contains(&scheme) && address.parse::<SocketAddr>().is_ok()
    })
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        if fs::read_to_string(&self.path).is_ok_and(|contents| contents == self.contents) {
            // Someone else may have removed it already.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ready_file_is_one_over_https_too_and_nothing_else_is() {
        assert!(["http://127.0.0.1:6011\n", "https://[::1]:443\n"].into_iter().all(is_ready_file));
        let others =
            ["", "http://127.0.0.1:6011", "ftp://127.0.0.1:1\n", "https://example.com/\n", "127.0.0.1:1\n"];
        assert!(!others.into_iter().any(is_ready_file));
    }
}
