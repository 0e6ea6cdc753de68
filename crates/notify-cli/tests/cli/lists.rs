//! Lists that come in pages.

use notify_http::SendSms;
use notify_http::blocking::Client;
use notify_sandbox::KeyType;
use serde_json::Value;

use crate::desk::{Desk, SEND_SMS, SMS_TEMPLATE};

/// More than two pages, sent beside the program: a process for each would take long.
const MESSAGES: i64 = 501;

/// A sandbox with so many messages.
fn full() -> Desk {
    let desk = Desk::new();
    let key = desk.sandbox.api_key(KeyType::Test);
    let client = Client::builder(&key).base_url(desk.sandbox.url()).build().expect("the key is one");
    for number in 0..MESSAGES {
        let message = SendSms::new(SMS_TEMPLATE.parse().expect("it is an id"), "07900900123");
        let message = message.personalisation("name", "Kim").personalisation("permit number", number);
        client.send(message).expect("the sandbox takes it");
    }
    desk
}

fn ids(lines: &str) -> Vec<String> {
    let id = |line: &str| {
        let item: Value = serde_json::from_str(line).expect("a line is one object");
        item["id"].as_str().expect("it has an id").to_owned()
    };
    lines.lines().map(id).collect()
}

#[test]
fn every_message_is_listed_once_in_every_form() {
    let desk = full();
    let all = ids(&desk.answer(["list", "--all", "--output", "jsonl"]));
    assert_eq!(all.len(), 501);
    let mut unique = all.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 501);

    let page = desk.json(["list"]);
    assert_eq!(page["notifications"].as_array().unwrap().len(), 250);
    let whole = desk.json(["list", "--all"]);
    let listed: Vec<&str> =
        whole["notifications"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(listed, all);

    let text = desk.answer(["list", "--limit", "260"]);
    assert_eq!(text.lines().count(), 261);
    assert!(text.lines().nth(260).unwrap().starts_with(&all[259]));
    assert!(text.starts_with("ID") && text.matches("STATUS").count() == 1);

    // What was not shown is where the list goes on.
    let cut = desk.json(["list", "--limit", "3"]);
    assert_eq!(cut["notifications"].as_array().unwrap().len(), 3);
    let next = cut["links"]["next"].as_str().unwrap();
    assert!(next.ends_with(&format!("older_than={}", all[2])), "{next}");
    let rest = ids(&desk.answer(["list", "--older-than", &all[2], "--limit", "2", "--output", "jsonl"]));
    assert_eq!(rest, all[3..5]);
}

#[test]
fn an_empty_list_is_an_answer() {
    let desk = Desk::new();
    assert!(desk.answer(["list"]).starts_with("ID"));
    assert_eq!(desk.answer(["list", "--output", "jsonl"]), "");
    assert_eq!(desk.json(["list", "--all"])["notifications"], serde_json::json!([]));
    assert_eq!(desk.json(["received"])["received_text_messages"], serde_json::json!([]));
}

#[test]
fn what_was_received_is_listed_like_what_was_sent() {
    let desk = Desk::new();
    for text in ["first", "second\n\u{1b}[31mred", "third"] {
        desk.sandbox.receive_text("447700900111", text).unwrap();
    }
    let text = desk.answer(["received", "--limit", "2"]);
    let rows: Vec<&str> = text.lines().collect();
    assert!(rows.len() == 3 && rows[1].ends_with("third"), "{text}");
    assert!(rows[2].ends_with(r"second\n\u{1b}[31mred"), "{text}");
    let ids = ids(&desk.answer(["received", "--output", "jsonl"]));
    assert_eq!(ids.len(), 3);
    assert!(desk.answer(["received", "--older-than", &ids[1]]).contains("first"));
}

#[test]
fn filters_reach_the_service() {
    let desk = Desk::new();
    desk.answer(SEND_SMS.into_iter().chain(["--reference", "a b&c=d"]));
    desk.answer(SEND_SMS.into_iter().chain(["--reference", "other"]));
    let count = |args: &[&str]| {
        desk.answer(["list", "--output", "jsonl"].into_iter().chain(args.iter().copied())).lines().count()
    };
    assert_eq!(count(&["--reference", "a b&c=d"]), 1);
    assert_eq!(count(&["--type", "sms", "--type", "email"]), 2);
    assert_eq!(count(&["--template-type", "email"]), 0);
    assert_eq!(count(&["--status", "failed", "--include-jobs"]), 0);
}
