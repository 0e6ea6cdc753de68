//! Persistent state: whatever was acknowledged is in a file, and is restored when the sandbox starts with that file.
//!
//! A change is written to the file first, then to memory, and only then acknowledged. If the process is killed or the
//! disk is full, nothing that was acknowledged is lost. At worst, a change that was never acknowledged is kept.

mod change;
mod error;
#[cfg(feature = "state")]
mod file;
#[cfg(feature = "state")]
mod stored;
#[cfg(feature = "state")]
mod upgrade;

pub(crate) use change::Change;
pub use error::StateError;
#[cfg(feature = "state")]
pub(crate) use file::{Restored, StateFile};

/// Where changes are recorded: in a file, or nowhere.
#[derive(Default)]
pub(crate) struct Store {
    #[cfg(feature = "state")]
    file: Option<StateFile>,
}

impl Store {
    #[cfg(feature = "state")]
    pub(crate) const fn in_file(file: StateFile) -> Self {
        Self { file: Some(file) }
    }

    /// Records a change. When this returns, it is on the disk.
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
