//! The crash matrix: what can happen, by number, and which test shows that the right thing follows.
//!
//! | # | what happens | shown by |
//! | ---: | --- | --- |
//! | 1 | the producer dies before its commit | `process::a_killed_producer_loses_nothing_confirmed_and_leaves_nothing_half_done` |
//! | 2 | the commit's answer is lost to the producer | `rows::a_message_put_again_is_the_same_row` |
//! | 3 | the worker dies before its claim commits | `file::a_full_disk_at_a_claim_leaves_the_row_ready`, `process` |
//! | 4 | the claim's answer is lost | `rows::a_claim_whose_answer_was_lost_is_looked_up_when_its_window_is_over` |
//! | 5 to 7 | it dies after the claim, after minting, while writing | `rows::a_message_whose_worker_died_is_looked_up_and_sent_again_only_when_absent`, the simulation |
//! | 8 | it dies after the 201 | `rows::a_message_that_was_taken_is_found_and_keeps_its_id`, `process` |
//! | 9 | it dies inside the commit of a result | `process::what_a_killed_worker_wrote_down_holds_as_a_whole_or_not_at_all` |
//! | 10 | it is stopped before minting, and wakes late | `client::send::after_its_claim_no_token_is_minted`, the simulation |
//! | 11 | it is stopped after minting, and wakes late | `rows::a_late_verdict_has_no_effect` |
//! | 12, 13 | a zombie brings a verdict when another has the row | `rows::a_zombie_has_no_effect_whatever_it_brings` |
//! | 14 | two workers look it up | `rows::a_message_is_looked_up_by_one_at_a_time` |
//! | 15 | a worker that looks it up dies | `rows::the_doubt_outlives_whoever_looks_it_up` |
//! | 16 | no connection, no DNS | `client::send::what_did_not_reach_the_service_is_ready_again`, `worker::a_service_that_is_away_is_tried_ever_more_rarely` |
//! | 17, 18 | reset, timeout, 5xx, a gateway's page, a cut body | `client::send::an_answer_that_is_lost_or_not_the_service_s_leaves_the_message_in_doubt` |
//! | 19 | the service commits up to 30 s late | `notify::reconcile` (unit tests), the simulation |
//! | 20 | the service takes a message back | `notify::reconcile`, the simulation |
//! | 21 | a lookup fails | `client::look_up::a_lookup_that_fails_proves_nothing`, `notify::reconcile` |
//! | 22 | lookalikes | `notify::reconcile::lookalikes_prove_nothing` |
//! | 23, 24 | the host's clock jumps, or is old | `client::send::a_clock_that_is_an_hour_off_is_learnt_and_the_message_sent_within_a_new_claim` |
//! | 25 | the database's clock jumps | `postgres::a_jump_of_the_database_clock_changes_nothing` |
//! | 26 | power cut | `file::every_commit_is_on_the_disk_before_it_counts`, `worker::a_message_is_claimed_in_the_store_before_it_leaves` |
//! | 27 | the disk is full at the intent | `file::a_full_disk_at_the_intent_keeps_nothing` |
//! | 28 | the disk is full at the result | `file::a_full_disk_at_the_result_ends_the_worker_and_the_message_is_looked_up` |
//! | 29 | the journal is torn, or of another file | `file::a_torn_file_is_refused`, `file::a_file_of_other_messages_is_refused` |
//! | 30 | the journal is copied or restored | `file::in_a_copy_everything_is_looked_up_first` |
//! | 31 | two runs on one journal | `file::a_second_process_is_refused`, `process` |
//! | 32 | a network file system | `store::sqlite::file` (unit tests) |
//! | 33, 34 | the database is unreachable in flight | `worker::what_came_of_a_message_is_kept_until_the_store_is_back` |
//! | 35 | a failover loses a result | as 4 |
//! | 36 | a failover loses a claim | `postgres::after_a_failover_everything_ready_is_looked_up_first`, `failover` |
//! | 37 | a failover loses the intent | as 2; `postgres` |
//! | 38 | two primaries | not covered, but for the first minutes: `failover` |
//! | 39 | pgbouncer in transaction mode | `pooler`, `postgres::a_session_keeps_no_state_so_a_pooler_works` |
//! | 40 | the key is rotated or revoked | `client::send::a_refused_key_does_not_fail_a_message` |
//! | 41 | daily limit | `client::send::a_daily_limit_postpones_all_messages_of_its_kind` |
//! | 42 | 429 on one host | `worker::a_message_too_fast_slows_all_workers_down`, `postgres` |
//! | 43 | the bucket's row is lost | `postgres` |
//! | 44 | Ctrl-C, and a second one | `worker::at_the_end_what_is_under_way_is_waited_for`, `worker::a_dropped_run_is_a_kill` |
//! | 45 | a worker leaves in order | `worker::at_the_end_what_has_not_left_is_given_back_at_once` |
//!
//! The simulation is `src/notify/simulation`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod client;
mod events;
#[cfg(feature = "postgres")]
mod failover;
#[cfg(feature = "sqlite")]
mod file;
#[cfg(feature = "sqlite")]
mod maintenance;
#[cfg(feature = "postgres")]
mod plans;
#[cfg(feature = "postgres")]
mod pooler;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod process;
mod rows;
#[cfg(feature = "sqlite")]
mod same;
#[cfg(feature = "postgres")]
mod server;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod tls;
#[cfg(feature = "postgres")]
mod wake;
mod worker;

use notify_outbox::{Claim, ClaimRequest, Holder, Intent, Outcome, Report, RowId, Store, Task};

/// A moment.
const NOW: u64 = 1_795_430_454;
/// How long claims are in these tests.
const WINDOW: u64 = 30;
/// From when on a message is looked up that was claimed at `NOW` and of which nothing was heard.
const ABANDONED: u64 = NOW + WINDOW + 41;

fn want(holder: Holder, now: u64) -> ClaimRequest {
    ClaimRequest { holder, now, sends: 10, lookups: 10, window: WINDOW }
}

fn intent(reference: &str) -> Intent {
    Intent::new(reference).unwrap().payload(format!("payload of {reference}"))
}

async fn put(store: &impl Store, reference: &str) -> RowId {
    store.put(vec![intent(reference)]).await.unwrap()[0].row()
}

/// What a worker is given now.
async fn claims(store: &impl Store, holder: Holder, now: u64) -> Vec<Claim> {
    store.exchange(Vec::new(), want(holder, now)).await.unwrap().claims
}

/// The one claim that a worker is given now.
async fn claim(store: &impl Store, holder: Holder, now: u64) -> Claim {
    let mut claims = claims(store, holder, now).await;
    assert_eq!(claims.len(), 1, "{claims:?}");
    claims.pop().unwrap()
}

/// Brings what came of a claim, and claims nothing. Whether it had an effect.
async fn report(store: &impl Store, claim: &Claim, outcome: Outcome, now: u64) -> bool {
    let want = ClaimRequest { sends: 0, lookups: 0, ..want(claim.holder, now) };
    let exchanged = store.exchange(vec![Report::of(claim, outcome)], want).await.unwrap();
    exchanged.without_effect.is_empty()
}

fn sent(id: &str) -> Outcome {
    Outcome::Sent { id: id.to_owned() }
}

fn is_lookup(claim: &Claim) -> bool {
    matches!(claim.task, Task::LookUp { .. })
}
