//! A text message to the service, as a test sends it.

use std::fmt::{self, Debug, Formatter};

/// A text message that somebody sends to the service, to [receive](crate::Control::receive_text).
///
/// `Debug` shows neither the number nor the text.
///
/// ```
/// use notify_sandbox::{IncomingText, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// let id = sandbox.receive_text(IncomingText { from: "447700900111", content: "Yes please" })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct IncomingText<'a> {
    /// The sender's number, such as `447700900111`. At Notify.gov.au it may be a name, such as `BANK`.
    pub from: &'a str,
    /// The text.
    pub content: &'a str,
}

impl Debug for IncomingText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingText").finish_non_exhaustive()
    }
}
