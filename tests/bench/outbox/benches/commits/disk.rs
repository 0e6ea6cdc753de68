//! The bare disk.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// What a database writes at least for a commit: a page.
const PAGE: [u8; 4_096] = [7; 4_096];

/// A file to which a page is written and synced, again and again.
pub(crate) struct Disk(File, u64);

impl Disk {
    pub(crate) fn new(path: &Path) -> Self {
        let file =
            OpenOptions::new().create(true).truncate(true).write(true).open(path).expect("it can be made");
        Self(file, 0)
    }

    /// Writes a page, and waits until the disk has it.
    pub(crate) fn fsync(&mut self) -> usize {
        // Like a log that is used over again: within what the file has already, most of the time.
        self.0.seek(SeekFrom::Start(self.1 % 1_000 * 4_096)).expect("it can be sought");
        self.1 += 1;
        self.0.write_all(&PAGE).expect("it can be written");
        self.0.sync_data().expect("it can be synced");
        1
    }
}
