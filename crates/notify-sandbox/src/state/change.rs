//! The changes that a state file records.

use uuid::Uuid;

use crate::account::documents::Document;
use crate::account::message::Message;
use crate::account::status::Status;
use crate::time::Timestamp;
use crate::world::{ReceivedText, ServiceConfig, World};

/// A change to be recorded.
#[cfg_attr(not(feature = "state"), expect(dead_code, reason = "only a file reads changes"))]
pub(crate) enum Change<'a> {
    /// A service has sent a message, perhaps abroad.
    Message { service: Uuid, message: &'a Message, international: bool },
    /// A test has set the status of a message.
    Status { message: Uuid, status: Status, at: Timestamp },
    /// A service has received a text.
    Text(&'a ReceivedText),
    /// An e-mail links to a file.
    Document(Uuid, &'a Document),
    /// There is a new service, or one has changed.
    Service(&'a ServiceConfig),
    /// The sandbox was reset to its start.
    Reset(&'a World),
}
