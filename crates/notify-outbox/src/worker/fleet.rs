//! Two hundred workers on one store, in virtual time, of which some die and some freeze all the while: no message twice, and
//! none lost; the pace is used; and a message costs no more statements and rows than with one worker.
//!
//! What runs is what ships: the worker, its pace, the machine of a row. The store keeps the rows as the database does, with
//! the same lease of slots; the service takes messages by the rules of the real one's tokens.

mod service;
mod store;

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::{Intent, Store as _, Worker, WorkerError};
use service::{Freezer, SimulatedClient, SimulatedService};
use store::SimulatedStore;

/// How many messages a second the service takes, and the workers share.
const PER_SECOND: f64 = 50.0;
/// How many messages are put ahead of the workers.
const AHEAD: usize = 40_000;

#[derive(Debug, Clone, Copy)]
struct Plan {
    messages: usize,
    workers: usize,
    /// How many seconds pass between one worker that dies or freezes and the next; nothing happens to them if there is none.
    blow_every: Option<f64>,
    /// How many answers are lost, from 0 to 1.
    lost: f64,
}

/// What a run came to.
#[derive(Debug)]
struct Result {
    /// Of what the pace lets through, until nearly all were sent.
    share_of_pace: f64,
    statements_per_message: f64,
    rows_per_message: f64,
    blows: usize,
    lookups: usize,
}

fn number(count: impl TryInto<u32>) -> f64 {
    f64::from(count.try_into().unwrap_or_else(|_| unreachable!("it is less than four billion")))
}

fn start(
    store: &SimulatedStore,
    service: &Arc<SimulatedService>,
    seed: u64,
) -> (JoinHandle<std::result::Result<(), WorkerError>>, Freezer) {
    let freezer = Freezer::default();
    let client = SimulatedClient::new(Arc::clone(service), freezer.clone(), seed);
    let worker = Worker::new(store.clone().frozen_by(freezer.clone()), client);
    (tokio::spawn(worker.run(std::future::pending())), freezer)
}

async fn run(plan: Plan) -> Result {
    let mut rng = Rng::with_seed(17);
    let store = SimulatedStore::new(PER_SECOND);
    let service = Arc::new(SimulatedService::new(plan.messages, plan.lost));
    let began = Instant::now();
    let mut put = 0;
    let mut workers: Vec<_> = Vec::new();
    for number in 0..plan.workers {
        workers.push(start(&store, &service, number as u64));
    }
    let mut blows = 0;
    let mut at_pace = None;
    let mut next_blow = began + Duration::from_secs(1);
    while store.finished() < plan.messages {
        while put < plan.messages && store.open() < AHEAD {
            let intents = (0..1_000.min(plan.messages - put))
                .map(|number| Intent::new((put + number).to_string()).unwrap());
            put += store.put(intents.collect()).await.unwrap().len();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        if at_pace.is_none() && service.taken() * 100 >= plan.messages * 98 {
            let seconds = began.elapsed().as_secs_f64();
            at_pace = Some(number(service.taken()) / (seconds * PER_SECOND));
        }
        if let Some(every) = plan.blow_every {
            while next_blow <= Instant::now() {
                next_blow += Duration::from_secs_f64(every * 2.0 * rng.f64());
                blows += 1;
                let victim = rng.usize(..plan.workers);
                if rng.bool() {
                    workers[victim].0.abort();
                    workers[victim] = start(&store, &service, rng.u64(..));
                } else {
                    workers[victim].1.freeze(Duration::from_secs_f64(1.0 + 200.0 * rng.f64()));
                }
            }
        }
    }
    // Before those that are frozen wake, and what is on its way arrives.
    let (statements, rows) = store.touched();
    tokio::time::sleep(Duration::from_secs(400)).await;
    for (worker, _) in workers {
        worker.abort();
    }
    assert_eq!(service.doubled_and_missing(), (0, 0), "{plan:?}");
    let per_message = |count| count / number(plan.messages);
    Result {
        share_of_pace: at_pace.unwrap(),
        statements_per_message: per_message(number(statements)),
        rows_per_message: per_message(number(rows)),
        blows,
        lookups: service.lookups(),
    }
}

/// Runs so many messages through two hundred workers, and compares them with one.
async fn fleet(messages: usize) -> (Result, Result) {
    let one = run(Plan { messages: messages.min(100_000), workers: 1, blow_every: None, lost: 0.0 }).await;
    let many = run(Plan { messages, workers: 200, blow_every: Some(15.0), lost: 0.001 }).await;
    assert!(many.share_of_pace >= 0.97, "{many:?}");
    assert!(many.statements_per_message <= one.statements_per_message * 1.1, "{one:?} {many:?}");
    assert!(many.rows_per_message <= one.rows_per_message * 1.1, "{one:?} {many:?}");
    (one, many)
}

#[tokio::test(start_paused = true)]
async fn two_hundred_workers_that_die_and_freeze_send_each_message_once_at_the_pace_and_the_price_of_one() {
    let (_, many) = fleet(30_000).await;
    assert!(many.blows > 20 && many.lookups > 50, "{many:?}");
}

/// What `cargo xtask prove --only fleet` runs.
#[tokio::test(start_paused = true)]
#[ignore = "takes minutes: `cargo xtask prove --only fleet`"]
async fn ten_million_messages_are_sent_without_duplicates_or_losses() {
    const MESSAGES: usize = 10_000_000;
    let (one, many) = fleet(MESSAGES).await;
    println!(
        "doubled 0, missing 0, of {MESSAGES} messages by 200 workers; {} deaths and freezes; {} lookups; {:.2} % of what the \
         bucket lets through; {:.2} statements and {:.2} rows a message, with one worker {:.2} and {:.2}",
        many.blows,
        many.lookups,
        many.share_of_pace * 100.0,
        many.statements_per_message,
        many.rows_per_message,
        one.statements_per_message,
        one.rows_per_message,
    );
}
