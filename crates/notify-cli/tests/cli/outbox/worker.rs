//! Workers on a file that are killed, stopped and ended.

use std::time::Duration;

use notify_sandbox::Fault;

use super::{Outbox, ended, line, signal, wait_until};
use crate::fixture::{End, SMS_TEMPLATE};

const SEND: &str = "/v2/notifications/sms";

/// Answers that come a byte at a time: the service has taken the message long before.
fn slow_answers() -> Fault {
    Fault::drip(Duration::from_millis(100)).on_method("POST").on_path(SEND)
}

#[test]
fn what_was_put_is_sent_once_and_the_numbers_say_so() {
    let outbox = Outbox::in_file("sent");
    outbox.put(60);
    let end = End::of(&mut outbox.command(["run", "--until-empty"]));
    assert_eq!(end.status, 0, "{end:?}");
    assert!(end.stdout.starts_with("60 sent, 0 refused"), "{end:?}");
    outbox.each_was_sent_once(60);
    let status = outbox.json(["status"]);
    assert_eq!((status["sent"].as_u64(), status["sent_last_minute"].as_u64()), (Some(60), Some(60)));
    assert!(status["oldest_seconds"].is_null());
    // Put again, each is the same message.
    outbox.put(60);
    assert_eq!(End::of(&mut outbox.command(["run", "--until-empty"])).status, 0);
    outbox.each_was_sent_once(60);
}

#[test]
fn a_worker_killed_midway_duplicates_and_loses_nothing() {
    let outbox = Outbox::in_file("killed");
    outbox.put(30);
    outbox.sandbox.inject_fault(slow_answers());
    for killed in 1..=3 {
        let mut worker = outbox.worker(&["--at-once", "4"]);
        // All that it has under way was taken, and it does not know it.
        outbox.wait_for(4 * killed);
        worker.kill().unwrap();
        worker.wait().unwrap();
        let status = outbox.json(["status"]);
        assert_eq!(
            status["sent"].as_u64().unwrap() + status["in_doubt"].as_u64().unwrap(),
            4 * killed as u64
        );
    }
    outbox.sandbox.clear_faults();
    let end = End::of(&mut outbox.command(["run", "--until-empty"]));
    assert_eq!(end.status, 0, "{end:?}");
    outbox.each_was_sent_once(30);
    assert_eq!(outbox.json(["status"])["sent"], 30);
}

#[test]
#[ignore = "waits until absence is proved: cargo xtask test --only outbox"]
fn a_worker_killed_at_any_moment_duplicates_and_loses_nothing() {
    let outbox = Outbox::in_file("killed-anywhere");
    outbox.put(200);
    outbox.sandbox.inject_fault(Fault::delay(Duration::from_millis(80)).on_method("POST").on_path(SEND));
    for killed in 1..=6 {
        let mut worker = outbox.worker(&["--at-once", "8"]);
        outbox.wait_for(20 * killed);
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    let end = ended(outbox.worker(&["--until-empty"]));
    assert_eq!(end.status, 0, "{end:?}");
    outbox.each_was_sent_once(200);
}

#[test]
fn a_worker_that_is_to_end_waits_for_what_is_under_way_and_gives_back_the_rest() {
    for name in ["INT", "TERM"] {
        let outbox = Outbox::in_file(&format!("ended-{name}"));
        outbox.put(20);
        outbox.sandbox.inject_fault(Fault::drip(Duration::from_millis(4)).on_method("POST").on_path(SEND));
        let worker = outbox.worker(&["--at-once", "4"]);
        outbox.wait_for(6);
        signal(&worker, name);
        let end = ended(worker);
        assert_eq!(end.status, 0, "{end:?}");
        end.says(&["ending: waiting for what is under way"]);
        let status = outbox.json(["status"]);
        let sent = outbox.sandbox.messages().iter().count();
        assert_eq!((&status["in_flight"], &status["in_doubt"]), (&0.into(), &0.into()), "{status}");
        assert_eq!(status["sent"], sent);
        assert_eq!(status["ready"], 20 - sent);
    }
}

#[test]
fn a_second_signal_stops_at_once_and_loses_nothing() {
    let outbox = Outbox::in_file("stopped");
    outbox.put(4);
    outbox.sandbox.inject_fault(slow_answers());
    let worker = outbox.worker(&["--at-once", "4"]);
    outbox.wait_for(4);
    signal(&worker, "INT");
    // It has heard the first, and waits.
    std::thread::sleep(Duration::from_millis(500));
    signal(&worker, "INT");
    let end = ended(worker);
    assert_eq!(end.status, 7, "{end:?}");
    end.says(&[
        "stopped at once; messages that were under way may have been sent",
        "the next run looks them up",
    ]);
    outbox.sandbox.clear_faults();
    assert_eq!(End::of(&mut outbox.command(["run", "--until-empty"])).status, 0);
    outbox.each_was_sent_once(4);
}

#[test]
fn a_file_that_a_worker_has_is_refused_to_others() {
    let outbox = Outbox::in_file("in-use");
    let mut worker = outbox.worker(&[]);
    wait_until(|| {
        // `status` has the file for a moment, too: a worker that comes just then is the one that is refused.
        if worker.try_wait().unwrap().is_some() {
            worker = outbox.worker(&[]);
        }
        let end = End::of(&mut outbox.command(["status"]));
        end.status == 3 && end.stderr.contains("is in use") && end.stderr.contains("PostgreSQL")
    });
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert_eq!(outbox.json(["status"])["ready"], 0);
}

#[test]
fn what_the_service_refuses_fails_and_is_said_and_the_rest_is_sent() {
    let outbox = Outbox::in_file("refused");
    let file = outbox.folder.join("messages.jsonl");
    let unknown = line("r2").replace(SMS_TEMPLATE, "740e5834-3a29-46b4-9a6f-16142fde533a");
    std::fs::write(&file, line("r0") + &line("r1") + &unknown).unwrap();
    outbox.json(["put", file.to_str().unwrap()]);
    let end = End::of(&mut outbox.command(["run", "--until-empty", "--output", "jsonl"]));
    assert_eq!(end.status, 4, "{end:?}");
    let events: Vec<serde_json::Value> =
        end.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |name: &str| events.iter().filter(|event| event["event"] == name).count();
    assert_eq!((of("sent"), of("failed"), of("end")), (2, 1, 1), "{end:?}");
    end.says(&["the service refused 1 message", "notify outbox list --state failed"]);
    assert_eq!(outbox.json(["status"])["failed"], 1);
    assert!(outbox.answer(["status"]).contains("1; `notify outbox list --state failed` says why"));
}
