//! Whatever cannot be known is said: a message that may have been sent, an answer that did not come.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use notify_testkit::http1::{RawRequest, ScriptedServer};
use notify_testkit::service::answer::sent;

use crate::fixture::{End, KEY, SEND_SMS, notify_at};
use crate::server::{answer, end_at, refusal, that_answers, that_is_not_there, that_is_silent};

const ID: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

#[test]
fn an_unreachable_service_has_its_own_exit_status() {
    let url = that_is_not_there();
    for args in [&SEND_SMS[..], &["get", ID], &["list"]] {
        let args = args.iter().copied().chain(["--timeout", "1"]);
        let end = End::failing(&mut notify_at(&url, KEY, args), 6);
        end.says(&["did not reach the service", "start a sandbox with `notify sandbox`"]);
    }
}

#[test]
fn a_message_without_an_answer_is_in_doubt_and_can_be_looked_up() {
    let url = that_is_silent();
    let args = SEND_SMS.into_iter().chain(["--timeout", "0.3"]);
    let end = End::failing(&mut notify_at(&url, KEY, args), 7);
    end.says(&[
        "the message may have been sent",
        "before sending again, look the message up by its reference: notify list --reference ",
    ]);
    let reference = end.stderr.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(reference.len(), 36, "{end:?}");
}

#[test]
fn the_first_line_says_that_a_message_may_have_been_sent_however_the_answer_was_lost() {
    let fault = refusal("504 Gateway Timeout", "EventletTimeout", "Timeout serving request");
    let theirs = r#"{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","reference":"theirs","content":{"body":"b","from_number":"f"},"uri":"u","template":{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","version":1,"uri":"u"}}"#;
    let servers = [
        fault,
        answer("201 CREATED", "application/json", theirs),
        answer("200 OK", "text/html", "<html>"),
        answer("408 Request Timeout", "text/html", "<html>"),
        answer("303 See Other", "text/html", ""),
    ]
    .map(that_answers);
    let urls = servers.iter().map(ScriptedServer::url).chain([that_is_silent()]);
    for (url, format) in urls.flat_map(|url| [(url.clone(), "json"), (url, "text")]) {
        let args = SEND_SMS.into_iter().chain(["--timeout", "1", "--output", format]);
        let end = End::failing(&mut notify_at(&url, KEY, args), 7);
        assert!(end.stderr.lines().next().unwrap().contains("may have been sent"), "{end:?}");
    }
}

#[test]
fn a_user_who_waits_for_a_lookup_sees_until_when() {
    let args = SEND_SMS.into_iter().chain(["--timeout", "2"]);
    let fault = refusal("504 Gateway Timeout", "EventletTimeout", "Timeout serving request");
    let end = end_at(fault, args);
    assert_eq!(end.status, 7, "{end:?}");
    end.says(&["no answer; the message may have been sent: looking it up until ", " UTC"]);
    assert_eq!(end.stderr.matches("looking it up").count(), 1, "{end:?}");
}

#[test]
fn a_named_service_is_used_with_its_own_url() {
    let args = ["list", "--service", "gc"];
    let mut command = notify_at("", KEY, args);
    command.env_remove("NOTIFY_BASE_URL").env("HTTPS_PROXY", that_is_not_there());
    // Its own address is used.
    End::failing(&mut command, 6).says(&["did not reach the service"]);
    let mut command = notify_at("", KEY, ["list"]);
    command.env("NOTIFY_SERVICE", "us");
    End::failing(&mut command, 3).says(&["NOTIFY_SERVICE", "govuk, au, gc and va"]);
}

#[test]
fn a_reference_that_a_person_chose_is_not_shown() {
    let url = that_is_silent();
    let args = SEND_SMS.into_iter().chain(["--timeout", "0.3", "--reference", "kim-lee-17"]);
    let end = End::failing(&mut notify_at(&url, KEY, args.clone()), 7);
    assert!(!end.stderr.contains("kim-lee"), "{end:?}");
    let end = End::failing(&mut notify_at(&url, KEY, args.chain(["--unique-reference"])), 7);
    assert!(!end.stderr.contains("kim-lee"), "{end:?}");
}

