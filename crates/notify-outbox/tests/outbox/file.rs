//! The file: whose it is, what it survives, what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use notify_outbox::{
    Holder, Intent, MemoryStore, OpenError, Outcome, SqliteStore, State, Store as _, StoreError, Task,
};

use crate::{ABANDONED, NOW, claim, claims, is_lookup, put, report, sent};

/// A folder that is deleted at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let name = format!("notify-outbox-{}-{}", std::process::id(), Holder::random());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.join("outbox.sqlite")
    }

    pub(crate) fn open(&self) -> SqliteStore {
        SqliteStore::open(self.file()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn what_was_put_is_there_when_the_file_is_opened_again() {
    let folder = Folder::new();
    let store = folder.open();
    let row = put(&store, "r").await;
    drop(store);
    let store = folder.open();
    assert!(!store.was_moved());
    let claimed = claim(&store, Holder::random(), NOW).await;
    assert_eq!((claimed.row, &*claimed.reference), (row, "r"));
    assert_eq!(claimed.payload.as_deref(), Some(&b"payload of r"[..]));
}

#[tokio::test]
async fn the_file_is_its_owner_s_alone() {
    let folder = Folder::new();
    let store = folder.open();
    put(&store, "r").await;
    let wal = folder.file().with_extension("sqlite-wal");
    assert_eq!((mode(&folder.file()), mode(&wal)), (0o600, 0o600));
    drop(store);
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o644)).unwrap();
    drop(folder.open());
    assert_eq!(mode(&folder.file()), 0o600);
}

#[test]
fn a_second_process_is_refused() {
    let folder = Folder::new();
    let store = folder.open();
    let began = std::time::Instant::now();
    assert!(matches!(SqliteStore::open(folder.file()), Err(OpenError::InUse { .. })));
    assert!(began.elapsed().as_secs() < 2, "there is nothing to wait for");
    drop(store);
    folder.open();
}

#[tokio::test]
async fn whoever_held_a_claim_is_gone_when_the_file_is_opened_again() {
    let folder = Folder::new();
    let store = folder.open();
    put(&store, "r").await;
    let dead = claim(&store, Holder::random(), NOW).await;
    drop(store);
    // No need to wait for the window: the file had one owner.
    let store = folder.open();
    let Some(State::InDoubt { sent_by, .. }) = store.row("r").unwrap().map(|row| row.state) else {
        panic!("it may have been sent")
    };
    assert_eq!(sent_by, NOW + crate::WINDOW);
    assert!(!report(&store, &dead, sent("zombie"), NOW).await);
}

#[tokio::test]
async fn in_a_copy_everything_is_looked_up_first() {
    let folder = Folder::new();
    let store = folder.open();
    put(&store, "sent after the copy").await;
    put(&store, "sent before the copy").await;
    drop(store);
    let copy = folder.0.join("copy.sqlite");
    fs::copy(folder.file(), &copy).unwrap();
    let store = SqliteStore::open(&copy).unwrap();
    assert!(store.was_moved());
    let claims = claims(&store, Holder::random(), u64::MAX / 4).await;
    assert!(claims.iter().all(is_lookup), "{claims:?}");
    assert_eq!(store.counts(NOW).await.unwrap().ready, 0);
    drop(store);
    // Once is enough.
    let store = SqliteStore::open(&copy).unwrap();
    assert!(!store.was_moved());
    // A file that was only renamed is the same file.
    let moved = folder.0.join("moved.sqlite");
    fs::rename(folder.file(), &moved).unwrap();
    assert!(!SqliteStore::open(&moved).unwrap().was_moved());
}

#[tokio::test]
async fn a_torn_file_is_refused() {
    let folder = Folder::new();
    let store = folder.open();
    for number in 0..500 {
        put(&store, &format!("reference {number}")).await;
    }
    drop(store);
    let whole = fs::read(folder.file()).unwrap();
    // Cut off, and overwritten in the middle.
    fs::write(folder.file(), &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(SqliteStore::open(folder.file()), Err(OpenError::Damaged { .. })));
    let mut scribbled = whole.clone();
    scribbled[8_192..12_288].fill(0xa5);
    fs::write(folder.file(), scribbled).unwrap();
    assert!(matches!(SqliteStore::open(folder.file()), Err(OpenError::Damaged { .. })));
    fs::write(folder.file(), whole).unwrap();
    folder.open();
}

#[test]
fn a_file_that_is_not_an_outbox_is_refused_and_left_alone() {
    let folder = Folder::new();
    let text =
        b"This is a text which is somewhat longer than the header of a database, which has a hundred bytes.";
    fs::write(folder.file(), text).unwrap();
    assert!(matches!(SqliteStore::open(folder.file()), Err(OpenError::NotOurs { .. })));
    assert_eq!(fs::read(folder.file()).unwrap(), text);
}

#[test]
fn a_file_of_other_messages_is_refused() {
    let folder = Folder::new();
    drop(SqliteStore::open_for(folder.file(), b"hash of one spreadsheet").unwrap());
    let other = SqliteStore::open_for(folder.file(), b"hash of another");
    assert!(matches!(other, Err(OpenError::OtherSource { .. })));
    SqliteStore::open_for(folder.file(), b"hash of one spreadsheet").unwrap();
}

