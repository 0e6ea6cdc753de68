//! The rules of a row, on every store.

use notify_outbox::{Decision, Holder, MemoryStore, Outcome, Store, Task};

use crate::{ABANDONED, NOW, WINDOW, claim, claims, is_lookup, put, report, sent};

/// What is kept of a message, to be compared: how many are in which state, and what a person has to decide.
async fn state(store: &impl Store, now: u64) -> [u64; 6] {
    let counts = store.counts(now).await.unwrap();
    [
        counts.ready + counts.postponed,
        counts.in_flight,
        counts.in_doubt,
        counts.for_person,
        counts.sent,
        counts.failed,
    ]
}

const READY: [u64; 6] = [1, 0, 0, 0, 0, 0];
const IN_FLIGHT: [u64; 6] = [0, 1, 0, 0, 0, 0];
const IN_DOUBT: [u64; 6] = [0, 0, 1, 0, 0, 0];
const FOR_PERSON: [u64; 6] = [0, 0, 0, 1, 0, 0];
const SENT: [u64; 6] = [0, 0, 0, 0, 1, 0];
const FAILED: [u64; 6] = [0, 0, 0, 0, 0, 1];

async fn put_again(store: impl Store) {
    let row = put(&store, "r").await;
    assert_eq!(put(&store, "r").await, row);
    let claimed = claim(&store, Holder::random(), NOW).await;
    assert_eq!(claimed.payload.as_deref(), Some(&b"payload of r"[..]));
    // Whatever has become of it.
    assert_eq!(put(&store, "r").await, row);
    assert!(claims(&store, Holder::random(), NOW).await.is_empty());
    report(&store, &claimed, sent("id"), NOW).await;
    assert_eq!(put(&store, "r").await, row);
    assert_eq!(state(&store, NOW).await, SENT);
    assert!(claims(&store, Holder::random(), NOW + 1_000).await.is_empty());
}

async fn lost_claim(store: impl Store) {
    put(&store, "r").await;
    let lost = claim(&store, Holder::random(), NOW).await;
    let Task::Send { leave_by } = lost.task else { panic!("it is new") };
    assert_eq!(leave_by, NOW + WINDOW);
    let other = Holder::random();
    assert!(claims(&store, other, ABANDONED - 1).await.is_empty());
    let looked_up = claim(&store, other, ABANDONED).await;
    assert_eq!(looked_up.task, Task::LookUp { sent_by: leave_by });
    assert!(looked_up.attempt > lost.attempt);
}

async fn died_before_sending(store: impl Store) {
    put(&store, "r").await;
    let (first, second) = (Holder::random(), Holder::random());
    claim(&store, first, NOW).await;
    // The window is over: never straight back to ready (F3).
    let doubted = claim(&store, second, ABANDONED).await;
    assert!(is_lookup(&doubted));
    assert!(report(&store, &doubted, Outcome::StillInDoubt { look_at: ABANDONED + 50 }, ABANDONED).await);
    assert_eq!(state(&store, ABANDONED).await, IN_DOUBT);
    assert!(claims(&store, second, ABANDONED + 49).await.is_empty());
    let doubted = claim(&store, second, ABANDONED + 50).await;
    assert!(report(&store, &doubted, Outcome::Absent, ABANDONED + 60).await);
    let again = claim(&store, second, ABANDONED + 60).await;
    assert_eq!(again.task, Task::Send { leave_by: ABANDONED + 60 + WINDOW });
    assert!(report(&store, &again, sent("id"), ABANDONED + 61).await);
    assert_eq!(state(&store, ABANDONED + 61).await, SENT);
}

async fn found(store: impl Store) {
    put(&store, "r").await;
    claim(&store, Holder::random(), NOW).await;
    let doubted = claim(&store, Holder::random(), ABANDONED).await;
    assert!(report(&store, &doubted, sent("the id"), ABANDONED).await);
    assert_eq!(state(&store, ABANDONED).await, SENT);
}

async fn late_verdict(store: impl Store) {
    put(&store, "r").await;
    let late = claim(&store, Holder::random(), NOW).await;
    // Others look at the store, and claim nothing yet.
    let looker = Holder::random();
    let nothing = notify_outbox::ClaimRequest { sends: 0, lookups: 0, ..crate::want(looker, ABANDONED) };
    store.exchange(Vec::new(), nothing).await.unwrap();
    for verdict in [Outcome::NotSent { not_before: 0 }, Outcome::Failed { reason: "403".to_owned() }] {
        assert!(!report(&store, &late, verdict, ABANDONED).await);
        assert_eq!(state(&store, ABANDONED).await, IN_DOUBT);
    }
    // Before others noticed, it counts.
    assert!(is_lookup(&claim(&store, looker, ABANDONED).await));
}

