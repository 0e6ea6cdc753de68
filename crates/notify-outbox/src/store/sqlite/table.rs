//! Rows as SQLite keeps them. What becomes of a row, the machine says.

use rusqlite::types::Type;
use rusqlite::{OptionalExtension as _, Params, Transaction, params};

use crate::machine::{ANSWER_GRACE, LISTED_FOR, Settling, State};
use crate::store::{Counts, Exchanged, Intent, Put, Undecided};
use crate::{Claim, Holder, Report, Row, RowId, Task, Want};

const READY: i64 = 0;
const IN_FLIGHT: i64 = 1;
const IN_DOUBT: i64 = 2;
const FOR_PERSON: i64 = 3;
const SENT: i64 = 4;
const FAILED: i64 = 5;

/// How many rows time moves on in one commit: after a long sleep the rest follows in the next.
const EXPIRED_AT_ONCE: i64 = 1_000;

/// The columns that make a [`Row`], in the order in which [`row`] reads them.
const ROW: &str = "id, attempt, state, holder, due, sent_by, answer";

pub(super) struct Table<'a>(pub(super) &'a Transaction<'a>);

impl Table<'_> {
    pub(super) fn put(&self, intent: Intent) -> rusqlite::Result<Put> {
        let (reference, tag, payload) = intent.into_parts();
        let mut insert = self.0.prepare_cached(
            "INSERT INTO messages (reference, tag, state, attempt, due) VALUES (?1, ?2, 0, 0, 0)
             ON CONFLICT (reference) DO NOTHING RETURNING id",
        )?;
        let created: Option<i64> = insert.query_row(params![reference, tag], |row| row.get(0)).optional()?;
        let Some(id) = created else {
            let mut find = self.0.prepare_cached("SELECT id FROM messages WHERE reference = ?1")?;
            return Ok(Put::Known(RowId(find.query_row([reference], |row| row.get(0))?)));
        };
        if let Some(body) = payload {
            self.0
                .prepare_cached("INSERT INTO payloads (message, body) VALUES (?1, ?2)")?
                .execute(params![id, body])?;
        }
        Ok(Put::Created(RowId(id)))
    }

    pub(super) fn exchange(&self, reports: &[Report], want: Want) -> rusqlite::Result<Exchanged> {
        let mut exchanged = Exchanged::default();
        for report in reports {
            let row = self.get(report.row)?;
            let after =
                row.and_then(|row| row.reported(report.attempt, report.holder, &report.outcome, want.now));
            match after {
                Some(row) => self.save(report.row, &row)?,
                None => exchanged.without_effect.push(report.row),
            }
        }
        exchanged.for_person = self.expire(want.now)?;
        self.claim(want, IN_DOUBT, want.lookups, &mut exchanged.claims)?;
        self.claim(want, READY, want.sends, &mut exchanged.claims)?;
        Ok(exchanged)
    }

    /// Moves on what time moves on, and counts what is a person's now.
    fn expire(&self, now: u64) -> rusqlite::Result<usize> {
        let mut for_person = 0;
        for (state, before) in [(IN_FLIGHT, now.saturating_sub(ANSWER_GRACE)), (IN_DOUBT, now)] {
            let due = self.rows(
                // Of those in doubt, what is due is either held no more, or may be too old.
                "state = ?1 AND due <= ?2 AND (state = 1 OR holder IS NOT NULL OR sent_by < ?3)
                 ORDER BY due, id LIMIT ?4",
                params![state, integer(before), integer(now.saturating_sub(LISTED_FOR)), EXPIRED_AT_ONCE],
            )?;
            for (id, mut row) in due {
                while let Some(expired) = row.expired(now) {
                    row = expired;
                }
                self.save(id, &row)?;
                let is_for_person =
                    matches!(row.state, State::InDoubt { settling: Settling::Person { .. }, .. });
                for_person += usize::from(is_for_person);
            }
        }
        Ok(for_person)
    }

    fn claim(&self, want: Want, state: i64, count: usize, claims: &mut Vec<Claim>) -> rusqlite::Result<()> {
        if count == 0 {
            return Ok(());
        }
        let due = self.rows(
            "state = ?1 AND due <= ?2 AND (state = 0 OR holder IS NULL) ORDER BY due, id LIMIT ?3",
            params![state, integer(want.now), i64::try_from(count).unwrap_or(i64::MAX)],
        )?;
        for (id, row) in due {
            let claimed = if state == READY {
                row.claimed(want.holder, want.now, want.window)
            } else {
                row.claimed_for_lookup(want.holder, want.now)
            };
            let Some(claimed) = claimed else { continue };
            self.save(id, &claimed)?;
            claims.push(self.claim_of(id, &claimed, want.holder)?);
        }
        Ok(())
    }

    fn claim_of(&self, id: RowId, row: &Row, holder: Holder) -> rusqlite::Result<Claim> {
        let task = match row.state {
            State::InDoubt { sent_by, .. } => Task::LookUp { sent_by },
            State::InFlight { leave_by, .. } => Task::Send { leave_by },
            _ => unreachable!("a row was just claimed"),
        };
        let mut query = self.0.prepare_cached(
            "SELECT reference, tag, body FROM messages LEFT JOIN payloads ON message = id WHERE id = ?1",
        )?;
        query.query_row([id.0], |found| {
            Ok(Claim {
                row: id,
                reference: found.get(0)?,
                attempt: row.attempt,
                holder,
                task,
                tag: found.get(1)?,
                payload: found.get(2)?,
            })
        })
    }

    pub(super) fn get(&self, id: RowId) -> rusqlite::Result<Option<Row>> {
        let mut query = self.0.prepare_cached(&format!("SELECT {ROW} FROM messages WHERE id = ?1"))?;
        query.query_row([id.0], row).optional().map(|found| found.map(|(_, row)| row))
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
        let columns = Columns::of(row);
        self.0
            .prepare_cached(
                "UPDATE messages SET attempt = ?2, state = ?3, holder = ?4, due = ?5, sent_by = ?6, answer = ?7
                 WHERE id = ?1",
            )?
            .execute(params![
                id.0,
                row.attempt,
                columns.state,
                columns.holder.map(|holder| *holder.as_bytes()),
                integer(columns.due),
                columns.sent_by.map(integer),
                columns.answer
            ])?;
        if row.is_settled() {
            self.0.prepare_cached("DELETE FROM payloads WHERE message = ?1")?.execute([id.0])?;
        }
        Ok(())
    }

    /// Applies to every row that is not settled what the machine makes of it, if anything.
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

    pub(super) fn counts(&self, now: u64) -> rusqlite::Result<Counts> {
        let mut counts = Counts::default();
        let mut query = self.0.prepare_cached("SELECT state, count(*) FROM messages GROUP BY state")?;
        for counted in query.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))? {
            let (state, count) = counted?;
            *match state {
                READY => &mut counts.ready,
                IN_FLIGHT => &mut counts.in_flight,
                IN_DOUBT => &mut counts.in_doubt,
                FOR_PERSON => &mut counts.for_person,
                SENT => &mut counts.sent,
                _ => &mut counts.failed,
            } = moment(count);
        }
        let mut query =
            self.0.prepare_cached("SELECT count(*) FROM messages WHERE state = 0 AND due > ?1")?;
        counts.postponed = moment(query.query_row([integer(now)], |row| row.get(0))?);
        counts.ready -= counts.postponed;
        Ok(counts)
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
            State::InDoubt { sent_by, settling } => {
                let bare = |state, due| Self { sent_by: Some(*sent_by), ..bare(state, due) };
                match settling {
                    Settling::From(from) => bare(IN_DOUBT, *from),
                    Settling::Held { holder, until } => {
                        Self { holder: Some(holder), ..bare(IN_DOUBT, *until) }
                    }
                    Settling::Person { reason } => Self { answer: Some(reason), ..bare(FOR_PERSON, 0) },
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
        (IN_DOUBT, None) => State::InDoubt { sent_by: sent_by()?, settling: Settling::From(due) },
        (IN_DOUBT, Some(holder)) => {
            State::InDoubt { sent_by: sent_by()?, settling: Settling::Held { holder, until: due } }
        }
        (FOR_PERSON, _) => {
            State::InDoubt { sent_by: sent_by()?, settling: Settling::Person { reason: answer()? } }
        }
        (SENT, _) => State::Sent { id: answer()? },
        (FAILED, _) => State::Failed { reason: answer()? },
        (state, _) => {
            let fault = format!("there is no state {state} like this");
            return Err(rusqlite::Error::FromSqlConversionFailure(2, Type::Integer, fault.into()));
        }
    };
    Ok((RowId(columns.get(0)?), Row { attempt: columns.get(1)?, state }))
}

/// A moment as SQLite keeps it. None that is real is out of its range.
fn integer(moment: u64) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

fn moment(integer: i64) -> u64 {
    u64::try_from(integer).unwrap_or_default()
}
