//! `notify wait`, and `--wait`: each status on stderr, the message at the end on stdout, and what the exit status says.

use std::process::Stdio;

use notify_sandbox::{KeyType, Status};
use serde_json::Value;

use crate::fixture::{End, Fixture, KEY, SEND_SMS, notify_at};
use crate::server::{answer, that_answers};

const UNKNOWN: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

impl Fixture {
    /// Sends a text message that nobody has received yet, and returns its id.
    fn sent(&self) -> String {
        self.json(SEND_SMS)["id"].as_str().expect("it has an id").to_owned()
    }
}

/// The lines of stderr that tell the statuses of a message.
fn told(end: &End, id: &str) -> Vec<String> {
    let lines = end.stderr.lines().filter(|line| line.contains("UTC  "));
    lines.filter_map(|line| Some(line.split_once(id)?.1.trim().to_owned())).collect()
}

/// An answer about a message in this status.
fn message(status: &str) -> Vec<u8> {
    let body = format!(r#"{{"id": "{UNKNOWN}", "type": "sms", "status": "{status}", "body": "b"}}"#);
    answer("200 OK", "application/json", &body)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is one JSON object")
}

#[test]
fn each_status_is_reported_as_it_comes_and_the_message_is_printed_at_the_end() {
    let fixture = Fixture::new();
    fixture.sandbox.clock().freeze();
    let id = fixture.sent();
    let mut command = fixture.notify(["wait", &id]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(600));
    fixture.sandbox.clock().run();
    let end = End::from(child.wait_with_output().unwrap());
    assert_eq!(end.status, 0, "{end:?}");
    assert_eq!(told(&end, &id), ["created", "delivered"], "{end:?}");
    assert!(end.stdout.contains("status     delivered\n") && end.stdout.contains("Hello Kim"), "{end:?}");
    // It is what `get` prints.
    assert_eq!(End::of(&mut fixture.notify(["get", &id])).stdout, end.stdout);
    assert_eq!(End::of(&mut fixture.notify(["get", &id, "--wait"])).stdout, end.stdout);
}

#[test]
fn the_exit_status_says_whether_the_message_arrived() {
    let fixture = Fixture::new();
    for (status, code, remedy) in [
        (Status::Delivered, 0, ""),
        (Status::Sent, 0, ""),
        (Status::PermanentFailure, 9, "correct it"),
        (Status::TemporaryFailure, 9, "later"),
        (Status::TechnicalFailure, 9, "send it again"),
    ] {
        let id = fixture.sent();
        fixture.sandbox.set_status(&id, status).unwrap();
        let end = End::of(&mut fixture.notify(["wait", &id, "--output", "json"]));
        assert_eq!(end.status, code, "{end:?}");
        assert_eq!(json(&end.stdout)["status"], status.as_str());
        end.says(&[remedy]);
        let word = format!("failed for good: {id} is {}", status.as_str());
        let first = end.stderr.lines().next().unwrap_or_default();
        assert_eq!(first.contains(&word), code == 9, "a script reads the first line: {end:?}");
    }
}

#[test]
fn a_letter_has_arrived_when_it_was_posted() {
    let fixture = Fixture::new();
    let args = ["send", "letter", "--template", crate::fixture::LETTER_TEMPLATE, "--to", "Kim Lee"];
    let args = args.into_iter().chain(["--to", "1 Castle Street", "--to", "SW1A 1AA"]);
    let args =
        args.chain(["--personalisation", "name=Kim", "--personalisation", "permit number=17", "--wait"]);
    let end = End::of(&mut fixture.notify(args));
    assert_eq!(end.status, 0, "{end:?}");
    assert!(end.stdout.contains("status") && end.stdout.contains("received"), "{end:?}");
}

#[test]
fn a_timeout_reports_the_messages_that_are_still_on_their_way_and_how_to_keep_waiting() {
    let fixture = Fixture::new();
    fixture.sandbox.clock().freeze();
    let id = fixture.sent();
    let end = End::of(&mut fixture.notify(["wait", &id, "--timeout", "0.2", "--output", "json"]));
    assert_eq!((end.status, json(&end.stdout)["status"].as_str()), (5, Some("created")), "{end:?}");
    end.says(&[&format!("the time is over: {id} is created"), &format!("`notify wait {id}` waits on")]);
}

#[test]
fn sending_and_waiting_prints_the_message_as_it_ends() {
    let fixture = Fixture::new();
    let key = fixture.sandbox.api_key(KeyType::Live);
    let wait = |more: &[&'static str]| {
        let args = SEND_SMS.into_iter().chain(["--wait"]).chain(more.iter().copied());
        End::of(&mut notify_at(fixture.sandbox.url(), &key, args))
    };
    let end = wait(&["--output", "jsonl"]);
    assert_eq!((end.status, json(&end.stdout)["status"].as_str()), (0, Some("delivered")), "{end:?}");
    // A message that was sent is printed even if nobody knows what became of it.
    fixture.sandbox.clock().freeze();
    for format in ["text", "json", "jsonl"] {
        let end = wait(&["--timeout", "0.2", "--output", format]);
        assert_eq!(end.status, 5, "{end:?}");
        assert!(end.stdout.contains("id") && end.stdout.contains("created"), "{end:?}");
    }
    assert_eq!(fixture.sandbox.messages().len(), 4);
}

#[test]
fn a_message_that_was_sent_and_cannot_be_followed_must_not_be_sent_again() {
    let fixture = Fixture::new();
    let mut args = SEND_SMS;
    args[5] = "07700900000";
    let end = End::of(&mut fixture.notify(args.into_iter().chain(["--wait", "--output", "json"])));
    assert_eq!(end.status, 7, "{end:?}");
    end.says(&["the message may have been sent: the service took it as ", "do not send it again"]);
    assert!(json(&end.stdout)["content"]["body"].is_string(), "{end:?}");
}

#[test]
fn several_messages_are_waited_for_at_once() {
    let fixture = Fixture::new();
    let ids: Vec<String> = (0..12).map(|_| fixture.sent()).collect();
    let args = || ["wait"].into_iter().chain(ids.iter().map(String::as_str));
    let end = End::of(&mut fixture.notify(args()));
    assert_eq!((end.status, end.stdout.lines().count()), (0, 13), "{end:?}");
    let end = End::of(&mut fixture.notify(args().chain(["--output", "jsonl"])));
    assert_eq!((end.status, end.stdout.lines().count()), (0, 12), "{end:?}");
    let end = End::of(&mut fixture.notify(args().chain(["--output", "json"])));
    assert_eq!(json(&end.stdout)["notifications"].as_array().map(Vec::len), Some(12), "{end:?}");

    fixture.sandbox.set_status(&ids[3], Status::PermanentFailure).unwrap();
    let end = End::of(&mut fixture.notify(args()));
    assert_eq!((end.status, end.stdout.lines().count()), (9, 13), "{end:?}");
    end.says(&[&format!("error: failed for good: {} is permanent-failure\n", ids[3])]);
    // One that the service does not know does not keep the others from being told.
    let end = End::of(&mut fixture.notify(args().chain([UNKNOWN])));
    assert_eq!((end.status, end.stdout.lines().count()), (4, 13), "{end:?}");
    end.says(&[&format!("{UNKNOWN} is unknown"), "No result found"]);
}

#[test]
fn an_id_that_is_given_twice_is_waited_for_once() {
    let fixture = Fixture::new();
    let id = fixture.sent();
    let end = End::of(&mut fixture.notify(["wait", &id, &id, "--output", "jsonl"]));
    assert_eq!((end.status, end.stdout.lines().count()), (0, 1), "{end:?}");
}

#[test]
fn a_message_is_waited_for_where_a_service_saves_messages_late() {
    let seen = std::sync::atomic::AtomicUsize::new(0);
    let server = notify_testkit::http1::ScriptedServer::start(move |_| {
        match seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0..2 => crate::server::refusal("404 Not Found", "NoResultFound", "No result found"),
            _ => message("delivered"),
        }
    })
    .unwrap();
    let mut command = notify_at(&server.url(), KEY, ["wait", UNKNOWN]);
    let end = End::of(command.env("NOTIFY_SERVICE", "gc"));
    assert_eq!((end.status, told(&end, UNKNOWN)), (0, vec!["delivered".into()]), "{end:?}");
    // Elsewhere, what is unknown stays so.
    let fixture = Fixture::new();
    End::failing(&mut fixture.notify(["wait", UNKNOWN]), 4).says(&["No result found"]);
}

