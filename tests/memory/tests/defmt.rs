//! What a device's log shows of keys and tokens, byte for byte as defmt writes it: the service, and no secret.

use defmt::{Format, Logger};
use notify_jwt::{
    AdjustClockError, ApiKey, Bearer, BufferTooSmall, Clock, KeyPart, ParseApiKeyError, ParseHttpDateError,
    ParseTokenError, Signer, TimeSample, Token, UntrustedToken, VerifiedClaims, Verifier, VerifyError,
};
use std::sync::Mutex;

const SERVICE: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c";
const SECRET: &str = "d679f498-29a1-4484-970c-48681a543137";
const NOW: u64 = 1_795_430_454;

/// What was logged. The program's own texts are numbers there; texts from outside appear as they are.
static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[defmt::global_logger]
struct Log;

#[expect(unsafe_code, reason = "a logger cannot be implemented without it")]
// SAFETY: the tests of this file log while they hold `ONE_AT_A_TIME`, so that nobody else acquires it meanwhile.
unsafe impl Logger for Log {
    fn acquire() {}

    unsafe fn flush() {}

    unsafe fn release() {}

    unsafe fn write(bytes: &[u8]) {
        LOGGED.lock().unwrap().extend_from_slice(bytes);
    }
}

defmt::timestamp!("{=u64}", 0);

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The bytes that this is logged as.
fn logged(value: &impl Format) -> Vec<u8> {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
    LOGGED.lock().unwrap().clear();
    // Below the level of an error, nothing is logged unless an environment variable at build time says so.
    defmt::error!("{}", value);
    std::mem::take(&mut *LOGGED.lock().unwrap())
}

fn shows(log: &[u8], text: &[u8]) -> bool {
    log.windows(text.len()).any(|window| window == text)
}

/// The shortest piece of a secret, in bytes, that cannot occur in a log by chance.
const PIECE: usize = 4;

fn shows_a_piece_of(log: &[u8], secret: &[u8]) -> bool {
    secret.windows(PIECE).any(|piece| shows(log, piece))
}

fn key() -> ApiKey {
    ApiKey::parse(&format!("name-{SERVICE}-{SECRET}")).unwrap()
}

#[test]
fn a_logged_text_is_found() {
    assert!(shows_a_piece_of(&logged(&SECRET), SECRET.as_bytes()));
}

#[test]
fn a_key_a_signer_and_a_verifier_show_at_most_their_service_and_nothing_of_the_secret() {
    let (key, signer, verifier) = (key(), Signer::new(&key()), Verifier::new(&key()));
    for (log, shows_service) in [(logged(&key), true), (logged(&signer), false), (logged(&verifier), true)] {
        assert!(!log.is_empty());
        assert_eq!(shows(&log, SERVICE.as_bytes()), shows_service);
        assert!(!shows_a_piece_of(&log, SECRET.as_bytes()));
    }
}

#[test]
fn a_token_shows_nothing_of_its_characters() {
    let signer = Signer::new(&key());
    let (token, bearer) = (signer.mint(NOW), signer.bearer(NOW));
    for log in [logged(&token), logged(&bearer)] {
        assert!(!log.is_empty());
        assert!(!shows_a_piece_of(&log, bearer.as_bytes()));
    }
    let untrusted = UntrustedToken::parse(token.as_str()).unwrap();
    let log = logged(&untrusted);
    assert!(shows(&log, SERVICE.as_bytes()));
    assert!(!shows_a_piece_of(&log, token.as_bytes()));
    let claims = logged(&untrusted.verify(&Verifier::new(&key()), NOW).unwrap());
    assert!(shows(&claims, SERVICE.as_bytes()));
    assert!(!shows_a_piece_of(&claims, token.as_bytes()));
}

#[test]
fn different_errors_are_logged_differently() {
    let errors = [ApiKey::parse("").unwrap_err(), ApiKey::parse(&"x".repeat(80)).unwrap_err()];
    assert_ne!(logged(&errors[0]), logged(&errors[1]));
    assert_eq!(logged(&errors[0]), logged(&ApiKey::parse("short").unwrap_err()));
}

#[test]
fn every_public_type_can_be_logged() {
    fn can_be<T: Format>() {}
    can_be::<AdjustClockError>();
    can_be::<ApiKey>();
    can_be::<Bearer>();
    can_be::<BufferTooSmall>();
    can_be::<Clock>();
    can_be::<KeyPart>();
    can_be::<ParseApiKeyError>();
    can_be::<ParseHttpDateError>();
    can_be::<ParseTokenError>();
    can_be::<Signer>();
    can_be::<TimeSample>();
    can_be::<Token>();
    can_be::<UntrustedToken<'_>>();
    can_be::<VerifiedClaims>();
    can_be::<Verifier>();
    can_be::<VerifyError>();
}
