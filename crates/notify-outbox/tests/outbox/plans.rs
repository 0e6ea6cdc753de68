//! What PostgreSQL reads to answer, which does not grow with what was sent before.

use notify_outbox::{ClaimRequest, Holder, PostgresStore, Report, Store as _};
use tokio_postgres::{Client, NoTls};

use crate::server::{connect, database};
use crate::{NOW, intent, sent, want};

/// How many blocks an exchange reads that has nothing to do, long after everything was sent.
async fn blocks(database: &Client) -> u64 {
    let explain = format!(
        "EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT JSON) SELECT * FROM notify_outbox.exchange(
            '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', '00000000-0000-4000-8000-000000000000', {}, 64, 256, 30)",
        NOW + 1_000
    );
    let explained: String = {
        let messages = database.simple_query(&explain).await.unwrap();
        let rows = messages.into_iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap().to_owned()),
            _ => None,
        });
        rows.collect()
    };
    let plan: serde_json::Value = serde_json::from_str(&explained).unwrap();
    plan[0]["Plan"]["Shared Hit Blocks"].as_u64().unwrap()
        + plan[0]["Plan"]["Shared Read Blocks"].as_u64().unwrap()
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn what_was_sent_costs_nothing_any_more_though_it_is_not_vacuumed() {
    const MESSAGES: usize = 4_000;
    let config = database().await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    let database = connect(&config).await;
    // As under an old snapshot of somebody else, or between two vacuums of a large table.
    let unvacuumed = "ALTER TABLE notify_outbox.messages SET (autovacuum_enabled = off);
                      ALTER TABLE notify_outbox.payloads SET (autovacuum_enabled = off)";
    database.batch_execute(unvacuumed).await.unwrap();
    store.put((0..MESSAGES).map(|number| intent(&number.to_string())).collect()).await.unwrap();
    let want = ClaimRequest { sends: 200, ..want(Holder::random(), NOW) };
    let mut reports = Vec::new();
    for _ in 0..=MESSAGES / 200 {
        let exchanged = store.exchange(std::mem::take(&mut reports), want).await.unwrap();
        reports = exchanged.claims.iter().map(|claim| Report::of(claim, sent("id"))).collect();
    }
    assert_eq!(store.counts(NOW).await.unwrap().sent, MESSAGES as u64);
    // The first finds out what is dead, and notes it, once nobody's snapshot can see it any more.
    let mut read = Vec::new();
    while read.last().is_none_or(|last| *last >= 100) {
        assert!(read.len() < 50, "{read:?} blocks");
        read.push(blocks(&database).await);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
