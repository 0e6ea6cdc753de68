//! A message of each type in each status.

use notify_testkit::wire::Exchange;

use crate::fixture::{Fixture, json};

/// The internal status with which the name of an exchange ends.
fn status_in(name: &str) -> &str {
    let word = name.split_once('-').unwrap().1;
    match word.strip_prefix("pdf-").unwrap_or(word) {
        "returned-by-real-task" => "returned-letter",
        "live-delivered-by-ses" => "delivered",
        word => word,
    }
}

/// The statuses that the service knows, as it lists them when it knows none of the given ones.
fn known_to_the_service(fixture: &Fixture) -> Vec<String> {
    let refused = fixture.exchange("bad/list-bad-status");
    let body = refused.response.unwrap().json.unwrap();
    let text = body["errors"][0]["message"].as_str().unwrap();
    let list = text.split_once('[').unwrap().1.trim_end_matches(']');
    list.split(", ").map(str::to_owned).collect()
}

#[test]
fn a_message_can_be_in_every_status_that_the_service_knows() {
    let fixture = Fixture::new();
    fixture.replay(&fixture.exchange("ok/email-live-key-all-fields"));
    let recorded = id_in(&fixture.exchange("ok/get-email-live-after-send"));
    // Two are statuses of letters, which stand for others.
    let words = known_to_the_service(&fixture).into_iter();
    let words: Vec<String> = words.filter(|word| !["accepted", "received"].contains(&&**word)).collect();
    assert!(words.len() > 10, "{words:?}");
    for word in words {
        fixture.set_status(&recorded, &word);
        let shown = fixture.ask_now(&fixture.exchange("ok/get-email-live-after-send"));
        assert_eq!(json(&shown)["status"], *word);
    }
}

/// The id in the path of a request.
fn id_in(exchange: &Exchange) -> String {
    exchange.request.path.split('/').nth(3).unwrap().to_owned()
}

#[test]
fn letters_show_each_status_as_recorded_and_give_no_pdf_before_it_is_made() {
    let fixture = Fixture::new();
    fixture.replay(&fixture.exchange("ok/letter-live-key"));
    for exchange in fixture.group("statuses/letter-") {
        fixture.set_status(&id_in(&exchange), status_in(&exchange.name));
        // The recorded letter never got as far as a PDF, so no time may pass for ours.
        fixture.expect(&exchange, &fixture.ask_now(&exchange));
    }
}

#[test]
fn text_messages_show_each_status_as_recorded() {
    let fixture = Fixture::new();
    let exchanges = fixture.group("statuses/sms-");
    let body = r#"{"phone_number": "+447900900456", "template_id": "ac0864ff-acc8-4dd3-a1d0-34ce1fb8f955",
        "personalisation": {"name": "Zoë", "code": "42"}}"#;
    let answer = fixture.call("main-live", "POST", "/v2/notifications/sms", body);
    fixture.stand_for(&id_in(&exchanges[0]), &answer);
    fixture.advance_steps(1);
    for exchange in exchanges {
        fixture.set_status(&id_in(&exchange), status_in(&exchange.name));
        fixture.replay(&exchange);
    }
}

#[test]
fn emails_show_each_status_as_recorded() {
    let fixture = Fixture::new();
    fixture.replay(&fixture.exchange("ok/email-live-key-all-fields"));
    fixture.advance_steps(1);
    for exchange in fixture.group("statuses/email-") {
        fixture.set_status(&id_in(&exchange), status_in(&exchange.name));
        fixture.replay(&exchange);
    }
}

#[test]
fn messages_reach_the_recorded_final_statuses_by_themselves() {
    let fixture = Fixture::new();
    for name in [
        "ok/sms-test-key",
        "ok/sms-test-key-temporary-failure-number",
        "ok/sms-international",
        "ok/email-test-key",
        "ok/email-test-key-perm-fail",
        "ok/email-test-key-temp-fail",
    ] {
        fixture.replay(&fixture.exchange(name));
    }
    for name in [
        "ok/get-sms-after-delivery",
        "ok/get-sms-intl-after-delivery",
        "ok/get-email-after-delivery",
        "ok/get-email-perm-after-delivery",
        "ok/get-email-temp-after-delivery",
    ] {
        fixture.replay(&fixture.exchange(name));
    }
    // In one recording this number fails permanently, by an accident of its provider; its callbacks and the
    // documentation say that it fails temporarily.
    let temporary = fixture.ask(&fixture.exchange("ok/get-sms-temp-after-delivery"));
    assert_eq!(json(&temporary)["status"], "temporary-failure");
}

#[test]
fn a_precompiled_letter_is_checked_first() {
    let fixture = Fixture::new();
    let send = |key: &str, content: &str| {
        let body = format!(r#"{{"reference": "r", "content": "{content}"}}"#);
        let answer = fixture.call(key, "POST", "/v2/notifications/letter", &body);
        assert_eq!(answer.status, 201);
        json(&answer)["id"].as_str().unwrap().to_owned()
    };
    let pdf = "JVBERi0xLjQK";
    let virus =
        "WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=";
    let letters = [
        (send("main-test", pdf), ["pending-virus-check", "received", "received", "received"]),
        (send("main-live", pdf), ["pending-virus-check", "accepted", "accepted", "received"]),
        (
            send("main-live", virus),
            ["pending-virus-check", "virus-scan-failed", "virus-scan-failed", "virus-scan-failed"],
        ),
        (
            send("main-test", "bm90IGEgcGRm"),
            ["pending-virus-check", "validation-failed", "validation-failed", "validation-failed"],
        ),
    ];
    for step in 0..4 {
        for (id, statuses) in &letters {
            let letter = fixture.call("main-live", "GET", &format!("/v2/notifications/{id}"), "");
            assert_eq!(json(&letter)["status"], statuses[step], "after {step} steps");
        }
        fixture.advance_steps(1);
    }
    let pdf = fixture.call("main-test", "GET", &format!("/v2/notifications/{}/pdf", letters[0].0), "");
    assert_eq!(pdf.body, b"%PDF-1.4\n");
    let infected = fixture.call("main-test", "GET", &format!("/v2/notifications/{}/pdf", letters[2].0), "");
    assert_eq!(json(&infected)["errors"][0]["message"], "File did not pass the virus scan");
}
