//! What only a store of many hosts has: transactions of others, workers side by side, one pace, failovers.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use notify_outbox::{Holder, Maintenance as _, Outcome, PostgresStore, Put, Report, Store as _, Task};
use tokio_postgres::NoTls;

use crate::server::{connect, database, store};
use crate::{NOW, claim, claims, intent, is_lookup, put, report, sent, want};

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_message_is_kept_if_and_only_if_the_caller_s_own_transaction_is() {
    let config = database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    let mut caller = connect(&config).await;
    caller.batch_execute("CREATE TABLE bookings (id integer PRIMARY KEY)").await.unwrap();
    for (is_committed, ready) in [(false, 0), (true, 1), (true, 1)] {
        let mut transaction = caller.transaction().await.unwrap();
        transaction.execute("INSERT INTO bookings VALUES (17) ON CONFLICT DO NOTHING", &[]).await.unwrap();
        let put = PostgresStore::put_in(&mut transaction, vec![intent("booking-17")]).await.unwrap();
        assert_eq!(put.len(), 1);
        if is_committed {
            transaction.commit().await.unwrap();
        } else {
            // Nobody else sees it.
            assert!(claims(&store, Holder::random(), NOW).await.is_empty());
            transaction.rollback().await.unwrap();
        }
        assert_eq!(store.counts(NOW).await.unwrap().ready, ready);
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_batch_keeps_its_order_and_knows_what_is_twice_in_it() {
    let store = store().await;
    let batch = ["c", "a", "b", "a"].map(intent).to_vec();
    let put = store.put(batch).await.unwrap();
    assert!(
        matches!(put[..], [Put::Created(_), Put::Created(a), Put::Created(_), Put::Known(again)] if a == again)
    );
    let claims = claims(&store, Holder::random(), NOW).await;
    let references: Vec<_> = claims.iter().map(|claim| &*claim.reference).collect();
    assert_eq!(references, ["c", "a", "b"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn workers_side_by_side_never_get_the_same_row() {
    const MESSAGES: usize = 400;
    let config = database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    store.put((0..MESSAGES).map(|number| intent(&format!("r{number}"))).collect()).await.unwrap();
    let workers = (0..4).map(|_| {
        let store = PostgresStore::new(config.clone(), NoTls);
        tokio::spawn(async move {
            let (holder, mut mine, mut reports) = (Holder::random(), Vec::new(), Vec::new());
            loop {
                let exchanged =
                    store.exchange(std::mem::take(&mut reports), want(holder, NOW)).await.unwrap();
                assert!(exchanged.without_effect.is_empty());
                if exchanged.claims.is_empty() {
                    return mine;
                }
                reports = exchanged.claims.iter().map(|claim| Report::of(claim, sent("id"))).collect();
                mine.extend(exchanged.claims.into_iter().map(|claim| claim.row));
            }
        })
    });
    let mut rows = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        rows.extend(worker.await.unwrap());
    }
    assert_eq!((rows.len(), rows.iter().collect::<HashSet<_>>().len()), (MESSAGES, MESSAGES));
    assert_eq!(store.counts(NOW).await.unwrap().sent, u64::try_from(MESSAGES).unwrap());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn after_a_failover_everything_ready_is_looked_up_first() {
    let config = database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    put(&store, "sent, and its claim was lost").await;
    let database = connect(&config).await;
    // As a replica that takes over has it: another timeline.
    database.batch_execute("UPDATE notify_outbox.about SET history = '00000007-1'").await.unwrap();
    let doubted = claim(&store, Holder::random(), NOW).await;
    assert_eq!(doubted.task, Task::LookUp { sent_by: NOW + 240 });
    assert!(report(&store, &doubted, sent("id"), NOW).await);
    // What is put from now on is of this history.
    put(&store, "new").await;
    assert!(!is_lookup(&claim(&store, Holder::random(), NOW).await));
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_report_that_two_connections_bring_has_one_effect() {
    let config = database().await;
    let one = PostgresStore::new(config.clone(), NoTls);
    one.init().await.unwrap();
    let other = PostgresStore::new(config, NoTls);
    for number in 0..20 {
        put(&one, &format!("r{number}")).await;
        let claimed = claim(&one, Holder::random(), NOW).await;
        let (first, second) = tokio::join!(
            report(&one, &claimed, sent("id"), NOW),
            report(&other, &claimed, Outcome::NotSent { not_before: NOW + 1_000_000 }, NOW)
        );
        assert!(first ^ second, "{number}");
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_lost_connection_is_made_again() {
    let config = database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    put(&store, "r").await;
    let admin = connect(&config).await;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    admin.batch_execute(others).await.unwrap();
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(store.counts(NOW).await.map_err(|error| error.is_temporary()));
    }
    assert!(answers.iter().all(|answer| *answer != Err(false)), "{answers:?}");
    assert_eq!(answers[2].map(|counts| counts.ready), Ok(1));
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_session_keeps_no_state_so_a_pooler_works() {
    let config = database().await;
    let store = PostgresStore::new(config, NoTls);
    store.init().await.unwrap();
    put(&store, "r").await;
    let claimed = claim(&store, Holder::random(), NOW).await;
    report(&store, &claimed, sent("id"), NOW).await;
    store.lease_slots(1, Duration::from_secs(1)).await.unwrap();
    assert_eq!(store.session_state().await.unwrap(), (0, 0), "prepared statements, advisory locks");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn each_slot_is_leased_only_once() {
    let config = database().await;
    let one = PostgresStore::new(config.clone(), NoTls).per_minute(Some(600));
    one.init().await.unwrap();
    let other = PostgresStore::new(config.clone(), NoTls).per_minute(Some(600));
    let within = Duration::from_secs(10);
    let began = Instant::now();
    let mut slots = Vec::new();
    for store in [&one, &other, &one] {
        let leased = store.lease_slots(20, within).await.unwrap().unwrap();
        let asked = began.elapsed();
        assert_eq!((leased.count, leased.apart), (20, Duration::from_millis(100)));
        slots.extend((0..leased.count).map(|number| asked + leased.first_in + leased.apart * number));
    }
    // Sixty slots of a tenth of a second, in order, the first a second after the bucket was made.
    let apart: Vec<_> = slots.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    assert!(apart.iter().all(|apart| *apart > Duration::from_millis(50)), "{apart:?}");
    assert!(slots[0] > Duration::from_millis(500), "{slots:?}");
    // No more than come in time.
    let leased = one.lease_slots(100, within).await.unwrap().unwrap();
    assert!((25..=35).contains(&leased.count), "{leased:?}");
    // A refusal holds everybody back.
    one.slow_down(60).await.unwrap();
    assert_eq!(other.lease_slots(1, within).await.unwrap().unwrap().count, 0);
    // A bucket that is lost is made again, and starts empty.
    connect(&config).await.batch_execute("DELETE FROM notify_outbox.bucket").await.unwrap();
    let leased = one.lease_slots(1, within).await.unwrap().unwrap();
    assert!(leased.count == 1 && leased.first_in > Duration::from_millis(500), "{leased:?}");
    assert_eq!(one.per_minute(None).lease_slots(1, within).await.unwrap(), None);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn the_tables_are_created_once_by_whichever_program_comes_first() {
    let config = database().await;
    let stores = [(); 4].map(|()| PostgresStore::new(config.clone(), NoTls));
    let made = tokio::join!(stores[0].init(), stores[1].init(), stores[2].init(), stores[3].init());
    assert!(matches!(made, (Ok(()), Ok(()), Ok(()), Ok(()))), "{made:?}");
    put(&stores[0], "r").await;
    stores[1].init().await.unwrap();
    assert_eq!(stores[2].counts(NOW).await.unwrap().ready, 1);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn tables_that_are_not_there_or_of_another_version_are_an_error_which_says_so() {
    let config = database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    let error = store.counts(NOW).await.unwrap_err();
    assert!(!error.is_temporary() && error.to_string().contains("init makes them"), "{error:?}");
    store.init().await.unwrap();
    connect(&config).await.batch_execute("UPDATE notify_outbox.about SET version = 2").await.unwrap();
    assert!(store.init().await.unwrap_err().to_string().contains("another version"));
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_database_that_cannot_be_reached_may_be_later() {
    let config = crate::server::config(std::path::Path::new("/nowhere"), "outbox");
    let error = PostgresStore::new(config, NoTls).counts(NOW).await.unwrap_err();
    assert!(error.is_temporary() && error.to_string() == "the database cannot be reached", "{error:?}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn with_the_rights_that_are_named_others_than_the_owner_can_work_and_put() {
    let config = database().await;
    PostgresStore::new(config.clone(), NoTls).init().await.unwrap();
    let name = config.get_dbname().unwrap();
    let (worker, producer) = (format!("worker_{name}"), format!("producer_{name}"));
    let rights = PostgresStore::RIGHTS
        .replace("TO worker", &format!("TO {worker}"))
        .replace("TO producer", &format!("TO {producer}"));
    let owner = connect(&config).await;
    owner
        .batch_execute(&format!("CREATE ROLE {worker} LOGIN; CREATE ROLE {producer} LOGIN; {rights}"))
        .await
        .unwrap();
    let as_role = |role: &str| {
        let mut config = config.clone();
        PostgresStore::new(config.user(role).clone(), NoTls)
    };
    let (worker, producer) = (as_role(&worker), as_role(&producer));
    // As `notify outbox put` does first.
    producer.check().await.unwrap();
    put(&producer, "r").await;
    // A producer sends nothing.
    let refused = producer.exchange(Vec::new(), want(Holder::random(), NOW)).await.unwrap_err();
    assert_eq!(refused.to_string(), "the user lacks a right in the database");
    worker.check().await.unwrap();
    worker.init().await.unwrap();
    worker.lease_slots(1, Duration::from_secs(5)).await.unwrap();
    worker.slow_down(1).await.unwrap();
    let claimed = claim(&worker, Holder::random(), NOW).await;
    assert!(report(&worker, &claimed, sent("id"), NOW).await);
    put(&worker, "s").await;
    assert_eq!(worker.erase("payload of s").await.unwrap().erased, 1);
    assert_eq!(worker.forget_finished(Duration::ZERO).await.unwrap(), 1);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn what_the_database_says_of_data_is_not_repeated() {
    let store = store().await;
    let intent = notify_outbox::Intent::new("kim").unwrap().payload("x");
    // Text that no text column takes.
    let error = store.decide("kim\0smith", notify_outbox::Decision::GiveUp).await.unwrap_err();
    assert!(!format!("{error:?}").contains("kim") && !error.is_temporary(), "{error:?}");
    store.put(vec![intent]).await.unwrap();
}

/// The statement of the guide, for producers in other languages.
fn documented() -> &'static str {
    let guide = include_str!("../../../../docs/outbox.md");
    guide.split("```sql\n").nth(1).unwrap().split("```").next().unwrap()
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn the_statement_of_the_guide_puts_a_message_once_with_the_rights_of_a_producer() {
    let config = database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    let role = format!("other_language_{}", config.get_dbname().unwrap());
    let rights = PostgresStore::RIGHTS
        .split("-- Producers.")
        .nth(1)
        .unwrap()
        .replace("TO producer", &format!("TO {role}"));
    connect(&config).await.batch_execute(&format!("CREATE ROLE {role} LOGIN; {rights}")).await.unwrap();
    let producer = connect(config.clone().user(&role)).await;
    producer.batch_execute(documented()).await.unwrap();
    // A repeat is the same message.
    producer.batch_execute(documented()).await.unwrap();
    let claimed = claim(&store, Holder::random(), NOW).await;
    assert_eq!(claimed.reference, "booking-17-confirmation");
    let message: notify_outbox::Message = serde_json::from_slice(&claimed.payload.unwrap()).unwrap();
    message.check(&claimed.reference).unwrap();
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn a_jump_of_the_database_clock_changes_nothing() {
    let config = database().await;
    PostgresStore::new(config.clone(), NoTls).init().await.unwrap();
    let admin = connect(&config).await;
    let clocks = |by: &str| {
        ["clock_timestamp", "now", "statement_timestamp", "transaction_timestamp"].map(|clock| {
            format!(
                "CREATE OR REPLACE FUNCTION wrong.{clock}() RETURNS timestamptz LANGUAGE sql AS
                 $$ SELECT pg_catalog.clock_timestamp() + interval '{by}' $$;"
            )
        })
    };
    admin.batch_execute("CREATE SCHEMA wrong").await.unwrap();
    admin.batch_execute(&clocks("1 hour").concat()).await.unwrap();
    let name = config.get_dbname().unwrap();
    let path = format!("ALTER DATABASE {name} SET search_path = wrong, pg_catalog, public");
    admin.batch_execute(&path).await.unwrap();
    let store = PostgresStore::new(config.clone(), NoTls);
    let seen = "SELECT clock_timestamp() - pg_catalog.clock_timestamp() > interval '59 minutes'";
    assert!(connect(&config).await.query_one(seen, &[]).await.unwrap().get::<_, bool>(0));
    put(&store, "r").await;
    let claimed = claim(&store, Holder::random(), NOW).await;
    assert_eq!(claimed.task, Task::Send { leave_by: NOW + crate::WINDOW });
    admin.batch_execute(&clocks("-2 days").concat()).await.unwrap();
    assert!(claims(&store, Holder::random(), crate::ABANDONED - 1).await.is_empty());
    admin.batch_execute(&clocks("5 days").concat()).await.unwrap();
    let doubted = claim(&store, Holder::random(), crate::ABANDONED).await;
    assert_eq!(doubted.task, Task::LookUp { sent_by: NOW + crate::WINDOW });
    assert!(report(&store, &doubted, sent("id"), crate::ABANDONED).await);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn what_is_forgotten_while_it_is_put_again_is_a_new_message() {
    let config = database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    let old = put(&store, "old").await;
    let claimed = claim(&store, Holder::random(), NOW).await;
    report(&store, &claimed, sent("id"), NOW).await;

    // Another producer's message keeps the batch waiting, after it has seen the one that is then forgotten.
    let mut other = connect(&config).await;
    let mut transaction = other.transaction().await.unwrap();
    PostgresStore::put_in(&mut transaction, vec![intent("other")]).await.unwrap();
    let putting = {
        let store = store.clone();
        let batch = vec![intent("new"), intent("old"), intent("other"), intent("new"), intent("old")];
        tokio::spawn(async move { store.put(batch).await.unwrap() })
    };
    let watcher = connect(&config).await;
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while watcher.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let retention = PostgresStore::new(config.clone(), NoTls);
    assert_eq!(retention.forget_finished(Duration::ZERO).await.unwrap(), 1);
    transaction.commit().await.unwrap();

    let put = putting.await.unwrap();
    let [Put::Created(new), Put::Created(again), Put::Known(_), Put::Known(same), Put::Known(repeated)] =
        put[..]
    else {
        panic!("{put:?}")
    };
    assert!(new == same && again == repeated && again != old, "{put:?}");
    assert_eq!(store.counts(NOW).await.unwrap().ready, 3);
}