async fn zombie(store: impl Store) {
    put(&store, "r").await;
    let zombie = claim(&store, Holder::random(), NOW).await;
    let looker = claim(&store, Holder::random(), ABANDONED).await;
    let verdicts = [
        sent("zombie"),
        Outcome::Failed { reason: "400".to_owned() },
        Outcome::NotSent { not_before: 0 },
        Outcome::InDoubt,
        Outcome::Absent,
        Outcome::NeedsPerson { reason: String::new() },
    ];
    for verdict in verdicts.clone() {
        assert!(!report(&store, &zombie, verdict, ABANDONED).await);
        assert_eq!(state(&store, ABANDONED).await, IN_DOUBT);
    }
    assert!(report(&store, &looker, Outcome::Absent, ABANDONED).await);
    // Nor when the same worker has it again: another attempt is another claim.
    let second = claim(&store, zombie.holder, ABANDONED).await;
    for verdict in verdicts.clone() {
        assert!(!report(&store, &zombie, verdict, ABANDONED).await);
        assert_eq!(state(&store, ABANDONED).await, IN_FLIGHT);
    }
    assert!(report(&store, &second, sent("id"), ABANDONED).await);
    // A report that comes twice changes nothing.
    for verdict in verdicts {
        assert!(!report(&store, &second, verdict, ABANDONED).await);
        assert_eq!(state(&store, ABANDONED).await, SENT);
    }
}

async fn two_lookups(store: impl Store) {
    put(&store, "r").await;
    claim(&store, Holder::random(), NOW).await;
    assert!(is_lookup(&claim(&store, Holder::random(), ABANDONED).await));
    assert!(claims(&store, Holder::random(), ABANDONED).await.is_empty());
}

async fn dead_lookup(store: impl Store) {
    put(&store, "r").await;
    claim(&store, Holder::random(), NOW).await;
    let dead = claim(&store, Holder::random(), ABANDONED).await;
    assert!(claims(&store, Holder::random(), ABANDONED + 90).await.is_empty());
    let other = claim(&store, Holder::random(), ABANDONED + 91).await;
    // The fence is that of the last token, whoever looks.
    assert_eq!(other.task, dead.task);
    assert!(!report(&store, &dead, Outcome::Absent, ABANDONED + 92).await);
    assert_eq!(state(&store, ABANDONED + 92).await, IN_DOUBT);
}

async fn wrong_words(store: impl Store) {
    put(&store, "r").await;
    let sending = claim(&store, Holder::random(), NOW).await;
    // Whoever sends cannot know that it is absent.
    assert!(!report(&store, &sending, Outcome::Absent, NOW).await);
    assert!(report(&store, &sending, Outcome::InDoubt, NOW).await);
    let looking = claim(&store, Holder::random(), NOW).await;
    // Whoever looks cannot know that it was not sent, or refused.
    assert!(!report(&store, &looking, Outcome::NotSent { not_before: 0 }, NOW).await);
    assert!(!report(&store, &looking, Outcome::Failed { reason: String::new() }, NOW).await);
    assert_eq!(state(&store, NOW).await, IN_DOUBT);
}

async fn forgotten(store: impl Store) {
    const DAYS: u64 = 3 * 24 * 60 * 60;
    put(&store, "r").await;
    claim(&store, Holder::random(), NOW).await;
    let doubted = claim(&store, Holder::random(), ABANDONED).await;
    // What the service may have deleted is not absent.
    assert!(report(&store, &doubted, Outcome::Absent, NOW + DAYS).await);
    assert_eq!(state(&store, NOW + DAYS).await, FOR_PERSON);
    assert!(claims(&store, Holder::random(), NOW + 2 * DAYS).await.is_empty());
    let undecided = store.undecided(10).await.unwrap();
    assert_eq!((undecided.len(), &*undecided[0].reference), (1, "r"));
    assert!(undecided[0].reason.contains("forgotten"));
    // A doubt that nobody resolved in time becomes a person's by itself.
    put(&store, "s").await;
    claim(&store, Holder::random(), NOW).await;
    let exchanged = store.exchange(Vec::new(), crate::want(Holder::random(), NOW + DAYS)).await.unwrap();
    assert_eq!((exchanged.claims.len(), exchanged.for_person), (0, 1));
}

