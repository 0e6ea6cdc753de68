//! With a JSON format, an error is one JSON object on the first line of stderr.

use serde_json::Value;

use crate::fixture::{End, Fixture, KEY, SEND_SMS, SMS_TEMPLATE, notify, notify_at};
use crate::server::{end_at, refusal, that_is_not_there, that_is_silent};

/// The fields of every error.
const FIELDS: [&str; 9] =
    ["code", "kind", "message", "help", "trace", "may_have_been_sent", "reference", "id", "retry_at"];

/// The error on the first line of stderr.
pub(crate) fn error(end: &End) -> Value {
    let first = end.stderr.lines().next().unwrap_or_default();
    let error: Value = serde_json::from_str(first).unwrap_or_else(|fault| panic!("{fault}: {end:?}"));
    for field in FIELDS {
        assert!(error.get(field).is_some(), "{field}: {error}");
    }
    assert_eq!(error["code"], end.status, "{error}");
    assert_eq!(error["may_have_been_sent"], end.status == 7, "{error}");
    error
}

#[test]
fn every_ending_has_its_error_on_the_first_line() {
    let fixture = Fixture::new();
    let nobody = "740e5834-3a29-46b4-9a6f-16142fde533a";
    for format in [["--output", "json"], ["-o", "jsonl"]] {
        let of = |args: &[&str]| error(&End::of(&mut fixture.notify(args.iter().copied().chain(format))));
        assert_eq!(of(&["get", nobody])["kind"], "not_found");
        assert_eq!(of(&["get", "17"])["kind"], "usage");
        assert_eq!(of(&["send", "sms", "--to", "07900900123"])["code"], 2);
        assert_eq!(of(&["list", "--base-url", "ftp://x"])["kind"], "setup");
        let refused = of(&["send", "sms", "--template", SMS_TEMPLATE, "--to", "07900900123"]);
        assert_eq!(refused["kind"], "missing_personalisation");
        assert_eq!(refused["trace"].as_str().unwrap().len(), 32, "{refused}");
        assert_eq!(refused["reference"].as_str().unwrap().len(), 36, "{refused}");
        let unreached =
            notify_at(&that_is_not_there(), KEY, ["list", "--timeout", "1"]).args(format).output();
        assert_eq!(error(&unreached.unwrap().into())["kind"], "not_sent");
        assert_eq!(error(&End::of(notify(["list"]).args(format)))["code"], 3);
    }
}

#[test]
fn what_the_program_waited_for_comes_after_the_error() {
    let args = ["get", SMS_TEMPLATE, "--output", "json"];
    let end = end_at(refusal("503 Unavailable", "Exception", "Internal server error"), args);
    assert_eq!(error(&end)["kind"], "server_error");
    assert!(end.stderr.lines().count() > 1, "{end:?}");
}

#[test]
fn a_message_in_doubt_has_its_reference() {
    let args = SEND_SMS.into_iter().chain(["--timeout", "0.3", "--output", "json"]);
    let end = End::failing(&mut notify_at(&that_is_silent(), KEY, args.clone()), 7);
    assert_eq!(error(&end)["reference"].as_str().unwrap().len(), 36, "{end:?}");
    // A script that gave the reference gets it back.
    let end =
        End::failing(&mut notify_at(&that_is_silent(), KEY, args.chain(["--reference", "permit 17"])), 7);
    let error = error(&end);
    assert_eq!(error["reference"], "permit 17", "{end:?}");
    assert!(!error["message"].as_str().unwrap().contains("permit 17"), "{end:?}");
}

#[test]
fn a_used_up_limit_says_when_it_is_over() {
    let daily =
        refusal("429 Too Many Requests", "TooManyRequestsError", "Exceeded send limits (50) for today");
    let error = error(&end_at(daily, SEND_SMS.into_iter().chain(["-o", "json"])));
    assert_eq!((error["code"].as_u64(), error["kind"].as_str()), (Some(5), Some("daily_limit")));
    assert!(error["retry_at"].as_str().unwrap().ends_with("T00:00:00.000000Z"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_message_whose_answer_cannot_be_written_has_its_id() {
    let fixture = Fixture::new();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = fixture.notify(SEND_SMS.into_iter().chain(["-o", "json"]));
    let end = End::writing(&mut command, full, std::process::Stdio::piped());
    let error = error(&end);
    let id = error["id"].as_str().unwrap();
    assert_eq!(fixture.json(["get", id])["id"], id);
}

#[test]
fn values_are_as_secret_in_json_as_for_people() {
    for args in [
        vec!["send", "sms", "--personalisation", "kim", "-o", "json"],
        vec!["get", "kim", "-o", "json"],
        vec!["-ojson", "kim"],
    ] {
        let end = End::failing(&mut notify(args), 2);
        error(&end);
        assert!(!end.stderr.contains("kim"), "{end:?}");
    }
}
