//! Lists that are sent: once each, with a journal and results.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use notify_sandbox::{Fault, KeyType, Sandbox};

use super::sent::{List, SENDS};
use super::stops::within;
use crate::fixture::{EMAIL_TEMPLATE, End, notify, notify_at};

#[test]
fn each_row_is_sent_once_and_the_result_says_so() {
    let list = List::new("bulk-once", 30);
    let end = list.run();
    assert_eq!(end.status, 0, "{end:?}");
    assert!(end.stdout.contains("sent    30\n"), "{end:?}");
    list.assert_sent_once();
    let result = fs::read_to_string(list.path("list.csv.notify-result.csv")).unwrap();
    let mut lines = result.lines();
    assert_eq!(lines.next(), Some("row,id,status,error"));
    for (index, line) in lines.enumerate() {
        let [row, id, status, error]: [&str; 4] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!((row, status, error), ((index + 2).to_string().as_str(), "sent", ""));
        assert_eq!(
            list.sandbox.message(id).unwrap().body(),
            format!("Hello name{index}, your permit p{index} is ready.")
        );
    }
    // What was done is not done again, and says so.
    let again = list.run();
    assert_eq!(again.status, 0, "{again:?}");
    again.says(&["was sent in an earlier run", "--journal"]);
    list.assert_sent_once();
}

#[test]
fn the_journal_is_its_owners_alone_and_names_nobody() {
    let list = List::new("bulk-journal", 5);
    assert_eq!(list.run().status, 0);
    for name in ["list.csv.notify-journal", "list.csv.notify-result.csv"] {
        let path = list.path(name);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600, "{name}");
        let content = fs::read(&path).unwrap();
        for personal in ["0790090", "4479009", "name3"] {
            let found = content.windows(personal.len()).any(|window| window == personal.as_bytes());
            assert!(!found, "{name} {personal}");
        }
    }
}

#[test]
fn nothing_is_sent_without_yes_where_nobody_can_be_asked() {
    let list = List::new("bulk-unasked", 3);
    let end = End::failing(&mut list.command(&["--per-minute", "60000"]), 2);
    end.says(&["no terminal to ask on", "--dry-run", "--yes"]);
    assert_eq!(list.sandbox.messages().len(), 0);
    assert!(!list.path("list.csv.notify-journal").exists());
}

#[test]
fn bad_rows_hold_back_all_unless_they_are_to_be_skipped() {
    let list = List::with_rows("bulk-skipped", "07900900123,a,1\n0790,b,2\n\n07900900124,c,3\n");
    let end = list.run().failed(4);
    end.says(&["line 3: phone number: Not enough digits", "line 4: the row is empty", "2 of 4 rows"]);
    assert_eq!(list.sandbox.messages().len(), 0);

    let end = End::of(list.sending().arg("--skip-bad-rows"));
    assert_eq!((end.status, list.sandbox.messages().len()), (4, 2), "{end:?}");
    let result = fs::read_to_string(list.path("list.csv.notify-result.csv")).unwrap();
    let lines: Vec<&str> = result.lines().collect();
    assert!(lines[1].starts_with("2,") && lines[1].contains(",sent,"), "{result}");
    assert_eq!(lines[2], "3,,skipped,phone number: Not enough digits");
    assert_eq!(lines[3], "4,,skipped,\"the row is empty, and others follow\"");
    assert!(lines[4].starts_with("5,") && lines[4].contains(",sent,"), "{result}");
}

#[test]
fn rows_that_the_service_refuses_are_named_with_its_reason() {
    let list =
        List::with_rows("bulk-refused-rows", "07900900123,a,1\n+1 202 555 0123,b,2\n07900900124,c,3\n");
    let key = list.sandbox.api_key(KeyType::Team);
    let mut command = list.sending();
    let end = End::of(command.env("NOTIFY_API_KEY", key));
    assert_eq!(end.status, 4, "{end:?}");
    end.says(&["messages were refused", "list.csv.notify-result.csv says why"]);
    let result = fs::read_to_string(list.path("list.csv.notify-result.csv")).unwrap();
    // The first is of the team.
    assert_eq!((result.matches(",failed,").count(), result.matches(",sent,").count()), (2, 1), "{result}");
    assert!(result.contains("team-only API key"), "{result}");

    // The journal says the same, in each format, without the list and without a key.
    let journal = list.path("list.csv.notify-journal");
    let read = |verb: &[&str]| {
        let store = ["--store", journal.to_str().unwrap()];
        let end = End::of(&mut notify(["outbox"].iter().chain(verb).chain(&store).copied()));
        assert_eq!(end.status, 0, "{end:?}");
        end.stdout
    };
    let failed = read(&["list", "--state", "failed", "--output", "json"]);
    let failed: serde_json::Value = serde_json::from_str(&failed).unwrap();
    let rows: Vec<_> = failed["messages"].as_array().unwrap().iter().map(|each| &each["row"]).collect();
    assert_eq!(rows, [3, 4]);
    let reason = failed["messages"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("team-only API key") && reason.contains("; use a live key"), "{reason}");
    let text = read(&["list", "--state", "failed"]);
    assert!(text.contains("row") && text.contains("in a list of their own"), "{text}");
    assert!(read(&["status"]).contains("2; `notify outbox list --state failed` says why"));
}

