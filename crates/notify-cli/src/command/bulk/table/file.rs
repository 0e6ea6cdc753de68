//! A file that is read at several places at once.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// Reads a file from some position on, independently of other readers.
#[derive(Clone, Debug)]
pub(super) struct FileReader {
    file: Arc<File>,
    at: u64,
}

impl FileReader {
    pub(super) fn new(file: Arc<File>, at: u64) -> Self {
        Self { file, at }
    }
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let count = std::os::unix::fs::FileExt::read_at(&*self.file, buffer, self.at)?;
        #[cfg(windows)]
        let count = std::os::windows::fs::FileExt::seek_read(&*self.file, buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}
