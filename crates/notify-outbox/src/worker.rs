//! The loop between a store and a client.

mod event;
mod pace;

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::{
    Attempted, Claim, Client, Holder, LONGEST_WINDOW, Obstacle, Outcome, Report, Store, StoreError, Task,
    Want,
};
pub use event::Event;
use event::Observer;
use pace::Pace;

/// How many messages are under way at once, unless told otherwise.
const SENDS: usize = 64;
/// How many are looked up at once. It is little more than waiting.
const LOOKUPS: usize = 256;
/// For how many seconds a message is claimed.
const WINDOW: u64 = 30;
/// How often to look whether something is due, when nothing else happens.
const POLL: Duration = Duration::from_secs(1);
/// After how many lost answers in a row it is not worth it to send more at once.
const DOUBTS_IN_A_ROW: u32 = 8;
/// The first and the longest wait after the store or the service failed.
const FIRST_BACKOFF: Duration = Duration::from_millis(250);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// A worker: takes claims from a store, has a client carry them out, and brings back what came of it.
///
/// Any number of them can work on one store that many hosts share. Dropping the future of a run is like killing the
/// process: nothing is lost, and what was under way is looked up later.
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

/// What a run has in hand.
struct Run<'a, S, C> {
    worker: &'a Worker<S, C>,
    calls: JoinSet<(Claim, Attempted)>,
    sending: usize,
    looking_up: usize,
    /// What has ended and no commit has taken yet. It stays until one has.
    ended: Vec<(Claim, Outcome)>,
    pace: Pace,
    /// How many messages to claim at once, as the pace allows.
    at_once: usize,
    draining: watch::Sender<bool>,
    /// Until when no message is claimed.
    held_until: Instant,
    /// How often that came in a row. While it is not over, one message goes first.
    holds: u32,
    /// How many answers were lost in a row.
    doubts: u32,
}

/// Why a run ended.
#[derive(Debug, thiserror::Error)]
#[error("the outbox cannot go on without its store")]
pub struct WorkerError {
    /// What the store said.
    #[from]
    source: StoreError,
}

impl WorkerError {
    /// What the store said.
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

    /// Sets how many messages are under way at once. So many are in doubt after a kill.
    pub fn sends_at_once(self, count: usize) -> Self {
        Self { sends: count.max(1), ..self }
    }

    /// Sets how many messages are looked up at once.
    pub fn lookups_at_once(self, count: usize) -> Self {
        Self { lookups: count.max(1), ..self }
    }

    /// Sets for how many seconds a message is claimed, from 5 to [`LONGEST_WINDOW`]: within it the message has to leave.
    /// A longer one lets more wait for their turn; after a kill, absence is known that much later.
    pub fn window(self, seconds: u64) -> Self {
        Self { window: seconds.clamp(5, LONGEST_WINDOW), ..self }
    }

    /// Tells `observer` what happens. It is called from inside the loop, so it must not block.
    pub fn on_event(self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self { observer: Observer::new(observer), ..self }
    }

    /// Works until `shutdown` ends. Then it claims nothing more, gives back what has not left, waits for what is under
    /// way, and writes down what came of it.
    ///
    /// # Errors
    ///
    /// When the store does not work, and will not by itself: it is full, for example. What is under way is waited for
    /// first. A store that cannot be reached is tried again.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), WorkerError> {
        self.work(shutdown, false).await
    }

    /// Works until every message is settled, or left to a person.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn run_until_empty(self) -> Result<(), WorkerError> {
        self.work(std::future::pending(), true).await
    }

    /// Works until every message is settled, or `shutdown` ends.
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
            // There may be more where that came from.
            if took && is_full && run.has_room() {
                continue;
            }
            let (next_look, has_room) = (run.next_look(), run.has_room());
            tokio::select! {
                biased;
                () = &mut shutdown => return run.drain().await,
                Some(ended) = run.calls.join_next(), if !run.calls.is_empty() => run.ended(ended),
                () = self.store.changed(), if has_room => {}
                () = tokio::time::sleep(next_look) => {}
            }
            run.gather();
        }
    }
}

