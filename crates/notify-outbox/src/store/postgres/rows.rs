//! Rows as PostgreSQL gives and takes them.

use std::collections::HashMap;

use tokio_postgres::types::Type;
use tokio_postgres::{Error, GenericClient, Row as SqlRow};
use uuid::Uuid;

use super::listener::CHANNEL;
use crate::store::{Counts, Exchanged, Intent, ListedMessage, Put, StateName, Undecided};
use crate::{Claim, ClaimRequest, Holder, Outcome, Report, RowId, Task};

/// Keeps messages, and says what happened to each, in order.
pub(super) async fn put(client: &impl GenericClient, intents: Vec<Intent>) -> Result<Vec<Put>, Error> {
    let intents: Vec<_> = intents.into_iter().map(Intent::into_parts).collect();
    let mut put: Vec<Option<Put>> = vec![None; intents.len()];
    loop {
        let open: Vec<usize> = (0..put.len()).filter(|place| put[*place].is_none()).collect();
        if open.is_empty() {
            return Ok(put.into_iter().flatten().collect());
        }
        let mut created = create(client, open.iter().map(|place| &intents[*place])).await?;
        let references: Vec<&str> = open.iter().map(|place| &*intents[*place].0).collect();
        let others = references.iter().copied().filter(|reference| !created.contains_key(*reference));
        let mut known = find(client, others.collect()).await?;
        // A message that was known may have been forgotten before it was found. It is then new, in the next round.
        for (place, reference) in open.into_iter().zip(references) {
            put[place] = match created.remove(reference) {
                Some(id) => {
                    // The second of two in one batch is known.
                    known.insert(reference.to_owned(), id);
                    Some(Put::Created(RowId(id)))
                }
                None => known.get(reference).map(|id| Put::Known(RowId(*id))),
            };
        }
    }
}

