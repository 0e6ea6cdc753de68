//! Opening a file: whether it is an outbox, and who has it.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::file::{self, NetworkFileSystem};
use super::table::Table;

/// Distinguishes our files from other databases: `NtOb`.
const APPLICATION_ID: i32 = 0x4e74_4f62;
/// The version of the tables.
const VERSION: i32 = 1;
const SCHEMA: &str = include_str!("schema.sql");

/// Why a file cannot be the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it open, or this one already does.
    #[error("{file} is in use: another run works with it")]
    InUse {
        /// The file.
        file: String,
    },
    /// It is on a network, where a lock and an `fsync` may not be reliable.
    #[error("{file} is on {file_system}, a network file system: put it on a disk of this machine")]
    Network {
        /// The file.
        file: String,
        /// What the system calls it.
        file_system: String,
    },
    /// It is not an outbox, or belongs to a later version of this program.
    #[error("{file} is not an outbox of this version, and is left as it is")]
    NotOurs {
        /// The file.
        file: String,
    },
    /// It was created for other messages.
    #[error("{file} belongs to other messages, which are not the same any more")]
    OtherSource {
        /// The file.
        file: String,
    },
    /// Its content is damaged.
    #[error("{file} is damaged, and nothing is sent by it: restore it from a backup")]
    Damaged {
        /// The file.
        file: String,
        /// How, if SQLite said so.
        #[source]
        source: Option<rusqlite::Error>,
    },
    /// It cannot be opened, created or written.
    #[error("{file} cannot be used")]
    Failed {
        /// The file.
        file: String,
        /// What the system said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The messages that a file must belong to.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// These. A file that belongs to none is given to them.
    This(&'a [u8]),
    /// Any, if the file was begun.
    Begun,
}

/// An open file.
pub(super) struct Opened {
    pub(super) connection: Connection,
    /// Whether it is a different file from the one that was open last.
    pub(super) was_moved: bool,
    pub(super) source: Vec<u8>,
}

/// Opens the file for this process alone. Fails if it had to be begun already and was not.
pub(super) fn open(path: &Path, source: Source<'_>) -> Result<Option<Opened>, OpenError> {
    let name = path.display().to_string();
    if let Some(NetworkFileSystem(file_system)) = file::network_file_system(path) {
        return Err(OpenError::Network { file: name, file_system });
    }
    file::create_private(path)
        .map_err(|error| OpenError::Failed { file: name.clone(), source: error.into() })?;
    let failed = |error| explain(&name, error);
    let mut connection = Connection::open(path).map_err(failed)?;
    configure(&connection).map_err(failed)?;
    check_integrity(&connection, &name)?;
    let is_new = match version(&connection).map_err(failed)? {
        (0, 0) => true,
        (APPLICATION_ID, VERSION) => false,
        _ => return Err(OpenError::NotOurs { file: name }),
    };
    let inode = file::inode(path);
    if is_new {
        let Source::This(source) = source else { return Ok(None) };
        create(&mut connection, source, inode).map_err(failed)?;
        return Ok(Some(Opened { connection, was_moved: false, source: source.to_owned() }));
    }
    let identity = |connection: &Connection| {
        connection.query_row("SELECT source, inode FROM identity", [], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)? == inode))
        })
    };
    let (found, is_same_file) = identity(&connection).map_err(failed)?;
    if matches!(source, Source::This(source) if found != source) {
        return Err(OpenError::OtherSource { file: name });
    }
    take_over(&mut connection, inode, !is_same_file).map_err(failed)?;
    Ok(Some(Opened { connection, was_moved: !is_same_file, source: found }))
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    // A process that has the file keeps it, so waiting is useless.
    connection.busy_timeout(Duration::ZERO)?;
    // Set before the journal mode, so that no shared memory is needed, and the file has one owner.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Erased data is overwritten.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // In pages, 16 MiB. So many commits change the same page that it pays to move it to its place rarely.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    // In KiB: what is claimed and finished next is in memory.
    connection.pragma_update(None, "cache_size", -8_192)?;
    connection.set_prepared_statement_cache_capacity(32);
    // Plans do not depend on bound values. Otherwise SQLite would plan four statements of every commit again, as their LIMIT changes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Takes the lock, and keeps it.
    connection.execute_batch("BEGIN IMMEDIATE; COMMIT")
}

fn check_integrity(connection: &Connection, name: &str) -> Result<(), OpenError> {
    let verdict: rusqlite::Result<String> =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(_) => Err(OpenError::Damaged { file: name.to_owned(), source: None }),
        Err(error) => Err(explain(name, error)),
    }
}

/// Which application the file belongs to, and which version. A new file belongs to none.
fn version(connection: &Connection) -> rusqlite::Result<(i32, i32)> {
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
    let tables: i32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let version = (pragma("application_id")?, pragma("user_version")?);
    // Another program's database, which sets no numbers.
    Ok(if version == (0, 0) && tables > 0 { (-1, 0) } else { version })
}

fn create(connection: &mut Connection, source: &[u8], inode: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.execute("INSERT INTO identity VALUES (?1, ?2)", (source, inode))?;
    transaction.commit()
}

/// Every earlier holder is gone, since the file has one owner. In a copy, nothing that reads as ready can be relied on.
fn take_over(connection: &mut Connection, inode: i64, was_moved: bool) -> rusqlite::Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Table(&transaction).change_all(|row| {
        let abandoned = row.abandoned(now);
        if was_moved { abandoned.or_else(|| row.doubted(now)) } else { abandoned }
    })?;
    transaction.execute("UPDATE identity SET inode = ?1", [inode])?;
    transaction.commit()
}

fn explain(name: &str, error: rusqlite::Error) -> OpenError {
    let file = name.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::InUse { file },
        Some(ErrorCode::NotADatabase) => OpenError::NotOurs { file },
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged { file, source: Some(error) },
        _ => OpenError::Failed { file, source: error.into() },
    }
}