impl<'a, S: Store, C: Client> Run<'a, S, C> {
    fn new(worker: &'a Worker<S, C>) -> Self {
        Self {
            worker,
            calls: JoinSet::new(),
            sending: 0,
            looking_up: 0,
            ended: Vec::new(),
            pace: Pace::default(),
            at_once: usize::MAX,
            draining: watch::Sender::new(false),
            held_until: Instant::now(),
            holds: 0,
            doubts: 0,
        }
    }

    fn is_idle(&self) -> bool {
        self.calls.is_empty() && self.ended.is_empty()
    }

    /// How long it is until the store is looked at again, if nothing else happens.
    fn next_look(&self) -> Duration {
        let held = self.held_until.saturating_duration_since(Instant::now());
        if held.is_zero() { POLL } else { held.min(POLL) }
    }

    fn has_room(&self) -> bool {
        self.sending < self.worker.sends && Instant::now() >= self.held_until
    }

    fn want(&self) -> Want {
        let is_draining = *self.draining.borrow();
        let room = |limit: usize, taken: usize| if is_draining { 0 } else { limit.saturating_sub(taken) };
        let limit = if self.holds == 0 { self.worker.sends } else { 1 };
        Want {
            holder: self.worker.holder,
            now: self.worker.client.now(),
            sends: if self.has_room() { room(limit, self.sending).min(self.at_once) } else { 0 },
            lookups: room(self.worker.lookups, self.looking_up),
            window: self.worker.window,
        }
    }

