//! The store in one SQLite file, for one process.
//!
//! Every commit is on the disk before it counts (`synchronous = FULL`), so it survives a killed process as well as a
//! power cut. Reports and the next claims share one commit, so that a worker with many messages under way handles many
//! of them for each `fsync`.

mod file;
mod maintenance;
mod open;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use tokio::sync::Notify;

use super::{Counts, Exchanged, Intent, Put, Store, StoreError, Undecided};
use crate::{ClaimRequest, Decision, Report, Row};
pub use open::OpenError;
use open::{Opened, Source};
use table::Table;

/// A store in one file, which belongs to this process while it is open. Clones are the same store.
///
/// Only the owner can read the file (mode 600). While it is open, there is a `-wal` file beside it, which is part of
/// it.
///
/// # Examples
///
/// ```no_run
/// use notify_outbox::{Intent, SqliteStore, Store as _};
///
/// # async fn example(payload: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// let store = SqliteStore::open("outbox.sqlite")?;
/// store.put(vec![Intent::new("appointment-17-reminder")?.payload(payload)]).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteStore {
    shared: Arc<Shared>,
}

struct Shared {
    connection: Mutex<Connection>,
    changed: Notify,
    was_moved: bool,
    source: Vec<u8>,
}

impl SqliteStore {
    /// Opens a file, or creates a new one.
    ///
    /// # Errors
    ///
    /// [`OpenError`] says why the file cannot be used: another process has it, it is on a network, it is damaged or not
    /// an outbox, or the disk is full.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_for(path, &[])
    }

    /// Opens the file that belongs to this source of messages, such as the hash of a spreadsheet, or creates a new one
    /// for it.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), and [`OpenError::OtherSource`] if the file was created for another source.
    pub fn open_for(path: impl AsRef<Path>, source: &[u8]) -> Result<Self, OpenError> {
        let opened = open::open(path.as_ref(), Source::This(source))?;
        Ok(Self::of(opened.unwrap_or_else(|| unreachable!("a file that is not there is made"))))
    }

    /// Opens the file if it exists and was begun, whatever its source of messages, which [`source`](Self::source)
    /// returns.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Option<Self>, OpenError> {
        let path = path.as_ref();
        if path.exists() { Ok(open::open(path, Source::Begun)?.map(Self::of)) } else { Ok(None) }
    }

    fn of(Opened { connection, was_moved, source }: Opened) -> Self {
        let connection = Mutex::new(connection);
        Self { shared: Arc::new(Shared { connection, changed: Notify::new(), was_moved, source }) }
    }

    /// The source of messages for which the file was created.
    pub fn source(&self) -> &[u8] {
        &self.shared.source
    }

    /// Whether this file is a copy of the one that was open last, for example restored from a backup. Whatever may have
    /// been sent meanwhile is looked up first.
    pub fn was_moved(&self) -> bool {
        self.shared.was_moved
    }

    /// Whether no message was ever put into it.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        let query = "SELECT NOT EXISTS (SELECT 1 FROM messages)";
        self.commit(|transaction| transaction.query_row(query, [], |row| row.get(0)))
    }

    /// The row of a message, if it is kept.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn row(&self, reference: &str) -> Result<Option<Row>, StoreError> {
        self.commit(|transaction| Ok(Table(transaction).find(reference)?.map(|(_, row)| row)))
    }

    /// As [`Store::put`], for programs without a runtime.
    ///
    /// # Errors
    ///
    /// If the file cannot be written. Then no message is kept.
    pub fn put_blocking(&self, intents: Vec<Intent>) -> Result<Vec<Put>, StoreError> {
        let put = self.commit(|transaction| {
            let table = Table(transaction);
            intents.into_iter().map(|intent| table.put(intent)).collect()
        })?;
        self.shared.changed.notify_waiters();
        Ok(put)
    }

    /// Keeps all these messages in one commit, however many they are. If one of them is an error, none is kept.
    ///
    /// # Errors
    ///
    /// The first error among them, or why the file cannot be written.
    pub fn put_all<E: From<StoreError>>(
        &self,
        intents: impl IntoIterator<Item = Result<Intent, E>>,
    ) -> Result<(), E> {
        {
            let mut connection = self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
            let transaction = transaction.map_err(explain)?;
            for intent in intents {
                Table(&transaction).put(intent?).map_err(explain)?;
            }
            transaction.commit().map_err(explain)?;
        }
        self.shared.changed.notify_waiters();
        Ok(())
    }

    /// Passes every message to `show`, in the order in which they were put. The store is blocked meanwhile.
    ///
    /// # Errors
    ///
    /// The first error of `show`, or why the file cannot be read.
    pub fn for_each<E: From<StoreError>>(
        &self,
        mut show: impl FnMut(Entry<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut connection = self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction().map_err(explain)?;
        let mut shown = Ok(());
        let read = Table(&transaction).for_each(|reference, tag, row| {
            shown = show(Entry { reference, tag, row });
            shown.is_ok()
        });
        read.map_err(explain)?;
        shown
    }

    /// As [`Store::exchange`], for programs without a runtime.
    ///
    /// # Errors
    ///
    /// If the file cannot be written. Then nothing changes.
    pub fn exchange_blocking(&self, reports: &[Report], want: ClaimRequest) -> Result<Exchanged, StoreError> {
        self.commit(|transaction| Table(transaction).exchange(reports, want))
    }

    /// Runs this in one commit.
    fn commit<T>(&self, act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let mut connection = self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = act(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        attempt().map_err(explain)
    }

    /// Moves the committed pages into the file, and empties the log.
    fn checkpoint(&self) -> Result<(), StoreError> {
        let connection = self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(explain)
    }

    /// The same on a thread that may block.
    async fn commit_elsewhere<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        match tokio::task::spawn_blocking(move || act(&store)).await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(StoreError::broken("the runtime is ending").because(error)),
            },
        }
    }
}

