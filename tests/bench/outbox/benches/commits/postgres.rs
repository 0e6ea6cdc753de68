//! The store in PostgreSQL: one worker, two side by side, and the slots that they lease.

use std::sync::Barrier;
use std::time::Duration;

use notify_outbox::{PostgresStore, Store as _};
use notify_testkit::postgres::Server;
use tokio::runtime::{Builder, Runtime};

use crate::disk::Disk;
use crate::flow::{Flow, intents};
use crate::{SLICES, Tally};

/// How many slots a lease is for.
const SLOTS: u32 = 25;

pub(crate) fn measure() {
    let server = Server::durable();
    for at_once in [1, 16, 64, 256] {
        let name = format!("at_once_{at_once}");
        let measured = measure_one(&server.database(&name), server.folder(), at_once);
        println!("postgres/{at_once}/messages {:.0}", measured.one);
        println!("postgres/{at_once}/two-workers {:.0}", measured.two);
        println!("postgres/{at_once}/fsyncs {:.0}", measured.fsyncs);
        println!("postgres/{at_once}/per-fsync {:.1}", measured.one / measured.fsyncs);
        println!("postgres/{at_once}/factor-of-two {:.2}", measured.two / measured.one);
    }
    println!("postgres/slot/microseconds {:.2}", 1e6 / slots_per_second(&server.database("slots")));
}

/// Each a second.
struct Measured {
    one: f64,
    two: f64,
    fsyncs: f64,
}

/// A worker as on a host of its own: a thread and a connection that nobody shares.
struct Worker {
    runtime: Runtime,
    store: PostgresStore,
    flow: Flow,
}

impl Worker {
    fn new(url: &str, at_once: usize) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("there is a runtime");
        let store = PostgresStore::at(url).expect("it is a URL").per_minute(Some(u32::MAX));
        Self { runtime, store, flow: Flow::new(at_once) }
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

fn measure_one(url: &str, folder: &std::path::Path, at_once: usize) -> Measured {
    let mut workers = [Worker::new(url, at_once), Worker::new(url, at_once)];
    let producer = Worker::new(url, 0);
    producer.runtime.block_on(producer.store.init()).expect("the tables can be made");
    let mut disk = Disk::new(&folder.join("bare"));
    let (mut one, mut two, mut of_disk) = (Tally::default(), Tally::default(), Tally::default());
    let (mut put, mut sent) = (0, 0);
    for _ in 0..SLICES {
        // As many as the slices can take.
        while put < sent + 30_000.min(at_once * 2_000) {
            let intents = intents(put, 2_000, true);
            producer.runtime.block_on(producer.store.put(intents)).expect("there is room");
            put += 2_000;
        }
        of_disk.slice(|| disk.fsync());
        let before = one.count + two.count;
        one.slice(|| workers[0].step());
        let begin = Barrier::new(workers.len());
        let run = |worker: &mut Worker| {
            let mut tally = Tally::default();
            begin.wait();
            tally.slice(|| worker.step());
            tally
        };
        let tallies = std::thread::scope(|scope| {
            let threads = workers.each_mut().map(|worker| scope.spawn(|| run(worker)));
            threads.map(|thread| thread.join().expect("it works"))
        });
        two.count += tallies.iter().map(|tally| tally.count).sum::<usize>();
        two.time += tallies.iter().map(|tally| tally.time).max().unwrap_or_default();
        sent += one.count + two.count - before;
    }
    Measured { one: one.per_second(), two: two.per_second(), fsyncs: of_disk.per_second() }
}

fn slots_per_second(url: &str) -> f64 {
    let worker = Worker::new(url, 0);
    worker.runtime.block_on(worker.store.init()).expect("the tables can be made");
    let mut slots = Tally::default();
    for _ in 0..SLICES {
        slots.slice(|| {
            let leased = worker.store.lease_slots(SLOTS, Duration::from_secs(15));
            let leased = worker.runtime.block_on(leased).expect("it leases").expect("it keeps a pace");
            assert_eq!(leased.count, SLOTS, "there are enough slots");
            usize::try_from(leased.count).expect("it is small")
        });
    }
    slots.per_second()
}
