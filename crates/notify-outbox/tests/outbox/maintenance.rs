//! Maintenance of a store: its activity, a person's data, and how long messages are kept.

use std::time::Duration;

use notify_outbox::{
    ClaimRequest, Erased, Holder, Intent, ListRequest, Maintenance, Outcome, StateName, Task,
};

use crate::{NOW, claim, claims, put, report, sent, want};

async fn activity(store: impl Maintenance) {
    assert_eq!(store.activity().await.unwrap().oldest, None);
    put(&store, "r").await;
    let claimed = claim(&store, Holder::random(), NOW).await;
    let before = store.activity().await.unwrap();
    assert!(before.oldest.unwrap() < Duration::from_secs(60) && before.sent_last_minute == 0, "{before:?}");
    report(&store, &claimed, sent("id"), NOW).await;
    let after = store.activity().await.unwrap();
    assert_eq!((after.oldest, after.sent_last_minute), (None, 1));
    put(&store, "for a person").await;
    let claimed = claim(&store, Holder::random(), NOW).await;
    report(&store, &claimed, Outcome::NeedsPerson { reason: "why".to_owned() }, NOW).await;
    let after = store.activity().await.unwrap();
    assert!(after.oldest.is_some() && after.sent_last_minute == 1, "{after:?}");
}

async fn put_as(store: &impl Maintenance, reference: &str, payload: &str) {
    store.put(vec![Intent::new(reference).unwrap().payload(payload)]).await.unwrap();
}

