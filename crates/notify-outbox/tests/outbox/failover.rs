//! A replica that takes over, while the old primary goes on as if nothing had happened.

use std::time::Duration;

use notify_outbox::{Holder, PostgresStore, Store as _, Task};
use notify_testkit::postgres::Server;
use tokio_postgres::NoTls;

use crate::server::{config, connect};
use crate::{NOW, claim, claims, put, report, sent};

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn what_the_old_primary_sends_minutes_after_a_failover_the_new_one_looks_up_before_it_sends() {
    let primary = Server::start();
    let admin = connect(&config(primary.folder(), "postgres")).await;
    admin.batch_execute("CREATE DATABASE outbox").await.unwrap();
    let old = PostgresStore::new(config(primary.folder(), "outbox"), NoTls);
    old.init().await.unwrap();
    put(&old, "claimed, which the replica does not hear of").await;
    put(&old, "ready").await;
    let replica = primary.standby();
    let new = PostgresStore::new(config(replica.folder(), "outbox"), NoTls);
    // A replica hands out nothing, and may be a primary later.
    let refused = new.exchange(Vec::new(), crate::want(Holder::random(), NOW)).await.unwrap_err();
    assert!(refused.is_temporary(), "{refused:?}");
    let admin = connect(&config(replica.folder(), "postgres")).await;
    admin.batch_execute("ALTER SYSTEM SET primary_conninfo = ''").await.unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    while admin.query_one("SELECT count(*) FROM pg_stat_wal_receiver", &[]).await.unwrap().get::<_, i64>(0)
        > 0
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let claims_of_old = claims(&old, Holder::random(), NOW).await;
    assert_eq!(claims_of_old.len(), 2);
    let promoted = "SELECT pg_promote(true, 60)";
    assert!(admin.query_one(promoted, &[]).await.unwrap().get::<_, bool>(0));

    // Another history: nothing that reads as ready is sent before it was looked up, with a time that covers what the old
    // primary has claimed, or claims in the next minutes.
    let holder = Holder::random();
    let claims_of_new = claims(&new, holder, NOW).await;
    assert_eq!(claims_of_new.len(), 2);
    put(&old, "late").await;
    let late = claims(&old, Holder::random(), NOW + 120).await;
    let sends = claims_of_old.iter().chain(&late).filter_map(|claim| match claim.task {
        Task::Send { leave_by } => Some(leave_by),
        Task::LookUp { .. } => None,
    });
    let sends: Vec<_> = sends.collect();
    assert_eq!(sends.len(), 3);
    let last = sends.into_iter().max().unwrap();
    for claim in &claims_of_new {
        assert!(matches!(claim.task, Task::LookUp { sent_by } if sent_by >= last), "{claim:?}, {last}");
        assert!(report(&new, claim, sent("found"), NOW).await);
    }
    // What is put from now on belongs to this history.
    put(&new, "new").await;
    assert!(matches!(claim(&new, holder, NOW).await.task, Task::Send { .. }));
}
