//! What a device's log shows of keys and tokens, byte for byte as defmt writes it: who, and no secret.

use defmt::{Format, Logger};
use notify_jwt::{
    ApiKey, Bearer, Clock, KeyPart, LEEWAY, LearnError, ParseApiKeyError, ParseHttpDateError,
    ParseTokenError, Signer, Token, UntrustedToken, VerifiedClaims, Verifier, VerifyError,
};
use std::sync::Mutex;

const SERVICE: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c";
const SECRET: &str = "d679f498-29a1-4484-970c-48681a543137";
const NOW: u64 = 1_795_430_454;

/// What was logged. Texts of the program's own are numbers there, those that it was given stand as they are.
static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[defmt::global_logger]
struct Log;

#[expect(unsafe_code, reason = "a logger can be stood in for in no other way")]
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
    // What is less than an error is left out unless the environment of the build asks for it.
    defmt::error!("{}", value);
    std::mem::take(&mut *LOGGED.lock().unwrap())
}

fn shows(log: &[u8], text: &[u8]) -> bool {
    log.windows(text.len()).any(|window| window == text)
}

/// The longest piece of a secret that may stand in a log by chance, in bytes, is one less.
const PIECE: usize = 4;

fn shows_a_piece_of(log: &[u8], secret: &[u8]) -> bool {
    secret.windows(PIECE).any(|piece| shows(log, piece))
}

fn key() -> ApiKey {
    ApiKey::parse(&format!("name-{SERVICE}-{SECRET}")).unwrap()
}

#[test]
fn a_text_that_is_logged_is_found() {
    assert!(shows_a_piece_of(&logged(&SECRET), SECRET.as_bytes()));
}

#[test]
fn a_key_and_what_is_made_of_it_show_their_service_at_most_and_nothing_of_the_secret() {
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
    let claims = logged(&untrusted.verify(&Verifier::new(&key()), NOW, LEEWAY).unwrap());
    assert!(shows(&claims, SERVICE.as_bytes()));
    assert!(!shows_a_piece_of(&claims, token.as_bytes()));
}

#[test]
fn errors_are_logged_as_what_they_are_and_not_as_each_other() {
    let errors = [ApiKey::parse("").unwrap_err(), ApiKey::parse(&"x".repeat(80)).unwrap_err()];
    assert_ne!(logged(&errors[0]), logged(&errors[1]));
    assert_eq!(logged(&errors[0]), logged(&ApiKey::parse("short").unwrap_err()));
}

#[test]
fn every_public_type_can_be_logged() {
    fn can_be<T: Format>() {}
    can_be::<ApiKey>();
    can_be::<Bearer>();
    can_be::<Clock>();
    can_be::<KeyPart>();
    can_be::<LearnError>();
    can_be::<ParseApiKeyError>();
    can_be::<ParseHttpDateError>();
    can_be::<ParseTokenError>();
    can_be::<Signer>();
    can_be::<Token>();
    can_be::<UntrustedToken<'_>>();
    can_be::<VerifiedClaims>();
    can_be::<Verifier>();
    can_be::<VerifyError>();
}
