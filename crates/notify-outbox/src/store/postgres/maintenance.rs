//! Maintenance of the database.

use std::time::Duration;

use tokio_postgres::Row as SqlRow;
use tokio_postgres::types::Type;

use super::{PostgresStore, connection, rows};
use crate::StoreError;
use crate::store::listing::{ListRequest, ListedMessage};
use crate::store::maintenance::{Activity, Erased, Maintenance, StoredMessage};
use crate::store::spellings::spellings;

/// How many rows are deleted at once.
const AT_ONCE: i64 = 10_000;

impl Maintenance for PostgresStore {
    async fn activity(&self) -> Result<Activity, StoreError> {
        let found = self
            .connection
            .query(
                "SELECT (SELECT extract(epoch FROM clock_timestamp() - min(put_at))::float8
                         FROM notify_outbox.messages WHERE state IN (0, 1, 2, 3)),
                        (SELECT count(*) FROM notify_outbox.messages
                         WHERE state IN (4, 5) AND state = 4
                             AND finished_at > clock_timestamp() - interval '1 minute')",
                &[],
            )
            .await?;
        let activity = |row: &SqlRow| {
            let oldest: Option<f64> = row.try_get(0)?;
            let oldest = oldest.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
            Ok(Activity { oldest, sent_last_minute: count(row, 1)? })
        };
        found.first().map_or(Ok(Activity::default()), activity).map_err(connection::explain)
    }

    async fn list(&self, which: ListRequest) -> Result<Vec<ListedMessage>, StoreError> {
        let states: Vec<i16> = which.states.iter().map(|state| state.number()).collect();
        let after = which.after.map_or(0, |row| row.0);
        let limit = i64::try_from(which.limit).unwrap_or(i64::MAX);
        let found = self
            .connection
            .query(
                "SELECT id, reference, tag, state, answer, extract(epoch FROM put_at)::bigint,
                        extract(epoch FROM finished_at)::bigint,
                        CASE WHEN $4 THEN (SELECT body FROM notify_outbox.payloads WHERE message = id) END
                 FROM notify_outbox.messages WHERE id > $1 AND state = ANY ($2) ORDER BY id LIMIT $3",
                &[
                    (&after, Type::INT8),
                    (&states, Type::INT2_ARRAY),
                    (&limit, Type::INT8),
                    (&which.with_payloads, Type::BOOL),
                ],
            )
            .await?;
        found.iter().map(rows::listed).collect::<Result<_, _>>().map_err(connection::explain)
    }

    async fn export(&self, text: &str) -> Result<Vec<StoredMessage>, StoreError> {
        let sought = spellings(text).to_vec();
        let found = self
            .connection
            .query(
                "SELECT reference, body FROM notify_outbox.payloads JOIN notify_outbox.messages ON message = id
                 WHERE EXISTS (SELECT FROM unnest($1) AS s (text) WHERE position(s.text IN body) > 0) ORDER BY id",
                &[(&sought, Type::BYTEA_ARRAY)],
            )
            .await?;
        found
            .iter()
            .map(|row| Ok(StoredMessage { reference: row.try_get(0)?, payload: row.try_get(1)? }))
            .collect::<Result<_, _>>()
            .map_err(connection::explain)
    }

    async fn erase(&self, text: &str) -> Result<Erased, StoreError> {
        let sought = spellings(text).to_vec();
        let found = self
            .connection
            .query(
                "WITH theirs AS (
                     SELECT id, state FROM notify_outbox.payloads JOIN notify_outbox.messages ON message = id
                     WHERE EXISTS (SELECT FROM unnest($1) AS s (text) WHERE position(s.text IN body) > 0)
                     FOR UPDATE OF messages
                 ), erased AS (
                     DELETE FROM notify_outbox.messages m USING theirs
                     WHERE m.id = theirs.id AND theirs.state IN (0, 3) RETURNING m.id
                 )
                 SELECT (SELECT count(*) FROM erased), (SELECT count(*) FROM theirs WHERE state NOT IN (0, 3))",
                &[(&sought, Type::BYTEA_ARRAY)],
            )
            .await?;
        let erased = |row: &SqlRow| Ok(Erased { erased: count(row, 0)?, left: count(row, 1)? });
        found.first().map_or(Ok(Erased::default()), erased).map_err(connection::explain)
    }

    async fn forget_finished(&self, longer_ago_than: Duration) -> Result<usize, StoreError> {
        let forget = "DELETE FROM notify_outbox.messages WHERE id = ANY (ARRAY (
                SELECT id FROM notify_outbox.messages
                WHERE state IN (4, 5) AND finished_at <= clock_timestamp() - make_interval(secs => $1)
                LIMIT $2 FOR UPDATE SKIP LOCKED
            )) RETURNING id";
        self.delete(forget, longer_ago_than).await
    }

    async fn erase_payloads(&self, longer_ago_than: Duration) -> Result<usize, StoreError> {
        let erase = "DELETE FROM notify_outbox.payloads WHERE message = ANY (ARRAY (
                SELECT id FROM notify_outbox.payloads JOIN notify_outbox.messages ON message = id
                WHERE state IN (0, 3) AND put_at <= clock_timestamp() - make_interval(secs => $1)
                LIMIT $2 FOR UPDATE OF messages SKIP LOCKED
            )) RETURNING message";
        self.delete(erase, longer_ago_than).await
    }
}

impl PostgresStore {
    async fn delete(&self, statement: &str, longer_ago_than: Duration) -> Result<usize, StoreError> {
        let seconds = longer_ago_than.as_secs_f64();
        let parameters: [super::Parameter<'_>; 2] = [(&seconds, Type::FLOAT8), (&AT_ONCE, Type::INT8)];
        Ok(self.connection.query(statement, &parameters).await?.len())
    }
}

fn count(row: &SqlRow, column: usize) -> Result<u64, tokio_postgres::Error> {
    Ok(row.try_get::<_, i64>(column)?.try_into().unwrap_or_default())
}
