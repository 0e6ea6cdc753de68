//! Rows as SQLite stores them. The state machine decides how they change.

use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{CachedStatement, OptionalExtension as _, Params, Transaction, params};

use crate::machine::{ANSWER_GRACE, LISTED_FOR, Reconciler, State};
use crate::store::{Counts, Exchanged, Intent, Put, Undecided};
use crate::{Claim, ClaimRequest, Holder, Report, Row, RowId, Task};

const READY: i64 = 0;
const IN_FLIGHT: i64 = 1;
const IN_DOUBT: i64 = 2;
const FOR_PERSON: i64 = 3;
const SENT: i64 = 4;
const FAILED: i64 = 5;

/// How many rows the passing of time changes in one commit. After a long sleep, the rest follows in the next.
const EXPIRED_AT_ONCE: i64 = 1_000;

/// Windows that are over.
///
/// Each of these spells out `state < 3`, so that SQLite uses its index, which it does not infer. The state is not a
/// bound value, since SQLite would then plan each time anew.
const OVER: &str = "state < 3 AND state = 1 AND due < ?1 ORDER BY due, id LIMIT ?2";
/// In doubt and no longer held, or perhaps too old.
const LEFT_OR_OLD: &str = "state < 3 AND state = 2 AND due <= ?1 AND (holder IS NOT NULL OR sent_by < ?2)
    ORDER BY due, id LIMIT ?3";
/// What can be claimed.
const TO_SEND: &str = "state < 3 AND state = 0 AND due <= ?1 ORDER BY due, id LIMIT ?2";
const TO_LOOK_UP: &str = "state < 3 AND state = 2 AND due <= ?1 AND holder IS NULL ORDER BY due, id LIMIT ?2";

/// The columns that make a [`Row`], in the order in which [`row`] reads them.
const ROW: &str = "id, attempt, state, holder, due, sent_by, answer";

pub(super) struct Table<'a>(pub(super) &'a Transaction<'a>);