impl Store for SqliteStore {
    async fn put(&self, intents: Vec<Intent>) -> Result<Vec<Put>, StoreError> {
        self.commit_elsewhere(move |store| store.put_blocking(intents)).await
    }

    async fn exchange(&self, reports: Vec<Report>, want: ClaimRequest) -> Result<Exchanged, StoreError> {
        self.commit_elsewhere(move |store| store.exchange_blocking(&reports, want)).await
    }

    async fn counts(&self, now: u64) -> Result<Counts, StoreError> {
        self.commit_elsewhere(move |store| store.commit(|transaction| Table(transaction).counts(now))).await
    }

    async fn undecided(&self, limit: usize) -> Result<Vec<Undecided>, StoreError> {
        self.commit_elsewhere(move |store| store.commit(|transaction| Table(transaction).undecided(limit)))
            .await
    }

    async fn decide(&self, reference: &str, decision: Decision) -> Result<bool, StoreError> {
        let reference = reference.to_owned();
        let decided = self
            .commit_elsewhere(move |store| {
                store.commit(|transaction| {
                    let table = Table(transaction);
                    let Some((id, row)) = table.find(&reference)? else { return Ok(false) };
                    match row.decided(&decision) {
                        Some(row) => table.save(id, &row).map(|()| true),
                        None => Ok(false),
                    }
                })
            })
            .await?;
        self.shared.changed.notify_waiters();
        Ok(decided)
    }

    async fn changed(&self) {
        self.shared.changed.notified().await;
    }
}

/// A message as the store keeps it, without its payload.
///
/// `Debug` leaves out the reference.
#[non_exhaustive]
pub struct Entry<'a> {
    /// The reference.
    pub reference: &'a str,
    /// What the producer keeps with it.
    pub tag: &'a [u8],
    /// How far it has come.
    pub row: &'a Row,
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("row", self.row).finish_non_exhaustive()
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("was_moved", &self.shared.was_moved).finish_non_exhaustive()
    }
}

/// What SQLite said, for whoever has to act on it.
fn explain(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::full("the disk is full"),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::broken("the file is damaged: restore it from a backup")
        }
        // Over a quota, or above the largest size of a file.
        Some(ErrorCode::SystemIoFailure) if is_write(&error) => StoreError::full("the disk takes no more"),
        // After any other failure of the disk, nothing should continue as if it had worked.
        Some(ErrorCode::SystemIoFailure) => StoreError::broken("the disk cannot be read or written"),
        Some(ErrorCode::ReadOnly) => StoreError::broken("the file may not be written"),
        _ => StoreError::broken("the file cannot be used"),
    }
    .because(error)
}

fn is_write(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE)
}
