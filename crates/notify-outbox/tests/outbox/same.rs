//! Every store does what the one in memory does, which does what the machine says.

use notify_outbox::{
    Claim, ClaimRequest, Decision, Holder, MemoryStore, Outcome, Report, SqliteStore, Store,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::NOW;
use crate::file::Folder;

/// Something that happens to a store.
#[derive(Debug, Clone)]
enum Step {
    Put(u8),
    /// Time goes on, a worker brings what came of so many of all claims there ever were, and wants more.
    Exchange {
        passes: u64,
        holder: u8,
        reports: Vec<(u8, Outcome)>,
        sends: usize,
        lookups: usize,
        window: u64,
    },
    Decide(u8, Decision),
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Sent { id: "id".to_owned() }),
        (0..5_u64).prop_map(|later| Outcome::NotSent { not_before: NOW + later * 50 }),
        Just(Outcome::Failed { reason: "refused".to_owned() }),
        Just(Outcome::InDoubt),
        Just(Outcome::Absent),
        (0..5_u64).prop_map(|later| Outcome::StillInDoubt { look_at: NOW + later * 50 }),
        Just(Outcome::NeedsPerson { reason: "smoke test".to_owned() }),
    ]
}

fn decision() -> impl Strategy<Value = Decision> {
    prop_oneof![Just(Decision::Sent { id: String::new() }), Just(Decision::SendAgain), Just(Decision::GiveUp)]
}

fn step() -> impl Strategy<Value = Step> {
    let passes = prop_oneof![5 => 0..40_u64, 2 => 40..200_u64, 1 => 100_000..300_000_u64];
    prop_oneof![
        3 => (0..12_u8).prop_map(Step::Put),
        8 => (passes, 0..3_u8, vec((any::<u8>(), outcome()), 0..4), 0..4_usize, 0..4_usize, 0..200_u64).prop_map(
            |(passes, holder, reports, sends, lookups, window)| {
                Step::Exchange { passes, holder, reports, sends, lookups, window }
            }
        ),
        1 => (0..12_u8, decision()).prop_map(|(number, decision)| Step::Decide(number, decision)),
    ]
}

/// Goes through a history on both, which have to agree at every step.
async fn agree(one: impl Store, other: impl Store, steps: Vec<Step>) {
    let mut now = NOW;
    let mut claims: Vec<Claim> = Vec::new();
    for step in steps {
        match step {
            Step::Put(number) => {
                let intent = crate::intent(&format!("r{number}"));
                let one = one.put(vec![intent.clone()]).await.unwrap();
                let other = other.put(vec![intent]).await.unwrap();
                assert_eq!(format!("{one:?}"), format!("{other:?}"));
            }
            Step::Exchange { passes, holder, reports, sends, lookups, window } => {
                now += passes;
                let want =
                    ClaimRequest { holder: Holder::from_bytes([holder; 16]), now, sends, lookups, window };
                let reports: Vec<_> = reports
                    .into_iter()
                    .filter(|_| !claims.is_empty())
                    .map(|(which, outcome)| Report::of(&claims[usize::from(which) % claims.len()], outcome))
                    .collect();
                let given = one.exchange(reports.clone(), want).await.unwrap();
                assert_eq!(given, other.exchange(reports, want).await.unwrap());
                // Attempts only grow.
                for claim in &given.claims {
                    let earlier = claims.iter().filter(|earlier| earlier.row == claim.row);
                    assert!(earlier.map(|earlier| earlier.attempt).max() < Some(claim.attempt));
                }
                claims.extend(given.claims);
            }
            Step::Decide(number, decision) => {
                let reference = format!("r{number}");
                let decided = one.decide(&reference, decision.clone()).await.unwrap();
                assert_eq!(decided, other.decide(&reference, decision).await.unwrap());
            }
        }
        assert_eq!(one.counts(now).await.unwrap(), other.counts(now).await.unwrap());
        assert_eq!(one.undecided(3).await.unwrap(), other.undecided(3).await.unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_file_does_what_memory_does(steps in vec(step(), 0..60)) {
        let folder = Folder::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let file: SqliteStore = folder.open();
        runtime.block_on(agree(MemoryStore::new(), file, steps));
    }

    #[cfg(feature = "postgres")]
    #[test]
    #[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
    fn a_database_does_what_memory_does(steps in vec(step(), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { agree(MemoryStore::new(), crate::server::emptied().await, steps).await });
    }
}
