//! Files that are this user's alone.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::exit::CommandError;

/// Refuses a file that other users can read or write. Only Unix says so in a file's mode; elsewhere a user's folder is
/// closed to others.
pub(crate) fn refuse_shared(path: &Path, what: &str) -> Result<(), CommandError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_or(0, |facts| facts.permissions().mode());
        if mode & 0o077 != 0 {
            let error = anyhow::anyhow!("{what}, {}, is open to other users of this machine", path.display());
            return Err(CommandError::setup(error).help(format!("chmod 600 '{}'", path.display())));
        }
    }
    #[cfg(not(unix))]
    let _ = (path, what);
    Ok(())
}

/// Writes a file all at once, and makes its folder, both for this user alone.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    let mut aside = OsString::from(path);
    aside.push(format!(".{}", std::process::id()));
    let written = create(Path::new(&aside)).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let done = written.and_then(|()| fs::rename(&aside, path));
    if done.is_err() {
        // Nothing reads it.
        let _ = fs::remove_file(&aside);
    }
    done
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path)
}
