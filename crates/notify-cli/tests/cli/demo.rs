//! `notify demo`

use std::time::{SystemTime, UNIX_EPOCH};

use notify_jwt::{ApiKey, UntrustedToken, Verifier};

use crate::fixture::{End, notify};

#[test]
fn the_demo_needs_no_settings_and_ignores_them() {
    let mut command = notify(["demo"]);
    let end = End::of(command.envs([
        ("NOTIFY_API_KEY", "damaged"),
        ("NOTIFY_BASE_URL", "http://127.0.0.1:9"),
        ("HTTP_PROXY", "http://127.0.0.1:9"),
        ("HOME", "/nonexistent"),
    ]));
    assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
    for text in ["A text message", "An e-mail", "07900 900123", "kim@example.com", "Hello Kim"] {
        assert!(end.stdout.contains(text), "{text}: {}", end.stdout);
    }
    assert_eq!(end.stdout.matches("→ delivered").count(), 2, "{}", end.stdout);
}

#[test]
fn the_token_that_the_demo_shows_is_the_token_of_the_key_that_it_shows() {
    let end = End::of(&mut notify(["demo"]));
    let line = |begin: &str| {
        let found = end.stdout.lines().map(str::trim).find(|line| line.starts_with(begin));
        found.unwrap_or_else(|| panic!("no line begins with {begin}: {}", end.stdout))
    };
    let verifier = Verifier::new(&ApiKey::parse(line("demo-")).unwrap());
    let token = UntrustedToken::parse(line("eyJ")).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = token.verify(&verifier, now).unwrap();
    assert_eq!(line("header"), r#"header  {"alg":"HS256","typ":"JWT"}"#);
    let shown = format!(r#"claims  {{"iss":"{}","iat":{}}}"#, claims.issuer(), claims.issued_at());
    assert_eq!(line("claims"), shown);
}
