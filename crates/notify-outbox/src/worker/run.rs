//! One run of a worker: its messages under way, and what it does with them.

use std::collections::HashSet;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use super::pace::Pace;
use super::wake_backoff::WakeBackoff;
use super::{Event, POLL, Worker, WorkerError};
use crate::{Claim, ClaimRequest, Client, Obstacle, Outcome, Report, SendOutcome, Store, StoreError, Task};

/// After how many lost answers in a row sending many messages at once is no longer worthwhile.
const DOUBTS_IN_A_ROW: u32 = 8;
/// How many messages are claimed at first, before it is known whether there are slots for more.
const FIRST_CLAIMS: usize = 4;
/// How much longer than usual a worker waits for slots when many others want them.
const MOST_PATIENCE: u32 = 4;
/// The shortest and the longest wait after the store or the service failed.
const FIRST_BACKOFF: Duration = Duration::from_millis(250);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// The state of a run.
pub(super) struct Run<'a, S, C> {
    worker: &'a Worker<S, C>,
    pub(super) calls: JoinSet<(Claim, SendOutcome)>,
    sending: usize,
    looking_up: usize,
    /// Outcomes that no commit has taken yet. They stay until one has.
    ended: Vec<(Claim, Outcome)>,
    pace: Pace,
    /// How many messages to claim at once before slots are leased for them: few at first, since surplus claims go back.
    claimed_first: usize,
    /// Until when no slots are requested, since there were too few.
    short_until: Instant,
    /// By how much longer than usual, since others take nearly all slots.
    patience: u32,
    pub(super) wake_backoff: WakeBackoff,
    pub(super) draining: watch::Sender<bool>,
    /// Until when no message is claimed.
    held_until: Instant,
    /// How many obstacles came in a row. Until one message gets through, one goes first.
    holds: u32,
    /// How many answers were lost in a row.
    doubts: u32,
}

