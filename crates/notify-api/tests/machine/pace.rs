//! What of the service's limit comes to use.

use std::time::Duration;

use notify_api::{Bucket, Policy, Urgency};

use crate::network::Network;
use crate::service::TokenBucket;
use crate::{seconds, session};

const TEN_MINUTES: Duration = Duration::from_secs(600);
/// What the service could accept in ten minutes: a burst of 999 and 50 a second.
const COULD_BE_ACCEPTED: usize = 30_999;

/// So many processes with so many tasks each, all sending as fast as they can.
fn crowd(bucket: TokenBucket, processes: usize, tasks: usize, pacer: impl Fn() -> Bucket) -> Network {
    let mut network = Network::new(bucket, 3_000);
    for process in 0..processes {
        let session = session(|builder| builder.pacer(pacer()).seed(process as u64 * 1_000));
        for _ in 0..tasks {
            network.task(&session, Urgency::Bulk, Duration::ZERO);
        }
    }
    network.run(TEN_MINUTES);
    network
}

fn percent(network: &Network) -> usize {
    println!("accepted {}, refused {}", network.accepted, network.refused);
    network.accepted * 100 / COULD_BE_ACCEPTED
}

#[test]
fn a_hundred_tasks_of_one_client_use_97_percent_of_the_limit_and_meet_at_most_10_refusals() {
    let network = crowd(TokenBucket::full(3_000), 1, 100, Bucket::default);
    assert!(percent(&network) >= 97);
    assert!(network.refused <= 10);
}

#[test]
fn processes_that_know_nothing_of_each_other_use_90_percent_together() {
    for processes in [2, 4, 8] {
        let network = crowd(TokenBucket::full(3_000), processes, 50, Bucket::default);
        assert!(percent(&network) >= 90, "{processes} processes");
    }
}

#[test]
fn processes_that_divide_the_limit_by_hand_meet_next_to_no_refusals() {
    for processes in [2, 4] {
        let network = crowd(TokenBucket::full(3_000), processes, 50, || {
            Bucket::default().share(1.0 / processes as f64)
        });
        assert!(percent(&network) >= 95, "{processes} processes");
        assert!(network.refused <= 10, "{processes} processes");
    }
}

#[test]
fn a_restart_on_an_empty_bucket_recovers() {
    let network = crowd(TokenBucket::empty(3_000), 1, 100, Bucket::default);
    assert!(network.accepted * 100 / 30_000 >= 95, "{}", network.accepted);
    assert!(network.refused <= 20, "{}", network.refused);
}

#[test]
fn another_limit_is_learnt_from_the_first_refusal() {
    let mut network = Network::new(TokenBucket::full(300), 300);
    let session = session(|builder| builder);
    for _ in 0..20 {
        network.task(&session, Urgency::Bulk, Duration::ZERO);
    }
    network.run(TEN_MINUTES);
    // A burst of 100 and 5 a second.
    assert!(network.accepted >= 3_100 * 85 / 100, "{}", network.accepted);
    assert!(network.refused <= 60, "{}", network.refused);
}

#[test]
fn urgent_messages_pass_ahead_of_a_crowd_which_still_gets_its_share() {
    let mut network = Network::new(TokenBucket::full(3_000), 3_000);
    let session = session(|builder| builder);
    let bulk: Vec<_> = (0..1_000).map(|_| network.task(&session, Urgency::Bulk, Duration::ZERO)).collect();
    let urgent: Vec<_> = (0..5).map(|_| network.task(&session, Urgency::Urgent, seconds(1.0))).collect();
    network.run(TEN_MINUTES);
    let slowest = urgent.iter().flat_map(|&task| &network.tally(task).took).max().unwrap();
    assert!(*slowest < seconds(1.0), "{slowest:?}");
    let bulk: usize = bulk.iter().map(|&task| network.tally(task).done).sum();
    assert!(bulk > 24_000, "{bulk}");
    assert!(network.refused <= 10, "{}", network.refused);
}

#[test]
fn a_wait_beyond_the_deadline_fails_at_once() {
    let mut network = Network::new(TokenBucket::full(3_000), 3_000);
    let policy = Policy::default().timeout(seconds(2.0));
    let session = session(|builder| builder.policy(policy));
    let tasks: Vec<_> = (0..1_000).map(|_| network.task(&session, Urgency::Bulk, seconds(60.0))).collect();
    network.run(seconds(30.0));
    let failed: Vec<_> =
        tasks.iter().map(|&task| network.tally(task)).filter(|tally| tally.failed > 0).collect();
    assert!(failed.len() > 500, "{}", failed.len());
    assert!(failed.iter().all(|tally| tally.took[0].is_zero()));
}
