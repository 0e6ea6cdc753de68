//! Errors name the remedy, whatever stands between this machine and the service.

use std::time::{Duration, SystemTime};

use notify_sandbox::{Clock, KeyType, Sandbox};

use crate::fixture::{End, Fixture, KEY, SEND_SMS, SMS_TEMPLATE, notify_at};
use crate::server::{end_at, refusal, that_is_not_there};

#[test]
fn no_error_begins_with_an_internal_name() {
    let fixture = Fixture::new();
    let nobody = "740e5834-3a29-46b4-9a6f-16142fde533a";
    for args in [
        vec!["get", nobody],
        vec!["pdf", nobody, "-"],
        vec!["template", nobody],
        vec!["preview", "-t", nobody],
        vec!["send", "sms", "-t", nobody, "--to", "07900900123"],
        vec!["send", "email", "-t", nobody, "--to", "kim@example.com"],
        vec!["send", "letter", "-t", nobody, "--to", "a", "--to", "b", "--to", "SW1A 1AA"],
        vec!["send", "letter", "-t", nobody, "--to", "a"],
        vec!["list", "--base-url", &that_is_not_there(), "--timeout", "0.2"],
        vec!["received", "--service", "va"],
        vec!["templates", "--timeout", "0.0001"],
    ] {
        let end = End::of(&mut fixture.notify(args.iter().copied()));
        let first = end.stderr.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
        let word = first.trim_start_matches("error: ").split(' ').next().unwrap_or_default();
        assert!(!word.is_empty() && !word.contains('_') && !word.ends_with(':'), "{args:?}: {end:?}");
        assert!(end.stderr.contains("help: "), "{args:?}: {end:?}");
    }
}

#[test]
fn an_id_that_the_service_does_not_know_is_explained() {
    let fixture = Fixture::new();
    let smoke = SEND_SMS.map(|arg| if arg == "07900900123" { "07700900000" } else { arg });
    let live = fixture.sandbox.api_key(KeyType::Live);
    let sent = End::of(fixture.notify(smoke).args(["-o", "json"]).env("NOTIFY_API_KEY", live));
    let sent: serde_json::Value = serde_json::from_str(&sent.stdout).unwrap();
    let end = End::failing(&mut fixture.notify(["get", sent["id"].as_str().unwrap()]), 4);
    end.says(&["smoke tests", "the key is of the service that sent the message", "seven days"]);
    End::failing(&mut fixture.notify(["template", SMS_TEMPLATE, "--version", "9"]), 4).says(&["the version"]);
}

#[test]
fn a_clock_that_is_days_off_is_named_with_its_error() {
    let later = SystemTime::now() + Duration::from_secs(3 * 86_400);
    let sandbox = Sandbox::builder().clock(Clock::frozen(later)).start().unwrap();
    let end = End::failing(&mut notify_at(sandbox.url(), &sandbox.api_key(KeyType::Test), ["list"]), 4);
    end.says(&["set this machine's clock", "259", "behind the service's"]);
}

#[test]
fn a_proxy_that_is_not_there_is_named_by_its_variable() {
    let mut command = notify_at("https://notify.example", KEY, ["list", "--timeout", "1"]);
    let end = End::failing(command.env("HTTPS_PROXY", "http://kim:hunter2@127.0.0.1:9"), 6);
    end.says(&["HTTPS_PROXY"]);
    assert!(!end.stderr.contains("hunter2"), "{end:?}");
}

#[test]
fn a_server_without_tls_and_a_host_without_an_address_are_told_apart() {
    let fixture = Fixture::new();
    let url = fixture.sandbox.url().replace("http:", "https:");
    let args = ["list", "--timeout", "1"];
    End::failing(&mut notify_at(&url, KEY, args), 6).says(&["does not speak TLS", "http://"]);
    End::failing(&mut notify_at("https://notify.invalid", KEY, args), 6).says(&["the host is unknown"]);
}

#[test]
fn the_services_own_words_stay_whatever_the_values_are() {
    let long = "Your message is too long. Text messages cannot be longer than 918 characters. Your message is 919 characters long.";
    let refused = refusal("400 Bad Request", "BadRequestError", long);
    let args = SEND_SMS.map(|arg| if arg == "name=Kim" { "name=message" } else { arg });
    end_at(refused, args).says(&[long]);
}
