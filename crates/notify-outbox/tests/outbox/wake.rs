//! Workers that are told of something new in PostgreSQL, and find it as well when nobody tells them.

use std::time::{Duration, Instant};

use notify_outbox::{Claim, Client, Outcome, PostgresStore, SendOutcome, Store as _, Worker};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::{Config, NoTls};

use crate::server::{connect, database};
use crate::{NOW, intent, sent};

/// How often a worker looks by itself.
const POLL: Duration = Duration::from_secs(1);

/// A client that says what it sends.
#[derive(Clone)]
struct Telling(mpsc::UnboundedSender<String>);

impl Client for Telling {
    fn now(&self) -> u64 {
        NOW
    }

    async fn send(&self, claim: Claim, _: u64) -> SendOutcome {
        self.0.send(claim.reference).unwrap();
        SendOutcome::alone(sent("id"))
    }

    async fn look_up(&self, _: Claim, _: u64) -> Outcome {
        Outcome::Absent
    }
}

/// A worker that has nothing to do, a connection of a producer, and what the worker sends.
struct Scene {
    config: Config,
    producer: tokio_postgres::Client,
    sends: mpsc::UnboundedReceiver<String>,
    worker: JoinHandle<Result<(), notify_outbox::WorkerError>>,
}

impl Scene {
    async fn set() -> Self {
        let config = database().await;
        let store = PostgresStore::new(config.clone(), NoTls).per_minute(None);
        store.init().await.unwrap();
        let producer = connect(&config).await;
        let (sender, sends) = mpsc::unbounded_channel();
        let worker = tokio::spawn(Worker::new(store, Telling(sender)).run(std::future::pending()));
        let mut scene = Self { config, producer, sends, worker };
        scene.listening().await;
        scene
    }

    async fn count(&mut self, what: &str) -> i64 {
        let count =
            format!("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {what}");
        self.producer.query_one(&count, &[]).await.unwrap().get(0)
    }

    /// Waits until the worker listens.
    async fn listening(&mut self) {
        while self.count("query = 'LISTEN notify_outbox' AND state = 'idle'").await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How long it takes from the commit until the message is sent.
    async fn latency(&mut self, reference: &str, wakes: bool) -> Duration {
        let mut transaction = self.producer.transaction().await.unwrap();
        PostgresStore::put_in(&mut transaction, vec![intent(reference)]).await.unwrap();
        if wakes {
            PostgresStore::wake_workers_in(&mut transaction).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let began = Instant::now();
        assert_eq!(self.sends.recv().await.unwrap(), reference);
        began.elapsed()
    }

    async fn median(&mut self, name: &str, wakes: bool) -> Duration {
        let mut latencies = Vec::new();
        for number in 0..7 {
            // At another moment between two looks each time.
            tokio::time::sleep(Duration::from_millis(100 + 30 * number)).await;
            latencies.push(self.latency(&format!("{name} {number}"), wakes).await);
        }
        latencies.sort();
        latencies[3]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_waiting_worker_is_woken_by_the_commit_and_looks_by_itself_if_nobody_wakes_it() {
    let mut scene = Scene::set().await;
    let woken = scene.median("woken", true).await;
    let by_itself = scene.median("by itself", false).await;
    assert!(woken < POLL / 5, "{woken:?}, and {by_itself:?} by itself");
    assert!(by_itself > woken && by_itself < POLL * 3, "{woken:?}, and {by_itself:?} by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_worker_that_lost_its_connections_goes_on_and_is_woken_again_later() {
    let mut scene = Scene::set().await;
    let lost = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    scene.producer.batch_execute(lost).await.unwrap();
    let latency = scene.latency("at once", true).await;
    assert!(latency < POLL * 5 && !scene.worker.is_finished(), "{latency:?}");
    scene.listening().await;
    let woken = scene.median("later", true).await;
    assert!(woken < POLL / 5, "{woken:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn what_the_store_puts_itself_wakes_workers_and_one_that_leaves_listens_no_more() {
    let mut scene = Scene::set().await;
    let store = PostgresStore::new(scene.config.clone(), NoTls);
    let mut latencies = Vec::new();
    for number in 0..5 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        store.put(vec![intent(&number.to_string())]).await.unwrap();
        let began = Instant::now();
        scene.sends.recv().await.unwrap();
        latencies.push(began.elapsed());
    }
    latencies.sort();
    assert!(latencies[2] < POLL / 5, "{latencies:?}");
    drop(store);
    scene.worker.abort();
    let began = Instant::now();
    while scene.count("pid <> pg_backend_pid()").await > 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "its connections are still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
