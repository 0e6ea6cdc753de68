//! Maintenance of the file.

use std::time::Duration;

use rusqlite::{Transaction, params};

use super::SqliteStore;
use super::table::moment;
use crate::store::listing::{ListRequest, ListedMessage, StateName};
use crate::store::maintenance::{Activity, Erased, Maintenance, StoredMessage};
use crate::store::spellings::spellings;
use crate::{RowId, StoreError};

/// How many rows are deleted at once.
const AT_ONCE: i64 = 10_000;

impl Maintenance for SqliteStore {
    async fn activity(&self) -> Result<Activity, StoreError> {
        self.commit_elsewhere(|store| store.commit(activity)).await
    }

    async fn list(&self, which: ListRequest) -> Result<Vec<ListedMessage>, StoreError> {
        self.commit_elsewhere(move |store| store.commit(|transaction| list(transaction, &which))).await
    }

    async fn export(&self, text: &str) -> Result<Vec<StoredMessage>, StoreError> {
        let sought = spellings(text);
        self.commit_elsewhere(move |store| store.commit(|transaction| export(transaction, &sought))).await
    }

    async fn erase(&self, text: &str) -> Result<Erased, StoreError> {
        let sought = spellings(text);
        let erased = self
            .commit_elsewhere(move |store| store.commit(|transaction| erase(transaction, &sought)))
            .await?;
        self.clear_log().await?;
        Ok(erased)
    }

    async fn forget_finished(&self, longer_ago_than: Duration) -> Result<usize, StoreError> {
        let forget = "DELETE FROM messages WHERE id IN (
            SELECT id FROM messages WHERE state IN (4, 5) AND finished_at <= unixepoch() - ?1 LIMIT ?2
        )";
        self.delete(forget, longer_ago_than).await
    }

    async fn erase_payloads(&self, longer_ago_than: Duration) -> Result<usize, StoreError> {
        let erase = "DELETE FROM payloads WHERE message IN (
            SELECT id FROM payloads JOIN messages ON message = id
            WHERE state IN (0, 3) AND put_at <= unixepoch() - ?1 LIMIT ?2
        )";
        let erased = self.delete(erase, longer_ago_than).await?;
        if erased > 0 {
            self.clear_log().await?;
        }
        Ok(erased)
    }
}

impl SqliteStore {
    async fn delete(&self, statement: &'static str, longer_ago_than: Duration) -> Result<usize, StoreError> {
        let seconds = i64::try_from(longer_ago_than.as_secs()).unwrap_or(i64::MAX / 2);
        self.commit_elsewhere(move |store| {
            store.commit(|transaction| transaction.execute(statement, [seconds, AT_ONCE]))
        })
        .await
    }

    /// Moves the committed pages into the file and empties the log, where erased pages would otherwise survive.
    async fn clear_log(&self) -> Result<(), StoreError> {
        self.commit_elsewhere(Self::checkpoint).await
    }
}

fn activity(transaction: &Transaction<'_>) -> rusqlite::Result<Activity> {
    transaction.query_row(
        "SELECT max(unixepoch() - put_at) FILTER (WHERE state < 4),
                count(*) FILTER (WHERE state = 4 AND finished_at > unixepoch() - 60)
         FROM messages",
        [],
        |row| {
            let oldest: Option<i64> = row.get(0)?;
            let oldest = oldest.map(|seconds| Duration::from_secs(seconds.try_into().unwrap_or_default()));
            let sent: i64 = row.get(1)?;
            Ok(Activity { oldest, sent_last_minute: sent.try_into().unwrap_or_default() })
        },
    )
}

fn list(transaction: &Transaction<'_>, which: &ListRequest) -> rusqlite::Result<Vec<ListedMessage>> {
    let states: Vec<String> = which.states.iter().map(|state| state.number().to_string()).collect();
    let mut query = transaction.prepare(&format!(
        "SELECT id, reference, tag, state, answer, put_at, finished_at,
                CASE WHEN ?3 THEN (SELECT body FROM payloads WHERE message = id) END
         FROM messages WHERE id > ?1 AND state IN ({}) ORDER BY id LIMIT ?2",
        states.join(", ")
    ))?;
    let after = which.after.map_or(0, |row| row.0);
    let limit = i64::try_from(which.limit).unwrap_or(i64::MAX);
    query
        .query_map(params![after, limit, which.with_payloads], |columns| {
            let number: i64 = columns.get(3)?;
            let state =
                StateName::of_number(number).ok_or(rusqlite::Error::IntegralValueOutOfRange(3, number))?;
            Ok(ListedMessage {
                row: RowId(columns.get(0)?),
                reference: columns.get(1)?,
                tag: columns.get(2)?,
                state,
                answer: columns.get(4)?,
                put_at: moment(columns.get(5)?),
                finished_at: columns.get::<_, Option<i64>>(6)?.map(moment),
                payload: columns.get(7)?,
            })
        })?
        .collect()
}

/// The messages whose payload contains one of three texts.
const THEIRS: &str = "SELECT id FROM payloads JOIN messages ON message = id
    WHERE (instr(body, ?1) > 0 OR instr(body, ?2) > 0 OR instr(body, ?3) > 0)";

fn export(transaction: &Transaction<'_>, sought: &[Vec<u8>; 3]) -> rusqlite::Result<Vec<StoredMessage>> {
    let [first, second, third] = sought;
    let mut query = transaction.prepare(&format!(
        "SELECT reference, body FROM payloads JOIN messages ON message = id WHERE id IN ({THEIRS}) ORDER BY id"
    ))?;
    query
        .query_map(params![first, second, third], |row| {
            Ok(StoredMessage { reference: row.get(0)?, payload: row.get(1)? })
        })?
        .collect()
}

fn erase(transaction: &Transaction<'_>, sought: &[Vec<u8>; 3]) -> rusqlite::Result<Erased> {
    let [first, second, third] = sought;
    let open = transaction
        .prepare(&format!("{THEIRS} AND state IN (0, 3)"))?
        .query_map(params![first, second, third], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    for id in &open {
        transaction.execute("DELETE FROM payloads WHERE message = ?1", [id])?;
        transaction.execute("DELETE FROM messages WHERE id = ?1", [id])?;
    }
    let left: i64 = transaction.query_row(
        &format!("SELECT count(*) FROM ({THEIRS})"),
        params![first, second, third],
        |row| row.get(0),
    )?;
    let erased = u64::try_from(open.len()).unwrap_or_default();
    Ok(Erased { erased, left: left.try_into().unwrap_or_default() })
}
