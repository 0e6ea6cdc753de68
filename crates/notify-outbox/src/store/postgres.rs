//! The store in PostgreSQL, for any number of workers on any number of hosts.
//!
//! Everything that belongs together is one statement, so that it also works behind a pooler in transaction mode: no
//! session locks, no prepared statements that outlive their transaction, and `LISTEN` only to shorten waits.

mod address;
mod connect;
mod connection;
mod listener;
mod maintenance;
mod rows;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row as SqlRow, Transaction};

use super::{Counts, Exchanged, Intent, Put, Slots, Store, StoreError, Undecided};
use crate::{ClaimRequest, Decision, Report};
pub use address::InvalidUrl;
use connection::Connection;

/// The version of the tables.
const VERSION: i32 = 1;
const SCHEMA: &str = include_str!("postgres/schema.sql");
const RIGHTS: &str = include_str!("postgres/rights.sql");
/// So that two programs do not create the tables at the same time: `NtOb`.
const INIT_LOCK: i64 = 0x4e74_4f62;
/// The default rate of the service, in messages a second.
const PER_SECOND: f64 = 50.0;

/// A store in PostgreSQL. Clones are the same store, over one connection, which is restored when it is lost.
///
/// # Examples
///
/// A message that is kept if, and only if, the booking is:
///
/// ```no_run
/// use notify_outbox::{Intent, PostgresStore};
///
/// # async fn example(mut database: tokio_postgres::Client, payload: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// let mut transaction = database.transaction().await?;
/// transaction.execute("INSERT INTO bookings (id) VALUES (17)", &[]).await?;
/// let confirmation = Intent::new("booking-17-confirmation")?.payload(payload);
/// PostgresStore::put_in(&mut transaction, vec![confirmation]).await?;
/// transaction.commit().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStore {
    connection: Arc<Connection>,
    per_second: Option<f64>,
}

impl PostgresStore {
    /// The rights that workers and producers need if they do not own the tables: SQL to run once, with the names of the
    /// roles in place of `worker` and `producer`.
    pub const RIGHTS: &str = RIGHTS;

    /// A store with these connection settings. Nothing is connected yet. With several hosts and
    /// `target_session_attrs=read-write`, it continues after a failover.
    ///
    /// [`at`](Self::at) takes a URL and brings its own TLS. Use this function if your program has its own.
    pub fn new<T>(config: tokio_postgres::Config, tls: T) -> Self
    where
        T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as tokio_postgres::tls::TlsConnect<tokio_postgres::Socket>>::Future: Send,
    {
        Self { connection: Arc::new(Connection::new(config, tls)), per_second: Some(PER_SECOND) }
    }

    /// Sets how many messages a minute all workers on this store send together. The default is 3,000. With `None`, each
    /// client keeps its own pace.
    #[must_use]
    pub fn per_minute(self, limit: Option<u32>) -> Self {
        Self { per_second: limit.map(|limit| f64::from(limit.max(1)) / 60.0), ..self }
    }

    /// Creates the tables, in their own schema (`notify_outbox`), unless they exist. This requires the right to create
    /// a schema in the database. [`RIGHTS`](Self::RIGHTS) lists what other roles need afterwards.
    ///
    /// # Errors
    ///
    /// If the database cannot be reached, the right is missing, or the tables belong to a later version.
    pub async fn init(&self) -> Result<(), StoreError> {
        // Two statements of the same batch are one transaction.
        let script = format!(
            "BEGIN; SELECT pg_advisory_xact_lock({INIT_LOCK});
             DO $init$ BEGIN
                 IF to_regclass('notify_outbox.about') IS NULL THEN EXECUTE $schema${SCHEMA}$schema$; END IF;
             END $init$; COMMIT"
        );
        self.connection.batch(&script).await?;
        self.check().await
    }

    /// Checks that the tables exist, in this version.
    ///
    /// # Errors
    ///
    /// If they do not.
    pub async fn check(&self) -> Result<(), StoreError> {
        let rows = self.connection.query("SELECT version FROM notify_outbox.about", &[]).await?;
        match rows.first().map(|row| row.try_get::<_, i32>(0)) {
            Some(Ok(VERSION)) => Ok(()),
            _ => Err(StoreError::broken("the tables in the database are of another version")),
        }
    }

    /// How many prepared statements and advisory locks the session holds: none, so that it works behind a pooler.
    #[doc(hidden)]
    pub async fn session_state(&self) -> Result<(i64, i64), StoreError> {
        let found = self
            .connection
            .query(
                "SELECT (SELECT count(*) FROM pg_prepared_statements WHERE name <> ''),
                        (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())",
                &[],
            )
            .await?;
        let count = |column| found.first().and_then(|row| row.try_get(column).ok()).unwrap_or(-1);
        Ok((count(0), count(1)))
    }

    /// Keeps messages within the caller's own transaction: they are kept if, and only if, it is committed.
    ///
    /// The transaction runs at `READ COMMITTED`, PostgreSQL's default.
    ///
    /// # Errors
    ///
    /// If the database refuses. The transaction has then failed.
    pub async fn put_in(
        transaction: &mut Transaction<'_>,
        intents: Vec<Intent>,
    ) -> Result<Vec<Put>, StoreError> {
        rows::put(&*transaction, intents).await.map_err(connection::explain)
    }

    /// Wakes waiting workers as soon as the transaction is committed, instead of at their next poll within a second. It
    /// uses PostgreSQL's `NOTIFY`; several calls in one transaction have the effect of one.
    ///
    /// In PostgreSQL, commits that notify wait for each other. Leave this out if very many transactions put messages.
    ///
    /// # Errors
    ///
    /// If the database refuses. The transaction has then failed.
    pub async fn wake_workers_in(transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        rows::wake_workers(&*transaction).await.map_err(connection::explain)
    }
}

