//! State that lasts: what was acknowledged is in a file, and is there again when the sandbox starts with that file.
//!
//! A change is in the file before it is in memory, and in memory before it is answered. So whatever kills the process
//! or fills the disk, nothing is lost that somebody was told is kept; at worst something is kept that nobody was told of.

#[cfg(feature = "state")]
mod file;
#[cfg(feature = "state")]
mod restore;
#[cfg(feature = "state")]
mod stored;

use uuid::Uuid;

use crate::documents::Document;
use crate::inbox::ReceivedText;
use crate::message::Message;
use crate::status::Status;
use crate::timestamp::Timestamp;
use crate::world::{ServiceFacts, World};

#[cfg(feature = "state")]
use file::{Restored, StateFile};

/// Something that is to last.
#[cfg_attr(not(feature = "state"), expect(dead_code, reason = "only a file reads changes"))]
pub(crate) enum Change<'a> {
    /// A service has sent a message, perhaps abroad.
    Message { service: Uuid, message: &'a Message, international: bool },
    /// Somebody has set the state of a message.
    Status { message: Uuid, status: Status, at: Timestamp },
    /// A service has received a text.
    Text(&'a ReceivedText),
    /// An e-mail links to a file.
    Document(Uuid, &'a Document),
    /// There is a new service, or one has changed.
    Service(&'a ServiceFacts),
    /// Everything is as it was at the start.
    Reset(&'a World),
}

/// Why state cannot last.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file is no state of a sandbox, or of a later version.
    #[error("{0} is not the state of a sandbox that this version can read")]
    NotOurs(String),
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

/// The file, if there is one.
#[derive(Default)]
pub(crate) struct State {
    #[cfg(feature = "state")]
    file: Option<StateFile>,
}

impl State {
    #[cfg(feature = "state")]
    const fn in_file(file: StateFile) -> Self {
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
