//! The file: SQLite, one table for each kind of thing.
//!
//! Every change is a transaction of its own, and `synchronous = FULL` makes the system put it on the disk (`fsync`)
//! before it counts as kept: it survives a killed process as well as a power cut. This limits the speed of a sandbox
//! with a state file to some hundreds or thousands of changes a second.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::types::Type;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, params};
use serde_json::Value;

use super::stored::{StoredDocument, StoredMessage, parse};
use super::upgrade::{complete, complete_services};
use super::{Change, StateError};
use crate::account::status::Status;
use crate::time::Timestamp;
use crate::world::{ReceivedText, ServiceConfig, World};

/// Tells our files from other databases.
const APPLICATION_ID: i32 = 0x4e74_5362;

/// The version of the tables.
const VERSION: i32 = 1;

const TABLES: &str = "
    CREATE TABLE world (config TEXT NOT NULL);
    CREATE TABLE services (position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, config TEXT NOT NULL);
    CREATE TABLE messages (
        position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, service BLOB NOT NULL, created_at INTEGER NOT NULL,
        config TEXT NOT NULL, pdf BLOB, status TEXT, status_at INTEGER
    );
    CREATE TABLE texts (position INTEGER PRIMARY KEY, service BLOB NOT NULL, config TEXT NOT NULL);
    CREATE TABLE documents (id BLOB PRIMARY KEY, config TEXT NOT NULL, bytes BLOB NOT NULL);
";

/// A file that belongs to this sandbox for as long as this value lives.
pub(crate) struct StateFile {
    name: String,
    connection: Mutex<Connection>,
}

/// What a file held.
pub(crate) struct Restored {
    /// The world at the start.
    pub(crate) world: World,
    /// The services as they are now.
    pub(crate) services: World,
    /// Oldest first, with the status that a test set.
    pub(crate) messages: Vec<(StoredMessage, Option<(Status, Timestamp)>)>,
    pub(crate) texts: Vec<ReceivedText>,
    pub(crate) documents: Vec<StoredDocument>,
}

