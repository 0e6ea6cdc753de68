//! Each recorded refusal tells the caller what to do.

mod meanings;
mod siblings;
mod unrecorded;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_http::{Error, ErrorKind};
use notify_testkit::wire::Recording;

use crate::call::{refused, refused_as, refused_with};
use meanings::MEANINGS;
use unrecorded::UNRECORDED;

/// The word for a predicate, and the predicate.
type Predicate = (&'static str, fn(&Error) -> bool);

/// Every predicate of an error.
const PREDICATES: [Predicate; 29] = [
    ("annual_limit", Error::is_annual_limit),
    ("clock", Error::is_clock_refused),
    ("daily_limit", Error::is_daily_limit),
    ("deadline_exceeded", Error::is_deadline_exceeded),
    ("field", Error::is_field_refused),
    ("file", Error::is_file_refused),
    ("invalid_request", Error::is_invalid_request),
    ("key", Error::is_key_refused),
    ("key_type", Error::is_key_type_refused),
    ("malformed", Error::is_malformed),
    ("may_have_been_sent", Error::may_have_been_sent),
    ("message_empty", Error::is_message_empty),
    ("message_too_long", Error::is_message_too_long),
    ("not_found", Error::is_not_found),
    ("not_from_service", Error::is_not_from_service),
    ("not_offered", Error::is_not_offered),
    ("not_permitted", Error::is_not_permitted),
    ("not_ready", Error::is_not_ready),
    ("not_sent", Error::is_not_sent),
    ("pdf_unavailable", Error::is_pdf_unavailable),
    ("personalisation_missing", Error::is_personalisation_missing),
    ("rate_limited", Error::is_rate_limited),
    ("recipient", Error::is_recipient_refused),
    ("server_error", Error::is_server_error),
    ("template", Error::is_template_refused),
    ("timeout", Error::is_timeout),
    ("trial_mode", Error::is_trial_mode),
    ("unknown_operation", Error::is_unknown_operation),
    ("unreadable", Error::is_unreadable),
];

/// The predicates that hold, then the fields, placeholders and limits that the error names.
fn meaning(error: &Error) -> String {
    let asked = PREDICATES.iter().filter(|(_, holds)| holds(error)).map(|(name, _)| *name);
    let limit = error.limit().map(|limit| limit.to_string());
    let named = error.refused_fields().chain(error.missing_personalisation()).chain(limit.as_deref());
    asked.chain(named).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_recorded_refusal_means_exactly_what_a_person_read_in_it() {
    let expected: BTreeMap<&str, &str> = MEANINGS
        .iter()
        .flat_map(|(meaning, names)| names.iter().map(move |name| (*name, *meaning)))
        .collect();
    let refused = refused();
    for (exchange, error) in &refused {
        assert_eq!(expected.get(&*exchange.name), Some(&&*meaning(error)), "{}: {error}", exchange.name);
    }
    assert_eq!(refused.len(), expected.len(), "the table names what was not recorded");
}

/// The word of the predicate that holds for every error of a kind.
fn predicate_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ApiKey => "key",
        ErrorKind::Permission => "not_permitted",
        ErrorKind::RateLimit => "rate_limited",
        ErrorKind::MissingPersonalisation => "personalisation_missing",
        ErrorKind::NoPdf => "pdf_unavailable",
        ErrorKind::Virus => "file",
        ErrorKind::Gateway => "not_from_service",
        kind => kind.as_str(),
    }
}

#[test]
fn the_kind_of_each_recorded_refusal_is_one_of_its_meanings() {
    for (exchange, error) in refused() {
        let meaning = meaning(&error);
        let kind = predicate_of(error.kind());
        // A read has no file: there the virus explains why the letter has no PDF.
        let kind = if kind == "file" && !error.is_file_refused() { "pdf_unavailable" } else { kind };
        assert!(
            meaning.split(' ').any(|word| word == kind),
            "{}: {kind} is none of {meaning}",
            exchange.name
        );
    }
}

#[test]
fn an_error_is_retryable_only_if_nothing_was_done_and_a_retry_can_succeed() {
    let of = |name: &str| refused().into_iter().find(|(exchange, _)| exchange.name == name).unwrap().1;
    assert!(of("limits/rate-live-2").is_retryable() && of("limits/daily-sms-live-2").is_retryable());
    assert!(!of("bad/sms-phone-letters").is_retryable());
    for (exchange, error) in refused() {
        assert!(!(error.is_retryable() && error.may_have_been_sent()), "{}", exchange.name);
    }
}

