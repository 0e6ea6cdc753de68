//! The loop between a store and a client.

mod event;
#[cfg(test)]
mod fleet;
mod pace;
mod run;
mod wake_backoff;

use std::time::Duration;

use crate::{Client, Holder, LONGEST_WINDOW, Store, StoreError};
pub use event::Event;
use event::Observer;
use run::Run;

/// How many messages are in flight at once by default.
const SENDS: usize = 64;
/// How many are looked up at once. A lookup is mostly waiting.
const LOOKUPS: usize = 256;
/// For how many seconds a message is claimed.
const WINDOW: u64 = 30;
/// How often to check for due messages when nothing else happens.
const POLL: Duration = Duration::from_secs(1);

/// A worker: takes claims from a store, has a client carry them out, and reports the outcomes.
///
/// Any number of workers, on any number of hosts, can share one store. Dropping the future of a run is like killing the
/// process: nothing is lost, and messages in flight are looked up later.
///
/// # Examples
///
/// ```no_run
/// # async fn example(store: notify_outbox::MemoryStore, client: notify_outbox::NotifyClient) -> Result<(), Box<dyn std::error::Error>> {
/// use notify_outbox::{Event, Worker};
///
/// let worker = Worker::new(store, client).on_event(|event| {
///     if let Event::NeedsPerson { reference, reason } = event {
///         eprintln!("{reference}: {reason}");
///     }
/// });
/// worker.run(async { let _ = tokio::signal::ctrl_c().await; }).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a worker works while it runs"]
pub struct Worker<S, C> {
    store: S,
    client: C,
    holder: Holder,
    sends: usize,
    lookups: usize,
    window: u64,
    observer: Observer,
}

/// Why a run ended.
#[derive(Debug, thiserror::Error)]
#[error("the outbox cannot continue without its store")]
pub struct WorkerError {
    /// What the store reported.
    #[from]
    source: StoreError,
}

impl WorkerError {
    /// What the store reported.
    pub const fn store_error(&self) -> &StoreError {
        &self.source
    }
}

impl<S: Store, C: Client> Worker<S, C> {
    /// A worker that sends up to 64 messages at once.
    pub fn new(store: S, client: C) -> Self {
        Self {
            store,
            client,
            holder: Holder::random(),
            sends: SENDS,
            lookups: LOOKUPS,
            window: WINDOW,
            observer: Observer::default(),
        }
    }

    /// Sets how many messages are in flight at once. That many can be in doubt after a kill.
    pub fn sends_at_once(self, count: usize) -> Self {
        Self { sends: count.max(1), ..self }
    }

    /// Sets how many messages are looked up at once.
    pub fn lookups_at_once(self, count: usize) -> Self {
        Self { lookups: count.max(1), ..self }
    }

    /// Sets for how many seconds a message is claimed, from 5 to [`LONGEST_WINDOW`]. The message has to leave within them.
    /// With a longer window more messages can wait for a slot, but after a kill it takes longer to prove absence.
    pub fn window(self, seconds: u64) -> Self {
        Self { window: seconds.clamp(5, LONGEST_WINDOW), ..self }
    }

    /// Tells `observer` what happens. It is called from inside the loop, so it must not block.
    pub fn on_event(self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self { observer: Observer::new(observer), ..self }
    }

    /// Works until `shutdown` completes. Then it claims nothing more, gives back what has not left, waits for the
    /// messages in flight, and records their outcomes.
    ///
    /// # Errors
    ///
    /// If the store fails in a way that will not pass, for example because it is full. The run first waits for the
    /// messages in flight. It keeps trying a store that it cannot reach.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), WorkerError> {
        self.work(shutdown, false).await
    }

    /// Works until every message is finished, or left to a person.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn run_until_empty(self) -> Result<(), WorkerError> {
        self.work(std::future::pending(), true).await
    }

    /// Works until every message is finished, or `shutdown` completes.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn run_until_empty_or(self, shutdown: impl Future<Output = ()>) -> Result<(), WorkerError> {
        self.work(shutdown, true).await
    }

    async fn work(self, shutdown: impl Future<Output = ()>, ends_empty: bool) -> Result<(), WorkerError> {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut run = Run::new(&self);
        loop {
            let (took, is_full) = run.exchange_or_shut_down(shutdown.as_mut()).await?;
            run.wake_backoff.polled(took);
            if *run.draining.borrow() {
                return run.drain().await;
            }
            if ends_empty && !took && run.is_idle() {
                match self.store.counts(self.client.now()).await {
                    Ok(counts) if counts.open() == 0 => return Ok(()),
                    Err(error) if !error.is_temporary() => return Err(error.into()),
                    _ => {}
                }
            }
            // There may be more.
            if took && is_full && run.has_room() {
                continue;
            }
            let (next_poll, has_room) = (run.next_poll(), run.has_room());
            let woken = run.wake_backoff.rested_then(self.store.changed());
            tokio::select! {
                biased;
                () = &mut shutdown => return run.drain().await,
                Some(ended) = run.calls.join_next(), if !run.calls.is_empty() => run.ended(ended),
                () = woken, if has_room => run.wake_backoff.woken(),
                () = tokio::time::sleep(next_poll) => {}
            }
            run.gather();
        }
    }
}
