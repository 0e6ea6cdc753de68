//! What a program's log shows of its calls: what happened, and nothing secret or personal.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

mod journal;
mod operations;
mod server;

use std::thread;
use std::time::Duration;

use notify_http::{Client, Policy, blocking};

use journal::Journal;
use operations::{OPERATIONS, SENDS};
use server::{Answers, start};

/// What the requests of [`operations`] contain, in the forms in which a server may echo it.
const PRIVATE: [&str; 16] = [
    "7900900123",
    "kim.secret",
    "Kardigan",
    "Secret Street",
    "Secret%20Street",
    "Amala Bird",
    "reference of Kim",
    "reference%20of%20Kim",
    "JVBERi0x",
    "%PDF-1",
    operations::SECRET,
    "eyJ",
    "Bearer",
    // Paths and queries are never shown, even where they identify nobody.
    operations::ID,
    "older_than",
    "reference=",
];

fn assert_private(log: &str) {
    for value in PRIVATE {
        assert!(!log.contains(value), "{value} in:\n{log}");
    }
}

fn policy() -> Policy {
    Policy::default().attempts(2).timeout(Duration::from_millis(1_500))
}

/// What is logged while each operation gets this answer, with both clients.
fn log_of(answers: Answers) -> [String; 2] {
    let server = start(answers);
    let journal = Journal::start();
    let client = Client::builder(operations::KEY).base_url(server.url()).policy(policy()).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(operations::carry_out(&client));
    let first = journal.take();
    let client =
        blocking::Client::builder(operations::KEY).base_url(server.url()).policy(policy()).build().unwrap();
    operations::carry_out_blocking(&client);
    [first, journal.take()]
}

#[test]
fn no_outcome_of_any_operation_shows_anything_secret_or_personal() {
    let logs = Answers::ALL.map(|answers| (answers, thread::spawn(move || log_of(answers))));
    for (answers, logs) in logs {
        for log in logs.join().unwrap() {
            assert_private(&log);
            for (name, method, path) in OPERATIONS {
                let span = format!("notify_call{{operation=\"{name}\" method=\"{method}\" path=\"{path}\"}}");
                assert!(log.contains(&span), "no {span} after {answers:?} in:\n{log}");
            }
            let ends = log.matches(": done ").count() + log.matches(": failed ").count();
            assert_eq!(ends, OPERATIONS.len(), "{answers:?}:\n{log}");
        }
    }
}

#[test]
fn each_attempt_is_an_event_and_so_is_each_lookup_and_the_end() {
    let lines = |log: &str, what: &str| log.lines().filter(|line| line.contains(what)).count();
    let reads = OPERATIONS.len() - SENDS;
    for log in log_of(Answers::Fault) {
        assert_eq!(lines(&log, ": answered attempt=1 lookup=false status=500"), OPERATIONS.len(), "{log}");
        assert_eq!(lines(&log, ": answered attempt=2 lookup=false status=500"), reads, "{log}");
        assert!(lines(&log, ": answered attempt=1 lookup=true status=500") >= SENDS, "{log}");
        assert_eq!(lines(&log, "may_have_been_sent=true"), SENDS, "{log}");
        assert_eq!(lines(&log, "class=\"OperationalError\""), OPERATIONS.len(), "{log}");
        let ends = log.lines().filter(|line| line.contains(": failed "));
        assert!(
            ends.clone().all(|line| line.contains("trace_id=\"80f198ee56343ba864fe8b2a57d3eff7\"")),
            "{log}"
        );
    }
    for log in log_of(Answers::LostThenListed) {
        assert_eq!(lines(&log, ": no whole answer attempt=1 lookup=false cause="), OPERATIONS.len(), "{log}");
        assert_eq!(lines(&log, "found=true"), SENDS, "{log}");
        assert_eq!(lines(&log, "found=false"), reads, "{log}");
    }
}

#[test]
fn a_call_without_a_service_and_one_without_time_are_logged() {
    let journal = Journal::start();
    let client = blocking::Client::builder(operations::KEY)
        // A port on which nobody listens: it was closed again.
        .base_url(format!("http://{}", start(Answers::Nothing).address()))
        .policy(policy())
        .build()
        .unwrap();
    operations::carry_out_blocking(&client);
    let log = journal.take();
    assert_private(&log);
    assert!(log.contains(": not sent attempt=2"), "{log}");

    operations::carry_out_blocking(&client.timeout(Duration::ZERO));
    let log = journal.take();
    assert_private(&log);
    assert_eq!(log.matches(": failed attempts=0").count(), OPERATIONS.len(), "{log}");
}