#[test]
fn every_error_that_a_caller_can_fix_has_a_remedy() {
    /// Here a caller can only wait, ask for something else, or tell the service's staff.
    const WITHOUT_WORDS: [&str; 3] = ["not_found", "pdf_unavailable", "server_error"];
    for (exchange, error) in refused() {
        let meaning = meaning(&error);
        if !WITHOUT_WORDS.contains(&&*meaning) && meaning != "key" {
            assert!(error.remedy().is_some(), "{}: {meaning}", exchange.name);
        }
    }
}

#[test]
fn every_error_about_a_key_says_how_to_fix_it() {
    let without: Vec<String> = refused()
        .into_iter()
        .filter(|(_, error)| error.is_key_refused() && error.remedy().is_none())
        .map(|(exchange, _)| exchange.name)
        .collect();
    // The route of another kind of key, which none of our operations calls.
    assert_eq!(without, ["official-client/all-template-versions-method-is-broken"]);
}

#[test]
fn a_daily_limit_resets_at_midnight_utc() {
    let of = |name: &str| refused().into_iter().find(|(exchange, _)| exchange.name == name).unwrap().1;
    let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
    let daily = of("limits/daily-sms-live-2");
    // 2026-11-23T10:45:44Z, the last second of that day, and the first of the next.
    assert_eq!(daily.retry_at(at(1_795_430_744)), Some(at(1_795_478_400)));
    assert_eq!(daily.retry_at(at(1_795_478_399)), Some(at(1_795_478_400)));
    assert_eq!(daily.retry_at(at(1_795_478_400)), Some(at(1_795_564_800)));
    let rate = of("limits/rate-live-2");
    assert_eq!(rate.retry_at(at(7)), Some(at(8)));
    assert_eq!(of("bad/sms-phone-letters").retry_at(SystemTime::now()), None);
}

#[test]
fn unrecorded_refusals_mean_what_the_services_source_and_documentation_say() {
    for (expected, status, class, texts) in UNRECORDED {
        for text in *texts {
            assert_eq!(meaning(&refused_with(*status, class, text)), *expected, "{class}: {text}");
        }
    }
}

#[test]
fn every_predicate_holds_for_some_error() {
    // Errors that no answer of the service can cause; the tests of the client cover them.
    const BEFORE_AN_ANSWER: [&str; 6] =
        ["deadline_exceeded", "invalid_request", "not_offered", "not_sent", "timeout", "unreadable"];
    let of_siblings = siblings::MEANINGS.iter().map(|(meaning, ..)| *meaning);
    let recorded = MEANINGS.iter().map(|(meaning, _)| *meaning).chain(of_siblings);
    let words: Vec<&str> = recorded
        .chain(UNRECORDED.iter().map(|(meaning, ..)| *meaning))
        .flat_map(|it| it.split(' '))
        .collect();
    for (name, _) in PREDICATES {
        assert_ne!(words.contains(&name), BEFORE_AN_ANSWER.contains(&name), "{name}");
    }
}

#[test]
fn every_schema_error_names_a_field() {
    let recording = Recording::generated().unwrap();
    let mut refusals = 0;
    for exchange in
        recording.exchanges.iter().filter(|exchange| exchange.name.starts_with("generated/schema/"))
    {
        let response = exchange.response.as_ref().unwrap();
        let Some(body) = response.json.as_ref().filter(|_| response.status == 400) else { continue };
        let errors = body["errors"].as_array().unwrap();
        // A text that is too long for a QR code is not the fault of a field.
        let is_of_a_schema = |error: &serde_json::Value| {
            error["error"] == "ValidationError" && error.get("max_bytes").is_none()
        };
        if !errors.iter().all(is_of_a_schema) {
            continue;
        }
        let error = refused_as(400, body);
        let meaning = meaning(&error);
        let kind = meaning.split(' ').next().unwrap();
        assert!(["field", "recipient", "file"].contains(&kind), "{}: {meaning}: {error}", exchange.name);
        // An address has no field of its own, and a file's field is the placeholder.
        assert!(error.refused_fields().next().is_some() || kind != "field", "{}: {error}", exchange.name);
        assert_eq!(error.errors().len(), errors.len());
        refusals += 1;
    }
    assert!(refusals > 30, "{refusals}");
}