#[test]
fn a_list_or_a_key_or_a_template_that_is_not_the_journals_is_refused() {
    let list = List::new("bulk-changed", 4);
    assert_eq!(list.run().status, 0);
    let text = fs::read_to_string(list.path("list.csv")).unwrap();
    fs::write(list.path("list.csv"), text.replace("name2", "name9")).unwrap();
    list.run().failed(3).says(&["is of another list", "list.csv has changed", "--journal"]);
    fs::write(list.path("list.csv"), &text).unwrap();

    let mut command = list.sending();
    let end = End::of(command.env("NOTIFY_API_KEY", list.sandbox.api_key(KeyType::Test)));
    end.failed(3).says(&["begun with another API key"]);

    let email = list.path("email.csv");
    fs::write(&email, "email address,name,parking,permit number\na@example.com,a,no,1\n").unwrap();
    let journal = list.path("list.csv.notify-journal");
    let args = [
        "bulk",
        "--template",
        EMAIL_TEMPLATE,
        email.to_str().unwrap(),
        "--journal",
        journal.to_str().unwrap(),
        "--yes",
    ];
    let end = End::of(&mut notify_at(list.sandbox.url(), &list.sandbox.api_key(KeyType::Live), args));
    end.failed(3).says(&["another template"]);
    assert_eq!(list.sandbox.messages().len(), 4);
}

#[test]
fn a_journal_that_is_in_use_or_none_is_refused() {
    let list = List::new("bulk-in-use", 200);
    list.sandbox.inject_fault(
        Fault::delay(Duration::from_millis(300))
            .on_method("POST")
            .on_path("/v2/notifications/*")
            .next(100_000),
    );
    let first = list.start();
    list.wait_until_sent(1);
    list.run().failed(3).says(&["in use", "wait until it has ended"]);
    first.kill();

    let other = List::new("bulk-no-journal", 2);
    fs::write(other.path("list.csv.notify-journal"), "my diary").unwrap();
    other.run().failed(3).says(&["list.csv.notify-journal"]);
    assert_eq!(fs::read_to_string(other.path("list.csv.notify-journal")).unwrap(), "my diary");
    assert_eq!(other.sandbox.messages().len(), 0);
}

#[test]
fn what_cannot_be_written_down_is_not_sent() {
    let list = List::new("bulk-full", 3);
    let end = End::of(&mut within(8, &list.sending()));
    assert!([1, 3].contains(&end.status), "{end:?}");
    assert_eq!(list.sandbox.messages().len(), 0);
    // With room, the same command sends.
    assert_eq!(list.run().status, 0);
    list.assert_sent_once();
}

#[test]
fn a_list_from_a_pipe_needs_a_journal() {
    let sandbox = Sandbox::start().unwrap();
    let args = ["bulk", "--template", SENDS, "-", "--yes"];
    let mut command = notify_at(sandbox.url(), &sandbox.api_key(KeyType::Live), args);
    let header =
        std::process::Stdio::from(fs::File::open(List::new("bulk-pipe", 1).path("list.csv")).unwrap());
    End::failing(command.stdin(header), 2).says(&["needs a --journal"]);
}

#[test]
fn answers_that_are_lost_are_looked_up_and_nothing_is_doubled() {
    let list = List::new("bulk-lost", 40);
    let fault = Fault::drop_connection().after_effect().on_method("POST").on_path("/v2/notifications/*");
    list.sandbox.inject_fault(fault.next(7));
    let end = list.run();
    assert_eq!(end.status, 0, "{end:?}");
    list.assert_sent_once();
}