    /// One exchange, tried again as long as the store cannot be reached. Whether it gave anything, and all that was
    /// wanted.
    async fn exchange_or_shut_down(
        &mut self,
        mut shutdown: std::pin::Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(bool, bool), WorkerError> {
        let mut backoff = FIRST_BACKOFF;
        loop {
            let want = self.want();
            match self.exchange(want).await {
                Ok(claimed) => return Ok((claimed > 0, claimed >= want.sends)),
                Err(error) => {
                    self.worker.observer.tell(&Event::StoreFailed { error: &error });
                    if !error.is_temporary() {
                        self.end_after(error).await?;
                    }
                }
            }
            tokio::select! {
                biased;
                () = &mut shutdown, if !*self.draining.borrow() => {
                    self.draining.send_replace(true);
                    return Ok((false, false));
                }
                () = tokio::time::sleep(backoff) => {}
            }
            backoff = (backoff * 2).min(LONGEST_BACKOFF);
            self.gather();
        }
    }

    /// Hands over all reports, and begins what is claimed.
    async fn exchange(&mut self, want: Want) -> Result<usize, StoreError> {
        let reports = self.ended.iter().map(|(claim, outcome)| Report::of(claim, outcome.clone())).collect();
        // If it fails they are handed over again, also if they were taken and the answer was lost: the second time they
        // have no effect.
        let exchanged = self.worker.store.exchange(reports, want).await?;
        let without_effect: HashSet<_> = exchanged.without_effect.into_iter().collect();
        for (claim, outcome) in self.ended.drain(..) {
            self.worker.observer.tell(&if without_effect.contains(&claim.row) {
                Event::WithoutEffect { row: claim.row }
            } else {
                Event::of(&claim, &outcome)
            });
        }
        if exchanged.for_person > 0 {
            self.worker.observer.tell(&Event::Forgotten { count: exchanged.for_person });
        }
        let claimed = exchanged.claims.len();
        let sends = exchanged.claims.iter().filter(|claim| matches!(claim.task, Task::Send { .. })).count();
        // What comes in the second half of its claim could come too late.
        let within = Duration::from_secs(self.worker.window / 2);
        let granted = self.pace.lease(&self.worker.store, sends, within).await;
        if granted == 0 && sends > 0 {
            self.hold(POLL);
        }
        self.at_once = if granted < sends { granted.max(1) } else { self.at_once.saturating_mul(2) };
        for claim in exchanged.claims {
            self.begin(claim);
        }
        Ok(claimed)
    }

    fn begin(&mut self, claim: Claim) {
        let client = self.worker.client.clone();
        match claim.task {
            Task::Send { leave_by } => {
                let Some(turn) = self.pace.next() else {
                    self.ended.push((claim, Outcome::NotSent { not_before: 0 }));
                    return;
                };
                self.sending += 1;
                let mut draining = self.draining.subscribe();
                self.calls.spawn(async move {
                    let is_drained = async { draining.wait_for(|is_draining| *is_draining).await.map(drop) };
                    tokio::select! {
                        biased;
                        () = turn.wait() => {}
                        // It has not left, and goes back at once.
                        _ = is_drained => {
                            let outcome = Outcome::NotSent { not_before: 0 };
                            return (claim, Attempted::alone(outcome));
                        }
                    }
                    let attempted = client.send(claim.clone(), leave_by).await;
                    (claim, attempted)
                });
            }
            Task::LookUp { sent_by } => {
                self.looking_up += 1;
                let mut draining = self.draining.subscribe();
                self.calls.spawn(async move {
                    let outcome = tokio::select! {
                        biased;
                        outcome = client.look_up(claim.clone(), sent_by) => outcome,
                        // Whoever comes next looks it up again.
                        _ = draining.wait_for(|is_draining| *is_draining) => Outcome::InDoubt,
                    };
                    (claim, Attempted::alone(outcome))
                });
            }
        }
    }

    /// Takes in what has ended meanwhile.
    fn gather(&mut self) {
        while let Some(ended) = self.calls.try_join_next() {
            self.ended(ended);
        }
    }

    fn ended(&mut self, ended: Result<(Claim, Attempted), tokio::task::JoinError>) {
        let (claim, attempted) = match ended {
            Ok(ended) => ended,
            // A client that panics is a fault of the program, which has to know of it.
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => return,
        };
        match claim.task {
            Task::Send { .. } => self.sending -= 1,
            Task::LookUp { .. } => self.looking_up -= 1,
        }
        if let Task::Send { .. } = claim.task {
            self.learn(&attempted);
        }
        // Its payload is needed no more.
        self.ended.push((Claim { payload: None, ..claim }, attempted.outcome));
    }

    /// Takes note of what an attempt says about those that come next.
    fn learn(&mut self, attempted: &Attempted) {
        match attempted.outcome {
            Outcome::Sent { .. } | Outcome::Failed { .. } => (self.holds, self.doubts) = (0, 0),
            Outcome::InDoubt => self.doubts = self.doubts.saturating_add(1),
            _ => {}
        }
        match &attempted.obstacle {
            Some(Obstacle::TooFast { seconds }) => {
                self.hold(Duration::from_secs((*seconds).into()));
                self.pace.refused(*seconds);
            }
            Some(Obstacle::Blocked { reason }) => self.block(reason),
            None if self.doubts >= DOUBTS_IN_A_ROW => self.block("answers are lost, one after the other"),
            None => {}
        }
    }

    fn block(&mut self, reason: &str) {
        // Those that were under way together say it together.
        if Instant::now() < self.held_until {
            return;
        }
        let time = (FIRST_BACKOFF * 2_u32.saturating_pow(self.holds.min(16))).min(LONGEST_BACKOFF);
        self.holds += 1;
        self.hold(time);
        self.worker.observer.tell(&Event::Blocked { reason, time });
    }

    fn hold(&mut self, time: Duration) {
        self.held_until = self.held_until.max(Instant::now() + time);
    }

    /// Ends in order: claims nothing, gives back what has not left, and writes down what the rest came to.
    async fn drain(mut self) -> Result<(), WorkerError> {
        self.draining.send_replace(true);
        loop {
            self.gather();
            if !self.ended.is_empty() {
                self.exchange_or_shut_down(std::pin::pin!(std::future::pending())).await?;
                continue;
            }
            match self.calls.join_next().await {
                Some(ended) => self.ended(ended),
                None => return Ok(()),
            }
        }
    }

    /// Waits for what is under way, tries once more to write down what came of it, and ends.
    async fn end_after(&mut self, error: StoreError) -> Result<(), WorkerError> {
        self.draining.send_replace(true);
        while let Some(ended) = self.calls.join_next().await {
            self.ended(ended);
        }
        let want = self.want();
        let _ = self.exchange(want).await;
        Err(error.into())
    }
}
