//! The messages of errors. Those of keys are in `key.rs`.

use notify_jwt::{AdjustClockError, ApiKey, ParseTokenError, Signer, VerifyError, parse_http_date};
use std::collections::BTreeSet;
use std::error::Error;

#[test]
fn each_error_has_its_own_message_which_can_follow_a_colon() {
    let key =
        ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137").unwrap();
    let errors: [Box<dyn Error>; 18] = [
        Box::new(ParseTokenError::Scheme),
        Box::new(ParseTokenError::Segments),
        Box::new(ParseTokenError::Encoding),
        Box::new(ParseTokenError::TooLong),
        Box::new(ParseTokenError::Header),
        Box::new(ParseTokenError::Algorithm),
        Box::new(ParseTokenError::Claims),
        Box::new(ParseTokenError::Issuer),
        Box::new(ParseTokenError::Escape),
        Box::new(ParseTokenError::IssuedAt),
        Box::new(VerifyError::Mac),
        Box::new(VerifyError::Issuer),
        Box::new(VerifyError::ClockSkew),
        Box::new(VerifyError::Expired),
        Box::new(Signer::new(&key).mint_to_slice(0, &mut []).unwrap_err()),
        Box::new(AdjustClockError::BeforeLastConfirmed),
        Box::new(AdjustClockError::ExceedsMaxAdjustment),
        Box::new(parse_http_date("today").unwrap_err()),
    ];
    let mut words = BTreeSet::new();
    for error in errors {
        let said = error.to_string();
        assert!(said.starts_with(char::is_lowercase) && !said.ends_with('.'), "{said:?}");
        assert!(words.insert(said), "two errors say: {error}");
    }
}
