//! State that lasts: what was acknowledged is in a file, and is there again when the sandbox starts with that file.
//!
//! A change is in the file before it is in memory, and in memory before it is answered. So whatever kills the process
//! or fills the disk, nothing is lost that somebody was told is kept; at worst something is kept that nobody was told of.

mod change;
mod error;
#[cfg(feature = "state")]
mod file;
#[cfg(feature = "state")]
mod stored;

pub(crate) use change::Change;
pub use error::StateError;
#[cfg(feature = "state")]
pub(crate) use file::{Restored, StateFile};

/// The file, if there is one.
#[derive(Default)]
pub(crate) struct State {
    #[cfg(feature = "state")]
    file: Option<StateFile>,
}

impl State {
    #[cfg(feature = "state")]
    pub(crate) const fn in_file(file: StateFile) -> Self {
        Self { file: Some(file) }
    }

    /// Keeps a change. When this returns, it is on the disk.
    #[cfg_attr(
        not(feature = "state"),
        expect(
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "there is no file without the feature"
        )
    )]
    pub(crate) fn record(&self, change: &Change<'_>) -> Result<(), StateError> {
        #[cfg(feature = "state")]
        if let Some(file) = &self.file {
            return file.record(change);
        }
        let _ = change;
        Ok(())
    }
}
