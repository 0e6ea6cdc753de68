//! Files that nobody else can open: created for their owner alone, and removed from their folder at once.

use std::fs::{File, OpenOptions};
use std::io;

use uuid::Uuid;

/// An empty file that has no name, and disappears when it is closed.
pub(super) fn nameless() -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("notify-{}", Uuid::new_v4()));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // On this system, an open file keeps its name, and loses it when it is closed.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0400_0000);
    let file = options.open(&path)?;
    #[cfg(unix)]
    std::fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_nameless_file_is_its_owners_and_in_no_folder() {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = nameless().unwrap().metadata().unwrap();
        assert_eq!((metadata.nlink(), metadata.mode() & 0o777), (0, 0o600));
    }
}
