//! A store that keeps its open rows in order, as a database does by its indexes, and counts what it is asked.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::service::Freezer;
use crate::machine::{ANSWER_GRACE, Reconciler};
use crate::{
    Claim, ClaimRequest, Counts, Decision, Exchanged, Intent, Put, Report, Row, RowId, Slots, State, Store,
    StoreError, Task, Undecided,
};

/// Clones are the same store, on another host.
#[derive(Clone)]
pub(super) struct SimulatedStore {
    table: Arc<Mutex<Table>>,
    per_second: f64,
    freezer: Freezer,
}

struct Table {
    rows: HashMap<i64, (Row, String)>,
    /// By their states, and when something is due.
    ready: BTreeSet<(u64, i64)>,
    in_flight: BTreeSet<(u64, i64)>,
    in_doubt: BTreeSet<(u64, i64)>,
    put: i64,
    finished: usize,
    free_at: Instant,
    statements: u64,
    rows_touched: u64,
}

impl SimulatedStore {
    pub(super) fn new(per_second: f64) -> Self {
        let table = Table {
            rows: HashMap::new(),
            ready: BTreeSet::new(),
            in_flight: BTreeSet::new(),
            in_doubt: BTreeSet::new(),
            put: 0,
            finished: 0,
            free_at: Instant::now(),
            statements: 0,
            rows_touched: 0,
        };
        Self { table: Arc::new(Mutex::new(table)), per_second, freezer: Freezer::default() }
    }

    pub(super) fn frozen_by(self, freezer: Freezer) -> Self {
        Self { freezer, ..self }
    }

    pub(super) fn finished(&self) -> usize {
        self.lock().finished
    }

    pub(super) fn open(&self) -> usize {
        self.lock().rows.len()
    }

    /// How many statements there were, and how many rows they changed.
    pub(super) fn touched(&self) -> (u64, u64) {
        let table = self.lock();
        (table.statements, table.rows_touched)
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a commit takes; and what is frozen waits before it and after it.
    async fn commit<T>(&self, act: impl FnOnce(&mut Table) -> T) -> T {
        self.freezer.thawed().await;
        tokio::time::sleep(Duration::from_millis(2)).await;
        let done = act(&mut self.lock());
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.freezer.thawed().await;
        done
    }
}

impl Table {
    /// In which order the row stands, if in any.
    fn order(&mut self, row: &Row) -> Option<(&mut BTreeSet<(u64, i64)>, u64)> {
        match row.state {
            State::Ready { not_before } => Some((&mut self.ready, not_before)),
            State::InFlight { leave_by, .. } => Some((&mut self.in_flight, leave_by)),
            State::InDoubt {
                reconciler: Reconciler::From(due) | Reconciler::Held { until: due, .. },
                ..
            } => Some((&mut self.in_doubt, due)),
            _ => None,
        }
    }

    fn save(&mut self, id: i64, row: Row) {
        self.rows_touched += 1;
        let Some((before, _)) = self.rows.get(&id) else { return };
        let before = before.clone();
        if let Some((order, due)) = self.order(&before) {
            order.remove(&(due, id));
        }
        if row.is_finished() {
            // A row that is done is never looked at again.
            self.rows.remove(&id);
            self.finished += 1;
            return;
        }
        if let Some((order, due)) = self.order(&row) {
            order.insert((due, id));
        }
        if let Some(entry) = self.rows.get_mut(&id) {
            entry.0 = row;
        }
    }

    fn report(&mut self, report: &Report, now: u64) -> bool {
        let id = report.row.0;
        let after = self
            .rows
            .get(&id)
            .and_then(|(row, _)| row.reported(report.attempt, report.holder, &report.outcome, now));
        let is_effective = after.is_some();
        if let Some(row) = after {
            self.save(id, row);
        }
        is_effective
    }

    fn expire(&mut self, now: u64) {
        let over = self.in_flight.range(..(now.saturating_sub(ANSWER_GRACE), i64::MIN)).copied();
        let left = self.in_doubt.range(..(now, i64::MIN)).copied();
        let due: Vec<_> = over.take(1_000).chain(left.take(1_000)).collect();
        for (_, id) in due {
            if let Some(row) = self.rows[&id].0.expired(now) {
                self.save(id, row);
            }
        }
    }

    fn claim(&mut self, want: &ClaimRequest, is_lookup: bool) -> Vec<Claim> {
        let (order, count) =
            if is_lookup { (&self.in_doubt, want.lookups) } else { (&self.ready, want.sends) };
        let due: Vec<_> = order.range(..=(want.now, i64::MAX)).take(count).copied().collect();
        let mut claims = Vec::new();
        for (_, id) in due {
            let (row, reference) = &self.rows[&id];
            let claimed = if is_lookup {
                row.claimed_for_lookup(want.holder, want.now)
            } else {
                row.claimed(want.holder, want.now, Duration::from_secs(want.window))
            };
            let Some(row) = claimed else { continue };
            let task = match row.state {
                State::InFlight { leave_by, .. } => Task::Send { leave_by },
                State::InDoubt { sent_by, .. } => Task::LookUp { sent_by },
                _ => continue,
            };
            claims.push(Claim {
                row: RowId(id),
                reference: reference.clone(),
                attempt: row.attempt,
                holder: want.holder,
                task,
                tag: Vec::new(),
                payload: None,
            });
            self.save(id, row);
        }
        claims
    }
}

impl Store for SimulatedStore {
    async fn put(&self, intents: Vec<Intent>) -> Result<Vec<Put>, StoreError> {
        let mut table = self.lock();
        let put = intents.into_iter().map(|intent| {
            let id = table.put;
            table.put += 1;
            table.rows.insert(id, (Row::new(), intent.reference().to_owned()));
            table.ready.insert((0, id));
            Put::Created(RowId(id))
        });
        Ok(put.collect())
    }

    async fn exchange(&self, reports: Vec<Report>, want: ClaimRequest) -> Result<Exchanged, StoreError> {
        let exchanged = self.commit(|table| {
            table.statements += 1;
            let late = reports.iter().filter(|report| !table.report(report, want.now));
            let without_effect = late.map(|report| report.row).collect();
            table.expire(want.now);
            let mut claims = table.claim(&want, true);
            claims.extend(table.claim(&want, false));
            Exchanged { claims, without_effect, for_person: 0 }
        });
        Ok(exchanged.await)
    }

    async fn counts(&self, _: u64) -> Result<Counts, StoreError> {
        Ok(Counts::default())
    }

    async fn undecided(&self, _: usize) -> Result<Vec<Undecided>, StoreError> {
        Ok(Vec::new())
    }

    async fn decide(&self, _: &str, _: Decision) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// As `lease_slots` of the database.
    async fn lease_slots(&self, count: u32, within: Duration) -> Result<Option<Slots>, StoreError> {
        let apart = Duration::from_secs_f64(1.0 / self.per_second);
        let slots = self.commit(|table| {
            table.statements += 1;
            let now = Instant::now();
            let first_in = table.free_at.saturating_duration_since(now);
            let room = (within.as_secs_f64() - first_in.as_secs_f64()) * self.per_second;
            // Not negative, and small.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is small and not negative"
            )]
            let count = count.min(room.max(0.0) as u32);
            table.free_at = table.free_at.max(now) + apart * count;
            Slots { count, first_in, apart }
        });
        Ok(Some(slots.await))
    }
}
