//! Workers behind `pgbouncer` in transaction mode: each statement may meet another session, and a session anybody's
//! statements.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use notify_outbox::{Claim, Client, Outcome, PostgresStore, SendOutcome, Store as _, Worker};
use tokio_postgres::NoTls;

use crate::server::{config, connect, database, pooler};
use crate::{NOW, intent, sent};

/// A client that counts what it sends.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl Client for Counting {
    fn now(&self) -> u64 {
        NOW
    }

    async fn send(&self, _: Claim, _: u64) -> SendOutcome {
        self.0.fetch_add(1, Ordering::Relaxed);
        SendOutcome::alone(sent("id"))
    }

    async fn look_up(&self, _: Claim, _: u64) -> Outcome {
        Outcome::Absent
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn workers_and_producers_share_a_few_sessions_by_a_pooler_in_transaction_mode() {
    const MESSAGES: usize = 300;
    let direct = database().await;
    let pooled = config(pooler(), direct.get_dbname().unwrap());
    let store = || PostgresStore::new(pooled.clone(), NoTls).per_minute(Some(60_000));
    store().init().await.unwrap();
    let client = Counting::default();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn(Worker::new(store(), client.clone()).sends_at_once(16).run(std::future::pending()))
        })
        .collect();
    let mut producer = connect(&pooled).await;
    for number in 0..MESSAGES / 3 {
        let mut transaction = producer.transaction().await.unwrap();
        PostgresStore::put_in(&mut transaction, vec![intent(&format!("own {number}"))]).await.unwrap();
        PostgresStore::wake_workers_in(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }
    let intents = (0..MESSAGES - MESSAGES / 3).map(|number| intent(&format!("batch {number}")));
    store().put(intents.collect()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(60), async {
        while store().counts(NOW).await.unwrap().sent < MESSAGES as u64 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await
    .unwrap();
    assert_eq!(client.0.load(Ordering::Relaxed), MESSAGES);
    assert!(workers.iter().all(|worker| !worker.is_finished()));
    // They did share: four workers, each of which listens besides, and the producer.
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let sessions: i64 = connect(&direct).await.query_one(sessions, &[]).await.unwrap().get(0);
    assert!((1..=2).contains(&sessions), "{sessions}");
}