#[test]
fn a_missing_service_is_reported_at_once_and_an_outage_is_waited_out() {
    let url = crate::server::that_is_not_there();
    End::failing(&mut notify_at(&url, KEY, ["wait", UNKNOWN, "--timeout", "3"]), 6);

    let seen = std::sync::atomic::AtomicUsize::new(0);
    let server = notify_testkit::http1::ScriptedServer::start(move |_| {
        match seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => message("sending"),
            1..4 => answer("503 Service Unavailable", "text/html", "<h1>busy</h1>"),
            _ => message("delivered"),
        }
    })
    .unwrap();
    let end = End::of(&mut notify_at(&server.url(), KEY, ["wait", UNKNOWN, "--timeout", "60"]));
    assert_eq!((end.status, told(&end, UNKNOWN)), (0, vec!["sending".into(), "delivered".into()]), "{end:?}");
}

#[test]
fn a_refused_key_ends_the_wait() {
    let refusal = crate::server::refusal("403 Forbidden", "AuthError", "Invalid token: API key not found");
    let server = that_answers(refusal);
    let end = End::failing(&mut notify_at(&server.url(), KEY, ["wait", UNKNOWN]), 4);
    end.says(&["API key not found"]);
    assert_eq!(server.requests().len(), 1);
}

#[cfg(unix)]
#[test]
fn an_interrupt_reports_the_status_of_each_message() {
    let fixture = Fixture::new();
    fixture.sandbox.clock().freeze();
    let ids = [fixture.sent(), fixture.sent()];
    let mut command = fixture.notify(["wait", &ids[0], &ids[1], "--output", "json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let killed = std::process::Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status();
    assert!(killed.unwrap().success());
    let end = End::from(child.wait_with_output().unwrap());
    assert_eq!(end.status, 10, "{end:?}");
    end.says(&[&format!("interrupted: {} is created, {} is created", ids[0], ids[1]), "waits on"]);
    assert_eq!(json(&end.stdout)["notifications"].as_array().map(Vec::len), Some(2), "{end:?}");
}

#[test]
fn the_service_is_asked_less_and_less_often() {
    let server = that_answers(message("sending"));
    let end = End::of(&mut notify_at(&server.url(), KEY, ["wait", UNKNOWN, "--timeout", "5"]));
    assert_eq!(end.status, 5, "{end:?}");
    // After 0, 1, 2.5 and 4.75 seconds, and once more when the time is over.
    assert_eq!(server.requests().len(), 5);
}
