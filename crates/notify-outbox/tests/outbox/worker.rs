//! The loop, in virtual time, with a client that does as it is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use notify_outbox::{
    Claim, ClaimRequest, Client, Counts, Decision, Exchanged, Intent, MemoryStore, Obstacle, Outcome, Put,
    Reconciler, Report, SendOutcome, Slots, State, Store, StoreError, Undecided, Worker,
};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

use crate::{NOW, put, sent};

/// What came of a message, which is the so many-th to be sent.
type Says = dyn Fn(&Claim, usize) -> SendOutcome + Send + Sync;

/// A client that takes so long for everything, and says so.
#[derive(Clone)]
struct Scripted {
    began: Instant,
    takes: Duration,
    says: Arc<Says>,
    /// What was sent, and when.
    sends: Arc<Mutex<Vec<(String, Duration)>>>,
}

impl Scripted {
    fn new(takes: Duration, says: impl Fn(&Claim, usize) -> SendOutcome + Send + Sync + 'static) -> Self {
        Self { began: Instant::now(), takes, says: Arc::new(says), sends: Arc::default() }
    }

    fn sends(&self) -> Vec<(String, Duration)> {
        self.sends.lock().unwrap().clone()
    }
}

impl Client for Scripted {
    fn now(&self) -> u64 {
        NOW + self.began.elapsed().as_secs()
    }

    async fn send(&self, claim: Claim, _: u64) -> SendOutcome {
        let number = {
            let mut sends = self.sends.lock().unwrap();
            sends.push((claim.reference.clone(), self.began.elapsed()));
            sends.len() - 1
        };
        sleep(self.takes).await;
        (self.says)(&claim, number)
    }

    async fn look_up(&self, _: Claim, _: u64) -> Outcome {
        sleep(self.takes).await;
        Outcome::Absent
    }
}

fn all_sent(_: &Claim, _: usize) -> SendOutcome {
    SendOutcome::alone(sent("id"))
}

/// A store with faults, and a shared pace.
#[derive(Clone)]
struct Faulty {
    store: MemoryStore,
    began: Instant,
    /// When it cannot be reached.
    away: (Duration, Duration),
    /// How far slots are apart, if it keeps a pace.
    apart: Option<Duration>,
    leased: Arc<Mutex<u32>>,
    slowed_down: Arc<Mutex<Vec<u32>>>,
}

impl Faulty {
    fn new() -> Self {
        Self {
            store: MemoryStore::new(),
            began: Instant::now(),
            away: (Duration::ZERO, Duration::ZERO),
            apart: None,
            leased: Arc::default(),
            slowed_down: Arc::default(),
        }
    }
}

impl Store for Faulty {
    async fn put(&self, intents: Vec<Intent>) -> Result<Vec<Put>, StoreError> {
        self.store.put(intents).await
    }

    async fn exchange(&self, reports: Vec<Report>, want: ClaimRequest) -> Result<Exchanged, StoreError> {
        let now = self.began.elapsed();
        if now >= self.away.0 && now < self.away.1 {
            return Err(StoreError::unavailable("no connection"));
        }
        self.store.exchange(reports, want).await
    }

    async fn counts(&self, now: u64) -> Result<Counts, StoreError> {
        self.store.counts(now).await
    }

    async fn undecided(&self, limit: usize) -> Result<Vec<Undecided>, StoreError> {
        self.store.undecided(limit).await
    }

    async fn decide(&self, reference: &str, decision: Decision) -> Result<bool, StoreError> {
        self.store.decide(reference, decision).await
    }

    async fn changed(&self) {
        self.store.changed().await;
    }

    async fn lease_slots(&self, count: u32, _: Duration) -> Result<Option<Slots>, StoreError> {
        let Some(apart) = self.apart else { return Ok(None) };
        let mut leased = self.leased.lock().unwrap();
        let first_in = (apart * *leased).saturating_sub(self.began.elapsed());
        *leased += count;
        Ok(Some(Slots { count, first_in, apart }))
    }

    async fn slow_down(&self, seconds: u32) -> Result<(), StoreError> {
        self.slowed_down.lock().unwrap().push(seconds);
        Ok(())
    }
}

async fn fill(store: &impl Store, count: usize) {
    for number in 0..count {
        put(store, &format!("r{number}")).await;
    }
}

fn state(store: &MemoryStore, reference: &str) -> State {
    store.row(reference).unwrap().0.state
}