impl Table<'_> {
    #[cfg(test)]
    pub(super) const LOOKS_FOR_DUE: [&'static str; 4] = [OVER, LEFT_OR_OLD, TO_SEND, TO_LOOK_UP];

    pub(super) fn put(&self, intent: Intent) -> rusqlite::Result<Put> {
        let (reference, tag, payload) = intent.into_parts();
        // (`RETURNING id` would cost as much again.)
        let mut insert = self.0.prepare_cached(
            "INSERT INTO messages (reference, tag, state, attempt, due) VALUES (?1, ?2, 0, 0, 0)
             ON CONFLICT (reference) DO NOTHING",
        )?;
        if insert.execute(params![reference, tag])? == 0 {
            let mut find = self.0.prepare_cached("SELECT id FROM messages WHERE reference = ?1")?;
            return Ok(Put::Known(RowId(find.query_row([reference], |row| row.get(0))?)));
        }
        let id = self.0.last_insert_rowid();
        if let Some(body) = payload {
            self.0
                .prepare_cached("INSERT INTO payloads (message, body) VALUES (?1, ?2)")?
                .execute(params![id, body])?;
        }
        Ok(Put::Created(RowId(id)))
    }

    pub(super) fn exchange(&self, reports: &[Report], want: ClaimRequest) -> rusqlite::Result<Exchanged> {
        let mut exchanged = Exchanged::default();
        {
            let mut get = self.0.prepare_cached(&format!("SELECT {ROW} FROM messages WHERE id = ?1"))?;
            let mut saver = self.saver()?;
            for report in reports {
                let found = get.query_row([report.row.0], row).optional()?;
                let after = found.and_then(|(_, row)| {
                    row.reported(report.attempt, report.holder, &report.outcome, want.now)
                });
                match after {
                    Some(row) => saver.save(report.row, &row)?,
                    None => exchanged.without_effect.push(report.row),
                }
            }
        }
        exchanged.for_person = self.expire(want.now)?;
        let looked_up = |row: &Row| row.claimed_for_lookup(want.holder, want.now);
        self.claim(TO_LOOK_UP, want.lookups, want, looked_up, &mut exchanged.claims)?;
        let sent = |row: &Row| row.claimed(want.holder, want.now, Duration::from_secs(want.window));
        self.claim(TO_SEND, want.sends, want, sent, &mut exchanged.claims)?;
        Ok(exchanged)
    }

    /// Applies the passing of time, and counts the rows that now wait for a person.
    fn expire(&self, now: u64) -> rusqlite::Result<usize> {
        let over = integer(now.saturating_sub(ANSWER_GRACE));
        let old = integer(now.saturating_sub(LISTED_FOR));
        let mut due = self.rows(OVER, params![over, EXPIRED_AT_ONCE])?;
        due.extend(self.rows(LEFT_OR_OLD, params![integer(now), old, EXPIRED_AT_ONCE])?);
        let mut for_person = 0;
        for (id, before) in due {
            let mut row = before.clone();
            while let Some(expired) = row.expired(now) {
                row = expired;
            }
            if row != before {
                self.save(id, &row)?;
            }
            let is_for_person =
                matches!(row.state, State::InDoubt { reconciler: Reconciler::Person { .. }, .. });
            for_person += usize::from(is_for_person);
        }
        Ok(for_person)
    }

    fn claim(
        &self,
        due: &str,
        count: usize,
        want: ClaimRequest,
        claimed: impl Fn(&Row) -> Option<Row>,
        claims: &mut Vec<Claim>,
    ) -> rusqlite::Result<()> {
        if count == 0 {
            return Ok(());
        }
        let limit = i64::try_from(count).unwrap_or(i64::MAX);
        let statement = format!(
            "SELECT {ROW}, reference, tag, body FROM messages LEFT JOIN payloads ON message = id WHERE {due}"
        );
        let mut query = self.0.prepare_cached(&statement)?;
        let due = query.query_map(params![integer(want.now), limit], |columns| {
            let (id, row) = row(columns)?;
            Ok((id, row, columns.get(7)?, columns.get(8)?, columns.get(9)?))
        })?;
        // All are read before the first is changed.
        let due = due.collect::<rusqlite::Result<Vec<_>>>()?;
        let mut saver = self.saver()?;
        for (id, row, reference, tag, payload) in due {
            let Some(claimed) = claimed(&row) else { continue };
            let task = match claimed.state {
                State::InDoubt { sent_by, .. } => Task::LookUp { sent_by },
                State::InFlight { leave_by, .. } => Task::Send { leave_by },
                _ => continue,
            };
            saver.save(id, &claimed)?;
            let (attempt, holder) = (claimed.attempt, want.holder);
            claims.push(Claim { row: id, reference, attempt, holder, task, tag, payload });
        }
        Ok(())
    }

    pub(super) fn find(&self, reference: &str) -> rusqlite::Result<Option<(RowId, Row)>> {
        let mut query = self.0.prepare_cached(&format!("SELECT {ROW} FROM messages WHERE reference = ?1"))?;
        query.query_row([reference], row).optional()
    }

    fn rows(&self, condition: &str, values: impl Params) -> rusqlite::Result<Vec<(RowId, Row)>> {
        let mut query = self.0.prepare_cached(&format!("SELECT {ROW} FROM messages WHERE {condition}"))?;
        query.query_map(values, row)?.collect()
    }

    pub(super) fn save(&self, id: RowId, row: &Row) -> rusqlite::Result<()> {
        self.saver()?.save(id, row)
    }

    fn saver(&self) -> rusqlite::Result<Saver<'_>> {
        let update = self.0.prepare_cached(
            "UPDATE messages SET attempt = ?2, state = ?3, holder = ?4, due = ?5, sent_by = ?6, answer = ?7,
                 finished_at = CASE WHEN ?3 >= 4 THEN unixepoch() END
             WHERE id = ?1",
        )?;
        Ok(Saver { update, erase: self.0.prepare_cached("DELETE FROM payloads WHERE message = ?1")? })
    }

    /// Applies the machine to every row that is not finished.
    pub(super) fn change_all(&self, change: impl Fn(&Row) -> Option<Row>) -> rusqlite::Result<()> {
        let mut after = 0;
        loop {
            let open = self.rows("state < 3 AND id > ?1 ORDER BY id LIMIT 1000", [after])?;
            let Some((RowId(last), _)) = open.last() else { return Ok(()) };
            after = *last;
            for (id, row) in open {
                if let Some(row) = change(&row) {
                    self.save(id, &row)?;
                }
            }
        }
    }

    /// Passes every message to `show`, until it has seen enough.
    pub(super) fn for_each(&self, mut show: impl FnMut(&str, &[u8], &Row) -> bool) -> rusqlite::Result<()> {
        let mut query =
            self.0.prepare_cached(&format!("SELECT {ROW}, reference, tag FROM messages ORDER BY id"))?;
        let mut rows = query.query([])?;
        while let Some(columns) = rows.next()? {
            let (_, row) = row(columns)?;
            if !show(columns.get_ref(7)?.as_str()?, columns.get_ref(8)?.as_blob()?, &row) {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn counts(&self, now: u64) -> rusqlite::Result<Counts> {
        // (`GROUP BY state` would sort all of them first, with as much memory again as the cache has.)
        let mut query = self.0.prepare_cached(
            "SELECT count(*) FILTER (WHERE state = 0 AND due <= ?1), count(*) FILTER (WHERE state = 0 AND due > ?1),
                    count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2),
                    count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4),
                    count(*) FILTER (WHERE state = 5)
             FROM messages",
        )?;
        query.query_row([integer(now)], |row| {
            let count = |column| row.get(column).map(moment);
            Ok(Counts {
                ready: count(0)?,
                postponed: count(1)?,
                in_flight: count(2)?,
                in_doubt: count(3)?,
                for_person: count(4)?,
                sent: count(5)?,
                failed: count(6)?,
            })
        })
    }

    pub(super) fn undecided(&self, limit: usize) -> rusqlite::Result<Vec<Undecided>> {
        let mut query = self.0.prepare_cached(
            "SELECT id, reference, sent_by, answer, tag FROM messages WHERE state = 3 ORDER BY id LIMIT ?1",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        query
            .query_map([limit], |row| {
                Ok(Undecided {
                    row: RowId(row.get(0)?),
                    reference: row.get(1)?,
                    sent_by: moment(row.get(2)?),
                    reason: row.get(3)?,
                    tag: row.get(4)?,
                })
            })?
            .collect()
    }
}

/// Saves rows one by one.
struct Saver<'a> {
    update: CachedStatement<'a>,
    erase: CachedStatement<'a>,
}