async fn personal(store: impl Maintenance) {
    for (reference, payload) in [
        ("a", "to kim@example.com"),
        ("b", "to sam@example.com"),
        ("c", "to kim@example.com"),
        ("d", r#"{"name": "Zo\u00eb \"Z\""}"#),
    ] {
        put_as(&store, reference, payload).await;
    }
    let first = ClaimRequest { sends: 1, ..want(Holder::random(), NOW) };
    let under_way = store.exchange(Vec::new(), first).await.unwrap().claims;
    let kept = store.export("kim@example.com").await.unwrap();
    assert_eq!(kept.iter().map(|kept| &*kept.reference).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(kept[1].payload, b"to kim@example.com");
    // What is on its way is erased when it is finished.
    assert_eq!(store.erase("kim@example.com").await.unwrap(), Erased { erased: 1, left: 1 });
    assert!(report(&store, &under_way[0], sent("id"), NOW).await);
    assert!(store.export("kim@example.com").await.unwrap().is_empty());
    assert_eq!(store.erase("kim@example.com").await.unwrap(), Erased::default());
    assert_eq!(store.export("sam@example.com").await.unwrap().len(), 1);
    // Also as JSON writes it.
    assert_eq!(store.export("Zoë \"Z\"").await.unwrap()[0].reference, "d");
    // What was erased is not sent.
    let claims = claims(&store, Holder::random(), NOW).await;
    assert_eq!(claims.iter().map(|claim| &*claim.reference).collect::<Vec<_>>(), ["b", "d"]);
}

/// The states and answers of the messages in a page, with their references.
async fn page(
    store: &impl Maintenance,
    states: &[StateName],
    limit: usize,
) -> Vec<(String, StateName, String)> {
    let which = ListRequest { states: states.to_vec(), after: None, limit, with_payloads: false };
    let listed = store.list(which).await.unwrap();
    assert!(listed.iter().all(|message| message.payload.is_none()));
    listed.into_iter().map(|each| (each.reference, each.state, each.answer.unwrap_or_default())).collect()
}

async fn listed(store: impl Maintenance) {
    for reference in ["a", "b", "c", "d", "e"] {
        put(&store, reference).await;
    }
    let four = ClaimRequest { sends: 4, ..want(Holder::random(), NOW) };
    let claimed = store.exchange(Vec::new(), four).await.unwrap().claims;
    report(&store, &claimed[0], sent("the id"), NOW).await;
    report(&store, &claimed[1], Outcome::Failed { reason: "refused".to_owned() }, NOW).await;
    report(&store, &claimed[2], Outcome::NeedsPerson { reason: "unlisted".to_owned() }, NOW).await;
    let entry = |reference: &str, state, answer: &str| (reference.to_owned(), state, answer.to_owned());
    let all = [
        entry("a", StateName::Sent, "the id"),
        entry("b", StateName::Failed, "refused"),
        entry("c", StateName::ForPerson, "unlisted"),
        entry("d", StateName::InFlight, ""),
        entry("e", StateName::Ready, ""),
    ];
    assert_eq!(page(&store, &StateName::ALL, 10).await, all);
    assert_eq!(page(&store, &StateName::ALL, 2).await, all[..2]);
    assert_eq!(page(&store, &[StateName::ForPerson, StateName::Failed], 10).await, all[1..3]);
    assert!(page(&store, &[StateName::InDoubt], 10).await.is_empty());
    report(&store, &claimed[3], Outcome::InDoubt, NOW).await;
    assert_eq!(page(&store, &[StateName::InDoubt], 10).await, [entry("d", StateName::InDoubt, "")]);
    // Page by page, with what is still kept.
    let rest = ListRequest {
        states: StateName::ALL.to_vec(),
        after: Some(claimed[1].row),
        limit: 10,
        with_payloads: true,
    };
    let rest = store.list(rest).await.unwrap();
    let kept: Vec<_> = rest.iter().map(|message| message.payload.as_deref()).collect();
    assert_eq!(kept, [Some(&b"payload of c"[..]), Some(b"payload of d"), Some(b"payload of e")]);
    let finished =
        ListRequest { states: vec![StateName::Failed], after: None, limit: 1, with_payloads: true };
    let finished = store.list(finished).await.unwrap();
    assert!(finished[0].payload.is_none(), "it is erased");
    let at = finished[0].finished_at.unwrap();
    assert!(at >= finished[0].put_at && at < finished[0].put_at + 60);
    assert_eq!(rest[1].finished_at, None);
}

async fn finished(store: impl Maintenance) {
    put(&store, "r").await;
    let claimed = claim(&store, Holder::random(), NOW).await;
    report(&store, &claimed, sent("id"), NOW).await;
    put(&store, "s").await;
    assert_eq!(store.forget_finished(Duration::from_secs(3_600)).await.unwrap(), 0);
    assert_eq!(store.forget_finished(Duration::ZERO).await.unwrap(), 1);
    let counts = store.counts(NOW).await.unwrap();
    assert_eq!((counts.sent, counts.ready), (0, 1));
}

async fn payloads(store: impl Maintenance) {
    for reference in ["under way", "for a person", "ready"] {
        put(&store, reference).await;
    }
    let holder = Holder::random();
    let two = ClaimRequest { sends: 2, ..want(holder, NOW) };
    let claimed = store.exchange(Vec::new(), two).await.unwrap().claims;
    report(&store, &claimed[1], Outcome::NeedsPerson { reason: "why".to_owned() }, NOW).await;
    assert_eq!(store.erase_payloads(Duration::from_secs(3_600)).await.unwrap(), 0);
    assert_eq!(store.erase_payloads(Duration::ZERO).await.unwrap(), 2);
    assert_eq!(store.export("payload of").await.unwrap()[0].reference, "under way");
    // It is still there, to be said that it cannot be sent.
    let claimed = claim(&store, holder, NOW).await;
    assert!(claimed.payload.is_none() && matches!(claimed.task, Task::Send { .. }), "{claimed:?}");
}

/// Each on the file, and on the database where there is one.
macro_rules! on_every_store {
    ($($name:ident => $test:expr;)*) => { $(
        mod $name {
            #[tokio::test]
            async fn in_a_file() {
                let folder = crate::file::Folder::new();
                $test(folder.open()).await;
            }

            #[cfg(feature = "postgres")]
            #[tokio::test]
            #[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
            async fn in_a_database() {
                $test(crate::server::store().await).await;
            }
        }
    )* };
}

on_every_store! {
    it_is_known_how_old_the_oldest_message_is_and_how_fast_it_goes => super::activity;
    each_message_is_listed_with_its_state_and_why => super::listed;
    a_person_s_data_can_be_had_and_erased => super::personal;
    what_was_finished_long_ago_is_forgotten => super::finished;
    what_waits_too_long_loses_its_payload => super::payloads;
}

/// Whether a text stands in a file, in whichever page.
fn is_in(file: &std::path::Path, text: &str) -> bool {
    let bytes = std::fs::read(file).unwrap_or_default();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn what_was_erased_is_in_no_page_of_the_file_or_its_log() {
    let folder = crate::file::Folder::new();
    let store = folder.open();
    put_as(&store, "r", "to kim@example.com").await;
    let log = folder.file().with_extension("sqlite-wal");
    assert!(is_in(&log, "kim@example.com"));
    assert_eq!(store.erase("kim@example.com").await.unwrap().erased, 1);
    for file in [folder.file(), log] {
        assert!(!is_in(&file, "kim@example.com"), "{}", file.display());
    }
}
