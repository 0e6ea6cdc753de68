//! Real processes, killed at any moment.
//!
//! The test runs itself as a child, which works on a file until it is killed. What the service took is kept in a file too,
//! a line a message, so that it outlives the worker.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_outbox::{
    Attempted, Claim, Client, Holder, OpenError, Outcome, SqliteStore, State, Store as _, Worker,
};

use crate::file::Folder;
use crate::{intent, sent, want};

const ROLE: &str = "NOTIFY_OUTBOX_TEST_ROLE";
const FOLDER: &str = "NOTIFY_OUTBOX_TEST_FOLDER";
const MESSAGES: usize = 600;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// This program again, as the child that plays a role.
fn child(role: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "process::the_role_of_a_child", "--nocapture"])
        .env(ROLE, role)
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Does nothing, unless it is the child.
#[tokio::test]
async fn the_role_of_a_child() {
    let (Ok(role), Ok(folder)) = (std::env::var(ROLE), std::env::var(FOLDER)) else { return };
    let folder = PathBuf::from(folder);
    let store = SqliteStore::open(folder.join("outbox.sqlite")).unwrap();
    if role == "producer" {
        for batch in 0.. {
            let intents = (0..5).map(|number| intent(&format!("r{}", batch * 5 + number))).collect();
            store.put(intents).await.unwrap();
            println!("\nput {batch}");
        }
    }
    let client = Clerk { book: folder.join("taken") };
    Worker::new(store, client).sends_at_once(8).run_until_empty().await.unwrap();
    println!("\nempty");
}

/// A service that takes what it is given at once, and writes it into a book; it answers a little later.
#[derive(Clone)]
struct Clerk {
    book: PathBuf,
}

impl Client for Clerk {
    fn now(&self) -> u64 {
        now()
    }

    async fn send(&self, claim: Claim, leave_by: u64) -> Attempted {
        assert!(now() <= leave_by);
        let mut book = OpenOptions::new().append(true).create(true).open(&self.book).unwrap();
        book.write_all(format!("{}\n", claim.reference).as_bytes()).unwrap();
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..10))).await;
        Attempted::alone(sent(&claim.reference))
    }

    async fn look_up(&self, claim: Claim, _: u64) -> Outcome {
        // The book is never late.
        match taken(&self.book).get(&claim.reference) {
            Some(_) => sent(&claim.reference),
            None => Outcome::Absent,
        }
    }
}

fn taken(book: &Path) -> HashMap<String, usize> {
    let mut taken = HashMap::new();
    for line in fs::read_to_string(book).unwrap_or_default().lines() {
        *taken.entry(line.to_owned()).or_default() += 1;
    }
    taken
}

fn open(folder: &Folder) -> SqliteStore {
    // The killed process lets go of its lock when the system has cleaned up after it.
    for _ in 0..200 {
        match SqliteStore::open(folder.file()) {
            Err(OpenError::InUse { .. }) => std::thread::sleep(Duration::from_millis(10)),
            opened => return opened.unwrap(),
        }
    }
    panic!("it is still in use")
}

#[tokio::test]
async fn what_a_killed_producer_was_told_is_kept_and_nothing_else_by_halves() {
    for _ in 0..5 {
        let folder = Folder::new();
        let mut producer = child("producer", folder.file().parent().unwrap());
        let lines = BufReader::new(producer.stdout.take().unwrap()).lines();
        let mut told = 0_u64;
        let enough = fastrand::u64(1..60);
        for line in lines.map_while(Result::ok) {
            if line.starts_with("put ") {
                told += 1;
            }
            if told == enough {
                break;
            }
        }
        producer.kill().unwrap();
        producer.wait().unwrap();
        let ready = open(&folder).counts(now()).await.unwrap().ready;
        assert!(told > 0 && ready >= told * 5, "{told} {ready}");
        assert_eq!(ready % 5, 0, "a batch is kept as a whole or not at all");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_wrote_down_holds_as_a_whole_or_not_at_all() {
    let folder = Folder::new();
    let store = folder.open();
    store.put((0..MESSAGES).map(|number| intent(&format!("r{number}"))).collect()).await.unwrap();
    drop(store);
    let place = folder.file().parent().unwrap().to_owned();
    let mut kills = 0;
    loop {
        let mut worker = child("worker", &place);
        let patience = if kills < 12 { fastrand::u64(20..150) } else { 60_000 };
        let began = std::time::Instant::now();
        let ended = loop {
            if let Some(status) = worker.try_wait().unwrap() {
                break Some(status);
            }
            if began.elapsed() > Duration::from_millis(patience) {
                break None;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        match ended {
            Some(status) if status.success() => break,
            Some(_) => panic!("a worker failed"),
            None => {
                worker.kill().unwrap();
                worker.wait().unwrap();
                kills += 1;
            }
        }
    }
    assert!(kills >= 3, "it was killed {kills} times");
    let store = open(&folder);
    let taken = taken(&place.join("taken"));
    for number in 0..MESSAGES {
        let reference = format!("r{number}");
        assert_eq!(taken.get(&reference), Some(&1), "{reference} after {kills} kills");
        let row = store.row(&reference).unwrap().unwrap();
        assert_eq!(row.state, State::Sent { id: reference });
    }
}

#[tokio::test]
async fn two_processes_never_work_on_one_file() {
    let folder = Folder::new();
    let store = folder.open();
    let mut other = child("worker", folder.file().parent().unwrap());
    assert!(!other.wait().unwrap().success());
    // And the first is none the worse for it.
    crate::put(&store, "r").await;
    assert_eq!(store.exchange(Vec::new(), want(Holder::random(), now())).await.unwrap().claims.len(), 1);
}