/// The command that the last line of stderr says to paste.
fn advice(end: &End) -> String {
    let line = end.stderr.lines().last().expect("something is said");
    line.split_once(": notify ").expect("the last line is advice").1.to_owned()
}

#[test]
fn the_advice_after_a_lost_answer_can_be_pasted_whether_or_not_the_reference_is_random() {
    let fixture = crate::fixture::Fixture::new();
    let key = fixture.sandbox.api_key(notify_sandbox::KeyType::Test);
    for reference in [None, Some("kim-lee-17")] {
        // The message is taken, and its answer lost.
        fixture
            .answer(SEND_SMS.into_iter().chain(reference.into_iter().flat_map(|text| ["--reference", text])));
        let args = SEND_SMS.into_iter().chain(["--timeout", "0.3"]);
        let args = args.chain(reference.into_iter().flat_map(|text| ["--reference", text]));
        let end = End::failing(&mut notify_at(&that_is_silent(), KEY, args), 7);
        let advice = advice(&end);
        assert!(!advice.contains(['…', '$', '<']), "{advice}");
        let pasted = End::of(&mut notify_at(fixture.sandbox.url(), &key, advice.split(' ')));
        assert_eq!((pasted.status, &*pasted.stderr), (0, ""), "{pasted:?}");
        assert_eq!(pasted.stdout.contains("07900900123"), reference.is_some(), "{advice}: {pasted:?}");
    }
}

#[test]
fn the_advice_names_the_same_service_and_the_same_key() {
    let url = that_is_silent();
    let file = crate::fixture::folder("advice").join("a key");
    std::fs::write(&file, KEY).unwrap();
    let file = file.to_str().unwrap();
    let options = ["--base-url", &url, "--api-key-file", file, "--service", "gc"];
    let args = SEND_SMS.into_iter().chain(["--timeout", "0.3"]).chain(options);
    let end = End::failing(&mut crate::fixture::notify(args), 7);
    let advice = advice(&end);
    assert!(advice.ends_with(&format!(" --base-url {url} --service gc --api-key-file '{file}'")), "{advice}");
}

#[test]
fn each_retry_is_reported_and_the_first_line_still_says_that_the_message_is_in_doubt() {
    let rate = refusal(
        "429 Too Many Requests",
        "RateLimitError",
        "Exceeded rate limit for key type TEST of 3000 requests per 60 seconds",
    );
    // Refused twice, then taken, or lost.
    let taken = |request: &RawRequest| {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let text = |field: &str| body[field].as_str().unwrap_or_default();
        let body = sent(ID, text("reference"), text("template_id"));
        answer("201 CREATED", "application/json", &body.to_string())
    };
    let said = "was answered 429 Too Many Requests and not sent; trying again in ";
    for is_taken in [true, false] {
        let (rate, count) = (rate.clone(), AtomicUsize::new(0));
        let server = ScriptedServer::start(move |request| match count.fetch_add(1, Ordering::Relaxed) {
            0 | 1 => rate.clone(),
            _ if is_taken => taken(request),
            _ => answer("200 OK", "text/html", "<html>"),
        })
        .unwrap();
        let args = SEND_SMS.into_iter().chain(["--timeout", "12"]);
        let end = End::of(&mut notify_at(&server.url(), KEY, args));
        assert_eq!(end.status, if is_taken { 0 } else { 7 }, "{end:?}");
        assert_eq!(end.stderr.matches(said).count(), 2, "{end:?}");
        end.says(&["attempt 1 was", "attempt 2 was", " UTC"]);
        let first = end.stderr.lines().next().unwrap();
        assert_eq!(first.contains("may have been sent"), !is_taken, "{end:?}");
    }
    // A read sends nothing, so the program says so at once.
    let server = that_answers(answer("503 Unavailable", "text/html", ""));
    let end = End::of(&mut notify_at(&server.url(), KEY, ["get", ID]));
    assert_eq!(end.stderr.matches("; trying again in ").count(), 4, "{end:?}");
    assert!(
        end.stderr.starts_with("attempt 1 was answered 503 Service Unavailable; trying again in "),
        "{end:?}"
    );
}

#[test]
fn a_read_without_an_answer_sent_nothing() {
    let end = End::failing(&mut notify_at(&that_is_silent(), KEY, ["get", ID, "--timeout", "0.3"]), 8);
    end.says(&["no whole answer came back"]);
    assert!(!end.stderr.contains("may have been sent"), "{end:?}");
}

