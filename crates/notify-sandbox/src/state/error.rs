//! What can go wrong with a state file.

use crate::wire::refusal::Refusal;

/// Why a state file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file is not the state of a sandbox, or belongs to a later version.
    #[error(
        "{0} is not the state of a sandbox that this version can read: start with a new file, or with the version that made it"
    )]
    NotOurs(String),
    /// The name stands for a database in memory, or for more than a path.
    #[error("{0} is not the path of a file: to SQLite it means something else, which would not last")]
    NotAPath(String),
    /// Something in the file cannot be read.
    #[error("{0} cannot be read in full: {1}; start with a copy made before, or with a new file")]
    Invalid(String, String),
    /// Another sandbox has the file.
    #[error("{0} is in use by another sandbox")]
    InUse(String),
    /// The file was made with another world.
    #[error("{0} was made with another world: leave the world out, or start with a new file")]
    OtherWorld(String),
    /// The file cannot be read or written: a full disk, a missing permission.
    #[error("the state cannot be kept in {0}: {1}")]
    Failed(String, String),
}

impl From<StateError> for Refusal {
    fn from(error: StateError) -> Self {
        Self::NotStored(error.to_string())
    }
}
