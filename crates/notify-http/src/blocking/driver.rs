//! The thread on which reqwest works for a blocking client.

use std::io;
use std::sync::mpsc;
use std::thread;

use bytes::Bytes;
use notify_api::Cause;
use tokio::runtime::{self, Handle};
use tokio::sync::oneshot;

use super::transport::Transport;
use crate::exchange::Exchange;
use crate::transport::in_time;
use crate::{Limits, TransportError};

/// reqwest, with a runtime on a thread of its own that all clones of a client share; it ends with the last of them.
///
/// (reqwest has a blocking client that does the same, which panics when it meets a runtime, and is configured by a
/// builder of its own.)
pub(super) struct Driver {
    exchange: Exchange,
    runtime: Handle,
    /// Dropped with the driver, which ends the thread.
    _alive: oneshot::Sender<()>,
}

impl Driver {
    pub(super) fn start(exchange: Exchange) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (alive, ended) = oneshot::channel::<()>();
        thread::Builder::new().name("notify-http".to_owned()).spawn(move || {
            // An error is what is waited for: the other end is gone.
            drop(runtime.block_on(ended));
        })?;
        Ok(Self { exchange, runtime: handle, _alive: alive })
    }
}

impl Transport for Driver {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let exchange = self.exchange.clone();
        let (answered, answer) = mpsc::sync_channel(1);
        self.runtime.spawn(async move {
            let outcome = in_time(limits, exchange.send(request, limits)).await;
            // The thread that asked waits below, until this is sent.
            drop(answered.send(outcome));
        });
        answer.recv().unwrap_or_else(|_| Err(TransportError::Lost(Cause::new(Gone))))
    }

    fn discard_connections(&self) {
        self.exchange.discard_connections();
    }
}

/// Such as after `fork`, which takes no threads along.
#[derive(Debug, thiserror::Error)]
#[error("the thread that carries the requests of this client is gone")]
struct Gone;
