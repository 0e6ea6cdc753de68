//! The `Date` header of an HTTP response.

use core::fmt;

/// The months of a year that is not a leap year, with their days.
const MONTHS: [(&[u8; 3], u32); 12] = [
    (b"Jan", 31),
    (b"Feb", 28),
    (b"Mar", 31),
    (b"Apr", 30),
    (b"May", 31),
    (b"Jun", 30),
    (b"Jul", 31),
    (b"Aug", 31),
    (b"Sep", 30),
    (b"Oct", 31),
    (b"Nov", 30),
    (b"Dec", 31),
];

/// The days of the week, from the one on which 1970 began.
const WEEKDAYS: [&[u8; 3]; 7] = [b"Thu", b"Fri", b"Sat", b"Sun", b"Mon", b"Tue", b"Wed"];

/// Reads the value of an HTTP `Date` header as seconds since 1970.
///
/// It accepts the one form that HTTP allows servers to generate, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7), and
/// compares every character. It rejects the two obsolete forms: one has a year of two digits, and a device that does not
/// know the year cannot tell the century. A leap second counts as the second after it.
///
/// ```
/// assert_eq!(notify_jwt::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Ok(784_111_777));
/// ```
///
/// # Errors
///
/// If the value does not have that form, or names a date or time that does not exist, the wrong day of the week, or a
/// year before 1970.
pub fn parse_http_date(value: &str) -> Result<u64, ParseHttpDateError> {
    parse_http_date_bytes(value.as_bytes())
}

/// [`parse_http_date`] for bytes as they come from a connection, which nobody has checked to be UTF-8: that check alone takes
/// 600 bytes of flash.
///
/// ```
/// assert_eq!(notify_jwt::parse_http_date_bytes(b"Sun, 06 Nov 1994 08:49:37 GMT"), Ok(784_111_777));
/// ```
///
/// # Errors
///
/// As [`parse_http_date`].
pub fn parse_http_date_bytes(value: &[u8]) -> Result<u64, ParseHttpDateError> {
    seconds(value).ok_or(ParseHttpDateError(()))
}

fn seconds(value: &[u8]) -> Option<u64> {
    #[rustfmt::skip]
    let &[
        w0, w1, w2, b',', b' ',
        d0, d1, b' ', m0, m1, m2, b' ', y0, y1, y2, y3, b' ',
        h0, h1, b':', n0, n1, b':', s0, s1, b' ', b'G', b'M', b'T',
    ] = value else { return None };
    let day = number(&[d0, d1])?;
    let year = number(&[y0, y1, y2, y3]).filter(|year| *year >= 1970)?;
    let hour = number(&[h0, h1]).filter(|hour| *hour < 24)?;
    let minute = number(&[n0, n1]).filter(|minute| *minute < 60)?;
    let second = number(&[s0, s1]).filter(|second| *second <= 60)?;

    let days = days_before(year).checked_sub(days_before(1970))? + day_of_year(year, [m0, m1, m2], day)?;
    let weekday = WEEKDAYS.get((days % 7) as usize)?;
    (**weekday == [w0, w1, w2]).then_some(())?;
    Some(u64::from(days) * 86_400 + u64::from(hour * 3600 + minute * 60 + second))
}

/// Reads a decimal number.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number * 10 + char::from(*digit).to_digit(10)?))
}

/// The days from the start of the year 1 to the start of this year.
fn days_before(year: u32) -> u32 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

/// The days of the year before this date, if the date exists.
fn day_of_year(year: u32, month: [u8; 3], day: u32) -> Option<u32> {
    let mut before = 0;
    for (name, days) in MONTHS {
        let days = if *name == *b"Feb" { days_before(year + 1) - days_before(year) - 337 } else { days };
        if *name == month {
            return (1..=days).contains(&day).then(|| before + day - 1);
        }
        before += days;
    }
    None
}

/// The value is not that of an HTTP `Date` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ParseHttpDateError(());

impl fmt::Display for ParseHttpDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an HTTP date of 1970 or later")
    }
}

impl core::error::Error for ParseHttpDateError {}

#[cfg(test)]
mod tests {
    use super::{parse_http_date, parse_http_date_bytes};

    #[test]
    fn the_first_and_the_last_second_are_read() {
        assert_eq!(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Ok(0));
        assert_eq!(parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT"), Ok(253_402_300_799));
    }

    #[test]
    fn only_leap_years_have_a_29_february() {
        assert_eq!(parse_http_date("Tue, 29 Feb 2000 00:00:00 GMT"), Ok(951_782_400));
        assert_eq!(parse_http_date("Thu, 29 Feb 2024 12:00:00 GMT"), Ok(1_709_208_000));
        // Each with the day of the week that 1 March has.
        assert!(parse_http_date("Wed, 29 Feb 2023 00:00:00 GMT").is_err());
        assert!(parse_http_date("Mon, 29 Feb 2100 00:00:00 GMT").is_err());
    }

    #[test]
    fn a_leap_second_is_the_second_after_it() {
        assert_eq!(
            parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT"),
            parse_http_date("Sun, 01 Jan 2017 00:00:00 GMT")
        );
    }

    #[test]
    fn anything_but_an_exact_date_is_rejected() {
        for value in [
            "",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 GMT ",
            " Sun, 06 Nov 1994 08:49:37 GMT",
            "sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Thu, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Wed, 31 Dec 1969 23:59:59 GMT",
            "Sun, 06 Nov 0000 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert!(parse_http_date(value).is_err(), "{value:?}");
        }
        assert!(parse_http_date_bytes(b"Sun, 06 N\xffv 1994 08:49:37 GMT").is_err());
    }
}
