//! Which recorded tokens notify-jwt accepts, compared with which of them the service accepted.

use notify_jwt::{ApiKey, ParseTokenError, UntrustedToken, Verifier};
use notify_testkit::wire::{Exchange, Recording, Shift, World};

/// What the service accepted although no client writes it: notify-jwt is stricter, as its front page says.
const STRICTER: [(&str, ParseTokenError); 8] = [
    ("auth/signature-padded", ParseTokenError::TooLong),
    ("auth/iss-uuid-braces", ParseTokenError::Claims),
    ("auth/iss-uuid-urn", ParseTokenError::Issuer),
    ("auth/iat-float-exponent", ParseTokenError::Claims),
    ("auth/iat-string-integer", ParseTokenError::Claims),
    ("auth/iat-string-padded-spaces", ParseTokenError::Claims),
    ("auth/iat-string-underscore", ParseTokenError::Claims),
    ("auth/iat-duplicate-keys-last-good", ParseTokenError::Claims),
];

/// What the service refused because of something outside the token, or something that only its library reads.
const BEYOND_THE_TOKEN: [&str; 5] = [
    // These are left out when the keys are looked up.
    "auth/key-revoked-30-days-ago",
    "auth/service-archived",
    // Claims and a header field that mean nothing here.
    "auth/claims-sub-integer",
    "auth/claims-jti-integer",
    "auth/header-kid-integer",
];

/// The time for which a token was minted, if one of its service's keys verifies it.
fn believed(header: &str, world: &World, now: u64) -> Option<u64> {
    let token = UntrustedToken::from_bearer(header).ok()?;
    let mut keys = world.keys().filter(|key| key.service.eq_ignore_ascii_case(token.issuer()));
    keys.find_map(|key| {
        let key = ApiKey::parse(&key.text()).expect("the keys of a recording are keys");
        Some(token.verify(&Verifier::new(&key), now).ok()?.issued_at())
    })
}

/// Whether the service accepted the caller, whatever it made of the request.
fn was_believed(exchange: &Exchange) -> bool {
    let status = exchange.response.as_ref().map(|response| response.status);
    !matches!(status, Some(401 | 403 | 500))
}

#[test]
fn a_recorded_token_is_accepted_if_the_service_accepted_it() {
    let recording = Recording::gov_uk().unwrap();
    let mut tokens = 0;
    for exchange in recording.exchanges.iter().filter(|exchange| exchange.name.starts_with("auth/")) {
        for authorization in exchange.request.authorizations() {
            let header = authorization.make(&recording.world, Shift::default()).unwrap();
            // A server strips white space at the end of a header before anyone sees it (RFC 9110 §5.5).
            let header = header.trim_end();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is after 1970")]
            let believed = believed(header, &recording.world, exchange.sent_at as u64).is_some();

            let name = exchange.name.as_str();
            if let Some((_, error)) = STRICTER.iter().find(|(stricter, _)| *stricter == name) {
                assert!(was_believed(exchange), "{name}");
                assert_eq!(UntrustedToken::from_bearer(header).map(drop), Err(*error), "{name}");
            } else if BEYOND_THE_TOKEN.contains(&name) {
                assert!(believed && !was_believed(exchange), "{name}");
            } else {
                assert_eq!(believed, was_believed(exchange), "{name}");
            }
            tokens += 1;
        }
    }
    assert!(tokens > 80, "only {tokens} tokens were verified");
}
