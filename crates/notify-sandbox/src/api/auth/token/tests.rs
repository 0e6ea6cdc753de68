//! Handmade claims, and what the service says to each.

use super::*;

const SECRET: &[u8] = b"9d7a8f6e-5c4b-4a39-8271-605f4e3d2c1b";
const NOW: i64 = 1_795_430_454;

fn verdict(header: &str, claims: &str) -> TokenCheck {
    let signed =
        format!("{}.{}", base64::encode_url(header.as_bytes()), base64::encode_url(claims.as_bytes()));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(signed.as_bytes());
    let token = format!("{signed}.{}", base64::encode_url(&mac.finalize().into_bytes()));
    match Token::read(token.as_bytes(), &TokenRules::GOV_UK) {
        Ok(token) => token.check(SECRET, Timestamp::from_unix_seconds(NOW), &TokenRules::GOV_UK),
        Err(refusal) => TokenCheck::Refused(refusal),
    }
}

fn claims(rest: &str) -> TokenCheck {
    verdict(r#"{"alg":"HS256"}"#, &format!(r#"{{"iat":{NOW}{rest}}}"#))
}

#[test]
fn both_ends_of_the_thirty_seconds_are_inside() {
    for (iat, accepted) in [(NOW - 31, false), (NOW - 30, true), (NOW + 30, true), (NOW + 31, false)] {
        let verdict = verdict(r#"{"alg":"HS256"}"#, &format!(r#"{{"iat":{iat}}}"#));
        assert_eq!(verdict == TokenCheck::Accepted, accepted, "{iat}: {verdict:?}");
    }
}

#[test]
fn the_hint_says_whose_clock_is_wrong() {
    let hint = |iat: i64| match verdict(r#"{"alg":"HS256"}"#, &format!(r#"{{"iat":{iat}}}"#)) {
        TokenCheck::Refused(refusal) => refusal.entry().hint.into_owned(),
        other => format!("{other:?}"),
    };
    assert!(hint(NOW - 34).starts_with("token is 34 s old; the clock of the sender is behind"));
    assert!(hint(NOW + 60).contains("60 s in the future"));
    assert!(hint(NOW * 1000).contains("not milliseconds"));
}

#[test]
fn the_first_bad_claim_decides() {
    let malformed = |verdict: &TokenCheck| matches!(verdict, TokenCheck::Refused(Refusal::TokenMalformed(_)));
    assert_eq!(claims(r#","aud":"","sub":"a","jti":"b","exp":9999999999"#), TokenCheck::Accepted);
    assert!(malformed(&claims(r#","aud":"x""#)));
    assert!(malformed(&claims(r#","sub":1"#)));
    assert!(malformed(&claims(r#","jti":null"#)));
    assert!(malformed(&claims(&format!(r#","exp":{}"#, NOW - 30))));
    assert_eq!(claims(&format!(r#","exp":{}"#, NOW - 29)), TokenCheck::Accepted);
    assert!(matches!(claims(r#","exp":"soon","aud":"x""#), TokenCheck::Unreadable(_)));
    assert!(matches!(
        claims(r#","nbf":9999999999,"exp":"soon""#),
        TokenCheck::Refused(Refusal::ClockSkew(_))
    ));
    assert!(matches!(
        verdict(r#"{"alg":"HS256"}"#, r#"{"sub":1}"#),
        TokenCheck::Refused(Refusal::TokenMalformed(_))
    ));
    assert!(matches!(verdict(r#"{"alg":"HS256"}"#, "{}"), TokenCheck::Unreadable(_)));
}

#[test]
fn a_token_that_crashes_the_service_is_an_exception() {
    let uncaught = |verdict: TokenCheck| match verdict {
        TokenCheck::Refused(Refusal::Uncaught(exception, _)) => Some(exception),
        _ => None,
    };
    for (claim, exception) in [
        ("null", Exception::Type),
        ("[]", Exception::Type),
        ("{\"a\": 1}", Exception::Type),
        ("Infinity", Exception::Overflow),
        ("-1e400", Exception::Overflow),
    ] {
        for name in ["exp", "nbf"] {
            assert_eq!(
                uncaught(claims(&format!(r#","{name}":{claim}"#))),
                Some(exception),
                "{name}: {claim}"
            );
        }
        let iat = verdict(r#"{"alg":"HS256"}"#, &format!(r#"{{"iat":{claim},"exp":null}}"#));
        assert_eq!(uncaught(iat), Some(exception), "iat: {claim}");
    }
    for header in [r#""kid":1"#, r#""kid":null"#, r#""crit":null"#, r#""crit":["b64"]"#, r#""crit":[1]"#] {
        let verdict = verdict(&format!(r#"{{"alg":"HS256",{header}}}"#), "{}");
        assert_eq!(uncaught(verdict), Some(Exception::InvalidToken), "{header}");
    }
    assert_eq!(
        verdict(r#"{"alg":"HS256","crit":["b64"],"b64":true}"#, &format!(r#"{{"iat":{NOW}}}"#)),
        TokenCheck::Accepted
    );
}

#[test]
fn only_hs256_is_an_algorithm() {
    for header in [r#"{"alg":"hs256"}"#, r#"{"alg":"none"}"#, r#"{"alg":["HS256"]}"#, "{}"] {
        assert_eq!(verdict(header, "{}"), TokenCheck::Refused(Refusal::AlgorithmNotHs256), "{header}");
    }
}

#[test]
fn a_text_that_is_not_a_token_is_malformed() {
    for text in ["", "x", "x.y", "..", "a.b.c", "e30.e30.a", "W10.e30.", "e30.W10."] {
        assert!(Token::read(text.as_bytes(), &TokenRules::GOV_UK).is_err(), "{text}");
    }
    assert!(Token::read(b"e30.e30.", &TokenRules::GOV_UK).is_ok());
}