#[tokio::test(start_paused = true)]
async fn a_worker_sends_all_there_is_and_no_more_at_once_than_it_may() {
    let store = MemoryStore::new();
    fill(&store, 100).await;
    let client = Scripted::new(Duration::from_millis(100), all_sent);
    Worker::new(store.clone(), client.clone()).sends_at_once(10).run_until_empty().await.unwrap();
    assert_eq!(store.counts(NOW).await.unwrap().sent, 100);
    let sends = client.sends();
    for (_, at) in &sends {
        let at_once = sends.iter().filter(|(_, other)| *other <= *at && *other + client.takes > *at);
        assert!(at_once.count() <= 10);
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_put_while_the_worker_waits_leaves_at_once() {
    let store = MemoryStore::new();
    let client = Scripted::new(Duration::ZERO, all_sent);
    let worker = tokio::spawn(Worker::new(store.clone(), client.clone()).run(std::future::pending()));
    sleep(Duration::from_millis(1_300)).await;
    put(&store, "r").await;
    sleep(Duration::from_millis(10)).await;
    assert_eq!(client.sends().len(), 1);
    worker.abort();
}

#[tokio::test(start_paused = true)]
async fn a_message_is_claimed_in_the_store_before_it_leaves() {
    let store = MemoryStore::new();
    fill(&store, 20).await;
    let seen = store.clone();
    let client = Scripted::new(Duration::ZERO, move |claim, _| {
        let (row, _) = seen.row(&claim.reference).unwrap();
        assert_eq!(row.attempt, claim.attempt);
        assert!(matches!(row.state, State::InFlight { holder, .. } if holder == claim.holder));
        SendOutcome::alone(sent("id"))
    });
    Worker::new(store, client).run_until_empty().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_came_of_a_message_is_kept_until_the_store_is_back() {
    let store = Faulty { away: (Duration::from_millis(50), Duration::from_secs(25)), ..Faulty::new() };
    put(&store, "r").await;
    let client = Scripted::new(Duration::from_millis(100), all_sent);
    Worker::new(store.clone(), client.clone()).run_until_empty().await.unwrap();
    assert_eq!((state(&store.store, "r"), client.sends().len()), (State::Sent { id: "id".to_owned() }, 1));
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_nothing_new_leaves() {
    let store = Faulty { away: (Duration::from_millis(50), Duration::from_secs(25)), ..Faulty::new() };
    fill(&store, 30).await;
    let client = Scripted::new(Duration::from_millis(100), all_sent);
    Worker::new(store.clone(), client.clone()).sends_at_once(10).run_until_empty().await.unwrap();
    let sends = client.sends();
    assert_eq!(sends.len(), 30);
    assert!(sends.iter().all(|(_, at)| *at < Duration::from_millis(50) || *at >= Duration::from_secs(25)));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_away_is_tried_ever_more_rarely() {
    let store = MemoryStore::new();
    fill(&store, 200).await;
    let client = Scripted::new(Duration::from_millis(10), |_, number| {
        // Away for a while: nobody's fault.
        if number < 25 {
            SendOutcome {
                outcome: Outcome::NotSent { not_before: 0 },
                obstacle: Some(Obstacle::Blocked { reason: "no connection".to_owned() }),
            }
        } else {
            SendOutcome::alone(sent("id"))
        }
    });
    Worker::new(store.clone(), client.clone()).sends_at_once(16).run_until_empty().await.unwrap();
    assert_eq!(store.counts(NOW).await.unwrap().sent, 200);
    let sends = client.sends();
    // The first window, and then one at a time, each after a longer pause, up to half a minute.
    let pauses: Vec<_> = sends[16..26].windows(2).map(|pair| pair[1].1.saturating_sub(pair[0].1)).collect();
    assert!(
        pauses.windows(2).all(|pair| pair[0] < pair[1] || pair[1] >= Duration::from_secs(30)),
        "{pauses:?}"
    );
    // And when it is back, all at once.
    let rest = sends[199].1.saturating_sub(sends[26].1);
    assert!(rest < Duration::from_secs(2), "{rest:?}");
}

#[tokio::test(start_paused = true)]
async fn when_answers_are_lost_one_after_the_other_few_messages_come_into_doubt() {
    let store = MemoryStore::new();
    fill(&store, 1_000).await;
    let client = Scripted::new(Duration::from_millis(10), |_, _| SendOutcome::alone(Outcome::InDoubt));
    let worker = Worker::new(store.clone(), client.clone()).sends_at_once(16).run(std::future::pending());
    let _ = tokio::time::timeout(Duration::from_secs(60), worker).await;
    // A window, and one for each try.
    assert!(client.sends().len() < 40, "{}", client.sends().len());
}

#[tokio::test(start_paused = true)]
async fn a_message_too_fast_slows_all_workers_down() {
    let store = Faulty { apart: Some(Duration::from_millis(20)), ..Faulty::new() };
    fill(&store, 3).await;
    let client = Scripted::new(Duration::from_millis(5), |_, number| match number {
        0 => SendOutcome {
            outcome: Outcome::NotSent { not_before: NOW + 2 },
            obstacle: Some(Obstacle::Throttled { seconds: 2 }),
        },
        _ => SendOutcome::alone(sent("id")),
    });
    Worker::new(store.clone(), client.clone()).sends_at_once(1).run_until_empty().await.unwrap();
    assert_eq!(*store.slowed_down.lock().unwrap(), [2]);
    assert!(client.sends()[1].1 >= Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn messages_leave_in_the_slots_that_the_store_leased() {
    let store = Faulty { apart: Some(Duration::from_millis(20)), ..Faulty::new() };
    fill(&store, 10).await;
    let client = Scripted::new(Duration::ZERO, all_sent);
    Worker::new(store, client.clone()).run_until_empty().await.unwrap();
    let sends = client.sends();
    assert!(
        sends.windows(2).all(|pair| pair[1].1.saturating_sub(pair[0].1) >= Duration::from_millis(20)),
        "{sends:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn at_the_end_what_is_under_way_is_waited_for() {
    let store = MemoryStore::new();
    fill(&store, 30).await;
    let client = Scripted::new(Duration::from_secs(20), all_sent);
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = Worker::new(store.clone(), client.clone()).sends_at_once(10);
    let running = tokio::spawn(worker.run(async { stopped.await.unwrap() }));
    sleep(Duration::from_secs(1)).await;
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
    let counts = store.counts(NOW).await.unwrap();
    assert_eq!((counts.sent, counts.ready, counts.in_flight, client.sends().len()), (10, 20, 0, 10));
}

#[tokio::test(start_paused = true)]
async fn at_the_end_what_has_not_left_is_given_back_at_once() {
    let store = Faulty { apart: Some(Duration::from_secs(10)), ..Faulty::new() };
    fill(&store, 10).await;
    let client = Scripted::new(Duration::from_millis(10), all_sent);
    let (stop, stopped) = oneshot::channel::<()>();
    let running =
        tokio::spawn(Worker::new(store.clone(), client.clone()).run(async { stopped.await.unwrap() }));
    sleep(Duration::from_secs(1)).await;
    stop.send(()).unwrap();
    let ended = Instant::now();
    running.await.unwrap().unwrap();
    assert!(ended.elapsed() < Duration::from_millis(100));
    let counts = store.counts(NOW).await.unwrap();
    assert_eq!((counts.sent, counts.ready, counts.in_flight, client.sends().len()), (1, 9, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn at_the_end_a_lookup_is_given_up() {
    let store = MemoryStore::new();
    put(&store, "r").await;
    let client = Scripted::new(Duration::from_secs(30), |_, _| SendOutcome::alone(Outcome::InDoubt));
    let (stop, stopped) = oneshot::channel::<()>();
    let running =
        tokio::spawn(Worker::new(store.clone(), client.clone()).run(async { stopped.await.unwrap() }));
    sleep(Duration::from_secs(40)).await;
    stop.send(()).unwrap();
    let ended = Instant::now();
    running.await.unwrap().unwrap();
    assert!(ended.elapsed() < Duration::from_millis(100));
    let State::InDoubt { reconciler: Reconciler::From(_), .. } = state(&store, "r") else {
        panic!("it is free")
    };
}

#[tokio::test(start_paused = true)]
async fn a_dropped_run_is_a_kill() {
    let store = MemoryStore::new();
    fill(&store, 5).await;
    let client = Scripted::new(Duration::from_secs(20), all_sent);
    let worker = Worker::new(store.clone(), client.clone()).run(std::future::pending());
    assert!(tokio::time::timeout(Duration::from_secs(1), worker).await.is_err());
    assert_eq!(store.counts(NOW).await.unwrap().in_flight, 5);
    // The next one looks them up, and sends what is absent.
    Worker::new(store.clone(), client.clone()).run_until_empty().await.unwrap();
    assert_eq!((store.counts(NOW).await.unwrap().sent, client.sends().len()), (5, 10));
}

#[tokio::test(start_paused = true)]
async fn a_worker_tells_what_a_commit_has_taken() {
    let store = MemoryStore::new();
    fill(&store, 2).await;
    let events = Arc::<Mutex<Vec<String>>>::default();
    let told = Arc::clone(&events);
    let (seen, client) = (
        store.clone(),
        Scripted::new(Duration::ZERO, |claim, _| match &*claim.reference {
            "r0" => SendOutcome::alone(sent("id")),
            _ => SendOutcome::alone(Outcome::Failed { reason: "refused".to_owned() }),
        }),
    );
    Worker::new(store, client)
        .on_event(move |event| {
            assert!(seen.row("r0").unwrap().0.is_finished());
            told.lock().unwrap().push(format!("{event:?}"));
        })
        .run_until_empty()
        .await
        .unwrap();
    assert_eq!(
        *events.lock().unwrap(),
        [r#"Sent { id: "id", was_found: false, .. }"#, r#"Failed { reason: "refused", .. }"#]
    );
}
