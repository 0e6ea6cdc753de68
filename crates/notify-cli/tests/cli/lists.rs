//! Lists that come in pages.

use notify_http::SendSms;
use notify_http::blocking::Client;
use notify_sandbox::{IncomingText, KeyType};
use notify_testkit::http1::ScriptedServer;
use serde_json::{Value, json};

use crate::fixture::{End, Fixture, KEY, SEND_SMS, SMS_TEMPLATE, notify_at};
use crate::server::{answer, end_at};

/// More than two pages, sent by a client in this process: a program for each message would take long.
const MESSAGES: i64 = 501;

/// A sandbox with this many messages.
fn full() -> Fixture {
    let fixture = Fixture::new();
    let key = fixture.sandbox.api_key(KeyType::Test);
    let client = Client::builder(&key).base_url(fixture.sandbox.url()).build().expect("the key is one");
    for number in 0..MESSAGES {
        let message = SendSms::new(SMS_TEMPLATE.parse().expect("it is an id"), "07900900123");
        let message = message.personalisation("name", "Kim").personalisation("permit number", number);
        client.send(message).expect("the sandbox takes it");
    }
    fixture
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
    let fixture = full();
    let all = ids(&fixture.answer(["list", "--all", "--output", "jsonl"]));
    assert_eq!(all.len(), 501);
    let mut unique = all.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 501);

    let page = fixture.json(["list"]);
    assert_eq!(page["notifications"].as_array().unwrap().len(), 250);
    let whole = fixture.json(["list", "--all"]);
    let listed: Vec<&str> =
        whole["notifications"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(listed, all);

    let text = fixture.answer(["list", "--limit", "260"]);
    assert_eq!(text.lines().count(), 261);
    assert!(text.lines().nth(260).unwrap().starts_with(&all[259]));
    assert!(text.starts_with("ID") && text.matches("STATUS").count() == 1);

    // The list continues with what was not shown.
    let cut = fixture.json(["list", "--limit", "3"]);
    assert_eq!(cut["notifications"].as_array().unwrap().len(), 3);
    let next = cut["links"]["next"].as_str().unwrap();
    assert!(next.ends_with(&format!("older_than={}", all[2])), "{next}");
    let rest = ids(&fixture.answer(["list", "--older-than", &all[2], "--limit", "2", "--output", "jsonl"]));
    assert_eq!(rest, all[3..5]);
}

#[test]
fn an_empty_list_is_an_answer() {
    let fixture = Fixture::new();
    assert!(fixture.answer(["list"]).starts_with("ID"));
    assert_eq!(fixture.answer(["list", "--output", "jsonl"]), "");
    assert_eq!(fixture.json(["list", "--all"])["notifications"], serde_json::json!([]));
    assert_eq!(fixture.json(["received"])["received_text_messages"], serde_json::json!([]));
}

#[test]
fn what_was_received_is_listed_like_what_was_sent() {
    let fixture = Fixture::new();
    for text in ["first", "second\n\u{1b}[31mred", "third"] {
        fixture.sandbox.receive_text(IncomingText { from: "447700900111", content: text }).unwrap();
    }
    let text = fixture.answer(["received", "--limit", "2"]);
    let rows: Vec<&str> = text.lines().collect();
    assert!(rows.len() == 3 && rows[1].ends_with("third"), "{text}");
    assert!(rows[2].ends_with(r"second\n\u{1b}[31mred"), "{text}");
    let ids = ids(&fixture.answer(["received", "--output", "jsonl"]));
    assert_eq!(ids.len(), 3);
    assert!(fixture.answer(["received", "--older-than", &ids[1]]).contains("first"));
}

#[test]
fn filters_reach_the_service() {
    let fixture = Fixture::new();
    fixture.answer(SEND_SMS.into_iter().chain(["--reference", "a b&c=d"]));
    fixture.answer(SEND_SMS.into_iter().chain(["--reference", "other"]));
    let count = |args: &[&str]| {
        fixture.answer(["list", "--output", "jsonl"].into_iter().chain(args.iter().copied())).lines().count()
    };
    assert_eq!(count(&["--reference", "a b&c=d"]), 1);
    assert_eq!(count(&["--type", "sms", "--type", "email"]), 2);
    assert_eq!(count(&["--template-type", "email"]), 0);
    assert_eq!(count(&["--status", "failed", "--include-jobs"]), 0);
}

