//! `notify token`

use std::process::Command;

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

/// A token without a signature, from JSON.
fn unsigned(header: &str, claims: &str) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    let part = |json: &str| Base64UrlUnpadded::encode_string(json.as_bytes());
    format!("{}.{}.{}", part(header), part(claims), part("not a signature"))
}

/// The program, with this on stdin.
fn given(text: &str, args: &[&str]) -> Command {
    let name = format!("token-{}", uuid::Uuid::new_v4());
    let file = crate::fixture::folder(&name).join("stdin");
    std::fs::write(&file, text).expect("the file can be written");
    let mut command = notify(args.iter().copied());
    command.stdin(std::fs::File::open(file).expect("the file can be read"));
    command
}

#[test]
fn a_young_token_has_nothing_against_it() {
    for text in [TOKEN.to_owned(), format!("Authorization: Bearer {TOKEN}\n")] {
        let end = End::of(&mut given(&text, &["token", "inspect", "--at", "1795430460"]));
        assert_eq!((end.status, &*end.stderr), (0, ""), "{end:?}");
        for part in ["HS256", "c0ffee00-0000-4000-8000-000000000001", "1795430454", "6 s old", "not checked"]
        {
            assert!(end.stdout.contains(part), "{part}: {end:?}");
        }
    }
}

#[test]
fn a_token_that_is_too_old_is_refused_in_the_words_of_the_service() {
    let end = End::of(&mut given(TOKEN, &["token", "inspect", "--at", "1795430485", "--output", "json"]));
    assert_eq!(end.status, 4, "{end:?}");
    let report: serde_json::Value = serde_json::from_str(&end.stdout).unwrap();
    assert_eq!(report["refused"], true);
    assert_eq!(report["answer"]["status_code"], 403);
    let message = "Error: Your system clock must be accurate to within 30 seconds";
    assert_eq!(report["answer"]["message"], message);
    end.says(&["the service would refuse the token: token is 31 s old", message]);
}

#[test]
fn neither_the_token_nor_its_signature_is_shown() {
    let signature = TOKEN.rsplit('.').next().unwrap();
    for (args, text) in [
        (&["token", "inspect"][..], TOKEN.to_owned()),
        (&["token", "inspect", "--output", "json"], TOKEN.to_owned()),
        (&["token", "verify"], format!("{TOKEN}x")),
        (&["token", "inspect"], TOKEN.replace('.', "-")),
    ] {
        let end = End::of(given(&text, args).env("NOTIFY_API_KEY", KEY));
        for secret in [signature, TOKEN, &text, crate::fixture::SECRET] {
            assert!(!end.stdout.contains(secret) && !end.stderr.contains(secret), "{end:?}");
        }
    }
    // Some take the key for the service id, and some the key for a token.
    let claims = format!(r#"{{"iss": "{KEY}", "iat": 1795430454}}"#);
    let end = End::of(&mut given(&unsigned(r#"{"alg": "HS256"}"#, &claims), &["token", "inspect"]));
    assert!(end.stdout.contains("…") && !end.stdout.contains(crate::fixture::SECRET), "{end:?}");
    end.says(&["service id is not the right data type"]);
    let end = End::failing(&mut given(KEY, &["token", "inspect"]), 3);
    end.says(&["is an API key, not a token"]);
    assert!(!end.stderr.contains(crate::fixture::SECRET), "{end:?}");
}

#[test]
fn only_the_right_key_verifies_a_token() {
    let at = ["token", "verify", "--at", "1795430460"];
    let end = End::of(given(TOKEN, &at).env("NOTIFY_API_KEY", KEY));
    assert_eq!((end.status, &*end.stderr), (0, ""), "{end:?}");
    assert!(end.stdout.contains("made with the secret of the key"), "{end:?}");
    for (key, why) in [
        (KEY.replace("00000000000d", "00000000000e"), "was not made with the secret"),
        (KEY.replace("000000000001", "000000000002"), "iss is not the service of the key"),
    ] {
        let end = End::of(given(TOKEN, &at).env("NOTIFY_API_KEY", key));
        assert_eq!(end.status, 4, "{end:?}");
        end.says(&[why, "403 Invalid token: API key not found"]);
    }
    End::failing(&mut given(TOKEN, &at), 3).says(&["there is no API key"]);
}

#[test]
fn the_service_answers_as_the_inspection_says() {
    use notify_sandbox::{Sandbox, Service};
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let iss = "c0ffee00-0000-4000-8000-000000000001";
    let alg = r#"{"alg":"HS256"}"#;
    let tokens = [
        "x".to_owned(),
        "a.b.c".to_owned(),
        unsigned("[]", "{}"),
        unsigned(alg, "[]"),
        unsigned(alg, "{}"),
        unsigned(alg, r#"{"iss": 7}"#),
        unsigned(alg, r#"{"iss": "Kim"}"#),
        unsigned(alg, r#"{"iss": null}"#),
        unsigned(r#"{"alg":"none"}"#, &format!(r#"{{"iss":"{iss}","iat":{now}}}"#)),
        unsigned(r#"{"alg":"HS256","kid":7}"#, &format!(r#"{{"iss":"{iss}","iat":{now}}}"#)),
        unsigned(r#"{"alg":"HS256","crit":["x"]}"#, &format!(r#"{{"iss":"{iss}","iat":{now}}}"#)),
        unsigned(alg, &format!(r#"{{"iss":"{iss}","iat":{now}}}"#)),
    ];
    for service in Service::all() {
        let sandbox = Sandbox::builder().service(service).start().unwrap();
        for token in &tokens {
            let mut command =
                given(token, &["token", "verify", "--output", "json", "--service", service.as_str()]);
            let end = End::of(command.env("NOTIFY_API_KEY", KEY));
            let report: serde_json::Value = serde_json::from_str(&end.stdout).expect("a report");
            let mut headers = Headers::default();
            headers.push("authorization", format!("Bearer {token}"));
            headers.push("connection", "close");
            let request = RawRequest {
                method: "GET".into(),
                target: "/v2/templates".into(),
                headers,
                body: Vec::new(),
            };
            let address = sandbox.url().trim_start_matches("http://").parse().unwrap();
            let answer = exchange(address, &request).unwrap();
            let body = String::from_utf8(answer.body).unwrap();
            assert_eq!(report["answer"]["status_code"], answer.status, "{service} {token}: {body} {report}");
            let message = report["answer"]["message"].as_str().unwrap();
            assert!(body.contains(message), "{service} {token}: {body} {report}");
        }
    }
}

#[test]
fn what_is_on_stdin_is_needed_and_a_token_among_the_arguments_is_refused_without_being_repeated() {
    End::failing(&mut notify(["token", "inspect"]), 3).says(&["there is no token on stdin"]);
    for args in [["token", TOKEN].as_slice(), &["token", "inspect", TOKEN]] {
        let end = End::failing(&mut notify(args.iter().copied()), 2);
        assert!(!end.stderr.contains(TOKEN), "{end:?}");
    }
}