#[test]
fn a_file_that_cannot_be_made_is_an_error_which_names_it() {
    let error = SqliteStore::open("/nowhere/outbox.sqlite").unwrap_err();
    assert_eq!(error.to_string(), "/nowhere/outbox.sqlite cannot be used");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn no_payload_of_a_finished_message_is_left_in_the_file() {
    let folder = Folder::new();
    let store = folder.open();
    put(&store, "kim").await;
    let contains = |what: &[u8]| {
        fs::read_dir(&folder.0).unwrap().any(|entry| {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(what.len()).any(|window| window == what)
        })
    };
    assert!(contains(b"payload of kim"));
    let sending = claim(&store, Holder::random(), NOW).await;
    report(&store, &sending, sent("id"), NOW).await;
    drop(store);
    assert!(!contains(b"payload of kim"));
}

#[tokio::test]
async fn a_message_without_a_payload_is_kept_by_its_tag() {
    let folder = Folder::new();
    let store = folder.open();
    store.put(vec![Intent::new("r").unwrap().tag(*b"line 17")]).await.unwrap();
    let claimed = claim(&store, Holder::random(), NOW).await;
    assert_eq!((claimed.payload, &*claimed.tag), (None, &b"line 17"[..]));
}

/// Both keep the same thing of the same history.
#[tokio::test]
async fn a_file_outlives_its_worker_at_every_step_of_a_message() {
    let folder = Folder::new();
    let outcomes = [
        (sent("id"), "sent"),
        (Outcome::InDoubt, "in doubt"),
        (Outcome::NotSent { not_before: 5 }, "ready"),
        (Outcome::Failed { reason: "refused".to_owned() }, "failed"),
    ];
    for (outcome, state) in outcomes {
        let store = folder.open();
        let memory = MemoryStore::new();
        put(&store, state).await;
        put(&memory, state).await;
        let holder = Holder::random();
        let kept = claims(&store, holder, NOW).await.into_iter().find(|claim| claim.reference == state);
        report(&store, &kept.unwrap(), outcome.clone(), NOW).await;
        let claimed = claim(&memory, holder, NOW).await;
        report(&memory, &claimed, outcome, NOW).await;
        drop(store);
        assert_eq!(folder.open().row(state).unwrap(), memory.row(state).map(|(row, _)| row));
    }
}

#[tokio::test]
async fn a_lookup_is_due_again_when_the_file_is_opened_again() {
    let folder = Folder::new();
    let store = folder.open();
    put(&store, "r").await;
    claim(&store, Holder::random(), NOW).await;
    assert!(is_lookup(&claim(&store, Holder::random(), ABANDONED).await));
    drop(store);
    let later = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let store = folder.open();
    let again = claims(&store, Holder::random(), later + 5).await;
    // So old a message is a person's, if the clock of this machine says so.
    if later < NOW + 3 * 24 * 60 * 60 - 7_200 {
        assert_eq!(again[0].task, Task::LookUp { sent_by: NOW + crate::WINDOW });
    } else {
        assert!(again.is_empty());
    }
}

#[test]
fn a_file_that_was_begun_is_opened_and_says_for_what_and_others_are_not_made() {
    let folder = Folder::new();
    assert!(SqliteStore::open_existing(folder.file()).unwrap().is_none());
    assert!(!folder.file().exists());
    // As it is after a crash before the first commit.
    fs::write(folder.file(), "").unwrap();
    assert!(SqliteStore::open_existing(folder.file()).unwrap().is_none());
    drop(SqliteStore::open_for(folder.file(), b"list 7").unwrap());
    let store = SqliteStore::open_existing(folder.file()).unwrap().unwrap();
    assert_eq!(store.source(), b"list 7");
    assert!(matches!(SqliteStore::open_existing(folder.file()), Err(OpenError::InUse { .. })));
}

#[tokio::test]
async fn many_messages_are_put_in_one_commit_or_not_at_all() {
    let folder = Folder::new();
    let store = folder.open();
    let intents = |end: usize| {
        (0..3_000).map(move |number| match number {
            number if number == end => Err(StoreError::broken("the list ends here")),
            number => Ok(Intent::new(format!("r{number}")).unwrap().tag(number.to_string())),
        })
    };
    assert!(store.put_all(intents(2_999)).is_err());
    assert_eq!(store.counts(NOW).await.unwrap().open(), 0);
    store.put_all(intents(usize::MAX)).unwrap();
    let mut shown = Vec::new();
    let all = store.for_each(|entry| {
        assert_eq!(entry.row.state, State::Ready { not_before: 0 });
        shown.push((entry.reference.to_owned(), entry.tag.to_vec()));
        if shown.len() < 2_000 { Ok(()) } else { Err(StoreError::broken("enough")) }
    });
    assert_eq!(all.unwrap_err().to_string(), "enough");
    assert_eq!(shown[1_999], ("r1999".to_owned(), b"1999".to_vec()));
}
