//! The journal of a list: for each row a reference, how far its message has come, and a keyed hash of the row. It holds
//! no number and no name: what is sent comes from the list, row by row.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use hmac::{Hmac, KeyInit as _, Mac as _};
use notify_http::model::TemplateId;
use notify_outbox::{Intent, OpenError, SqliteStore};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::List;
use super::survey::Survey;
use super::table::Row;
use crate::exit::CommandError;
use crate::setup::KeyText;

/// What a journal records about its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Source {
    kind: String,
    /// Makes the hashes of this journal different from those of any other.
    salt: Uuid,
    /// Shows whether the same API key is used, on which the hashes depend.
    key: String,
    /// The keyed hash of all rows.
    rows: String,
    template: TemplateId,
    version: u32,
    /// How many rows are sent.
    messages: u64,
}

const KIND: &str = "notify bulk 1";

/// Hashes rows so that only someone with the API key can test what they were made from.
#[derive(Clone)]
pub(super) struct Hasher(Hmac<Sha256>);

/// A keyed hash of a row.
pub(super) type RowHash = [u8; 16];

impl Hasher {
    fn new(key: &KeyText, salt: Uuid) -> Self {
        let key = key.derive(&[KIND.as_bytes(), salt.as_bytes()].concat());
        let hmac = Hmac::new_from_slice(&*key);
        Self(hmac.unwrap_or_else(|_| unreachable!("a key may have any length")))
    }

    pub(super) fn hash(&self, line: u64, cells: &[String]) -> RowHash {
        let mut hmac = self.0.clone();
        hmac.update(&line.to_le_bytes());
        for cell in cells {
            hmac.update(&(cell.len() as u64).to_le_bytes());
            hmac.update(cell.as_bytes());
        }
        let mut hash = RowHash::default();
        hash.copy_from_slice(&hmac.finalize().into_bytes()[..16]);
        hash
    }
}

/// Hashes all rows of a list.
pub(super) struct ListHasher {
    pub(super) hasher: Hasher,
    rows: Sha256,
}

impl ListHasher {
    pub(super) fn add(&mut self, row: &Row) -> RowHash {
        let hash = self.hasher.hash(row.line, &row.cells);
        self.rows.update(hash);
        hash
    }

    fn finish(self, header: &[String]) -> String {
        let mut rows = self.rows;
        rows.update(self.hasher.hash(1, header));
        hex(&rows.finalize())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Where a row is, and how to recognise it: what the journal keeps beside its reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) line: u64,
    pub(super) at: u64,
    pub(super) cells: u32,
    pub(super) hash: RowHash,
}

impl Tag {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(36);
        bytes.extend(self.line.to_le_bytes());
        bytes.extend(self.at.to_le_bytes());
        bytes.extend(self.cells.to_le_bytes());
        bytes.extend(self.hash);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (line, rest) = bytes.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (cells, hash) = rest.split_first_chunk()?;
        Some(Self {
            line: u64::from_le_bytes(*line),
            at: u64::from_le_bytes(*at),
            cells: u32::from_le_bytes(*cells),
            hash: hash.try_into().ok()?,
        })
    }
}

/// Whether a store with this source of messages is the journal of a list.
pub(crate) fn is_journal(source: &[u8]) -> bool {
    read_source(source).is_some()
}

/// The row of the list that a message in its journal comes from.
pub(crate) fn row_of_list(tag: &[u8]) -> Option<u64> {
    Tag::from_bytes(tag).map(|tag| tag.line)
}

fn read_source(source: &[u8]) -> Option<Source> {
    serde_json::from_slice(source).ok().filter(|source: &Source| source.kind == KIND)
}

/// A journal that may already exist.
pub(super) struct Journal {
    pub(super) path: PathBuf,
    found: Option<(SqliteStore, Source)>,
    salt: Uuid,
    key: String,
    pub(super) hasher: Hasher,
}

impl Journal {
    /// Looks for the journal at this path, and locks it.
    pub(super) fn find(path: PathBuf, key: &KeyText) -> Result<Self, CommandError> {
        let found = open(&path)?;
        let salt = found.as_ref().map_or_else(Uuid::new_v4, |(_, source)| source.salt);
        let fingerprint = hex(&key.derive(&[b"which key", &salt.as_bytes()[..]].concat())[..8]);
        Ok(Self { path, found, salt, key: fingerprint, hasher: Hasher::new(key, salt) })
    }

    /// The hasher for checking the list.
    pub(super) fn list_hasher(&self) -> ListHasher {
        ListHasher { hasher: self.hasher.clone(), rows: Sha256::new() }
    }

    /// How many messages it was begun with, if it exists.
    pub(super) fn messages(&self) -> Option<u64> {
        self.found.as_ref().map(|(_, source)| source.messages)
    }