impl Saver<'_> {
    fn save(&mut self, id: RowId, row: &Row) -> rusqlite::Result<()> {
        let columns = Columns::of(row);
        self.update.execute(params![
            id.0,
            row.attempt,
            columns.state,
            columns.holder.map(Holder::as_bytes),
            integer(columns.due),
            columns.sent_by.map(integer),
            columns.answer
        ])?;
        if row.is_finished() {
            self.erase.execute([id.0])?;
        }
        Ok(())
    }
}

/// A state, spread over columns.
struct Columns<'a> {
    state: i64,
    holder: Option<&'a Holder>,
    due: u64,
    sent_by: Option<u64>,
    answer: Option<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(row: &'a Row) -> Self {
        let bare = |state, due| Self { state, holder: None, due, sent_by: None, answer: None };
        match &row.state {
            State::Ready { not_before } => bare(READY, *not_before),
            State::InFlight { holder, leave_by } => {
                Self { holder: Some(holder), ..bare(IN_FLIGHT, *leave_by) }
            }
            State::InDoubt { sent_by, reconciler } => {
                let bare = |state, due| Self { sent_by: Some(*sent_by), ..bare(state, due) };
                match reconciler {
                    Reconciler::From(from) => bare(IN_DOUBT, *from),
                    Reconciler::Held { holder, until } => {
                        Self { holder: Some(holder), ..bare(IN_DOUBT, *until) }
                    }
                    Reconciler::Person { reason } => Self { answer: Some(reason), ..bare(FOR_PERSON, 0) },
                }
            }
            State::Sent { id } => Self { answer: Some(id), ..bare(SENT, 0) },
            State::Failed { reason } => Self { answer: Some(reason), ..bare(FAILED, 0) },
        }
    }
}

/// Reads the columns of [`ROW`].
fn row(columns: &rusqlite::Row<'_>) -> rusqlite::Result<(RowId, Row)> {
    let holder = columns.get::<_, Option<[u8; 16]>>(3)?.map(Holder::from_bytes);
    let due = moment(columns.get(4)?);
    let answer = || columns.get::<_, Option<String>>(6).map(Option::unwrap_or_default);
    let sent_by = || columns.get::<_, Option<i64>>(5).map(|sent_by| moment(sent_by.unwrap_or_default()));
    let state = match (columns.get::<_, i64>(2)?, holder) {
        (READY, _) => State::Ready { not_before: due },
        (IN_FLIGHT, Some(holder)) => State::InFlight { holder, leave_by: due },
        (IN_DOUBT, None) => State::InDoubt { sent_by: sent_by()?, reconciler: Reconciler::From(due) },
        (IN_DOUBT, Some(holder)) => {
            State::InDoubt { sent_by: sent_by()?, reconciler: Reconciler::Held { holder, until: due } }
        }
        (FOR_PERSON, _) => {
            State::InDoubt { sent_by: sent_by()?, reconciler: Reconciler::Person { reason: answer()? } }
        }
        (SENT, _) => State::Sent { id: answer()? },
        (FAILED, _) => State::Failed { reason: answer()? },
        (state, _) => {
            let why = format!("there is no state {state} like this");
            return Err(rusqlite::Error::FromSqlConversionFailure(2, Type::Integer, why.into()));
        }
    };
    Ok((RowId(columns.get(0)?), Row { attempt: columns.get(1)?, state }))
}

/// A moment as SQLite stores it. Every real moment is within its range.
fn integer(moment: u64) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

pub(super) fn moment(integer: i64) -> u64 {
    u64::try_from(integer).unwrap_or_default()
}
