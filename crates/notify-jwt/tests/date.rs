//! HTTP dates, compared with those of the httpdate crate.

use notify_jwt::parse_http_date;
use proptest::prelude::*;
use std::time::{Duration, UNIX_EPOCH};

/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

proptest! {
    #[test]
    fn a_date_that_httpdate_writes_is_read(seconds in 0..=LAST) {
        let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        prop_assert_eq!(parse_http_date(&date), Ok(seconds));
    }

    #[test]
    fn a_changed_date_is_rejected_or_httpdate_reads_the_same_from_it(
        seconds in 0..=LAST,
        at in 0..29_usize,
        character in "[ -~]",
    ) {
        let mut date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        date.replace_range(at..=at, &character);
        if let Ok(read) = parse_http_date(&date) {
            // httpdate has no leap seconds.
            if !date.contains(":60 ") {
                prop_assert_eq!(httpdate::parse_http_date(&date).ok(), Some(UNIX_EPOCH + Duration::from_secs(read)));
            }
        }
    }

    #[test]
    fn no_text_causes_a_panic(text in "\\PC{0,40}") {
        let _ = parse_http_date(&text);
    }
}

#[test]
fn every_day_of_four_hundred_years_is_read() {
    for day in 0..146_097 {
        let seconds = day * 86_400 + 86_399;
        let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(parse_http_date(&date), Ok(seconds), "{date}");
    }
}
