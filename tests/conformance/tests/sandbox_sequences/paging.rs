//! Pages of 250 and their links.

use notify_testkit::wire::{Exchange, Response};
use serde_json::Value;

use crate::fixture::{Fixture, json};

/// How many items a recorded list had before it was shortened.
fn recorded_length(response: &Response) -> usize {
    let items = response.json.as_ref().unwrap()["notifications"].as_array().unwrap();
    items.iter().map(|item| Response::cut(item).unwrap_or(1)).sum()
}

/// A link without the server, in which the ids of our messages all have one name.
fn link(json: &Value, name: &str, base_url: &str) -> Option<String> {
    let link = json["links"][name].as_str()?.strip_prefix(base_url).unwrap().to_owned();
    let mut names = link.split("older_than=");
    let before = names.next().unwrap().to_owned();
    Some(if names.next().is_some() { format!("{before}older_than=…") } else { before })
}

fn expect_links(fixture: &Fixture, exchange: &Exchange, answered: &Value) {
    let recorded = exchange.response.as_ref().unwrap().json.as_ref().unwrap();
    for name in ["current", "next"] {
        let recorded = link(recorded, name, &fixture.recording.base_url);
        assert_eq!(link(answered, name, fixture.base_url()), recorded, "{}", exchange.name);
    }
}

#[test]
fn pages_have_the_recorded_lengths_and_links() {
    let fixture = Fixture::new();
    let pages = fixture.group("paging/page-");
    let total: usize = pages.iter().map(|page| recorded_length(page.response.as_ref().unwrap())).sum();
    for number in 0..total {
        let body = format!(
            r#"{{"phone_number": "07700900001", "template_id": "9e6b83d7-ae41-4fcb-804b-ff506a956dab",
            "reference": "page-{number}", "personalisation": {{"n": {number}}}}}"#
        );
        assert_eq!(fixture.call("paging-test", "POST", "/v2/notifications/sms", &body).status, 201);
    }
    let mut target = "/v2/notifications".to_owned();
    let mut seen = Vec::new();
    for recorded in &pages {
        let answer = json(&fixture.call("paging-test", "GET", &target, ""));
        let items = answer["notifications"].as_array().unwrap();
        assert_eq!(items.len(), recorded_length(recorded.response.as_ref().unwrap()), "{}", recorded.name);
        expect_links(&fixture, recorded, &answer);
        seen.extend(items.iter().map(|item| item["reference"].as_str().unwrap().to_owned()));
        if let Some(next) = answer["links"]["next"].as_str() {
            let last = items.last().unwrap()["id"].as_str().unwrap();
            assert!(next.ends_with(last), "the next page begins after the last message of this one");
            target = next.strip_prefix(fixture.base_url()).unwrap().to_owned();
        }
    }
    let newest_first: Vec<String> = (0..total).rev().map(|number| format!("page-{number}")).collect();
    assert_eq!(seen, newest_first);

    fixture.advance_steps(1);
    let filtered = fixture.exchange("paging/filters-kept-in-next");
    let answer = json(&fixture.call("paging-test", "GET", &filtered.request.path, ""));
    expect_links(&fixture, &filtered, &answer);
    let other_type = json(&fixture.call("paging-live", "GET", "/v2/notifications", ""));
    assert_eq!(other_type["notifications"].as_array().unwrap().len(), 0, "a key sees what its own type sent");
}

#[test]
fn received_texts_are_paged_separately() {
    let fixture = Fixture::new();
    for content in ["Hello back £0", "Hello back £1", "Hello back £2"] {
        fixture.receive_text("447700900111", content);
    }
    fixture.replay(&fixture.exchange("ok/received-list"));
    fixture.replay(&fixture.exchange("ok/received-test-key"));
    let newest = json(&fixture.call("main-live", "GET", "/v2/received-text-messages", ""));
    let ids: Vec<&str> = newest["received_text_messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text["id"].as_str().unwrap())
        .collect();
    for (cursor, name) in [
        (ids[0], "ok/received-older-than"),
        (ids[2], "ok/received-older-than-oldest-empty"),
        ("00000000-0000-0000-0000-000000000005", "ok/received-older-than-unknown"),
    ] {
        let target = format!("/v2/received-text-messages?older_than={cursor}");
        fixture.expect(&fixture.exchange(name), &fixture.call("main-live", "GET", &target, ""));
    }
}

#[test]
fn lists_are_filtered_as_recorded() {
    let fixture = Fixture::new();
    fixture.replay(&fixture.exchange("ok/sms-test-key"));
    fixture.replay(&fixture.exchange("ok/list-by-reference-immediately"));
    for name in [
        "ok/list-combined",
        "ok/list-repeated-reference-first-wins",
        "ok/list-older-than-unknown-id",
        "ok/list-older-than-oldest-is-empty",
        "bad/list-older-than-of-other-service",
    ] {
        fixture.replay(&fixture.exchange(name));
    }
    fixture.replay(&fixture.exchange("ok/sms-same-reference-1st"));
    let second = fixture.exchange("ok/sms-same-reference-1st");
    assert_eq!(fixture.ask_now(&second).status, 201);
    fixture.replay(&fixture.exchange("ok/list-same-reference-two-results"));
}