async fn decided(store: impl Store) {
    for (number, (decision, becomes)) in
        [(Decision::Sent { id: "id".to_owned() }, 4), (Decision::SendAgain, 0), (Decision::GiveUp, 5)]
            .into_iter()
            .enumerate()
    {
        let reference = format!("r{number}");
        put(&store, &reference).await;
        assert!(!store.decide(&reference, decision.clone()).await.unwrap(), "it is not in doubt");
        let sending = claim(&store, Holder::random(), NOW).await;
        assert!(!store.decide(&reference, decision.clone()).await.unwrap(), "it is not in doubt");
        let reason = "smoke test".to_owned();
        assert!(report(&store, &sending, Outcome::NeedsPerson { reason }, NOW).await);
        let before = state(&store, NOW).await;
        assert!(store.decide(&reference, decision).await.unwrap());
        let after = state(&store, NOW).await;
        assert_eq!((after[becomes], after[3]), (before[becomes] + 1, before[3] - 1));
        // Gone, so that the next one is alone.
        for again in claims(&store, Holder::random(), NOW).await {
            report(&store, &again, sent("id"), NOW).await;
        }
    }
    assert!(!store.decide("unknown", Decision::GiveUp).await.unwrap());
}

async fn postponed(store: impl Store) {
    put(&store, "r").await;
    let refused = claim(&store, Holder::random(), NOW).await;
    assert!(report(&store, &refused, Outcome::NotSent { not_before: NOW + 1_000 }, NOW).await);
    assert!(claims(&store, Holder::random(), NOW + 999).await.is_empty());
    let counts = store.counts(NOW + 999).await.unwrap();
    assert_eq!((counts.ready, counts.postponed), (0, 1));
    assert_eq!(store.counts(NOW + 1_000).await.unwrap().ready, 1);
    let again = claim(&store, Holder::random(), NOW + 1_000).await;
    assert!(report(&store, &again, Outcome::Failed { reason: "refused".to_owned() }, NOW + 1_000).await);
    assert_eq!(state(&store, NOW + 1_000).await, FAILED);
}

async fn in_order(store: impl Store) {
    for reference in ["a", "b", "c"] {
        put(&store, reference).await;
    }
    let want = notify_outbox::ClaimRequest { sends: 2, ..crate::want(Holder::random(), NOW) };
    let claims = store.exchange(Vec::new(), want).await.unwrap().claims;
    let references: Vec<_> = claims.iter().map(|claim| claim.reference.as_str()).collect();
    assert_eq!(references, ["a", "b"]);
    // What is given back comes first again.
    assert!(report(&store, &claims[0], Outcome::NotSent { not_before: 0 }, NOW).await);
    let claims = crate::claims(&store, Holder::random(), NOW).await;
    let references: Vec<_> = claims.iter().map(|claim| claim.reference.as_str()).collect();
    assert_eq!(references, ["a", "c"]);
}

/// Runs each case on a store of each kind.
macro_rules! on_every_store {
    ($($(#[$doc:meta])* $name:ident = $case:ident;)+) => {
        mod memory {
            $(#[tokio::test] async fn $name() { super::$case(notify_outbox::MemoryStore::new()).await; })+
        }
        #[cfg(feature = "sqlite")]
        mod sqlite {
            $(#[tokio::test] async fn $name() {
                let folder = crate::file::Folder::new();
                super::$case(folder.open()).await;
            })+
        }
        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test]
            #[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
            async fn $name() {
                super::$case(crate::server::store().await).await;
            })+
        }
    };
}

on_every_store! {
    a_message_put_again_is_the_same_row = put_again;
    a_claim_whose_answer_was_lost_is_looked_up_when_its_window_is_over = lost_claim;
    a_message_whose_worker_died_is_looked_up_and_sent_again_only_when_absent = died_before_sending;
    a_message_that_was_taken_is_found_and_keeps_its_id = found;
    a_late_verdict_has_no_effect = late_verdict;
    a_zombie_has_no_effect_whatever_it_brings = zombie;
    a_message_is_looked_up_by_one_at_a_time = two_lookups;
    the_doubt_outlives_whoever_looks_it_up = dead_lookup;
    nobody_reports_what_they_cannot_know = wrong_words;
    what_the_service_may_have_forgotten_is_for_a_person = forgotten;
    a_person_decides_about_what_is_in_doubt_and_about_nothing_else = decided;
    a_postponed_message_waits = postponed;
    messages_leave_in_the_order_in_which_they_came = in_order;
}

#[tokio::test]
async fn after_a_failover_everything_ready_is_looked_up_first() {
    let store = MemoryStore::new();
    put(&store, "r").await;
    assert_eq!(state(&store, NOW).await, READY);
    store.doubt(NOW);
    let doubted = claim(&store, Holder::random(), NOW).await;
    // No claim that was lost can mint a token later than this.
    assert_eq!(doubted.task, Task::LookUp { sent_by: NOW + 2 * notify_outbox::LONGEST_WINDOW });
}

#[tokio::test]
async fn a_payload_is_erased_as_soon_as_its_message_is_finished() {
    let store = MemoryStore::new();
    put(&store, "r").await;
    let sending = claim(&store, Holder::random(), NOW).await;
    assert!(store.row("r").unwrap().1);
    report(&store, &sending, sent("id"), NOW).await;
    assert!(!store.row("r").unwrap().1);
}
