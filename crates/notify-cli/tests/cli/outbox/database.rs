//! Any number of workers on PostgreSQL.

use std::sync::OnceLock;
use std::time::Duration;

use notify_sandbox::Fault;
use notify_testkit::postgres::Server;

use super::{Outbox, ended, signal, wait_until};
use crate::fixture::{End, folder};

fn outbox(name: &str) -> Outbox {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let url = SERVER.get_or_init(Server::start).database(name);
    Outbox::at(folder(&format!("outbox-{name}")), url)
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
fn the_tables_are_made_once_and_it_is_said_which_rights_others_need() {
    let outbox = outbox("rights");
    let said = outbox.answer(["init"]);
    assert!(said.contains("GRANT USAGE ON SCHEMA notify_outbox TO producer;"), "{said}");
    outbox.put(2);
    assert_eq!(outbox.json(["status"])["ready"], 2);
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
fn four_workers_of_which_one_is_killed_and_one_frozen_send_every_message_once() {
    const MESSAGES: usize = 400;
    let outbox = outbox("frozen");
    outbox.put(MESSAGES);
    outbox.sandbox.inject_fault(
        Fault::delay(Duration::from_millis(150)).on_method("POST").on_path("/v2/notifications/sms"),
    );
    let mut workers: Vec<_> = (0..4).map(|_| outbox.worker(&["--at-once", "8", "--until-empty"])).collect();
    outbox.wait_for(80);
    let frozen = workers.pop().unwrap();
    signal(&frozen, "STOP");
    outbox.wait_for(160);
    let mut killed = workers.pop().unwrap();
    killed.kill().unwrap();
    killed.wait().unwrap();
    // More can be put meanwhile, and looked at.
    outbox.put(MESSAGES);
    assert!(outbox.json(["status"])["in_flight"].as_u64().unwrap() > 0);
    for worker in workers {
        let end = ended(worker);
        assert_eq!(end.status, 0, "{end:?}");
    }
    signal(&frozen, "CONT");
    let end = ended(frozen);
    assert_eq!(end.status, 0, "{end:?}");
    outbox.each_was_sent_once(MESSAGES);
    let status = outbox.json(["status"]);
    assert_eq!((status["sent"].as_u64(), status["failed"].as_u64()), (Some(400), Some(0)));
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
fn what_is_old_is_forgotten_and_erased_as_the_worker_was_told() {
    let outbox = outbox("old");
    outbox.put(3);
    assert_eq!(End::of(&mut outbox.command(["run", "--until-empty"])).status, 0);
    let worker = outbox.worker(&["--forget-after", "0", "--erase-after", "0"]);
    wait_until(|| outbox.json(["status"])["sent"] == 0);
    signal(&worker, "TERM");
    assert_eq!(ended(worker).status, 0);
    // Its reference is free again, and what it has to send is erased before it can be sent.
    outbox.put(1);
    assert_eq!(outbox.json(["status"])["ready"], 1);
}
