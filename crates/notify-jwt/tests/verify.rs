//! Which tokens pass verification.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use notify_jwt::{ApiKey, ParseTokenError, Signer, UntrustedToken, Verifier, VerifyError};
use proptest::prelude::*;
use sha2::Sha256;
use std::time::Duration;

const SERVICE: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c";
const SECRET: &str = "d679f498-29a1-4484-970c-48681a543137";
const NOW: u64 = 1_795_430_454;
const HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

fn key() -> ApiKey {
    ApiKey::parse(&format!("{SERVICE}-{SECRET}")).expect("it is a key")
}

/// A token with this header and these claims, whatever they are, and their MAC.
fn token(header: &str, claims: &str) -> String {
    let encode = |json: &str| Base64UrlUnpadded::encode_string(json.as_bytes());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(&signed)
        .finalize();
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&mac.into_bytes()))
}

/// Claims with an issuer and these fields.
fn claims(fields: &str) -> String {
    format!(r#"{{"iss":"{SERVICE}"{fields}}}"#)
}

fn parse_header(header: &str) -> Result<(), ParseTokenError> {
    UntrustedToken::parse(&token(header, &claims(r#","iat":1"#))).map(drop)
}

fn parse_claims(claims: &str) -> Result<(), ParseTokenError> {
    UntrustedToken::parse(&token(HEADER, claims)).map(drop)
}

fn verify(claims: &str, now: u64) -> Result<u64, VerifyError> {
    let token = token(HEADER, claims);
    let token = UntrustedToken::parse(&token).expect("only its claims are under test");
    token.verify(&Verifier::new(&key()), now).map(|claims| claims.issued_at())
}

#[test]
fn our_own_token_is_verified_and_its_claims_can_be_read() {
    let bearer = Signer::new(&key()).bearer(NOW);
    let token = UntrustedToken::from_bearer(bearer.as_str()).unwrap();
    assert_eq!(token.issuer(), SERVICE);
    let claims = token.verify(&Verifier::new(&key()), NOW + 7).unwrap();
    assert_eq!((claims.issuer(), claims.issued_at()), (SERVICE, NOW));
}

#[test]
fn a_token_is_valid_up_to_the_leeway_on_either_side() {
    let minted = |now| verify(&claims(&format!(r#","iat":{NOW}"#)), now);
    for now in [NOW - 30, NOW - 1, NOW, NOW + 1, NOW + 30] {
        assert_eq!(minted(now), Ok(NOW), "{now}");
    }
    for now in [0, NOW - 31, NOW + 31, u64::MAX] {
        assert_eq!(minted(now), Err(VerifyError::ClockSkew), "{now}");
    }
}

#[test]
fn extreme_times_do_not_overflow() {
    for iat in [0, u64::MAX] {
        assert_eq!(
            verify(&claims(&format!(r#","iat":{iat},"exp":{iat},"nbf":{iat}"#)), u64::MAX - iat),
            Err(VerifyError::ClockSkew)
        );
    }
    assert_eq!(
        verify(&claims(&format!(r#","iat":{0},"exp":{0}"#, u64::MAX)), u64::MAX),
        Err(VerifyError::Expired)
    );
}

#[test]
fn every_one_bit_change_is_rejected() {
    let token = Signer::new(&key()).mint(NOW);
    let verifier = Verifier::new(&key());
    for at in 0..token.as_str().len() {
        for bit in 0..8 {
            let mut changed = token.as_bytes().to_vec();
            changed[at] ^= 1 << bit;
            // The function takes only valid UTF-8.
            let Ok(changed) = std::str::from_utf8(&changed) else { continue };
            let claims = UntrustedToken::parse(changed)
                .ok()
                .and_then(|token| token.verify_with_leeway(&verifier, NOW, Duration::MAX).ok());
            assert!(claims.is_none(), "bit {bit} of character {at}: {changed}");
        }
    }
}

#[test]
fn a_token_of_another_key_or_service_is_rejected() {
    let other = ApiKey::parse(&format!("{SERVICE}-{SERVICE}")).unwrap();
    let token = Signer::new(&other).mint(NOW);
    let token = UntrustedToken::parse(token.as_str()).unwrap();
    assert_eq!(token.verify(&Verifier::new(&key()), NOW).unwrap_err(), VerifyError::Mac);

    let same_secret = ApiKey::parse(&format!("{SECRET}-{SECRET}")).unwrap();
    let token = Signer::new(&same_secret).mint(NOW);
    let token = UntrustedToken::parse(token.as_str()).unwrap();
    assert_eq!(token.verify(&Verifier::new(&key()), NOW).unwrap_err(), VerifyError::Issuer);
}

#[test]
fn the_mac_is_checked_before_the_time() {
    let token = Signer::new(&ApiKey::parse(&format!("{SERVICE}-{SERVICE}")).unwrap()).mint(0);
    let token = UntrustedToken::parse(token.as_str()).unwrap();
    assert_eq!(token.verify(&Verifier::new(&key()), NOW).unwrap_err(), VerifyError::Mac);
}

#[test]
fn an_issuer_in_capitals_is_the_same_service_and_is_kept_as_it_is() {
    let issuer = SERVICE.to_uppercase();
    let token = token(HEADER, &format!(r#"{{"iss":"{issuer}","iat":{NOW}}}"#));
    let token = UntrustedToken::parse(&token).unwrap();
    assert_eq!(token.verify(&Verifier::new(&key()), NOW).unwrap().issuer(), issuer);
}

#[test]
fn an_algorithm_other_than_hs256_is_rejected() {
    for alg in [
        r#""none""#,
        r#""HS512""#,
        r#""HS384""#,
        r#""RS256""#,
        r#""hs256""#,
        r#""HS256 ""#,
        r#""\u0048S256""#,
        "null",
    ] {
        assert_eq!(
            parse_header(&format!(r#"{{"typ":"JWT","alg":{alg}}}"#)),
            Err(ParseTokenError::Algorithm),
            "{alg}"
        );
    }
    assert_eq!(parse_header(r#"{"typ":"JWT"}"#), Err(ParseTokenError::Algorithm));
    assert_eq!(parse_header("{}"), Err(ParseTokenError::Algorithm));
}

#[test]
fn a_header_may_have_more_fields_but_no_critical_ones() {
    for header in [
        r#"{"alg":"HS256"}"#,
        r#"{ "alg" : "HS256" , "kid" : 1 , "cty":"JWT" }"#,
        r#"{"typ":"JWS","alg":"HS256"}"#,
    ] {
        assert_eq!(parse_header(header), Ok(()), "{header}");
    }
    for header in [
        "",
        "[]",
        "null",
        r#""HS256""#,
        r#"{"alg":"HS256""#,
        r#"{"alg":"HS256"}}"#,
        r#"{"alg":1}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"HS256","crit":["x"],"x":1}"#,
        r#"{"alg":"HS256","crit":"x","x":1}"#,
        r#"{"alg":"HS256","jwk":{"kty":"oct"}}"#,
    ] {
        assert_eq!(parse_header(header), Err(ParseTokenError::Header), "{header}");
    }
}

#[test]
fn malformed_claims_are_rejected() {
    for claims in [
        String::new(),
        "hello".to_owned(),
        "[1,2]".to_owned(),
        r#""x""#.to_owned(),
        r#"{"iss":12345,"iat":1}"#.to_owned(),
        claims(r#","iat":1.5"#),
        claims(r#","iat":1e9"#),
        claims(r#","iat":-1"#),
        claims(r#","iat":"1795430454""#),
        claims(r#","iat":true"#),
        claims(r#","iat":18446744073709551616"#),
        claims(r#","iat":1,"iat":1"#),
        claims(r#","iat":1,"exp":"soon""#),
        claims(r#","iat":1,"aud":"x""#),
        claims(r#","iat":1,"aud":["x"]"#),
        claims(r#","iat":1,"x":{"y":1}"#),
        claims(r#","iat":1,"x":"["#),
        format!("{}trailing", claims(r#","iat":1"#)),
    ] {
        assert_eq!(parse_claims(&claims), Err(ParseTokenError::Claims), "{claims}");
    }
    assert_eq!(parse_claims(&claims("")), Err(ParseTokenError::IssuedAt));
    assert_eq!(parse_claims(&claims(r#","iat":null"#)), Err(ParseTokenError::IssuedAt));
}

#[test]
fn an_issuer_that_is_not_a_plain_uuid_is_rejected() {
    for issuer in [
        "",
        "joe",
        "61b7141184f64e6b9685aa9ad893177c",
        "urn:uuid:61b71411-84f6-4e6b-9685-aa9ad893177c",
        " 61b71411-84f6-4e6b-9685-aa9ad893177c",
    ] {
        let claims = format!(r#"{{"iss":"{issuer}","iat":1}}"#);
        assert_eq!(parse_claims(&claims), Err(ParseTokenError::Issuer), "{claims}");
    }
    assert_eq!(parse_claims(r#"{"iat":1}"#), Err(ParseTokenError::Issuer));
    assert_eq!(parse_claims(&format!(r#"{{"ISS":"{SERVICE}","iat":1}}"#)), Err(ParseTokenError::Issuer));
}

#[test]
fn a_name_with_an_escape_is_rejected_as_such_in_any_position() {
    for header in [
        r#"{"alg":"HS256","\u0063rit":["exp"]}"#,
        r#"{"alg":"HS256","\u0063rit":"exp"}"#,
        r#"{"\u0063rit":1,"alg":"HS256"}"#,
        r#"{"alg":"HS256","cri\u0074" : null}"#,
        r#"{"alg":"HS256","\u0061lg":"none"}"#,
        r#"{"\u0061lg":"HS256"}"#,
        r#"{"alg":"HS256","k\/d":1}"#,
        r#"{"alg":"HS256","x":z","\u0063rit":"y"}"#,
    ] {
        assert_eq!(parse_header(header), Err(ParseTokenError::Escape), "{header}");
    }
    for fields in [
        r#","iat":1,"\u0061ud":"x""#,
        r#","iat":1,"\u0061ud":["x"]"#,
        r#","iat":1,"\u0065xp":1"#,
        r#","iat":1,"e\u0078p":null"#,
        r#","iat":1,"\u006ebf":18446744073709551615"#,
        r#","\u0069at":1"#,
        r#","iat":1,"\u0069at":2"#,
        r#","iat":1,"\u0069ss":"x""#,
        r#","iat":1,"a\nb":"x""#,
        r#","iat":1,"\"":"x""#,
        r#","iat":1,"\\":"x""#,
        r#","iat":1,"\x":1"#,
        r#","iat":1,"\u0078":1,"y":{}"#,
    ] {
        assert_eq!(parse_claims(&claims(fields)), Err(ParseTokenError::Escape), "{fields}");
    }
    let with_two_issuers = format!(r#"{{"\u0069ss":"{SERVICE}","iss":"{SERVICE}","iat":1}}"#);
    assert_eq!(parse_claims(&with_two_issuers), Err(ParseTokenError::Escape));
    assert_eq!(parse_claims(&format!(r#"{{"\u0069ss":"{SERVICE}","iat":1}}"#)), Err(ParseTokenError::Escape));
}

#[test]
fn an_issuer_that_is_written_with_an_escape_is_rejected_as_that() {
    for issuer in [
        r"\u0036\u0031b71411-84f6-4e6b-9685-aa9ad893177c",
        // As long as a UUID.
        r"6\u0031b71411-84f6-4e6b-9685-aa9ad8931",
        r"61b71411-84f6-4e6b-9685-aa9ad893177\/",
        r"\n",
    ] {
        let claims = format!(r#"{{"iss":"{issuer}","iat":1}}"#);
        assert_eq!(parse_claims(&claims), Err(ParseTokenError::Escape), "{claims}");
    }
}

#[test]
fn other_texts_may_have_escapes() {
    for fields in [r#","iat":1,"sub":"a\"b""#, r#","sub":"\\","iat":1"#, r#","sub":"\u0061:","iat":1"#] {
        assert_eq!(parse_claims(&claims(fields)), Ok(()), "{fields}");
    }
    assert_eq!(parse_header(r#"{"kid":"\u0061\"","alg":"HS256"}"#), Ok(()));
}

#[test]
fn exp_and_nbf_are_checked_if_they_are_present() {
    let with = |fields: &str| verify(&claims(&format!(r#","iat":{NOW},{fields}"#)), NOW);
    assert_eq!(with(&format!(r#""exp":{}"#, NOW - 29)), Ok(NOW));
    assert_eq!(with(&format!(r#""exp":{}"#, NOW - 30)), Err(VerifyError::Expired));
    assert_eq!(with(&format!(r#""nbf":{}"#, NOW + 30)), Ok(NOW));
    assert_eq!(with(&format!(r#""nbf":{}"#, NOW + 31)), Err(VerifyError::ClockSkew));
    assert_eq!(with(r#""foo":"bar","n":1.5,"sub":"x""#), Ok(NOW));
}

#[test]
fn anything_but_three_segments_of_base64url_is_rejected() {
    let good = Signer::new(&key()).mint(NOW);
    let good = good.as_str();
    let (signed, mac) = good.rsplit_once('.').unwrap();
    for (text, error) in [
        (String::new(), ParseTokenError::Segments),
        ("x".to_owned(), ParseTokenError::Segments),
        (signed.to_owned(), ParseTokenError::Segments),
        (format!("{good}."), ParseTokenError::Segments),
        (format!("{good}.e30"), ParseTokenError::Segments),
        (format!("{signed}."), ParseTokenError::Segments),
        (format!("{signed}.{}", &mac[..42]), ParseTokenError::Encoding),
        (format!("{signed}.{}", &mac[..40]), ParseTokenError::Segments),
        (format!("{good}="), ParseTokenError::TooLong),
        (format!("{good}AA"), ParseTokenError::TooLong),
        (format!("{signed}.{}+", &mac[..42]), ParseTokenError::Encoding),
        (format!(" {good}"), ParseTokenError::Encoding),
        ("..".to_owned(), ParseTokenError::Header),
        ("a.b.c".to_owned(), ParseTokenError::Encoding),
        (token(&format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(128)), "{}"), ParseTokenError::TooLong),
        (token(HEADER, &claims(&format!(r#","x":"{}""#, "x".repeat(256)))), ParseTokenError::TooLong),
    ] {
        assert_eq!(UntrustedToken::parse(&text).map(drop), Err(error), "{text:?}");
    }
}

#[test]
fn a_bearer_scheme_may_be_in_capitals_and_one_space_follows_it() {
    let token = Signer::new(&key()).mint(NOW);
    let parse = |prefix: &str| UntrustedToken::from_bearer(&format!("{prefix}{}", token.as_str())).map(drop);
    for prefix in ["Bearer ", "bearer ", "BEARER "] {
        assert_eq!(parse(prefix), Ok(()), "{prefix:?}");
    }
    for prefix in ["", "Basic ", "Bearer", " Bearer ", "Bearer\t"] {
        assert_eq!(parse(prefix), Err(ParseTokenError::Scheme), "{prefix:?}");
    }
    assert_eq!(parse("Bearer  "), Err(ParseTokenError::Encoding));
}

#[test]
fn debug_output_shows_the_service_but_neither_token_nor_key() {
    let token = Signer::new(&key()).mint(NOW);
    let (untrusted, verifier) = (UntrustedToken::parse(token.as_str()).unwrap(), Verifier::new(&key()));
    assert_eq!(format!("{untrusted:?}"), format!(r#"UntrustedToken {{ issuer: "{SERVICE}", .. }}"#));
    assert_eq!(format!("{verifier:?}"), format!(r#"Verifier {{ service_id: "{SERVICE}", .. }}"#));
    let claims = untrusted.verify(&verifier, NOW).unwrap();
    let shown = format!(r#"VerifiedClaims {{ issuer: "{SERVICE}", issued_at: {NOW} }}"#);
    assert_eq!(format!("{claims:?}"), shown);
}

proptest! {
    #[test]
    fn every_minted_token_is_valid_at_its_issue_time(unix_seconds: u64) {
        let token = Signer::new(&key()).mint(unix_seconds);
        let token = UntrustedToken::parse(token.as_str()).unwrap();
        prop_assert_eq!(token.verify_with_leeway(&Verifier::new(&key()), unix_seconds, Duration::ZERO).unwrap().issued_at(), unix_seconds);
    }

    #[test]
    fn no_other_text_is_verified(text in "\\PC{0,200}") {
        if let Ok(token) = UntrustedToken::parse(&text) {
            prop_assert!(token.verify_with_leeway(&Verifier::new(&key()), NOW, Duration::MAX).is_err());
        }
    }
}