impl Store for PostgresStore {
    async fn put(&self, intents: Vec<Intent>) -> Result<Vec<Put>, StoreError> {
        let client = self.connection.client().await?;
        let put = self.connection.within_time(rows::put(&*client, intents)).await?;
        if put.iter().any(|put| matches!(put, Put::Created(_))) {
            // They are kept, even if this fails.
            let _ = self.connection.within_time(rows::wake_workers(&*client)).await;
        }
        Ok(put)
    }

    async fn exchange(&self, reports: Vec<Report>, want: ClaimRequest) -> Result<Exchanged, StoreError> {
        let reports = rows::Reports::of(&reports);
        let sends = i32::try_from(want.sends).unwrap_or(i32::MAX);
        let lookups = i32::try_from(want.lookups).unwrap_or(i32::MAX);
        let (now, window) = (rows::integer(want.now), rows::integer(want.window));
        let who = rows::uuid(&want.holder);
        let found = self
            .connection
            .query(
                "SELECT * FROM notify_outbox.exchange($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                &[
                    (&reports.ids, Type::INT8_ARRAY),
                    (&reports.attempts, Type::INT4_ARRAY),
                    (&reports.holders, Type::UUID_ARRAY),
                    (&reports.kinds, Type::INT2_ARRAY),
                    (&reports.moments, Type::INT8_ARRAY),
                    (&reports.texts, Type::TEXT_ARRAY),
                    (&who, Type::UUID),
                    (&now, Type::INT8),
                    (&sends, Type::INT4),
                    (&lookups, Type::INT4),
                    (&window, Type::INT8),
                ],
            )
            .await?;
        rows::exchanged(&found, want).map_err(connection::explain)
    }

    async fn counts(&self, now: u64) -> Result<Counts, StoreError> {
        let found = self
            .connection
            .query(
                "SELECT state, count(*), count(*) FILTER (WHERE state = 0 AND due > $1)
                 FROM notify_outbox.messages GROUP BY state",
                &[(&rows::integer(now), Type::INT8)],
            )
            .await?;
        rows::counts(&found).map_err(connection::explain)
    }

    async fn undecided(&self, limit: usize) -> Result<Vec<Undecided>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = self
            .connection
            .query(
                "SELECT id, reference, sent_by, answer, tag FROM notify_outbox.messages
                 WHERE state = 3 ORDER BY id LIMIT $1",
                &[(&limit, Type::INT8)],
            )
            .await?;
        found.iter().map(rows::undecided).collect::<Result<_, _>>().map_err(connection::explain)
    }

    async fn decide(&self, reference: &str, decision: Decision) -> Result<bool, StoreError> {
        let (state, answer) = match decision {
            Decision::Sent { id } => (4_i16, Some(id)),
            Decision::SendAgain => (0, None),
            Decision::GiveUp => (5, Some("given up by a person".to_owned())),
        };
        let found = self
            .connection
            .query(
                "WITH decided AS (
                     UPDATE notify_outbox.messages
                     SET state = $2, attempt = attempt + 1, holder = NULL, due = 0, sent_by = NULL, answer = $3,
                         finished_at = CASE WHEN $2 >= 4 THEN clock_timestamp() END
                     WHERE reference = $1 AND state IN (2, 3) RETURNING id
                 ), erased AS (
                     DELETE FROM notify_outbox.payloads p USING decided WHERE p.message = decided.id AND $2 >= 4
                 )
                 SELECT id FROM decided",
                &[(&reference, Type::TEXT), (&state, Type::INT2), (&answer, Type::TEXT)],
            )
            .await?;
        Ok(!found.is_empty())
    }

    async fn changed(&self) {
        self.connection.heard().await;
    }

    async fn lease_slots(&self, count: u32, within: Duration) -> Result<Option<Slots>, StoreError> {
        let Some(per_second) = self.per_second else { return Ok(None) };
        let wanted = i32::try_from(count).unwrap_or(i32::MAX);
        let found = self
            .connection
            .query(
                "SELECT granted, first_in FROM notify_outbox.lease_slots($1, $2, $3)",
                &[(&wanted, Type::INT4), (&within.as_secs_f64(), Type::FLOAT8), (&per_second, Type::FLOAT8)],
            )
            .await?;
        let slots = |row: &SqlRow| {
            Ok(Slots {
                count: u32::try_from(row.try_get::<_, i32>(0)?).unwrap_or_default(),
                first_in: Duration::from_secs_f64(row.try_get::<_, f64>(1)?.max(0.0)),
                apart: Duration::from_secs_f64(1.0 / per_second),
            })
        };
        found.first().map(slots).transpose().map_err(connection::explain)
    }

    async fn slow_down(&self, seconds: u32) -> Result<(), StoreError> {
        let seconds = i32::try_from(seconds).unwrap_or(i32::MAX);
        self.connection.query("SELECT notify_outbox.slow_down($1)", &[(&seconds, Type::INT4)]).await.map(drop)
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("per_second", &self.per_second).finish_non_exhaustive()
    }
}

/// A value and its type, so that no statement has to be prepared.
type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// Runs a query without preparing it.
async fn query(
    client: &impl GenericClient,
    statement: &str,
    parameters: &[Parameter<'_>],
) -> Result<Vec<SqlRow>, tokio_postgres::Error> {
    client.query_typed(statement, parameters).await
}
