//! A running sandbox, and how to start one.

mod builder;
mod job_runner;

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::control::{Access, Control};

pub use builder::SandboxBuilder;

/// How long a message stays in each status, unless [`SandboxBuilder::step`] says otherwise.
pub const DEFAULT_STEP: Duration = Duration::from_millis(150);

/// A Notify service on a port of this machine, stopped when dropped.
///
/// It has a thread of its own, so it works in any test, with or without an async runtime.
///
/// ```
/// use notify_sandbox::{KeyType, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// println!("export NOTIFY_BASE_URL={}", sandbox.url());
/// println!("export NOTIFY_API_KEY={}", sandbox.api_key(KeyType::Test));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Sandbox {
    control: Control,
    access: Arc<Access>,
    url: String,
    address: SocketAddr,
    #[cfg(feature = "tls")]
    ca_certificate: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Sandbox {
    /// Starts a sandbox with the [built-in world](crate::World::built_in) on a free port of the loopback address.
    ///
    /// # Errors
    ///
    /// If the system has no port or no thread left.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Configures a sandbox before it starts.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// The base URL for clients, such as `http://127.0.0.1:34567`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The bearer token for the control API, if the sandbox listens beyond this machine.
    pub fn control_token(&self) -> Option<&str> {
        self.access.token()
    }

    /// The address of a page that shows what was sent and lets people control the sandbox. If the sandbox listens beyond
    /// this machine, the address is good once, for one browser; each call returns a new one.
    pub fn inbox_url(&self) -> String {
        self.access.link(&self.url)
    }

    /// The certificate of the authority that signed the sandbox's own, in PEM, if the sandbox speaks
    /// [HTTPS](SandboxBuilder::tls).
    #[cfg(feature = "tls")]
    pub fn ca_certificate(&self) -> Option<&str> {
        self.ca_certificate.as_deref()
    }

    /// Blocks until the sandbox stops, which happens only if its socket fails.
    ///
    /// # Errors
    ///
    /// What the socket reported.
    pub fn wait(mut self) -> io::Result<()> {
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(io::Error::other("the thread of the sandbox has died")),
            None => Ok(()),
        }
    }
}

/// Gives a sandbox all the methods of [`Control`].
impl Deref for Sandbox {
    type Target = Control;

    fn deref(&self) -> &Control {
        &self.control
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // If the receiver is gone, the thread has already ended.
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Debug for Sandbox {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_starts_and_stops_inside_an_async_program() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        runtime.block_on(async { drop(Sandbox::start().unwrap()) });
    }

    #[test]
    fn a_port_that_is_taken_is_an_error_inside_an_async_program_too() {
        let first = Sandbox::start().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let error = runtime.block_on(async { Sandbox::builder().port(first.port()).start().unwrap_err() });
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    }

    #[cfg(feature = "tls")]
    #[test]
    fn a_name_that_no_certificate_has_is_an_error_inside_an_async_program_too() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let error = runtime.block_on(async { Sandbox::builder().tls(["a b"]).start().unwrap_err() });
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
