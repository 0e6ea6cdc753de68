//! A service that takes messages while their token is good, and processes that freeze.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use crate::{Claim, Client, Outcome, SendOutcome};

/// What the clocks show when it begins. All of them agree.
const START: u64 = 1_795_430_454;
/// How long a token is good, how long the service works on a request, and when its lookups prove absence.
const TOKEN: u64 = 31;
const PROVES_AFTER: u64 = 95;
/// Between two empty lookups.
const APART: Duration = Duration::from_secs(5);

/// A process that stands still for a while: nothing of it goes on, as with SIGSTOP.
#[derive(Clone, Default)]
pub(super) struct Freezer(Arc<Mutex<Option<Instant>>>);

impl Freezer {
    pub(super) fn freeze(&self, time: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + time);
    }

    pub(super) async fn thawed(&self) {
        loop {
            let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match until.filter(|until| *until > Instant::now()) {
                Some(until) => tokio::time::sleep_until(until).await,
                None => return,
            }
        }
    }
}

pub(super) struct SimulatedService {
    began: Instant,
    /// How often it took each message.
    taken: Mutex<Vec<u8>>,
    count: AtomicUsize,
    lookups: AtomicUsize,
    lost: f64,
}

impl SimulatedService {
    pub(super) fn new(messages: usize, lost: f64) -> Self {
        Self {
            began: Instant::now(),
            taken: Mutex::new(vec![0; messages]),
            count: AtomicUsize::new(0),
            lookups: AtomicUsize::new(0),
            lost,
        }
    }

    fn now(&self) -> u64 {
        START + self.began.elapsed().as_secs()
    }

    fn take(&self, message: usize) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken[message] = taken[message].saturating_add(1);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    fn lists(&self, message: usize) -> bool {
        self.lookups.fetch_add(1, Ordering::Relaxed);
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)[message] > 0
    }

    pub(super) fn taken(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    pub(super) fn lookups(&self) -> usize {
        self.lookups.load(Ordering::Relaxed)
    }

    pub(super) fn doubled_and_missing(&self) -> (usize, usize) {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |is: fn(u8) -> bool| taken.iter().filter(|count| is(**count)).count();
        (count(|count| count > 1), count(|count| count == 0))
    }
}

#[derive(Clone)]
pub(super) struct SimulatedClient {
    service: Arc<SimulatedService>,
    freezer: Freezer,
    rng: Arc<Mutex<Rng>>,
}

impl SimulatedClient {
    pub(super) fn new(service: Arc<SimulatedService>, freezer: Freezer, seed: u64) -> Self {
        Self { service, freezer, rng: Arc::new(Mutex::new(Rng::with_seed(seed))) }
    }

    fn chance(&self) -> f64 {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }

    fn seconds(&self, most: f64) -> Duration {
        Duration::from_secs_f64(self.chance() * most)
    }
}

fn message(claim: &Claim) -> usize {
    claim.reference.parse().unwrap_or_else(|_| unreachable!("references are numbers here"))
}

impl Client for SimulatedClient {
    fn now(&self) -> u64 {
        self.service.now()
    }

    async fn send(&self, claim: Claim, leave_by: u64) -> SendOutcome {
        self.freezer.thawed().await;
        let (iat, message) = (self.service.now(), message(&claim));
        if iat > leave_by {
            return SendOutcome::alone(Outcome::NotSent { not_before: 0 });
        }
        // What has been minted may be written at once, or when the process goes on.
        self.freezer.thawed().await;
        let is_lost = self.chance() < self.service.lost;
        // It is the network's now, whatever becomes of the process; rarely it is late.
        let late = if is_lost { self.seconds(50.0) } else { self.seconds(0.1) };
        let service = Arc::clone(&self.service);
        let arrival = tokio::spawn(async move {
            tokio::time::sleep(late).await;
            let is_good = service.now() < iat + TOKEN;
            if is_good {
                service.take(message);
            }
            is_good
        });
        if is_lost {
            tokio::time::sleep(Duration::from_secs(30)).await;
            return SendOutcome::alone(Outcome::InDoubt);
        }
        let is_taken = arrival.await.unwrap_or(false);
        tokio::time::sleep(self.seconds(0.1)).await;
        self.freezer.thawed().await;
        SendOutcome::alone(if is_taken {
            Outcome::Sent { id: String::new() }
        } else {
            Outcome::NotSent { not_before: 0 }
        })
    }

    async fn look_up(&self, claim: Claim, sent_by: u64) -> Outcome {
        for _ in 0..2 {
            self.freezer.thawed().await;
            tokio::time::sleep(self.seconds(0.2)).await;
            // A lookup may be signed half a minute ahead.
            let proves = self.service.now() + 30 >= sent_by + PROVES_AFTER;
            if self.service.lists(message(&claim)) {
                return Outcome::Sent { id: String::new() };
            }
            if !proves {
                return Outcome::StillInDoubt { look_at: sent_by + PROVES_AFTER - 30 };
            }
            tokio::time::sleep(APART).await;
        }
        self.freezer.thawed().await;
        Outcome::Absent
    }
}
