//! Messages after they were sent, one by one and in lists.

use notify_testkit::wire::Exchange;
use serde_json::Value;

use crate::fixture::Fixture;
use crate::remade::{remake, remake_all};

/// The key of the request.
fn key(exchange: &Exchange) -> String {
    exchange.request.authorizations().next().unwrap().key.clone().unwrap()
}

fn answer(exchange: &Exchange) -> &Value {
    exchange.response.as_ref().unwrap().json.as_ref().unwrap()
}

#[test]
fn each_message_is_shown_as_recorded() {
    for name in [
        "ok/get-sms",
        "ok/get-sms-immediately",
        "ok/get-sms-international",
        "ok/get-sms-live-after-delivery",
        "ok/get-sms-perm-after-delivery",
        "ok/get-by-id-with-other-key-type",
        "ok/get-by-id-uppercase",
        "ok/get-email-unsub",
        "ok/get-email-file",
        "ok/get-email-live-after-send",
        "ok/get-letter",
        "ok/get-letter-live",
        "ok/get-letter-intl",
        "ok/get-precompiled",
    ] {
        let fixture = Fixture::new();
        let exchange = fixture.exchange(name);
        remake(&fixture, &key(&exchange), answer(&exchange));
        fixture.expect(&exchange, &fixture.ask_now(&exchange));
    }
}

#[test]
fn lists_show_the_messages_and_links_that_were_recorded() {
    for name in [
        "ok/list-test-key",
        "ok/list-live-key",
        "ok/list-team-key",
        "ok/list-include-jobs",
        "ok/list-status-one",
        "ok/list-status-two",
        "ok/list-status-failed",
        "ok/list-status-letter-accepted",
        "ok/list-status-received",
        "ok/list-status-created",
        "ok/list-template-type",
        "ok/list-template-type-two",
        "bad/list-status-internal-pending-virus-check",
    ] {
        let fixture = Fixture::new();
        let exchange = fixture.exchange(name);
        remake_all(&fixture, &key(&exchange), answer(&exchange)["notifications"].as_array().unwrap());
        fixture.expect(&exchange, &fixture.ask_now(&exchange));
    }
}

#[test]
fn a_cursor_returns_only_older_messages() {
    let fixture = Fixture::new();
    let exchange = fixture.exchange("ok/list-older-than");
    let key = key(&exchange);
    remake_all(&fixture, &key, answer(&exchange)["notifications"].as_array().unwrap());
    remake(&fixture, &key, answer(&fixture.exchange("ok/get-sms-perm-after-delivery")));
    fixture.expect(&exchange, &fixture.ask_now(&exchange));
}

#[test]
fn a_letter_that_is_still_being_checked_has_no_pdf() {
    let fixture = Fixture::new();
    let list = fixture.exchange("bad/list-status-internal-pending-virus-check");
    remake(&fixture, &key(&list), answer(&list)["notifications"].as_array().unwrap().last().unwrap());
    let exchange = fixture.exchange("bad/pdf-pending-virus-check");
    fixture.expect(&exchange, &fixture.ask_now(&exchange));
}

#[test]
fn files_become_links_in_the_email() {
    let fixture = Fixture::new();
    for name in ["ok/email-with-file", "ok/email-with-file-nulls"] {
        fixture.replay(&fixture.exchange(name));
    }
}
