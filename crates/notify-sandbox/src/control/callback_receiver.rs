//! The receiver of callbacks, as a test sets it.

use std::fmt::{self, Debug, Formatter};

use crate::world::CallbackKind;

/// Where callbacks of a kind go, to [set](crate::Control::set_callback) for a service.
///
/// `Debug` shows neither the token nor the URL, where receivers often keep a secret.
///
/// ```
/// use notify_sandbox::{CallbackKind, CallbackReceiver, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// let receiver = CallbackReceiver {
///     kind: CallbackKind::DeliveryStatus,
///     url: "http://127.0.0.1:8000/receipts",
///     bearer_token: "a token that the receiver knows",
/// };
/// sandbox.set_callback(&sandbox.services()[0].id, receiver)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct CallbackReceiver<'a> {
    /// The kind of callback.
    pub kind: CallbackKind,
    /// The URL to post to: `http://`, since the sandbox speaks no TLS to receivers.
    pub url: &'a str,
    /// The bearer token to send along: at least ten characters, all of them valid in a header.
    pub bearer_token: &'a str,
}

impl Debug for CallbackReceiver<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackReceiver").field("kind", &self.kind).finish_non_exhaustive()
    }
}
