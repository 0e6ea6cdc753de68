//! The store in PostgreSQL: one worker, two side by side, and the slots that they lease.

use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use notify_outbox::{PostgresStore, Store as _};
use notify_testkit::postgres::Server;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::NoTls;

use crate::disk::Disk;
use crate::flow::{Flow, intents};
use crate::waits::{Chain, SLICES, factor, median};

/// How many slots a lease is for.
const SLOTS: u32 = 25;

pub(crate) fn measure() {
    let server = Server::durable();
    for at_once in [1, 16, 64, 256] {
        let name = format!("at_once_{at_once}");
        let Measured { one, two, fsyncs } = measure_one(&server.database(&name), server.folder(), at_once);
        println!("postgres/{at_once}/per-fsync {:.1}", factor(&one, &fsyncs));
        println!("postgres/{at_once}/factor-of-two {:.2}", factor(&two, &one));
        println!("postgres/{at_once}/messages {:.0}", median(one));
        println!("postgres/{at_once}/two-workers {:.0}", median(two));
        println!("postgres/{at_once}/fsyncs {:.0}", median(fsyncs));
    }
    println!("postgres/slot/microseconds {:.2}", 1e6 / slots_per_second(&server.database("slots")));
}

/// Each a second, in slices that follow each other.
#[derive(Default)]
struct Measured {
    one: Vec<f64>,
    two: Vec<f64>,
    fsyncs: Vec<f64>,
}

/// A worker as on a host of its own: a thread and a connection that nobody shares.
struct Worker {
    runtime: Runtime,
    store: PostgresStore,
    flow: Flow,
    /// The server's process that answers it.
    server: i32,
}

impl Worker {
    fn new(url: &str, at_once: usize) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("there is a runtime");
        let store = PostgresStore::at(url).expect("it is a URL").per_minute(Some(u32::MAX));
        let known = runtime.block_on(servers(url));
        runtime.block_on(store.init()).expect("the tables can be made");
        let server = runtime.block_on(servers(url)).into_iter().find(|server| !known.contains(server));
        Self { runtime, store, flow: Flow::new(at_once), server: server.expect("it is connected") }
    }

    /// One commit: what came of the last claims, and the next claims.
    fn step(&mut self) -> usize {
        let (reports, want) = self.flow.next();
        let count = reports.len();
        let exchanged = self.runtime.block_on(self.store.exchange(reports, want)).expect("it takes it");
        self.flow.send(&exchanged);
        count
    }
}

/// The server's processes that answer whoever is connected to this database.
async fn servers(url: &str) -> Vec<i32> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("it can be reached");
    let driven = tokio::spawn(connection);
    let query =
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let found = client.query_typed(query, &[]).await.expect("anybody may ask");
    driven.abort();
    found.iter().map(|row| row.get(0)).collect()
}

fn measure_one(url: &str, folder: &Path, at_once: usize) -> Measured {
    let producer = Worker::new(url, 0);
    let mut workers = [Worker::new(url, at_once), Worker::new(url, at_once)];
    let mut disk = Disk::new(&folder.join("bare"));
    let (mut measured, mut put, sent) = (Measured::default(), 0, AtomicUsize::new(0));
    let slice = |chain: Chain, worker: &mut Worker| {
        chain.slice(|| {
            let count = worker.step();
            sent.fetch_add(count, Ordering::Relaxed);
            count
        })
    };
    for _ in 0..SLICES {
        // As many as the slices can take.
        while put < sent.load(Ordering::Relaxed) + 20_000.min(at_once * 1_500) {
            let intents = intents(put, 2_000, true);
            producer.runtime.block_on(producer.store.put(intents)).expect("there is room");
            put += 2_000;
        }
        measured.fsyncs.push(Chain::new([]).slice(|| disk.fsync()));
        measured.one.push(slice(Chain::new([workers[0].server]), &mut workers[0]));
        let begin = Barrier::new(workers.len());
        let rates = std::thread::scope(|scope| {
            let threads = workers.each_mut().map(|worker| {
                scope.spawn(|| {
                    begin.wait();
                    slice(Chain::none(), worker)
                })
            });
            threads.map(|thread| thread.join().expect("it works"))
        });
        measured.two.push(rates.iter().sum());
    }
    measured
}

fn slots_per_second(url: &str) -> f64 {
    let worker = Worker::new(url, 0);
    let chain = Chain::new([worker.server]);
    let slices = (0..SLICES).map(|_| {
        chain.slice(|| {
            let leased = worker.store.lease_slots(SLOTS, Duration::from_secs(15));
            let leased = worker.runtime.block_on(leased).expect("it leases").expect("it keeps a pace");
            assert_eq!(leased.count, SLOTS, "there are enough slots");
            usize::try_from(leased.count).expect("it is small")
        })
    });
    median(slices.collect())
}
