//! Files that the arguments name.

use std::fs::File;
use std::io::{self, Read, StdinLock};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, ensure};

use crate::exit::CommandError;

/// The largest file that is read, in bytes: more than the service accepts anywhere.
const MAX: u64 = 32 * 1024 * 1024;

/// What some editors write before a text in UTF-8.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Whether a path means stdin, or stdout for a file to write: many programs write it as `-`.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Stdin, which can be read only once.
pub(crate) fn stdin() -> Result<StdinLock<'static>, CommandError> {
    static IS_TAKEN: AtomicBool = AtomicBool::new(false);
    if IS_TAKEN.swap(true, Ordering::Relaxed) {
        return Err(CommandError::usage("two arguments read stdin, which can be read only once"));
    }
    Ok(io::stdin().lock())
}

/// The whole contents of a file or of stdin.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    let read = if is_standard(path) {
        read_all(stdin()?)
    } else {
        File::open(path).map_err(Into::into).and_then(read_all)
    };
    read.with_context(|| format!("the file {} cannot be read", path.display())).map_err(CommandError::setup)
}

/// The same as text, without a byte order mark.
pub(crate) fn read_text(path: &Path) -> Result<String, CommandError> {
    let text = String::from_utf8(read(path)?).map_err(|error| {
        // The error itself holds the text.
        let at = error.utf8_error().valid_up_to();
        CommandError::setup(anyhow::anyhow!("the file {} is not UTF-8, from byte {at} on", path.display()))
            .help("save it again as UTF-8")
    })?;
    Ok(text.strip_prefix(BYTE_ORDER_MARK).map_or_else(|| text.clone(), str::to_owned))
}

fn read_all(from: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= MAX, "it is larger than {} MiB", MAX / 1024 / 1024);
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
