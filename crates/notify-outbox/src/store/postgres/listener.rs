//! Listens for `NOTIFY`, so that a worker need not wait for its next poll.
//!
//! A notification that is lost with its connection costs only that wait. Where none can arrive, as behind a pooler in
//! transaction mode, workers just poll.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::connect::{Connect, PATIENCE};

/// The channel on which producers notify workers of new messages.
pub(super) const CHANNEL: &str = "notify_outbox";
/// How long a silent connection is trusted before it is checked.
const QUIET: Duration = Duration::from_secs(60);
/// The shortest and the longest wait before a lost connection is restored.
const FIRST_BACKOFF: Duration = Duration::from_millis(250);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// Listens on a connection of its own, from the first wait on.
#[derive(Default)]
pub(super) struct Listener {
    heard: Arc<Notify>,
    task: OnceLock<JoinHandle<()>>,
}

impl Listener {
    /// Completes when a notification has arrived since the last time.
    pub(super) async fn heard(&self, connect: &Arc<Connect>) {
        self.task.get_or_init(|| tokio::spawn(listen(Arc::clone(connect), Arc::clone(&self.heard))));
        self.heard.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

async fn listen(connect: Arc<Connect>, heard: Arc<Notify>) {
    let mut backoff = FIRST_BACKOFF;
    loop {
        if listen_once(&*connect, &heard).await.is_some() {
            backoff = FIRST_BACKOFF;
        }
        tokio::time::sleep(backoff).await;
        backoff = (backoff * 2).min(LONGEST_BACKOFF);
    }
}

/// Listens until the connection is lost. `None` if it could not be opened.
async fn listen_once(connect: &Connect, heard: &Arc<Notify>) -> Option<()> {
    let (client, mut connection) =
        tokio::time::timeout(PATIENCE, connect(Some(Arc::clone(heard)))).await.ok()?.ok()?;
    let listen = format!("LISTEN {CHANNEL}");
    tokio::time::timeout(PATIENCE, client.batch_execute(&listen)).await.ok()?.ok()?;
    // A notification may have been sent while nothing listened.
    heard.notify_one();
    loop {
        if tokio::time::timeout(QUIET, &mut connection).await.is_ok() {
            return Some(());
        }
        if !matches!(tokio::time::timeout(PATIENCE, client.batch_execute("")).await, Ok(Ok(()))) {
            return Some(());
        }
    }
}
