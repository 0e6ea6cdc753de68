//! The key and the token leave the program only where they are requested.

use notify_sandbox::KeyType;

use crate::fixture::{End, Fixture, SEND_SMS, SMS_TEMPLATE};
use crate::server::{end_at, that_answers};

#[test]
fn no_output_of_any_ending_has_the_secret_or_the_token_in_it() {
    let fixture = Fixture::new();
    let key = fixture.sandbox.api_key(KeyType::Test);
    let secret = &key[key.len() - 36..];
    for args in [
        SEND_SMS.to_vec(),
        vec!["list"],
        vec!["templates", "--output", "json"],
        vec!["get", SMS_TEMPLATE],
        vec!["get", "x"],
        vec!["list", "--base-url", "http://127.0.0.1:9"],
        vec!["list", "--base-url", "http://example.com"],
        vec!["list", "--timeout", "0.000001"],
        vec!["demo"],
        vec!["--help"],
    ] {
        let mut command = fixture.notify(args);
        // Variables that make other programs more verbose.
        let end = End::of(command.envs([("RUST_BACKTRACE", "1"), ("RUST_LOG", "trace"), ("DEBUG", "1")]));
        for text in [&end.stdout, &end.stderr] {
            assert!(!text.contains(secret), "{end:?}");
        }
    }
}

#[test]
fn a_token_that_a_server_echoes_is_not_shown() {
    let server = notify_testkit::http1::ScriptedServer::start(|request| {
        let token = request.headers.get("authorization").unwrap_or_default();
        crate::server::refusal("403 FORBIDDEN", "AuthError", &format!("Invalid token: {token}"))
    })
    .unwrap();
    let end = End::of(&mut crate::fixture::notify_at(&server.url(), crate::fixture::KEY, ["list"]));
    assert_eq!(end.status, 4, "{end:?}");
    end.says(&["Invalid token: Bearer …"]);
    assert!(!end.stderr.contains("eyJ"), "{end:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_list_of_processes_shows_no_key() {
    let server = that_answers(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n".to_vec());
    let mut child = crate::fixture::notify_at(&server.url(), crate::fixture::KEY, ["list"]).spawn().unwrap();
    while server.requests().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let shown = std::fs::read_to_string(format!("/proc/{}/cmdline", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(shown.contains("list") && !shown.contains(crate::fixture::SECRET), "{shown}");
}

#[test]
fn an_answer_that_is_not_json_is_not_printed_as_one() {
    let end = end_at(
        crate::server::answer("200 OK", "application/json", "\u{1b}[2J"),
        ["list", "--output", "json"],
    );
    assert_eq!((end.status, end.stdout.as_str()), (8, ""), "{end:?}");
    assert!(!end.stderr.contains('\u{1b}'));
}
