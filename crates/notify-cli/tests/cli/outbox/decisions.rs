//! What only a person can decide, and a person's data.

use notify_sandbox::Fault;
use serde_json::json;

use super::{Outbox, line};
use crate::fixture::End;

/// Messages to the number of smoke tests whose answers were lost: no service lists them.
fn in_doubt(test: &str, count: u32) -> Outbox {
    let outbox = Outbox::in_file(test);
    let file = outbox.folder.join("smoke.jsonl");
    let lines: String = (0..count).map(|number| line(&format!("smoke-{number}"))).collect();
    std::fs::write(&file, lines.replace("07900900123", "07700900000")).unwrap();
    assert_eq!(outbox.json(["put", file.to_str().unwrap()])["put"], count);
    let lost = Fault::drop_connection()
        .after_effect()
        .on_method("POST")
        .on_path("/v2/notifications/sms")
        .next(count);
    outbox.sandbox.inject_fault(lost);
    let end = End::of(&mut outbox.command(["run", "--until-empty", "--at-once", "1"]));
    assert_eq!(end.status, 7, "{end:?}");
    end.says(&["for you to decide", "notify outbox doubt"]);
    outbox
}

#[test]
fn what_no_lookup_can_tell_is_listed_and_decided_by_a_person() {
    let outbox = in_doubt("decisions", 3);
    let listed = outbox.answer(["doubt"]);
    for text in ["smoke-0", "smoke-2", "the service never lists", "notify outbox doubt sent REFERENCE"] {
        assert!(listed.contains(text), "{listed}");
    }
    let listed = outbox.json(["doubt", "list", "--limit", "2"]);
    assert_eq!(listed["messages"].as_array().unwrap().len(), 2);
    let id = "740e5834-3a29-46b4-9a6f-16142fde533a";
    outbox.answer(["doubt", "sent", "smoke-0", "--id", id]);
    outbox.answer(["doubt", "not-sent", "smoke-1"]);
    outbox.answer(["doubt", "not-sent", "smoke-2", "--give-up"]);
    assert_eq!(outbox.answer(["doubt"]), "nothing to decide\n");
    let status = outbox.json(["status"]);
    assert_eq!([&status["sent"], &status["ready"], &status["failed"]], [&json!(1), &json!(1), &json!(1)]);
    // Decided is decided.
    let end = End::failing(&mut outbox.command(["doubt", "sent", "smoke-0"]), 4);
    end.says(&["no message with this reference is in doubt"]);
    assert_eq!(End::of(&mut outbox.command(["run", "--until-empty"])).status, 0);
    assert_eq!(outbox.json(["status"])["sent"], 2);
}

#[test]
fn what_failed_or_is_in_doubt_is_listed_afterwards_with_the_reason_and_the_remedy() {
    let outbox = in_doubt("listed", 1);
    let file = outbox.folder.join("messages.jsonl");
    let wrong = line("wrong").replace("07900900123", "0790");
    std::fs::write(&file, wrong + &line("right")).unwrap();
    outbox.json(["put", file.to_str().unwrap()]);
    let end = End::of(&mut outbox.command(["run", "--until-empty"]));
    assert_eq!(end.status, 7, "{end:?}");
    outbox.put(1);

    let messages = outbox.json(["list", "--state", "failed", "--state", "in_doubt", "--state", "for_person"]);
    let messages = messages["messages"].as_array().unwrap();
    assert_eq!((&messages[0]["reference"], &messages[0]["state"]), (&json!("smoke-0"), &json!("for_person")));
    let failed = &messages[1];
    assert_eq!(
        (messages.len(), &failed["reference"], &failed["state"]),
        (2, &json!("wrong"), &json!("failed"))
    );
    let reason = failed["reason"].as_str().unwrap();
    assert!(reason.contains("Not enough digits") && reason.ends_with("; correct the recipient"), "{reason}");
    assert!(failed["finished_at"].as_str().unwrap().ends_with(" UTC") && failed["id"].is_null(), "{failed}");

    // All of them, in the order in which they were put, and nobody's number unless it is asked for.
    let lines = outbox.answer(["list", "--output", "jsonl"]);
    let states: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["state"].clone())
        .collect();
    assert_eq!(states, ["for_person", "failed", "sent", "ready"]);
    assert!(!lines.contains("900123") && !lines.contains("900000"), "{lines}");
    let csv = outbox.answer(["list", "--recipients", "--output", "csv"]);
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers().unwrap().clone();
    let place = header.iter().position(|name| name == "recipient").unwrap();
    let recipients: Vec<String> = rows.records().map(|row| row.unwrap()[place].to_owned()).collect();
    // What is finished is erased.
    assert_eq!(recipients, ["07700900000", "", "", "07900900123"]);
    assert_eq!(outbox.json(["list", "--limit", "3"])["messages"].as_array().unwrap().len(), 3);

    let text = outbox.answer(["list", "--state", "failed"]);
    for part in ["wrong", "failed", "correct the recipient", "under a new reference"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("doubt"), "{text}");
    assert!(outbox.answer(["list"]).contains("About the others you decide: `notify outbox doubt`"));
    assert_eq!(outbox.answer(["list", "--state", "in_flight"]), "no such messages\n");
    End::failing(&mut outbox.command(["list", "--state", "lost"]), 2);
}

#[test]
fn a_long_list_is_read_page_by_page() {
    let outbox = Outbox::in_file("pages");
    outbox.put(1_005);
    assert_eq!(outbox.answer(["list", "--output", "jsonl"]).lines().count(), 1_005);
    let listed = outbox.json(["list", "--recipients", "--limit", "40"]);
    let references: Vec<&str> = listed["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["reference"].as_str().unwrap())
        .collect();
    assert_eq!((references.len(), references[0], references[39]), (40, "r0", "r39"));
}

#[test]
fn a_person_s_data_is_shown_and_erased_and_not_sent() {
    let outbox = Outbox::in_file("person");
    outbox.put(2);
    let file = outbox.folder.join("other.jsonl");
    std::fs::write(&file, line("other").replace("07900900123", "07900900456")).unwrap();
    outbox.json(["put", file.to_str().unwrap()]);
    let shown = outbox.answer(["export", "07900900123", "\"Kim\""]);
    let kept: Vec<serde_json::Value> =
        shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(kept.len(), 3);
    assert_eq!(kept[1]["message"]["phone_number"], "07900900123");
    assert_eq!(outbox.json(["erase", "07900900123"]), json!({ "erased": 2, "left": 0 }));
    assert_eq!(outbox.answer(["export", "07900900123"]), "");
    assert_eq!(End::of(&mut outbox.command(["run", "--until-empty"])).status, 0);
    assert_eq!(outbox.sandbox.messages().only().to(), "07900900456");
    let end = End::failing(&mut outbox.command(["erase", "07"]), 2);
    end.says(&["less than 4 characters"]);
}
