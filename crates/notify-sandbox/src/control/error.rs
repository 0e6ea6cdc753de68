//! Why the sandbox would not do something.

use crate::state::StateError;
use crate::world::WorldError;

/// Why the sandbox would not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// There is no service with this id.
    #[error("there is no service with this id")]
    NoSuchService,
    /// There is no message with this id.
    #[error("there is no message with this id")]
    NoSuchMessage,
    /// No service has a number that people could text to.
    #[error("no service has an inbound number")]
    NoInboundNumber,
    /// Only e-mails are complained of.
    #[error("only an e-mail can be marked as spam")]
    NotAnEmail,
    /// The URL of a callback is none, or not `http://`.
    #[error("callbacks go to http:// URLs")]
    BadCallbackUrl,
    /// What was to be added does not fit.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The state file cannot be written.
    #[error(transparent)]
    State(#[from] StateError),
}
