//! A person's data: what of it is kept, and how it goes.

use std::fmt;
use std::time::Duration;

use tokio_postgres::types::Type;

use super::{PostgresStore, connection};
use crate::StoreError;

/// What is kept of a message to somebody.
///
/// `Debug` shows neither reference nor payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// The reference.
    pub reference: String,
    /// The message, as it was put.
    pub payload: Vec<u8>,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("bytes", &self.payload.len()).finish_non_exhaustive()
    }
}

/// # A person's data
///
/// A payload is erased as soon as its message is settled. What can be kept of a person is therefore in messages that are
/// still to be sent, in doubt, or a person's to decide.
impl PostgresStore {
    /// The messages whose payload has this text in it, such as a phone number as it was put.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub async fn export(&self, text: &str) -> Result<Vec<Kept>, StoreError> {
        let found = self
            .connection
            .query(
                "SELECT reference, body FROM notify_outbox.payloads JOIN notify_outbox.messages ON message = id
                 WHERE position($1 IN body) > 0 ORDER BY id",
                &[(&text.as_bytes(), Type::BYTEA)],
            )
            .await?;
        found
            .iter()
            .map(|row| Ok(Kept { reference: row.try_get(0)?, payload: row.try_get(1)? }))
            .collect::<Result<_, _>>()
            .map_err(connection::explain)
    }

    /// Erases the messages whose payload has this text in it, unless they are on their way or being looked up: these are
    /// erased when they are settled. They will not be sent. How many were erased, and how many are left.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached: nothing was erased then.
    pub async fn erase(&self, text: &str) -> Result<(u64, u64), StoreError> {
        let found = self
            .connection
            .query(
                "WITH theirs AS (
                     SELECT id, state FROM notify_outbox.payloads JOIN notify_outbox.messages ON message = id
                     WHERE position($1 IN body) > 0 FOR UPDATE OF messages
                 ), erased AS (
                     DELETE FROM notify_outbox.messages m USING theirs
                     WHERE m.id = theirs.id AND theirs.state IN (0, 3) RETURNING m.id
                 )
                 SELECT (SELECT count(*) FROM erased), (SELECT count(*) FROM theirs WHERE state NOT IN (0, 3))",
                &[(&text.as_bytes(), Type::BYTEA)],
            )
            .await?;
        let count = |column| {
            let count: Option<i64> = found.first().and_then(|row| row.try_get(column).ok());
            count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default()
        };
        Ok((count(0), count(1)))
    }

    /// Forgets what was settled longer ago than this, at most ten thousand at once, and says how many. A producer that puts
    /// one of them again puts a new message.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub async fn forget_settled(&self, longer_ago_than: Duration) -> Result<usize, StoreError> {
        let found = self
            .connection
            .query(
                "DELETE FROM notify_outbox.messages WHERE id IN (
                     SELECT id FROM notify_outbox.messages
                     WHERE state IN (4, 5) AND settled_at < clock_timestamp() - make_interval(secs => $1)
                     LIMIT 10000 FOR UPDATE SKIP LOCKED
                 ) RETURNING id",
                &[(&longer_ago_than.as_secs_f64(), Type::FLOAT8)],
            )
            .await?;
        Ok(found.len())
    }
}
