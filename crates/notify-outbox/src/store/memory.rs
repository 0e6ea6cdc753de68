//! A store in memory: for tests, and as the reference for the other stores.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::{Counts, Exchanged, Intent, Put, Store, StoreError, Undecided};
use crate::machine::{Reconciler, State};
use crate::{Claim, ClaimRequest, Decision, Report, Row, RowId, Task};

/// A store in memory. It ends with the process.
///
/// Clones are the same store.
#[derive(Clone, Default)]
pub struct MemoryStore {
    table: Arc<Mutex<Table>>,
    changed: Arc<Notify>,
}

#[derive(Default)]
struct Table {
    entries: BTreeMap<RowId, Entry>,
    by_reference: HashMap<String, RowId>,
}

struct Entry {
    row: Row,
    reference: String,
    tag: Vec<u8>,
    payload: Option<Vec<u8>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The row of a message, and whether its payload is kept.
    pub fn row(&self, reference: &str) -> Option<(Row, bool)> {
        let table = self.lock();
        let entry = &table.entries[table.by_reference.get(reference)?];
        Some((entry.row.clone(), entry.payload.is_some()))
    }

    /// Marks everything that reads as ready as in doubt, as after a restore: see [`Row::doubted`].
    pub fn doubt(&self, now: u64) {
        for entry in self.lock().entries.values_mut() {
            entry.change(entry.row.doubted(now));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        // Nothing that holds the lock can panic halfway.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Stores the row's new state, if it has one.
    fn change(&mut self, row: Option<Row>) -> bool {
        let Some(row) = row else { return false };
        if row.is_finished() {
            self.payload = None;
        }
        self.row = row;
        true
    }

    fn claim(&self, id: RowId, want: ClaimRequest) -> Option<Claim> {
        let task = match self.row.state {
            State::InFlight { leave_by, .. } => Task::Send { leave_by },
            State::InDoubt { sent_by, .. } => Task::LookUp { sent_by },
            _ => return None,
        };
        Some(Claim {
            row: id,
            reference: self.reference.clone(),
            attempt: self.row.attempt,
            holder: want.holder,
            task,
            tag: self.tag.clone(),
            payload: self.payload.clone(),
        })
    }

    /// When the row is due, which decides the order of claims.
    fn due(&self) -> u64 {
        match self.row.state {
            State::Ready { not_before } => not_before,
            State::InDoubt { reconciler: Reconciler::From(from), .. } => from,
            _ => 0,
        }
    }
}

impl Table {
    fn exchange(&mut self, reports: &[Report], want: ClaimRequest) -> Exchanged {
        let mut exchanged = Exchanged::default();
        for report in reports {
            let counts = self.entries.get_mut(&report.row).is_some_and(|entry| {
                entry.change(entry.row.reported(report.attempt, report.holder, &report.outcome, want.now))
            });
            if !counts {
                exchanged.without_effect.push(report.row);
            }
        }
        for entry in self.entries.values_mut() {
            // A lookup whose holder is gone may also be too old.
            while entry.change(entry.row.expired(want.now)) {
                let is_for_person =
                    matches!(entry.row.state, State::InDoubt { reconciler: Reconciler::Person { .. }, .. });
                exchanged.for_person += usize::from(is_for_person);
            }
        }
        self.claim(want, want.lookups, &mut exchanged.claims, |row| {
            row.claimed_for_lookup(want.holder, want.now)
        });
        self.claim(want, want.sends, &mut exchanged.claims, |row| {
            row.claimed(want.holder, want.now, Duration::from_secs(want.window))
        });
        exchanged
    }

    fn claim(
        &mut self,
        want: ClaimRequest,
        count: usize,
        claims: &mut Vec<Claim>,
        claimed: impl Fn(&Row) -> Option<Row>,
    ) {
        let mut due: Vec<_> =
            self.entries.iter_mut().filter(|(_, entry)| claimed(&entry.row).is_some()).collect();
        due.sort_by_key(|(id, entry)| (entry.due(), **id));
        for (id, entry) in due.into_iter().take(count) {
            entry.change(claimed(&entry.row));
            claims.extend(entry.claim(*id, want));
        }
    }
}

impl Store for MemoryStore {
    async fn put(&self, intents: Vec<Intent>) -> Result<Vec<Put>, StoreError> {
        let mut table = self.lock();
        let mut put = Vec::with_capacity(intents.len());
        for intent in intents {
            let (reference, tag, payload) = intent.into_parts();
            if let Some(row) = table.by_reference.get(&reference) {
                put.push(Put::Known(*row));
                continue;
            }
            let row = RowId(i64::try_from(table.entries.len()).unwrap_or(i64::MAX) + 1);
            table.by_reference.insert(reference.clone(), row);
            table.entries.insert(row, Entry { row: Row::new(), reference, tag, payload });
            put.push(Put::Created(row));
        }
        self.changed.notify_waiters();
        Ok(put)
    }

    async fn exchange(&self, reports: Vec<Report>, want: ClaimRequest) -> Result<Exchanged, StoreError> {
        Ok(self.lock().exchange(&reports, want))
    }

    async fn counts(&self, now: u64) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for entry in self.lock().entries.values() {
            *match &entry.row.state {
                State::Ready { not_before } if *not_before > now => &mut counts.postponed,
                State::Ready { .. } => &mut counts.ready,
                State::InFlight { .. } => &mut counts.in_flight,
                State::InDoubt { reconciler: Reconciler::Person { .. }, .. } => &mut counts.for_person,
                State::InDoubt { .. } => &mut counts.in_doubt,
                State::Sent { .. } => &mut counts.sent,
                State::Failed { .. } => &mut counts.failed,
            } += 1;
        }
        Ok(counts)
    }

    async fn undecided(&self, limit: usize) -> Result<Vec<Undecided>, StoreError> {
        let table = self.lock();
        let undecided = table.entries.iter().filter_map(|(id, entry)| match &entry.row.state {
            State::InDoubt { sent_by, reconciler: Reconciler::Person { reason } } => Some(Undecided {
                row: *id,
                reference: entry.reference.clone(),
                sent_by: *sent_by,
                reason: reason.clone(),
                tag: entry.tag.clone(),
            }),
            _ => None,
        });
        Ok(undecided.take(limit).collect())
    }

    async fn decide(&self, reference: &str, decision: Decision) -> Result<bool, StoreError> {
        let mut table = self.lock();
        let Some(row) = table.by_reference.get(reference).copied() else { return Ok(false) };
        Ok(table.entries.get_mut(&row).is_some_and(|entry| entry.change(entry.row.decided(&decision))))
    }

    async fn changed(&self) {
        self.changed.notified().await;
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("rows", &self.lock().entries.len()).finish_non_exhaustive()
    }
}
