//! Messages a bare `fsync` of the same disk: what a store does with so many messages under way, in slices that take turns
//! with the bare disk, so that both meet the same disk.
//!
//! Prints lines of a name and a number.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use notify_outbox::{Holder, Intent, Outcome, Report, SqliteStore, Want};

const NOW: u64 = 1_795_430_454;
/// How long a slice is, and how many there are of each kind.
const SLICE: Duration = Duration::from_millis(300);
const SLICES: usize = 10;
/// What SQLite writes at least for a commit: a page.
const PAGE: [u8; 4_096] = [7; 4_096];
/// A payload as most are.
const PAYLOAD: [u8; 300] = [b'x'; 300];

fn main() {
    // `cargo bench` adds arguments of its own.
    let folder = scratch();
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (kind, has_payload) in [("journal", false), ("payload", true)] {
        for at_once in [1, 16, 64, 256] {
            let (messages, commits, fsyncs) = sqlite(&folder, at_once, has_payload);
            println!("{kind}/{at_once}/messages {messages:.0}");
            println!("{kind}/{at_once}/commits {commits:.0}");
            println!("{kind}/{at_once}/fsyncs {fsyncs:.0}");
            println!("{kind}/{at_once}/per-fsync {:.1}", messages / fsyncs);
        }
    }
    fs::remove_dir_all(folder).expect("the folder can be removed");
}

/// On the disk where the build is, since the folder for temporary files may be in memory.
fn scratch() -> PathBuf {
    let program = std::env::current_exe().expect("the program has a path");
    program.with_file_name(format!("bench-outbox-{}", std::process::id()))
}

/// Messages, commits and bare fsyncs a second.
fn sqlite(folder: &Path, at_once: usize, has_payload: bool) -> (f64, f64, f64) {
    let file = folder.join(format!("{at_once}-{has_payload}.sqlite"));
    let store = SqliteStore::open(&file).expect("it can be opened");
    let mut disk = Disk::new(&folder.join("bare"));
    let mut flow = Flow::new(store, at_once, has_payload);
    flow.fill();
    let (mut messages, mut commits, mut fsyncs) = (0, 0, 0);
    let (mut of_store, mut of_disk) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..SLICES {
        let began = Instant::now();
        while began.elapsed() < SLICE {
            disk.fsync();
            fsyncs += 1;
        }
        of_disk += began.elapsed();
        let began = Instant::now();
        while began.elapsed() < SLICE {
            messages += flow.step();
            commits += 1;
        }
        of_store += began.elapsed();
        flow.fill();
    }
    let per_second = |count: usize, time: Duration| {
        f64::from(u32::try_from(count).expect("it is less than four billion")) / time.as_secs_f64()
    };
    (per_second(messages, of_store), per_second(commits, of_store), per_second(fsyncs, of_disk))
}

/// A file to which a page is written and synced, again and again.
struct Disk(File, u64);

impl Disk {
    fn new(path: &Path) -> Self {
        let file =
            OpenOptions::new().create(true).truncate(true).write(true).open(path).expect("it can be made");
        Self(file, 0)
    }

    fn fsync(&mut self) {
        // Like a log that is used over again: within what the file has already, most of the time.
        self.0.seek(SeekFrom::Start(self.1 % 1_000 * 4_096)).expect("it can be sought");
        self.1 += 1;
        self.0.write_all(&PAGE).expect("it can be written");
        self.0.sync_data().expect("it can be synced");
    }
}

/// So many messages under way, each of which is sent by the next commit.
struct Flow {
    store: SqliteStore,
    holder: Holder,
    at_once: usize,
    has_payload: bool,
    reports: Vec<Report>,
    put: usize,
    ready: usize,
}

impl Flow {
    fn new(store: SqliteStore, at_once: usize, has_payload: bool) -> Self {
        Self { store, holder: Holder::random(), at_once, has_payload, reports: Vec::new(), put: 0, ready: 0 }
    }

    /// Puts as many as a slice can take.
    fn fill(&mut self) {
        while self.ready < 40_000.min(self.at_once * 1_500) {
            let intents = (0..2_000).map(|number| {
                let number = self.put + number;
                let intent = Intent::new(format!("reference-{number}")).expect("it is short");
                if self.has_payload { intent.payload(PAYLOAD) } else { intent.tag(number.to_le_bytes()) }
            });
            self.store.put_blocking(intents.collect()).expect("there is room");
            self.put += 2_000;
            self.ready += 2_000;
        }
    }

    /// One commit: what came of the last claims, and the next claims.
    fn step(&mut self) -> usize {
        let want = Want { holder: self.holder, now: NOW, sends: self.at_once, lookups: 0, window: 30 };
        let reports = std::mem::take(&mut self.reports);
        let exchanged = self.store.exchange_blocking(&reports, want).expect("there is room");
        assert!(exchanged.without_effect.is_empty(), "each report counts");
        self.ready = self.ready.saturating_sub(exchanged.claims.len());
        let id = "740e5834-3a29-46b4-9a6f-16142fde533b";
        let sent = |claim| Report::of(claim, Outcome::Sent { id: id.to_owned() });
        self.reports = exchanged.claims.iter().map(sent).collect();
        reports.len()
    }
}