/// Keeps those that are new, and returns their ids.
async fn create(
    client: &impl GenericClient,
    intents: impl Iterator<Item = &(String, Vec<u8>, Option<Vec<u8>>)>,
) -> Result<HashMap<String, i64>, Error> {
    let (mut references, mut tags, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for (reference, tag, body) in intents {
        references.push(reference.as_str());
        tags.push(tag.as_slice());
        bodies.push(body.as_deref());
    }
    let created = super::query(
        client,
        "WITH given AS (
             SELECT DISTINCT ON (reference) * FROM unnest($1, $2, $3)
                 WITH ORDINALITY AS given (reference, tag, body, n)
             ORDER BY reference, n
         ), created AS (
             -- Those that are known use up no id.
             INSERT INTO notify_outbox.messages (reference, tag)
             SELECT reference, tag FROM given
             WHERE NOT EXISTS (SELECT FROM notify_outbox.messages known WHERE known.reference = given.reference)
             ORDER BY n
             ON CONFLICT (reference) DO NOTHING RETURNING id, reference
         ), kept AS (
             INSERT INTO notify_outbox.payloads (message, body)
             SELECT id, body FROM created JOIN given USING (reference) WHERE body IS NOT NULL
         )
         SELECT reference, id FROM created",
        &[(&references, Type::TEXT_ARRAY), (&tags, Type::BYTEA_ARRAY), (&bodies, Type::BYTEA_ARRAY)],
    )
    .await?;
    created.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// The ids of those that are known: a separate statement, since another transaction may have put a message meanwhile, which
/// only a later statement sees.
async fn find(client: &impl GenericClient, references: Vec<&str>) -> Result<HashMap<String, i64>, Error> {
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    let found = super::query(
        client,
        "SELECT reference, id FROM notify_outbox.messages WHERE reference = ANY ($1)",
        &[(&references, Type::TEXT_ARRAY)],
    )
    .await?;
    found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Announces new messages to all listeners, once this is committed.
pub(super) async fn wake_workers(client: &impl GenericClient) -> Result<(), Error> {
    super::query(client, "SELECT pg_notify($1, '')", &[(&CHANNEL, Type::TEXT)]).await.map(drop)
}

/// Reports as columns.
#[derive(Default)]
pub(super) struct Reports<'a> {
    pub(super) ids: Vec<i64>,
    pub(super) attempts: Vec<i32>,
    pub(super) holders: Vec<Uuid>,
    pub(super) kinds: Vec<i16>,
    pub(super) moments: Vec<i64>,
    pub(super) texts: Vec<&'a str>,
}

impl<'a> Reports<'a> {
    pub(super) fn of(reports: &'a [Report]) -> Self {
        let mut columns = Self::default();
        for report in reports {
            let (kind, moment, text) = match &report.outcome {
                Outcome::Sent { id } => (0, 0, id.as_str()),
                Outcome::NotSent { not_before } => (1, *not_before, ""),
                Outcome::Failed { reason } => (2, 0, reason.as_str()),
                Outcome::InDoubt => (3, 0, ""),
                Outcome::Absent => (4, 0, ""),
                Outcome::StillInDoubt { look_at } => (5, *look_at, ""),
                Outcome::NeedsPerson { reason } => (6, 0, reason.as_str()),
            };
            columns.ids.push(report.row.0);
            columns.attempts.push(i32::try_from(report.attempt).unwrap_or(i32::MAX));
            columns.holders.push(uuid(&report.holder));
            columns.kinds.push(kind);
            columns.moments.push(integer(moment));
            columns.texts.push(text);
        }
        columns
    }
}

pub(super) fn exchanged(found: &[SqlRow], want: ClaimRequest) -> Result<Exchanged, Error> {
    let mut exchanged = Exchanged::default();
    for row in found {
        match row.try_get::<_, i16>(0)? {
            0 => exchanged.without_effect.push(RowId(row.try_get(1)?)),
            1 => {
                let count: i64 = row.try_get(3)?;
                exchanged.for_person = usize::try_from(count).unwrap_or_default();
            }
            kind => {
                let at = moment(row.try_get(3)?);
                let task = if kind == 2 { Task::LookUp { sent_by: at } } else { Task::Send { leave_by: at } };
                exchanged.claims.push(Claim {
                    row: RowId(row.try_get(1)?),
                    attempt: u32::try_from(row.try_get::<_, i32>(2)?).unwrap_or_default(),
                    reference: row.try_get(4)?,
                    holder: want.holder,
                    task,
                    tag: row.try_get(5)?,
                    payload: row.try_get(6)?,
                });
            }
        }
    }
    Ok(exchanged)
}

pub(super) fn counts(found: &[SqlRow]) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    for row in found {
        let (count, postponed) = (moment(row.try_get(1)?), moment(row.try_get(2)?));
        match row.try_get::<_, i16>(0)? {
            0 => (counts.ready, counts.postponed) = (count - postponed, postponed),
            1 => counts.in_flight = count,
            2 => counts.in_doubt = count,
            3 => counts.for_person = count,
            4 => counts.sent = count,
            _ => counts.failed = count,
        }
    }
    Ok(counts)
}

pub(super) fn undecided(row: &SqlRow) -> Result<Undecided, Error> {
    Ok(Undecided {
        row: RowId(row.try_get(0)?),
        reference: row.try_get(1)?,
        sent_by: moment(row.try_get(2)?),
        reason: row.try_get(3)?,
        tag: row.try_get(4)?,
    })
}

pub(super) fn listed(row: &SqlRow) -> Result<ListedMessage, Error> {
    let state = StateName::of_number(row.try_get::<_, i16>(3)?.into());
    Ok(ListedMessage {
        row: RowId(row.try_get(0)?),
        reference: row.try_get(1)?,
        tag: row.try_get(2)?,
        state: state.unwrap_or_else(|| unreachable!("it was one of those that were asked for")),
        answer: row.try_get(4)?,
        put_at: moment(row.try_get(5)?),
        finished_at: row.try_get::<_, Option<i64>>(6)?.map(moment),
        payload: row.try_get(7)?,
    })
}

pub(super) fn uuid(holder: &Holder) -> Uuid {
    Uuid::from_bytes(*holder.as_bytes())
}

/// A moment as PostgreSQL stores it. Every real moment is within its range.
pub(super) fn integer(moment: u64) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

fn moment(integer: i64) -> u64 {
    u64::try_from(integer).unwrap_or_default()
}
