//! The store in a file.

use std::fs;
use std::path::{Path, PathBuf};

use notify_outbox::SqliteStore;

use crate::disk::Disk;
use crate::flow::{Flow, intents};
use crate::waits::{Chain, SLICES, factor, median};

pub(crate) fn measure() {
    let folder = scratch();
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (kind, has_payload) in [("journal", false), ("payload", true)] {
        for at_once in [1, 16, 64, 256] {
            let (messages, fsyncs) = measure_one(&folder, at_once, has_payload);
            println!("{kind}/{at_once}/per-fsync {:.1}", factor(&messages, &fsyncs));
            println!("{kind}/{at_once}/messages {:.0}", median(messages));
            println!("{kind}/{at_once}/fsyncs {:.0}", median(fsyncs));
        }
    }
    fs::remove_dir_all(folder).expect("the folder can be removed");
}

/// On the disk where the build is, since the folder for temporary files may be in memory.
fn scratch() -> PathBuf {
    let program = std::env::current_exe().expect("the program has a path");
    program.with_file_name(format!("bench-outbox-{}", std::process::id()))
}

/// Messages and bare fsyncs a second, in slices that follow each other.
fn measure_one(folder: &Path, at_once: usize, has_payload: bool) -> (Vec<f64>, Vec<f64>) {
    let file = folder.join(format!("{at_once}-{has_payload}.sqlite"));
    let store = SqliteStore::open(&file).expect("it can be opened");
    let mut disk = Disk::new(&folder.join("bare"));
    let mut flow = Flow::new(at_once);
    let (mut put, mut claimed) = (0, 0);
    let chain = Chain::new([]);
    let slices = (0..SLICES).map(|_| {
        // As many as a slice can take.
        while put < claimed + 30_000.min(at_once * 1_000) {
            store.put_blocking(intents(put, 2_000, has_payload)).expect("there is room");
            put += 2_000;
        }
        let fsyncs = chain.slice(|| disk.fsync());
        let messages = chain.slice(|| {
            let (reports, want) = flow.next();
            let exchanged = store.exchange_blocking(&reports, want).expect("there is room");
            claimed += exchanged.claims.len();
            flow.send(&exchanged);
            reports.len()
        });
        (messages, fsyncs)
    });
    slices.unzip()
}