#[test]
fn messages_since_a_moment_are_listed_over_as_many_pages_as_it_takes() {
    let page = |first: u32| {
        let message = |number: &u32| json!({"id": format!("00000000-0000-4000-8000-{number:012}"), "created_at": format!("2026-11-23T10:42:{number:02}.000000Z")});
        let numbers: Vec<u32> = (1..=first).rev().take(2).collect();
        let mut links = json!({"current": "c"});
        if let Some(last) = numbers.last() {
            links["next"] = json!(format!(
                "http://localhost/v2/notifications?older_than=00000000-0000-4000-8000-{last:012}"
            ));
        }
        json!({"notifications": numbers.iter().map(message).collect::<Vec<_>>(), "links": links}).to_string()
    };
    let server = ScriptedServer::start(move |request| {
        let first = request
            .target
            .split_once("older_than=")
            .map_or(9, |(_, id)| id[24..].parse::<u32>().unwrap() - 1);
        answer("200 OK", "application/json", &page(first))
    })
    .unwrap();
    let count = |args: &[&str]| {
        let args = ["list", "--output", "jsonl"].into_iter().chain(args.iter().copied());
        let end = End::of(&mut notify_at(&server.url(), KEY, args));
        assert_eq!((end.status, &*end.stderr), (0, ""), "{end:?}");
        end.stdout.lines().count()
    };
    assert_eq!(count(&["--since", "2026-11-23T10:42:05Z"]), 5);
    // The pages after those that it needs are not fetched.
    assert_eq!(server.requests().len(), 3);
    assert_eq!(count(&["--since", "2026-11-23 10:42:06"]), 4);
    assert_eq!(count(&["--since", "2026-11-23", "--limit", "3"]), 3);
    assert_eq!(count(&["--since", "2026-11-23"]), 9);
    assert_eq!(count(&["--since", "2026-11-24"]), 0);
    let args = ["list", "--output", "json", "--since", "2026-11-23T10:42:06Z"];
    let whole: Value =
        serde_json::from_str(&End::of(&mut notify_at(&server.url(), KEY, args)).stdout).unwrap();
    assert_eq!(whole["notifications"].as_array().unwrap().len(), 4);
    assert!(
        whole["links"]["next"].as_str().unwrap().ends_with("older_than=00000000-0000-4000-8000-000000000006")
    );
}

/// A service with three pages; on the first, one letter is odd and one item is unreadable.
fn odd_lists() -> ScriptedServer {
    let id = |number: u32| format!("00000000-0000-4000-8000-{number:012}");
    let page = move |numbers: &[u32], odd: &str| {
        let items = numbers.iter().map(|number| {
            format!(
                r#"{{"id":"{}","type":"letter","status":"accepted","line_1":"Kim","line_2":NaN,"body":"b","created_at":"2026-11-23T10:42:43.906471Z"}}"#,
                id(*number)
            )
        });
        let items: Vec<String> = items.chain((!odd.is_empty()).then(|| odd.to_owned())).collect();
        let next = numbers
            .last()
            .map(|last| format!(r#","next":"http://localhost/v2/notifications?older_than={}""#, id(*last)));
        let links = format!(r#"{{"current":"c"{}}}"#, next.unwrap_or_default());
        format!("\u{feff}{{\"notifications\":[{}],\"links\":{links}}}", items.join(","))
    };
    ScriptedServer::start(move |request| {
        let body = match request.target.split_once("older_than=").map(|(_, id)| id.ends_with('1')) {
            None => page(&[4, 3], r#"{"status":"delivered","phone_number":"07900900123"}"#),
            Some(false) => page(&[2, 1], ""),
            Some(true) => page(&[], ""),
        };
        answer("200 OK", "application/json", &body)
    })
    .expect("a server starts")
}

#[test]
fn one_odd_letter_does_not_make_a_list_unreadable() {
    let server = odd_lists();
    let url = server.url();
    let end = End::of(&mut notify_at(&url, KEY, ["list", "--all"]));
    assert_eq!((end.status, end.stdout.lines().count()), (0, 5), "{end:?}");
    end.says(&["left out because it cannot be read: notifications[2].id, which is missing"]);
    assert!(!end.stderr.contains("07900900123"), "{end:?}");
    // JSON leaves nothing out.
    let end = End::of(&mut notify_at(&url, KEY, ["list", "--all", "--output", "jsonl"]));
    assert_eq!((end.status, &*end.stderr), (0, ""), "{end:?}");
    let lines: Vec<Value> = end.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (lines.len(), &lines[0]["line_2"], &lines[2]["phone_number"]),
        (5, &json!("NaN"), &json!("07900900123"))
    );
    let end = End::of(&mut notify_at(&url, KEY, ["list", "--all", "--output", "json"]));
    let whole: Value = serde_json::from_str(&end.stdout).unwrap();
    assert_eq!(whole["notifications"].as_array().unwrap().len(), 5);
    // An unreadable item after the cut-off is not reported.
    let end = End::of(&mut notify_at(&url, KEY, ["list", "--limit", "2"]));
    assert_eq!((end.status, end.stdout.lines().count(), &*end.stderr), (0, 3, ""), "{end:?}");
    let end = End::of(&mut notify_at(&url, KEY, ["list", "--limit", "4"]));
    assert_eq!((end.status, end.stdout.lines().count()), (0, 4), "{end:?}");
}

#[test]
fn a_letter_with_odd_lines_can_be_shown() {
    let body = r#"{"id":"00000000-0000-4000-8000-000000000001","type":"letter","status":"accepted","line_1":1,"line_2":2.5,"line_3":true,"line_4":{"a":1},"created_at":null}"#;
    let end =
        end_at(answer("200 OK", "application/json", body), ["get", "00000000-0000-4000-8000-000000000001"]);
    assert_eq!((end.status, &*end.stderr), (0, ""), "{end:?}");
    for line in ["1\n", "2.5\n", "true\n", "{\"a\":1}\n"] {
        assert!(end.stdout.contains(line), "{line}: {}", end.stdout);
    }
}
