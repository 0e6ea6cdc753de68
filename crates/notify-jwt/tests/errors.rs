//! The messages of errors. Those of keys are in `key.rs`.

use notify_jwt::{AdjustClockError, ParseTokenError, VerifyError, parse_http_date};
use std::collections::BTreeSet;
use std::error::Error;

#[test]
fn each_error_has_its_own_message_which_can_follow_a_colon() {
    let errors: [Box<dyn Error>; 17] = [
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
