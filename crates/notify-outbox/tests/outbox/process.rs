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
    Claim, Client, Holder, OpenError, Outcome, SendOutcome, SqliteStore, State, Store as _, Worker,
};

use crate::file::Folder;
use crate::{intent, sent, want};

const ROLE: &str = "NOTIFY_OUTBOX_TEST_ROLE";
const FOLDER: &str = "NOTIFY_OUTBOX_TEST_FOLDER";
#[cfg(feature = "postgres")]
const SERVER: &str = "NOTIFY_OUTBOX_TEST_SERVER";
/// Since when the service's clock runs faster, in milliseconds since 1970, and how many times as fast: so that nobody waits for
/// the end of a claim in real time.
const FAST_SINCE: &str = "NOTIFY_OUTBOX_TEST_FAST_SINCE";
const FASTER: u128 = 5;
const MESSAGES: usize = 600;

fn millis() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()
}

/// What the service's clock shows.
fn now() -> u64 {
    let fast_since = std::env::var(FAST_SINCE).ok().map(|since| since.parse().unwrap());
    fast_since.map_or_else(|| u64::try_from(millis() / 1_000).unwrap(), fast_now)
}

fn fast_now(since: u128) -> u64 {
    u64::try_from((since + (millis() - since) * FASTER) / 1_000).unwrap()
}

/// This program again, as the child that plays a role.
fn child(role: &str, folder: &Path) -> Child {
    command(role, folder).spawn().unwrap()
}

fn command(role: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "process::plays_the_child_of_another_test", "--nocapture"]);
    command.env(ROLE, role).env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Does nothing, unless it is the child.
#[tokio::test]
async fn plays_the_child_of_another_test() {
    let (Ok(role), Ok(folder)) = (std::env::var(ROLE), std::env::var(FOLDER)) else { return };
    let folder = PathBuf::from(folder);
    let client = Clerk { book: folder.join("taken") };
    #[cfg(feature = "postgres")]
    if let Some(database) = role.strip_prefix("worker on ") {
        let server = PathBuf::from(std::env::var(SERVER).unwrap());
        let config = crate::server::config(&server, database);
        let store = notify_outbox::PostgresStore::new(config, tokio_postgres::NoTls).per_minute(None);
        Worker::new(store, client).sends_at_once(8).window(5).run_until_empty().await.unwrap();
        return;
    }
    let store = SqliteStore::open(folder.join("outbox.sqlite")).unwrap();
    if role == "producer" {
        for batch in 0.. {
            let intents = (0..5).map(|number| intent(&format!("r{}", batch * 5 + number))).collect();
            store.put(intents).await.unwrap();
            println!("\nput {batch}");
        }
    }
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

    async fn send(&self, claim: Claim, leave_by: u64) -> SendOutcome {
        if now() > leave_by {
            return SendOutcome::alone(Outcome::NotSent { not_before: 0 });
        }
        let mut book = OpenOptions::new().append(true).create(true).open(&self.book).unwrap();
        book.write_all(format!("{}\n", claim.reference).as_bytes()).unwrap();
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..10))).await;
        SendOutcome::alone(sent(&claim.reference))
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
async fn a_killed_producer_loses_nothing_confirmed_and_leaves_nothing_half_done() {
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

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn four_workers_on_a_database_of_which_some_are_killed_and_one_is_stopped_send_every_message_once() {
    use notify_outbox::PostgresStore;
    use tokio_postgres::NoTls;

    const MESSAGES: usize = 3_000;
    let config = crate::server::database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    store.put((0..MESSAGES).map(|number| intent(&format!("r{number}"))).collect()).await.unwrap();
    let folder = Folder::new();
    let place = folder.file().parent().unwrap().to_owned();
    let role = format!("worker on {}", config.get_dbname().unwrap());
    let signal = |child: &Child, signal: &str| {
        let status = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(status.success());
    };
    let since = millis();
    let child = || {
        let mut command = command(&role, &place);
        command.env(SERVER, crate::server::folder()).env(FAST_SINCE, since.to_string()).spawn().unwrap()
    };
    let mut workers: Vec<_> = (0..4).map(|_| child()).collect();
    for number in 0..12 {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(50..250))).await;
        let victim = number % 3;
        workers[victim].kill().unwrap();
        workers[victim].wait().unwrap();
        workers[victim] = child();
        if number == 6 {
            // Past its claims, and others look up what it had.
            signal(&workers[3], "-STOP");
        }
    }
    let began = std::time::Instant::now();
    loop {
        let counts = store.counts(fast_now(since)).await.unwrap();
        if counts.open() == 0 {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(180), "{counts:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    signal(&workers[3], "-CONT");
    // It has nothing to say any more.
    tokio::time::sleep(Duration::from_secs(2)).await;
    for mut worker in workers {
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    let taken = taken(&place.join("taken"));
    for number in 0..MESSAGES {
        assert_eq!(taken.get(&format!("r{number}")), Some(&1), "r{number}");
    }
    assert_eq!(store.counts(fast_now(since)).await.unwrap().sent, u64::try_from(MESSAGES).unwrap());
}
