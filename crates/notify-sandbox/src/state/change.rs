//! What a state file is told of.

use uuid::Uuid;

use crate::account::documents::Document;
use crate::account::inbox::ReceivedText;
use crate::account::message::Message;
use crate::account::status::Status;
use crate::time::Timestamp;
use crate::world::{ServiceFacts, World};

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
