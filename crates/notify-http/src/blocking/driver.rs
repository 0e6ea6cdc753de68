//! The thread on which reqwest runs for a blocking client.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{io, process, thread};

use bytes::Bytes;
use notify_api::Cause;
use tokio::runtime::{self, Handle};
use tokio::sync::oneshot;

use crate::reqwest_transport::ReqwestTransport;
use crate::transport::in_time;
use crate::{Limits, TransportError};

/// How long after an attempt's timeout its thread may still report the outcome, on a busy machine.
const GRACE: Duration = Duration::from_secs(1);

/// reqwest, with a runtime on its own thread. All clones of a client share the thread; it ends with the last of them.
///
/// (reqwest has a blocking client that does the same, but it panics inside a runtime and has a builder of its own.)
pub(crate) struct Driver {
    transport: ReqwestTransport,
    runtime: Handle,
    /// The process that owns the thread.
    process: u32,
    /// Dropped with the driver, which ends the thread.
    _alive: oneshot::Sender<()>,
}

impl Driver {
    pub(crate) fn start(transport: ReqwestTransport) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (alive, ended) = oneshot::channel::<()>();
        thread::Builder::new().name("notify-http".to_owned()).spawn(move || {
            // We wait for an error: it means that the other end is gone.
            drop(runtime.block_on(ended));
        })?;
        Ok(Self { transport, runtime: handle, process: process::id(), _alive: alive })
    }

    /// Returns the error in a process that lacks the thread.
    pub(crate) fn refuse_after_fork(&self) -> Result<(), AfterFork> {
        if self.process == process::id() { Ok(()) } else { Err(AfterFork) }
    }

    pub(crate) fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let transport = self.transport.clone();
        let (answered, answer) = mpsc::sync_channel(1);
        let underway = self.runtime.spawn(async move {
            let outcome = in_time(limits, transport.send(request, limits)).await;
            // The calling thread waits below until this is sent.
            drop(answered.send(outcome));
        });
        answer.recv_timeout(limits.timeout.saturating_add(GRACE)).unwrap_or_else(|error| {
            // The caller relies on being told that the attempt is over: it must not start after all if a stalled
            // thread resumes.
            underway.abort();
            Err(TransportError::Lost(match error {
                RecvTimeoutError::Timeout => Cause::timeout(Gone),
                RecvTimeoutError::Disconnected => Cause::new(Gone),
            }))
        })
    }

    pub(crate) fn discard_connections(&self) {
        self.transport.discard_connections();
    }
}

/// A blocking client was used in a process other than the one that made it; nothing was sent.
///
/// `fork` does not copy threads, and a client over reqwest needs one. Make the client after the fork.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the blocking client was made before this process was forked, and its thread exists only in the parent: make the client after the fork"
)]
#[non_exhaustive]
pub struct AfterFork;

#[derive(Debug, thiserror::Error)]
#[error("the thread that sends this client's requests has ended or stalled")]
struct Gone;

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;
    use crate::reqwest_transport::Settings;

    /// A driver whose thread has stalled, and the runtime that the thread would have driven.
    fn standing_still(url: &str) -> (Driver, runtime::Runtime) {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let transport = ReqwestTransport::new(Settings::default(), &url.parse().unwrap()).unwrap();
        let (alive, _) = oneshot::channel();
        let handle = runtime.handle().clone();
        (Driver { transport, runtime: handle, process: process::id(), _alive: alive }, runtime)
    }

    #[test]
    fn an_attempt_whose_thread_stalls_ends_in_time_and_does_not_begin_afterwards() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (driver, runtime) = standing_still(&url);
        let request = http::Request::builder().uri(&url).body(Bytes::new()).unwrap();
        let timeout = Duration::from_millis(100);
        let limits = Limits { timeout, max_answer_bytes: 1_000, max_error_bytes: 1_000 };
        let began = Instant::now();
        let Err(TransportError::Lost(cause)) = driver.send(request, limits) else {
            panic!("nobody carried it")
        };
        assert!(cause.is_timeout() && began.elapsed() >= timeout, "{cause}");
        assert!(began.elapsed() < timeout + GRACE * 2, "{:?}", began.elapsed());
        runtime.block_on(async { tokio::time::sleep(Duration::from_millis(300)).await });
        assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn a_process_that_has_no_such_thread_is_noticed() {
        let (mut driver, _runtime) = standing_still("http://127.0.0.1:9");
        assert_eq!(driver.refuse_after_fork(), Ok(()));
        driver.process += 1;
        assert_eq!(driver.refuse_after_fork(), Err(AfterFork));
    }
}