impl StateFile {
    /// Opens a file, or creates a new one with this world, or with the built-in one. Messages before `oldest` are
    /// forgotten for ever.
    pub(crate) fn open(
        path: &Path,
        world: Option<World>,
        oldest: Timestamp,
    ) -> Result<(Self, Restored), StateError> {
        let name = path.display().to_string();
        let failed = |error: rusqlite::Error| explain(&name, &error);
        if stands_for_more_than_a_path(path) {
            return Err(StateError::NotAPath(name));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        configure(&connection).map_err(failed)?;
        let file = Self { name: name.clone(), connection: Mutex::new(connection) };
        match file.version()? {
            (0, 0) => file.create(&world.unwrap_or_else(World::built_in))?,
            (APPLICATION_ID, VERSION) => file.check_world(world.as_ref())?,
            _ => return Err(StateError::NotOurs(name)),
        }
        let restored = file.restore(oldest)?;
        Ok((file, restored))
    }

    /// Which program the file belongs to, and its version. A new file belongs to none.
    fn version(&self) -> Result<(i32, i32), StateError> {
        let connection = self.lock();
        let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
        let tables: Result<i32, _> =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
        self.explained(|| {
            let version = (pragma("application_id")?, pragma("user_version")?);
            // Another program's database, without a version.
            Ok(if version == (0, 0) && tables? > 0 { (-1, 0) } else { version })
        })
    }

    fn create(&self, world: &World) -> Result<(), StateError> {
        let mut connection = self.lock();
        self.explained(|| {
            let transaction = connection.transaction()?;
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.execute("INSERT INTO world VALUES (?1)", [text(world)])?;
            put_services(&transaction, world)?;
            transaction.commit()
        })
    }

    /// Checks that the file was made with the given world. If an earlier version made it, it is completed from that
    /// world.
    fn check_world(&self, given: Option<&World>) -> Result<(), StateError> {
        let Some(given) = given.map(value) else { return Ok(()) };
        let mut connection = self.lock();
        let mut completed: Value = self.explained(|| {
            connection.query_row("SELECT config FROM world", [], |row| parse(&row.get::<_, String>(0)?))
        })?;
        let before = completed.clone();
        complete(&mut completed, &given);
        if completed != given {
            return Err(StateError::OtherWorld(self.name.clone()));
        }
        if completed == before {
            return Ok(());
        }
        self.explained(|| {
            let transaction = connection.transaction()?;
            transaction.execute("UPDATE world SET config = ?1", [completed.to_string()])?;
            complete_services(&transaction, &given)?;
            transaction.commit()
        })
    }

    fn restore(&self, oldest: Timestamp) -> Result<Restored, StateError> {
        let connection = self.lock();
        self.explained(|| {
            connection.execute("DELETE FROM messages WHERE created_at < ?1", [oldest.unix_micros()])?;
            let world: Option<String> =
                connection.query_row("SELECT config FROM world", [], |row| row.get(0)).optional()?;
            let mut services = connection.prepare("SELECT config FROM services ORDER BY position")?;
            let services = services.query_map([], |row| parse(&row.get::<_, String>(0)?))?;
            let mut messages = connection
                .prepare("SELECT config, pdf, service, status, status_at FROM messages ORDER BY position")?;
            let messages = messages.query_map([], |row| {
                let mut message: StoredMessage = parse(&row.get::<_, String>(0)?)?;
                message.pdf = row.get(1)?;
                message.service = row.get(2)?;
                let status = row.get::<_, Option<String>>(3)?.map(|word| status(&word)).transpose()?;
                let status_at = row.get::<_, Option<i64>>(4)?.map(Timestamp::from_unix_micros);
                Ok((message, status.zip(status_at)))
            })?;
            let mut texts = connection.prepare("SELECT config FROM texts ORDER BY position")?;
            let texts = texts.query_map([], |row| parse(&row.get::<_, String>(0)?))?;
            let mut documents = connection.prepare("SELECT id, config, bytes FROM documents")?;
            let documents = documents.query_map([], |row| {
                let mut document: StoredDocument = parse(&row.get::<_, String>(1)?)?;
                (document.id, document.bytes) = (row.get(0)?, row.get(2)?);
                Ok(document)
            })?;
            Ok(Restored {
                world: parse(&world.unwrap_or_default())?,
                services: World {
                    services: services.collect::<rusqlite::Result<_>>()?,
                    template_categories: Vec::new(),
                    contact_information: serde_json::Map::new(),
                },
                messages: messages.collect::<rusqlite::Result<_>>()?,
                texts: texts.collect::<rusqlite::Result<_>>()?,
                documents: documents.collect::<rusqlite::Result<_>>()?,
            })
        })
    }

    /// Turns a problem with what was read into an error.
    pub(crate) fn damage(&self) -> impl Fn(String) -> StateError + use<> {
        let name = self.name.clone();
        move |what| StateError::Invalid(name.clone(), what)
    }

    pub(super) fn record(&self, change: &Change<'_>) -> Result<(), StateError> {
        let mut connection = self.lock();
        self.explained(|| match change {
            Change::Message { service, message, international } => {
                let stored = StoredMessage::of(message, *international);
                let created_at = message.created_at.unix_micros();
                connection.execute(
                    "INSERT INTO messages (id, service, created_at, config, pdf) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![message.id, service, created_at, text(&stored), stored.pdf],
                )?;
                Ok(())
            }
            Change::Status { message, status, at } => {
                connection.execute(
                    "UPDATE messages SET status = ?2, status_at = ?3 WHERE id = ?1",
                    params![message, status.as_str(), at.unix_micros()],
                )?;
                Ok(())
            }
            Change::Text(received) => {
                connection.execute(
                    "INSERT INTO texts (service, config) VALUES (?1, ?2)",
                    params![received.service_id, text(received)],
                )?;
                Ok(())
            }
            Change::Document(id, document) => {
                let stored = StoredDocument::of(*id, document);
                connection.execute(
                    "INSERT INTO documents VALUES (?1, ?2, ?3)",
                    params![id, text(&stored), stored.bytes],
                )?;
                Ok(())
            }
            Change::Service(config) => put_service(&connection, config),
            Change::Reset(world) => {
                let transaction = connection.transaction()?;
                for table in ["services", "messages", "texts", "documents"] {
                    transaction.execute(&format!("DELETE FROM {table}"), [])?;
                }
                put_services(&transaction, world)?;
                transaction.commit()
            }
        })
    }

    fn explained<T>(&self, act: impl FnOnce() -> rusqlite::Result<T>) -> Result<T, StateError> {
        act().map_err(|error| explain(&self.name, &error))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether SQLite would take the name for a database in memory, a temporary one, or a URI with options.
fn stands_for_more_than_a_path(path: &Path) -> bool {
    path.to_str().is_some_and(|name| {
        name.is_empty()
            || name == ":memory:"
            || name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("file:"))
    })
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    // Set before the journal mode, so that no shared memory is needed, and the file has one owner.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")
}

fn put_services(connection: &Connection, world: &World) -> rusqlite::Result<()> {
    world.services.iter().try_for_each(|config| put_service(connection, config))
}

/// A new service comes last; an existing one keeps its place.
fn put_service(connection: &Connection, config: &ServiceConfig) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO services (id, config) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET config = excluded.config",
        params![config.id, text(config)],
    )?;
    Ok(())
}

/// A status by its name.
fn status(word: &str) -> rusqlite::Result<Status> {
    let unknown = || {
        let why = format!("there is not a status {word:?}");
        rusqlite::Error::FromSqlConversionFailure(3, Type::Text, why.into())
    };
    Status::from_word(word).ok_or_else(unknown)
}

/// What the system or SQLite says, for people.
fn explain(name: &str, error: &rusqlite::Error) -> StateError {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
    if let FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) = error {
        return StateError::Invalid(name.to_owned(), error.to_string());
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StateError::InUse(name.to_owned()),
        Some(ErrorCode::NotADatabase) => StateError::NotOurs(name.to_owned()),
        _ => StateError::Failed(name.to_owned(), error.to_string()),
    }
}

fn value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("the keys are strings")
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the keys are strings and memory takes all")
}
