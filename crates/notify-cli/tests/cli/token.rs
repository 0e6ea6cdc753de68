//! `notify token`

use notify_sandbox::KeyType;
use notify_testkit::http1::{Headers, RawRequest, exchange};

use crate::fixture::{End, Fixture, KEY, notify};

/// Made with Python's hmac: `hmac.new(SECRET, f"{header}.{claims}", "sha256")`, for the key of the fixture.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJjMGZmZWUwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJpYXQiOjE3OTU0MzA0NTR9.RuJNaEsh5VQTtxxhO12kOtTMVFAtMBBD8xgVLW9Ldos";

#[test]
fn the_token_of_a_moment_is_that_of_pythons_hmac_and_nothing_else_is_printed() {
    let end = End::of(notify(["token", "--at", "1795430454"]).env("NOTIFY_API_KEY", KEY));
    assert_eq!((end.status, end.stdout, end.stderr), (0, format!("{TOKEN}\n"), String::new()));
    let end = End::of(notify(["token", "--header", "--at", "1795430454"]).env("NOTIFY_API_KEY", KEY));
    assert_eq!(end.stdout, format!("Authorization: Bearer {TOKEN}\n"));
}

#[test]
fn any_time_has_its_token() {
    for moment in ["0", "4294967296", "18446744073709551615"] {
        let end = End::of(notify(["token", "--at", moment]).env("NOTIFY_API_KEY", KEY));
        assert_eq!((end.status, end.stdout.matches('.').count()), (0, 2), "{end:?}");
    }
    for moment in ["18446744073709551616", "-1", "now"] {
        End::failing(notify(["token", "--at", moment]).env("NOTIFY_API_KEY", KEY), 2);
    }
}

#[test]
fn any_other_program_can_use_the_header() {
    let fixture = Fixture::new();
    let header = fixture
        .notify(["token", "--header"])
        .env("NOTIFY_API_KEY", fixture.sandbox.api_key(KeyType::Live))
        .output();
    let header = String::from_utf8(header.unwrap().stdout).unwrap();
    let (name, value) = header.trim_end().split_once(": ").unwrap();
    let mut headers = Headers::default();
    headers.push(name, value);
    headers.push("connection", "close");
    let request =
        RawRequest { method: "GET".into(), target: "/v2/templates".into(), headers, body: Vec::new() };
    let address = fixture.sandbox.url().trim_start_matches("http://").parse().unwrap();
    assert_eq!(exchange(address, &request).unwrap().status, 200);
}
