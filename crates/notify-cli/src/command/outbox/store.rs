//! The store that the arguments or the environment name: a file or a database.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use notify_outbox::{
    Activity, ClaimRequest, Counts, Decision, Erased, Exchanged, Intent, ListRequest, ListedMessage,
    Maintenance, OpenError, PostgresStore, Put, Report, Slots, SqliteStore, Store, StoreError, StoredMessage,
    Undecided,
};

use crate::args::StoreLocation;
use crate::command::bulk::is_journal;
use crate::environment;
use crate::exit::{CommandError, ExitStatus};

const STORE: &str = "NOTIFY_OUTBOX_STORE";

/// The place, from the arguments or the environment.
pub(super) fn place(given: Option<StoreLocation>) -> Result<StoreLocation, CommandError> {
    let named = match given {
        Some(place) => Some(place),
        None => environment::read(STORE)?.map(|text| StoreLocation::read(text.trim())),
    };
    named.ok_or_else(|| {
        CommandError::setup(anyhow::anyhow!("no store is named"))
            .help(format!("set {STORE} to a file or to the URL of a database, or name a file with --store"))
    })
}

/// A place, without its password.
pub(super) struct Shown<'a>(pub(super) &'a StoreLocation);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            StoreLocation::File(path) => path.display().fmt(f),
            StoreLocation::Database(_) => f.write_str("the database"),
        }
    }
}

/// Either kind of store.
#[derive(Clone)]
pub(super) enum AnyStore {
    File(SqliteStore),
    Database(PostgresStore),
}

impl AnyStore {
    /// Opens the outbox that is there.
    pub(super) async fn open(place: &StoreLocation) -> Result<Self, CommandError> {
        let store = match place {
            StoreLocation::File(path) if !path.exists() => {
                let error = anyhow::anyhow!("there is no outbox at {}", path.display());
                return Err(CommandError::setup(error).help("`notify outbox init` makes one"));
            }
            StoreLocation::File(path) => Self::File(file(path)?),
            StoreLocation::Database(url) => Self::Database(database(url)?),
        };
        if let Self::Database(database) = &store {
            database.check().await.map_err(failed)?;
        }
        Ok(store)
    }

    /// Opens the existing outbox, or the journal of a list. A journal does not contain its messages, so it is opened to
    /// look and to decide, not to send.
    pub(super) async fn open_to_look(place: &StoreLocation) -> Result<Self, CommandError> {
        if let StoreLocation::File(path) = place
            && let Some(journal) = SqliteStore::open_existing(path).map_err(unusable)?
        {
            return Ok(Self::File(journal));
        }
        Self::open(place).await
    }

    /// Whether it is the journal of a list.
    pub(super) fn is_journal(&self) -> bool {
        matches!(self, Self::File(store) if is_journal(store.source()))
    }

    /// Sets the pace that all workers on a database share. The pace of the only worker on a file is its client's.
    pub(super) fn per_minute(self, limit: u32) -> Self {
        match self {
            Self::Database(store) => Self::Database(store.per_minute(Some(limit))),
            Self::File(store) => Self::File(store),
        }
    }
}

pub(super) fn file(path: &Path) -> Result<SqliteStore, CommandError> {
    SqliteStore::open(path).map_err(unusable)
}

/// Why a file cannot be used.
fn unusable(error: OpenError) -> CommandError {
    let help = match &error {
        OpenError::InUse { .. } => Some(
            "a file is for one program at a time: end the other one, or use PostgreSQL, which takes any number",
        ),
        OpenError::Network { .. } => Some("for several hosts, use PostgreSQL"),
        OpenError::OtherSource { .. } => Some(
            "it may be the journal of a list: `notify bulk` goes on with it; `notify outbox status`, `list` and \
             `doubt` read it",
        ),
        _ => None,
    };
    let failure = CommandError::setup(error);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

pub(super) fn database(url: &str) -> Result<PostgresStore, CommandError> {
    PostgresStore::at(url).map_err(CommandError::setup)
}

/// A store's error, with its exit status.
pub(super) fn failed(error: StoreError) -> CommandError {
    let status = match &error {
        error if error.is_temporary() => ExitStatus::Unreached,
        error if error.is_full() => ExitStatus::LocalError,
        _ => ExitStatus::Setup,
    };
    CommandError::new(status, error)
}

/// Does the same with either kind.
macro_rules! either {
    ($self:ident, $store:ident => $act:expr) => {
        match $self {
            Self::File($store) => $act,
            Self::Database($store) => $act,
        }
    };
}

impl Store for AnyStore {
    async fn put(&self, intents: Vec<Intent>) -> Result<Vec<Put>, StoreError> {
        either!(self, store => store.put(intents).await)
    }

    async fn exchange(&self, reports: Vec<Report>, want: ClaimRequest) -> Result<Exchanged, StoreError> {
        either!(self, store => store.exchange(reports, want).await)
    }

    async fn counts(&self, now: u64) -> Result<Counts, StoreError> {
        either!(self, store => store.counts(now).await)
    }

    async fn undecided(&self, limit: usize) -> Result<Vec<Undecided>, StoreError> {
        either!(self, store => store.undecided(limit).await)
    }

    async fn decide(&self, reference: &str, decision: Decision) -> Result<bool, StoreError> {
        either!(self, store => store.decide(reference, decision).await)
    }

    async fn changed(&self) {
        either!(self, store => store.changed().await);
    }

    async fn lease_slots(&self, count: u32, within: Duration) -> Result<Option<Slots>, StoreError> {
        either!(self, store => store.lease_slots(count, within).await)
    }

    async fn slow_down(&self, seconds: u32) -> Result<(), StoreError> {
        either!(self, store => store.slow_down(seconds).await)
    }
}

impl Maintenance for AnyStore {
    async fn activity(&self) -> Result<Activity, StoreError> {
        either!(self, store => store.activity().await)
    }

    async fn list(&self, which: ListRequest) -> Result<Vec<ListedMessage>, StoreError> {
        either!(self, store => store.list(which).await)
    }

    async fn export(&self, text: &str) -> Result<Vec<StoredMessage>, StoreError> {
        either!(self, store => store.export(text).await)
    }

    async fn erase(&self, text: &str) -> Result<Erased, StoreError> {
        either!(self, store => store.erase(text).await)
    }

    async fn forget_finished(&self, longer_ago_than: Duration) -> Result<usize, StoreError> {
        either!(self, store => store.forget_finished(longer_ago_than).await)
    }

    async fn erase_payloads(&self, longer_ago_than: Duration) -> Result<usize, StoreError> {
        either!(self, store => store.erase_payloads(longer_ago_than).await)
    }
}
