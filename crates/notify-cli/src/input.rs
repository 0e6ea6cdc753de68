//! Files that the arguments name.

use std::fs::File;
use std::io::{self, Read, StdinLock};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, ensure};

use crate::exit::Failure;

/// The bytes of the largest file that is read: more than the service takes of any.
const MAX: u64 = 32 * 1024 * 1024;

/// Whether a file is stdin, or stdout where one is written, as many programs spell them.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Stdin, for the one thing that it holds.
pub(crate) fn stdin() -> Result<StdinLock<'static>, Failure> {
    static IS_TAKEN: AtomicBool = AtomicBool::new(false);
    if IS_TAKEN.swap(true, Ordering::Relaxed) {
        return Err(Failure::usage("stdin holds one thing, and two arguments name it"));
    }
    Ok(io::stdin().lock())
}

/// All of a file, or of stdin.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if is_standard(path) {
        read_all(stdin()?)
    } else {
        File::open(path).map_err(Into::into).and_then(read_all)
    };
    read.with_context(|| format!("the file {} cannot be read", path.display())).map_err(Failure::setup)
}

fn read_all(from: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= MAX, "it has more than {} MiB", MAX / 1024 / 1024);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_end_is_not_read_to_its_end() {
        assert!(read_all(io::repeat(0)).is_err());
        assert_eq!(read_all(io::repeat(0).take(MAX)).unwrap().len() as u64, MAX);
    }
}