impl<'a, S: Store, C: Client> Run<'a, S, C> {
    pub(super) fn new(worker: &'a Worker<S, C>) -> Self {
        Self {
            worker,
            calls: JoinSet::new(),
            sending: 0,
            looking_up: 0,
            ended: Vec::new(),
            pace: Pace::default(),
            claimed_first: FIRST_CLAIMS,
            short_until: Instant::now(),
            patience: 1,
            wake_backoff: WakeBackoff::default(),
            draining: watch::Sender::new(false),
            held_until: Instant::now(),
            holds: 0,
            doubts: 0,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.calls.is_empty() && self.ended.is_empty()
    }

    /// How long until the next poll of the store, if nothing else happens.
    pub(super) fn next_poll(&self) -> Duration {
        let now = Instant::now();
        let held = self.held_until.saturating_duration_since(now);
        let short = self.short_until.saturating_duration_since(now);
        match (held.is_zero(), short.is_zero()) {
            (true, true) => POLL,
            (false, true) => held.min(POLL),
            // Many workers share a pace that is used up. If each polled every second, they would do little else.
            (_, false) => short,
        }
    }

    pub(super) fn has_room(&self) -> bool {
        let now = Instant::now();
        self.sending < self.worker.sends && now >= self.held_until && now >= self.short_until
    }

    fn want(&self) -> ClaimRequest {
        let is_draining = *self.draining.borrow();
        let room = |limit: usize, taken: usize| if is_draining { 0 } else { limit.saturating_sub(taken) };
        let limit = if self.holds == 0 { self.worker.sends } else { 1 };
        ClaimRequest {
            holder: self.worker.holder,
            now: self.worker.client.now(),
            sends: if self.has_room() { room(limit, self.sending).min(self.at_once()) } else { 0 },
            lookups: room(self.worker.lookups, self.looking_up),
            window: self.worker.window,
        }
    }

    /// One exchange, repeated while the store cannot be reached. Returns whether it gave any claims, and whether it
    /// gave all that were wanted.
    pub(super) async fn exchange_or_shut_down(
        &mut self,
        mut shutdown: Pin<&mut impl Future<Output = ()>>,
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

    /// Hands over all reports, and starts the new claims.
    async fn exchange(&mut self, mut want: ClaimRequest) -> Result<usize, StoreError> {
        // A slot in the second half of its claim could come too late.
        let within = Duration::from_secs(self.worker.window / 2);
        let wanted = want.sends;
        // If the pace is used up, slots come first, since a claim without a slot has to go back. Otherwise claims come
        // first, since slots that no message uses are lost to everyone.
        let is_leased = wanted > 0 && self.pace.is_short();
        if is_leased {
            want.sends = self.pace.lease(&self.worker.store, wanted, within).await;
        }
        let reports = self.ended.iter().map(|(claim, outcome)| Report::of(claim, outcome.clone())).collect();
        // If this fails, the reports are handed over again, even if they were taken and only the answer was lost: the
        // second time they have no effect.
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
        if !is_leased {
            self.pace.lease(&self.worker.store, sends, within).await;
        } else if sends < want.sends {
            self.pace.found_no_more();
        }
        if wanted > 0 {
            self.claimed_first =
                if self.pace.is_short() { FIRST_CLAIMS } else { self.claimed_first.saturating_mul(2) };
        }
        if wanted > 0 && self.pace.is_short() {
            // Leasing several slots at once costs less for each.
            let is_little = self.pace.left() < wanted / 8;
            self.patience =
                if is_little { (self.patience * 2).min(MOST_PATIENCE) } else { (self.patience / 2).max(1) };
            self.short_until = Instant::now() + self.pause(within) * self.patience;
        }
        for claim in exchanged.claims {
            self.begin(claim);
        }
        Ok(claimed)
    }

    /// How many messages to claim at once, as far as the pace allows.
    fn at_once(&self) -> usize {
        // If slots come first, or nobody shares them, as many as there is room for.
        if self.pace.is_short() || self.pace.is_alone() { usize::MAX } else { self.claimed_first }
    }

    /// How long to request no slots after there were too few: about half of the time for which they are leased, so that
    /// some are always leased ahead, each time by another worker.
    fn pause(&self, within: Duration) -> Duration {
        let share = u32::from(self.worker.holder.as_bytes()[0]);
        (within / 4) + within / 2 * share / 255
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
                            return (claim, SendOutcome::alone(outcome));
                        }
                    }
                    // In a place of its own: it is large, and a task is moved a few times until it runs.
                    let attempted = Box::pin(client.send(claim.clone(), leave_by)).await;
                    (claim, attempted)
                });
            }
            Task::LookUp { sent_by } => {
                self.looking_up += 1;
                let mut draining = self.draining.subscribe();
                self.calls.spawn(async move {
                    let outcome = tokio::select! {
                        biased;
                        outcome = Box::pin(client.look_up(claim.clone(), sent_by)) => outcome,
                        // Another worker can look it up again.
                        _ = draining.wait_for(|is_draining| *is_draining) => Outcome::InDoubt,
                    };
                    (claim, SendOutcome::alone(outcome))
                });
            }
        }
    }

    /// Collects the messages that have ended meanwhile.
    pub(super) fn gather(&mut self) {
        while let Some(ended) = self.calls.try_join_next() {
            self.ended(ended);
        }
    }

    pub(super) fn ended(&mut self, ended: Result<(Claim, SendOutcome), JoinError>) {
        let (claim, attempted) = match ended {
            Ok(ended) => ended,
            // A panic in a client is a bug, and the program must learn of it.
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
        // Its payload is no longer needed.
        self.ended.push((Claim { payload: None, ..claim }, attempted.outcome));
    }

    /// Notes what an attempt says about the messages that follow.
    fn learn(&mut self, attempted: &SendOutcome) {
        match attempted.outcome {
            Outcome::Sent { .. } | Outcome::Failed { .. } => (self.holds, self.doubts) = (0, 0),
            Outcome::InDoubt => self.doubts = self.doubts.saturating_add(1),
            _ => {}
        }
        match &attempted.obstacle {
            Some(Obstacle::Throttled { seconds }) => {
                self.hold(Duration::from_secs((*seconds).into()));
                self.pace.refused(*seconds);
            }
            Some(Obstacle::Blocked { reason }) => self.block(reason),
            None if self.doubts >= DOUBTS_IN_A_ROW => self.block("answers are lost, one after the other"),
            None => {}
        }
    }

    fn block(&mut self, reason: &str) {
        // Messages that were under way together report it together.
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

    /// Shuts down cleanly: claims nothing, gives back what has not left, and records the outcomes of the rest.
    pub(super) async fn drain(mut self) -> Result<(), WorkerError> {
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

    /// Waits for the messages under way, tries once more to record their outcomes, and ends.
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
