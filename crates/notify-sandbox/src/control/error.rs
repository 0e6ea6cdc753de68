//! Why a call of the control API failed.

use crate::state::StateError;
use crate::world::{UNUSABLE_TOKEN, WorldError};

/// Why a call of the control API failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// There is no service with this id.
    #[error("there is no service with this id")]
    NoSuchService,
    /// The service has no template with this id.
    #[error("the service has no template with this id")]
    NoSuchTemplate,
    /// There is no callback with this number.
    #[error("there is no callback with this number: only the newest 10,000 attempts are kept")]
    NoSuchCallback,
    /// There is no refused request with this number.
    #[error("there is no refused request with this number: only the newest 1,000 are kept")]
    NoSuchRefusedRequest,
    /// A character that the service can neither send in a text message nor replace.
    #[error("no text message may have the character U+{code:04X}", code = u32::from(*.0))]
    BadCharacter(char),
    /// There is no message with this id.
    #[error("there is no message with this id")]
    NoSuchMessage,
    /// No service has an inbound number.
    #[error("no service has an inbound number")]
    NoInboundNumber,
    /// Only an e-mail can be marked as spam.
    #[error("only an e-mail can be marked as spam")]
    NotAnEmail,
    /// Only a letter has a PDF.
    #[error("only a letter has a PDF")]
    NotALetter,
    /// The URL of a callback is not an `http://` URL.
    #[error("callbacks go to http:// URLs")]
    BadCallbackUrl,
    /// The bearer token of a callback is too short, or not valid in a header.
    #[error("{UNUSABLE_TOKEN}")]
    BadBearerToken,
    /// The key has no name.
    #[error("a key needs a name")]
    NamelessKey,
    /// The service would not take this as a template.
    #[error("{0}")]
    BadTemplate(&'static str),
    /// A text message can only come from a number.
    #[error("a text comes from a number, such as 447900900123")]
    NotANumber,
    /// The service or template to add is not valid.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The state file cannot be written.
    #[error(transparent)]
    State(#[from] StateError),
}
