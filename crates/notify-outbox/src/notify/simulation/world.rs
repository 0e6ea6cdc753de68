//! The world: chance, clocks, processes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::Tally;
use super::service::Service;

/// What the service's clock shows when a simulation begins.
const START: Duration = Duration::from_secs(1_795_430_454);

/// How likely things go wrong, from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Faults {
    /// A request or its answer is lost.
    pub(super) lost: f64,
    /// A request of which nothing is known any more arrives after all, up to a minute late.
    pub(super) orphaned: f64,
    /// There is no connection.
    pub(super) unreachable: f64,
    /// The service, or something before it, answers with an error.
    pub(super) error: f64,
    /// The service commits late, up to its 30 seconds.
    pub(super) late: f64,
    /// The store cannot be reached; half of the time it has done what it was asked.
    pub(super) store: f64,
    /// How many seconds a host's clock is off, at most.
    pub(super) clock: f64,
}

impl Faults {
    pub(super) const ALL: Self = Self {
        lost: 0.1,
        orphaned: 0.3,
        unreachable: 0.05,
        error: 0.08,
        late: 0.1,
        store: 0.05,
        clock: 28.0,
    };
}

#[derive(Clone)]
pub(super) struct World {
    inner: Arc<Mutex<Inner>>,
    began: Instant,
}

struct Inner {
    rng: Rng,
    service: Service,
    tally: Tally,
}

/// A worker's process, on a host with a clock of its own.
#[derive(Clone)]
pub(super) struct Process {
    stopped_until: Arc<Mutex<Instant>>,
    /// By how many seconds its clock is ahead.
    pub(super) ahead: f64,
    pub(super) faults: Faults,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let inner = Inner { rng: Rng::with_seed(seed), service: Service::default(), tally: Tally::default() };
        Self { inner: Arc::new(Mutex::new(inner)), began: Instant::now() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub(super) fn process(&self, faults: Faults) -> Process {
        let ahead = (self.lock().rng.f64() * 2.0 - 1.0) * faults.clock;
        Process { stopped_until: Arc::new(Mutex::new(Instant::now())), ahead, faults }
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// What the service's clock shows.
    pub(super) fn service_time(&self) -> Duration {
        START + self.elapsed()
    }

    pub(super) fn service_seconds(&self) -> u64 {
        self.service_time().as_secs()
    }

    pub(super) fn happens(&self, probability: f64) -> bool {
        self.lock().rng.f64() < probability
    }

    pub(super) fn seconds(&self, least: f64, most: f64) -> Duration {
        Duration::from_secs_f64(least + self.lock().rng.f64() * (most - least))
    }

    pub(super) fn below(&self, limit: usize) -> usize {
        self.lock().rng.usize(..limit)
    }

    pub(super) fn shuffle<T>(&self, items: &mut [T]) {
        self.lock().rng.shuffle(items);
    }

    pub(super) fn with_service<T>(&self, act: impl FnOnce(&mut Service) -> T) -> T {
        act(&mut self.lock().service)
    }

    pub(super) fn posted(&self) {
        self.lock().tally.posts += 1;
    }

    pub(super) fn looked_up(&self) {
        self.lock().tally.lookups += 1;
    }

    /// How often each message was taken, by reference.
    pub(super) fn taken(&self) -> BTreeMap<String, usize> {
        self.with_service(|service| service.taken())
    }

    pub(super) fn tally(&self) -> Tally {
        self.lock().tally
    }
}

impl Process {
    /// Stops it for so long, at whatever point it is.
    pub(super) fn stop(&self, time: Duration) {
        *self.stopped_until.lock().unwrap() = Instant::now() + time;
    }

    /// Goes on when it is not stopped.
    pub(super) async fn runs(&self) {
        loop {
            let until = *self.stopped_until.lock().unwrap();
            if Instant::now() >= until {
                return;
            }
            tokio::time::sleep_until(until).await;
        }
    }
}
