//! Sending: a worker of the outbox between the journal and the service, and what the user sees of it.

mod from_list;
mod progress;
mod stop;
mod tally;

use std::sync::Arc;
use std::time::Duration;

use notify_outbox::{Client as _, Counts, NotifyClient, SqliteStore, Store as _, Worker};

use super::List;
use super::journal::Hasher;
use crate::exit::CommandError;
use crate::interrupt::Interrupt;
use crate::output::time::second;
use from_list::FromList;
use progress::Progress;
pub(super) use stop::StopReason;
use stop::Stopper;
use tally::Tally;

/// How often the progress is shown.
const TICK: Duration = Duration::from_millis(200);
/// How long a run goes on without progress while the service cannot be used.
const PATIENCE: Duration = Duration::from_secs(600);

/// The result of a run.
pub(super) struct RunResult {
    pub(super) counts: Counts,
    /// Why it ended early, if it did.
    pub(super) stop: Option<StopReason>,
}

/// A run, before it begins.
pub(super) struct Run {
    pub(super) list: Arc<List>,
    pub(super) hasher: Hasher,
    pub(super) store: SqliteStore,
    pub(super) client: NotifyClient,
    /// How many messages are under way at once.
    pub(super) at_once: usize,
    /// Whether to wait until a daily limit is over.
    pub(super) waits_for_midnight: bool,
    /// How long to look up messages in doubt when there is nothing else to do.
    pub(super) reconciles_for: Duration,
}

impl Run {
    /// Sends the messages, until every one is finished or something stops the run.
    pub(super) async fn run(self, mut interrupt: Interrupt) -> Result<RunResult, CommandError> {
        let now = self.client.now();
        let before = self.store.counts(now).await?;
        let stopper = Stopper::default();
        let tally = Arc::new(Tally::new(&before));
        let mut progress = Progress::new(&tally);
        if before.in_doubt > 0 {
            progress.say(&format!(
                "{} messages may have been sent already: they are looked up, and for those that were not, that takes \
                 about two minutes",
                before.in_doubt
            ));
        }
        let clock = self.client.clone();
        let client = FromList::new(self.client, self.list, self.hasher, stopper.clone());
        let worker = Worker::new(self.store.clone(), client).sends_at_once(self.at_once).on_event(observe(
            tally.clone(),
            stopper.clone(),
            clock.clone(),
            self.waits_for_midnight,
        ));
        let ended = worker.run_until_empty_or(stopper.stopped());
        tokio::pin!(ended);
        let mut ticks = tokio::time::interval(TICK);
        let mut is_interrupted = false;
        let mut next_look = self.reconciles_for;
        let mut waits_until = None;
        let ended = loop {
            tokio::select! {
                biased;
                ended = &mut ended => break ended,
                () = interrupt.next() => {
                    if is_interrupted {
                        progress.end();
                        progress.say("stopped at once; what was under way is looked up when you run the same command again");
                        return Ok(RunResult { counts: self.store.counts(now).await?, stop: Some(StopReason::AtOnce) });
                    }
                    is_interrupted = true;
                    stopper.stop(StopReason::Interrupted);
                    progress.say("stopping, once the service has answered; press Ctrl-C again to stop at once");
                }
                _ = ticks.tick() => {
                    progress.show(&tally);
                    if waits_until != tally.waits_until() {
                        waits_until = tally.waits_until();
                        if let Some(until) = waits_until {
                            progress.say(&format!(
                                "the daily limit of the service is used up; waiting until {}",
                                second(until)
                            ));
                        }
                    }
                    let quiet = tally.quiet_for();
                    if quiet < self.reconciles_for {
                        next_look = self.reconciles_for;
                    }
                    if quiet > PATIENCE && let Some(reason) = tally.blocked() {
                        stopper.stop(StopReason::Blocked(reason));
                    } else if quiet > next_look {
                        next_look = quiet + self.reconciles_for;
                        let counts = self.store.counts(clock.now()).await?;
                        if counts.in_doubt > 0 && counts.open() == counts.in_doubt {
                            stopper.stop(StopReason::OnlyDoubtIsLeft);
                        }
                    }
                }
            }
        };
        progress.show(&tally);
        progress.end();
        ended?;
        let counts = self.store.counts(now).await?;
        Ok(RunResult { counts, stop: stopper.reason().filter(|_| counts.open() > 0) })
    }
}

/// Notes an event of the worker.
fn observe(
    tally: Arc<Tally>,
    stopper: Stopper,
    clock: NotifyClient,
    waits_for_midnight: bool,
) -> impl Fn(&notify_outbox::Event<'_>) + Send + Sync + 'static {
    move |event| {
        tally.note(event);
        match tally::limit_reached(event, clock.now()) {
            Some(until) if waits_for_midnight => tally.wait_until(until),
            Some(until) => stopper.stop(StopReason::Limit(until)),
            None => {}
        }
    }
}