#[test]
fn a_message_whose_answer_cannot_be_read_is_in_doubt() {
    for body in ["{\"id\": \"740e5834", "{}", "<html>", ""] {
        let end = end_at(answer("201 CREATED", "application/json", body), SEND_SMS);
        assert_eq!((end.status, end.stdout.as_str()), (7, ""), "{body}: {end:?}");
        end.says(&["notify list --reference "]);
    }
}

#[test]
fn an_unreadable_answer_leaves_the_message_in_doubt() {
    for body in ["{\"notifications\": [{\"id\":", "[]", "{\"notifications\": 7}", "\u{0}"] {
        let end = end_at(answer("200 OK", "application/json", body), ["list"]);
        assert_eq!((end.status, end.stdout.as_str()), (8, ""), "{body}: {end:?}");
    }
}

#[test]
fn a_proxys_page_is_not_taken_for_the_services_answer() {
    let page = "<html><h1>\u{1b}[2JAccess denied for Kim</h1></html>";
    let end = end_at(answer("403 Forbidden", "text/html", page), ["list"]);
    assert_eq!(end.status, 4, "{end:?}");
    end.says(&["403", "check the base URL and the proxy"]);
    assert!(!end.stderr.contains('\u{1b}'), "{end:?}");
    // Nobody knows whether the proxy had passed the message on before that.
    let begin = Instant::now();
    let end = end_at(answer("403 Forbidden", "text/html", page), SEND_SMS);
    assert_eq!(end.status, 7, "{end:?}");
    end.says(&["no Notify service answers at this address: check the base URL and the proxy"]);
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    let end =
        end_at(answer("502 Bad Gateway", "text/html", page), SEND_SMS.into_iter().chain(["--timeout", "1"]));
    assert_eq!(end.status, 7, "{end:?}");
}

#[test]
fn a_token_follows_no_redirect() {
    let elsewhere = that_answers(answer("200 OK", "application/json", "{\"templates\": []}"));
    let redirect = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {}/v2/templates\r\ncontent-length: 0\r\n\r\n",
        elsewhere.url()
    );
    let end = end_at(redirect.into(), ["templates"]);
    assert_eq!((end.status, elsewhere.requests().len()), (4, 0), "{end:?}");
    end.says(&["a token follows no redirect"]);
}

#[test]
fn a_used_up_limit_has_its_own_exit_status() {
    let daily =
        refusal("429 Too Many Requests", "TooManyRequestsError", "Exceeded send limits (50) for today");
    let end = end_at(daily, SEND_SMS);
    assert_eq!(end.status, 5, "{end:?}");
    end.says(&["send the rest after midnight UTC"]);
    let rate = refusal(
        "429 Too Many Requests",
        "RateLimitError",
        "Exceeded rate limit for key type TEST of 3000 requests per 60 seconds",
    );
    let end = end_at(rate, SEND_SMS.into_iter().chain(["--timeout", "1"]));
    assert_eq!(end.status, 5, "{end:?}");
    end.says(&["wait a few seconds"]);
}

#[test]
fn a_server_error_is_not_blamed_on_the_user() {
    let fault = refusal("500 Internal Server Error", "Exception", "Internal server error");
    let end = end_at(fault.clone(), ["get", ID, "--timeout", "1"]);
    assert_eq!(end.status, 8, "{end:?}");
    let end = end_at(fault, SEND_SMS.into_iter().chain(["--timeout", "1"]));
    assert_eq!(end.status, 7, "{end:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_user_at_a_terminal_sees_that_a_slow_call_is_still_running() {
    let url = that_is_silent();
    let program = env!("CARGO_BIN_EXE_notify");
    let call = format!("{program} get {ID} --base-url {url} --timeout 4");
    // Gives the program a terminal, and prints what reaches it.
    let mut terminal = std::process::Command::new("script");
    let end = End::of(terminal.args(["-qec", &call, "/dev/null"]).env("NOTIFY_API_KEY", KEY));
    assert_eq!(end.status, 8, "{end:?}");
    assert!(end.stdout.contains("no answer yet; press Ctrl-C to stop"), "{end:?}");
}