    /// The journal, if it exists, and belongs to the list as it is now.
    pub(super) fn check(
        &self,
        list: &List,
        hasher: ListHasher,
    ) -> Result<(String, Option<SqliteStore>), CommandError> {
        let rows = hasher.finish(&list.table.header);
        let Some((store, source)) = &self.found else { return Ok((rows, None)) };
        let refuse = |what: &str, help: &str| {
            let error = anyhow!("the journal {} {what}", self.path.display());
            Err(CommandError::setup(error).help(help))
        };
        let new = "or name another journal with --journal, if these are to be new messages";
        if source.key != self.key {
            return refuse(
                "was begun with another API key, without which it cannot be told whether the list is still the same",
                "use the key with which it was begun; the service takes it until it is revoked",
            );
        }
        if source.template != list.checker.template.id {
            return refuse(
                &format!("is of messages of another template, {}", source.template),
                &format!("use that one, {new}"),
            );
        }
        if source.rows != rows {
            return refuse(
                &format!("is of another list: {} has changed since, or is not the same", list.name),
                &format!("put it back as it was, {new}"),
            );
        }
        Ok((rows, Some(store.clone())))
    }

    /// The version of the template when the journal was begun.
    pub(super) fn version(&self) -> Option<u32> {
        self.found.as_ref().map(|(_, source)| source.version)
    }

    /// Begins the journal: every good row in one commit.
    pub(super) fn begin(
        &self,
        list: &List,
        survey: &Survey,
        rows: String,
    ) -> Result<SqliteStore, CommandError> {
        let source = Source {
            kind: KIND.to_owned(),
            salt: self.salt,
            key: self.key.clone(),
            rows,
            template: list.checker.template.id,
            version: list.checker.template.version,
            messages: survey.good(),
        };
        let bytes = serde_json::to_vec(&source).map_err(CommandError::local)?;
        let store = SqliteStore::open_for(&self.path, &bytes).map_err(refused)?;
        // So that the file does not lose its name in a power cut.
        sync_folder(&self.path);
        let mut table_rows = list.table.rows();
        let mut hasher = Some(self.list_hasher());
        let intents = std::iter::from_fn(|| {
            loop {
                let row = match table_rows.read() {
                    Ok(Some(row)) => row,
                    Ok(None) => {
                        // The rows to send are the ones that were checked and that the user confirmed, however long
                        // ago.
                        let is_as_checked = hasher.take()?.finish(&list.table.header) == source.rows;
                        return (!is_as_checked).then(|| Err(changed(list)));
                    }
                    Err(error) => return Some(Err(CommandError::setup(error))),
                };
                let hash = hasher.as_mut()?.add(&row);
                if survey.bad == 0 || list.checker.check(&row).errors.is_empty() {
                    return Some(intent(&row, hash));
                }
            }
        });
        store.put_all(intents)?;
        Ok(store)
    }
}

/// The message to send for a row.
fn intent(row: &Row, hash: RowHash) -> Result<Intent, CommandError> {
    let cells = u32::try_from(row.cells.len()).map_err(CommandError::setup)?;
    let tag = Tag { line: row.line, at: row.at, cells, hash };
    // They sort by time, so that an index of a million of them grows at its end, instead of being rewritten everywhere.
    let reference = Uuid::now_v7();
    let intent = Intent::new(reference.to_string()).map_err(CommandError::local)?;
    Ok(intent.tag(tag.to_bytes()))
}

/// The list differs from what was checked.
fn changed(list: &List) -> CommandError {
    CommandError::setup(anyhow!("{} has changed since it was checked, and nothing was sent", list.name))
        .help("run the same command again to check it as it is now")
}

/// The existing journal, if a message was ever put into it.
fn open(path: &Path) -> Result<Option<(SqliteStore, Source)>, CommandError> {
    let Some(store) = SqliteStore::open_existing(path).map_err(refused)? else { return Ok(None) };
    let source = read_source(store.source())
        .with_context(|| format!("{} is not the journal of a list", path.display()))
        .map_err(|error| CommandError::setup(error).help("name another file with --journal"))?;
    if store.is_empty()? {
        // The run that began it got no further, and the list may have been corrected since. While this run has the file
        // locked, nobody else can work with it.
        std::fs::remove_file(path)
            .with_context(|| format!("{} cannot be created again", path.display()))
            .map_err(CommandError::local)?;
        return Ok(None);
    }
    Ok(Some((store, source)))
}

/// Why a journal cannot be used.
fn refused(error: OpenError) -> CommandError {
    let help = match error {
        OpenError::InUse { .. } => "wait until it has ended; each list is sent by one run at a time",
        OpenError::Network { .. } => "name a place on a disk of this machine with --journal",
        _ => "name another file with --journal, if these are to be new messages",
    };
    CommandError::setup(error).help(help)
}

fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Where a folder cannot be opened, the system keeps names safe by itself.
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_says_where_the_row_is() {
        let tag = Tag { line: 7, at: 1 << 40, cells: 3, hash: [9; 16] };
        assert_eq!(Tag::from_bytes(&tag.to_bytes()), Some(tag));
        assert_eq!(Tag::from_bytes(&tag.to_bytes()[1..]), None);
    }
}
