//! The file under a full disk, and how it is written and searched.

use super::*;
use crate::{Claim, Client, Holder, Outcome, SendOutcome, State, Worker};

const NOW: u64 = 1_795_430_454;

/// A store in a folder that is deleted at the end.
struct Folder(std::path::PathBuf, SqliteStore);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("notify-outbox-{}", Holder::random()));
        std::fs::create_dir_all(&path).unwrap();
        let store = SqliteStore::open(path.join("outbox.sqlite")).unwrap();
        Self(path, store)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl SqliteStore {
    /// Has the disk be full, as SQLite sees it, or not any more.
    fn fill_disk(&self, is_full: bool) {
        let connection = self.shared.connection.lock().unwrap();
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        let most = if is_full { pages } else { 1_000_000 };
        connection.query_row(&format!("PRAGMA max_page_count = {most}"), [], |_| Ok(())).unwrap();
    }
}

fn want(sends: usize) -> ClaimRequest {
    ClaimRequest { holder: Holder::random(), now: NOW, sends, lookups: 0, window: 30 }
}

#[test]
fn what_is_due_is_found_by_its_index() {
    let Folder(_, store) = &Folder::new();
    store.put_blocking(vec![Intent::new("r").unwrap()]).unwrap();
    let connection = store.shared.connection.lock().unwrap();
    for statement in Table::LOOKS_FOR_DUE {
        let plan = format!("EXPLAIN QUERY PLAN SELECT id FROM messages WHERE {statement}");
        let mut plan = connection.prepare(&plan).unwrap();
        for number in 1..=plan.parameter_count() {
            plan.raw_bind_parameter(number, 1).unwrap();
        }
        let mut rows = plan.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let step: String = row.get(3).unwrap();
            assert!(step.contains("USING INDEX due") || step.contains("USING COVERING INDEX due"), "{step}");
        }
    }
}

/// Messages that do not fit any more.
fn large(count: usize) -> Vec<Intent> {
    let intent = |number| Intent::new(format!("large {number}")).unwrap().payload(vec![7; 5_000]);
    (0..count).map(intent).collect()
}

#[test]
fn every_commit_is_on_the_disk_before_it_counts() {
    let Folder(_, store) = &Folder::new();
    let connection = store.shared.connection.lock().unwrap();
    let pragma = |name: &str| {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0))
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal".to_owned().into());
    assert_eq!(pragma("synchronous"), 2.into());
    assert_eq!(pragma("locking_mode"), "exclusive".to_owned().into());
}

#[test]
fn a_full_disk_at_the_intent_keeps_nothing() {
    let Folder(_, store) = &Folder::new();
    store.put_blocking(vec![Intent::new("before").unwrap()]).unwrap();
    store.fill_disk(true);
    let error = store.put_blocking(large(20)).unwrap_err();
    assert!(error.is_full() && !error.is_temporary() && !error.is_open(), "{error:?}");
    assert_eq!(error.to_string(), "the disk is full");
    store.fill_disk(false);
    // What was there is, and of the others nothing is.
    let claims = store.exchange_blocking(&[], want(50)).unwrap().claims;
    assert_eq!(claims.iter().map(|claim| &*claim.reference).collect::<Vec<_>>(), ["before"]);
    assert_eq!(store.put_blocking(large(20)).unwrap().len(), 20);
}

#[test]
fn a_full_disk_at_a_claim_leaves_the_row_ready() {
    let Folder(_, store) = &Folder::new();
    let many = (0..400).map(|number| Intent::new(format!("{number}")).unwrap());
    store.put_blocking(many.collect()).unwrap();
    store.fill_disk(true);
    // Claims need room for who has them.
    let error = store.exchange_blocking(&[], want(400)).unwrap_err();
    assert!(error.is_full(), "{error:?}");
    store.fill_disk(false);
    assert_eq!(store.row("0").unwrap().unwrap(), Row::new());
    assert_eq!(store.exchange_blocking(&[], want(400)).unwrap().claims.len(), 400);
}

/// Takes every message, and fills the disk with the first.
#[derive(Clone)]
struct Filling(SqliteStore);

impl Client for Filling {
    fn now(&self) -> u64 {
        NOW
    }

    async fn send(&self, _: Claim, _: u64) -> SendOutcome {
        self.0.fill_disk(true);
        // An id that needs room.
        SendOutcome::alone(Outcome::Sent { id: "i".repeat(20_000) })
    }

    async fn look_up(&self, _: Claim, _: u64) -> Outcome {
        Outcome::Sent { id: "found".to_owned() }
    }
}

#[tokio::test]
async fn a_full_disk_at_the_result_ends_the_worker_and_the_message_is_looked_up() {
    let Folder(path, store) = &Folder::new();
    store.put_blocking((0..3).map(|number| Intent::new(format!("{number}")).unwrap()).collect()).unwrap();
    let worker = Worker::new(store.clone(), Filling(store.clone())).sends_at_once(1);
    let error = worker.run_until_empty().await.unwrap_err();
    assert!(error.store_error().is_full());
    // No other was taken.
    assert!(matches!(store.row("0").unwrap().unwrap().state, State::InFlight { .. }));
    assert_eq!(store.row("1").unwrap().unwrap(), Row::new());
    let _ = path;
}
