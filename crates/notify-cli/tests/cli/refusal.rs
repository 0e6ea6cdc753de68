//! The service's refusals: the exit status, the service's reason, the remedy, and no personal data.

use notify_sandbox::{Clock, KeyType, Sandbox};

use crate::fixture::{EMAIL_TEMPLATE, End, Fixture, KEY, SEND_SMS, SMS_TEMPLATE, notify_at};
use crate::server::{end_at, refusal};

/// A send that the sandbox refuses, with the arguments that matter.
fn refused(fixture: &Fixture, template: &str, to: &str, values: &[&str]) -> End {
    let values = values.iter().flat_map(|value| ["--personalisation", value]);
    let args = ["send", "sms", "--template", template, "--to", to].into_iter().chain(values);
    End::failing(&mut fixture.notify(args), 4)
}

#[test]
fn a_refused_message_is_reported_with_the_reason_and_the_remedy() {
    let fixture = Fixture::new();
    let both = ["name=Kim Lee", "permit number=SECRET-17"];
    for (template, to, values, says) in [
        (SMS_TEMPLATE, "07900 9001", &both[..], ["Number is not valid", "correct the recipient"]),
        (
            SMS_TEMPLATE,
            "07900900123",
            &[],
            ["Missing personalisation: name, permit number", "each placeholder"],
        ),
        (EMAIL_TEMPLATE, "07900900123", &both, ["email template is not suitable", "notify templates"]),
        (SERVICE_OF_NOBODY, "07900900123", &both, ["Template not found", "notify templates"]),
    ] {
        let end = refused(&fixture, template, to, values);
        end.says(&says);
        for value in ["Kim Lee", "SECRET-17", to] {
            assert!(!end.stderr.contains(value), "{value}: {end:?}");
        }
    }
}

const SERVICE_OF_NOBODY: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

#[test]
fn what_the_service_echoes_of_the_request_is_masked() {
    let echo = refusal(
        "400 Bad Request",
        "ValidationError",
        "phone_number 07900900123 is not possible, nor is Kim or kim-17",
    );
    let end = end_at(echo, SEND_SMS.into_iter().chain(["--reference", "kim-17"]));
    assert_eq!(end.status, 4, "{end:?}");
    for value in ["07900900123", "Kim", "kim-17"] {
        assert!(!end.stderr.contains(value), "{value}: {end:?}");
    }
}

#[test]
fn an_unknown_id_is_not_found() {
    let fixture = Fixture::new();
    for args in [
        vec!["get", SERVICE_OF_NOBODY],
        vec!["pdf", SERVICE_OF_NOBODY, "-"],
        vec!["template", SERVICE_OF_NOBODY],
        vec!["template", SMS_TEMPLATE, "--version", "7"],
        vec!["preview", "--template", SERVICE_OF_NOBODY],
    ] {
        let end = End::failing(&mut fixture.notify(args), 4);
        end.says(&["404", "No result found"]);
    }
}

#[test]
fn an_unknown_key_is_reported_with_its_remedy() {
    let fixture = Fixture::new();
    let end = End::failing(&mut notify_at(fixture.sandbox.url(), KEY, ["list"]), 4);
    end.says(&["403", "API key not found", "create a new one", "trace: "]);
    let other = KEY.replace("c0ffee00", "decaf000");
    let end = End::failing(&mut notify_at(fixture.sandbox.url(), &other, ["list"]), 4);
    end.says(&["service not found", "check the base URL"]);
}

#[test]
fn a_key_that_may_not_send_to_the_recipient_is_reported() {
    let fixture = Fixture::new();
    let key = fixture.sandbox.api_key(KeyType::Team);
    let stranger = SEND_SMS.map(|arg| if arg == "07900900123" { "07900900999" } else { arg });
    let end = End::failing(fixture.notify(stranger).env("NOTIFY_API_KEY", key), 4);
    end.says(&["team-only", "use a live key"]);
}

#[test]
fn a_wrong_clock_is_corrected_silently() {
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(3600);
    let sandbox = Sandbox::builder().clock(Clock::frozen(later)).start().unwrap();
    let end = End::of(&mut notify_at(sandbox.url(), &sandbox.api_key(KeyType::Test), SEND_SMS));
    assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
}

#[test]
fn a_message_that_the_service_would_certainly_refuse_is_not_sent() {
    let letter = crate::fixture::folder("no-pdf").join("letter.pdf");
    std::fs::write(&letter, "PK\u{3}\u{4}").unwrap();
    let letter = letter.to_str().unwrap();
    for args in [
        vec!["send", "precompiled-letter", letter],
        vec![
            "send",
            "email",
            "--template",
            EMAIL_TEMPLATE,
            "--to",
            "kim@example.com",
            "--file",
            &format!("name={letter}.zip"),
        ],
        vec![
            "send",
            "letter",
            "--template",
            SMS_TEMPLATE,
            "--to",
            "1",
            "--to",
            "2",
            "--to",
            "3",
            "--to",
            "4",
            "--to",
            "5",
            "--to",
            "6",
            "--to",
            "7",
            "--to",
            "8",
        ],
    ] {
        std::fs::copy(letter, format!("{letter}.zip")).unwrap();
        End::failing(&mut notify_at("http://127.0.0.1:9", KEY, args), 2).says(&["nothing was sent"]);
    }
}

#[test]
fn wrong_arguments_are_reported_without_the_data_in_them() {
    let fixture = Fixture::new();
    for args in [
        vec!["get", "kim@example.com"],
        vec!["send", "sms", "--to", "07900900123", "--template", "kim@example.com"],
        vec!["send", "sms", "07900900123", "--template", SMS_TEMPLATE, "--to", "07900900123"],
        vec!["send", "sms", "--template", SMS_TEMPLATE, "--to", "07900900123", "--personalisation", "Lee"],
        vec!["send", "sms", "--template", SMS_TEMPLATE, "--to", "07900900123", "--tel=07900900124"],
        vec!["list", "--limit", "0"],
        vec!["list", "--limit", "1", "--all"],
        vec!["list", "--timeout", "soon"],
        vec!["list", "--output", "Lee"],
        vec!["demo", "--output", "json"],
        vec!["pdf", SERVICE_OF_NOBODY, "-", "--output", "json"],
        vec!["send", "sms", "--template", SMS_TEMPLATE, "--to", "07900900123", "--unique-reference"],
        vec![
            "send",
            "sms",
            "--template",
            SMS_TEMPLATE,
            "--to",
            "07900900123",
            "--generate-reference",
            "--reference",
            "x",
        ],
    ] {
        let end = End::failing(&mut fixture.notify(args), 2);
        for value in ["0790090012", "Lee", "kim@"] {
            assert!(!end.stderr.contains(value), "{value}: {end:?}");
        }
    }
}
