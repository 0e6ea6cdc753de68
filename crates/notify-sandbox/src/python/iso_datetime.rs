//! Dates and times in ISO 8601, as Python's `datetime.fromisoformat` parses them.

use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;

use crate::time::Timestamp;

/// Parses a day of a month or of a week, with or without hyphens, then optionally any one character and a time.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let length = date_length(text.as_bytes());
    let (day, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    let day = date(day)?;
    let mut rest = rest.chars();
    let time = match rest.next() {
        None => Time::midnight(),
        Some(_) => time(rest.as_str())?,
    };
    // Our calendar cannot represent the very last day, so an earlier one stands in: it is just as far in the future.
    let moment = |day: Date| Timestamp::from_civil(day.to_datetime(time), &TimeZone::UTC);
    // The service's calendar has no year 0.
    (day.year() >= 1)
        .then(|| moment(day).or_else(|| moment(day.yesterday().ok()?.yesterday().ok()?)))
        .flatten()
}

/// How many characters the day takes, judging by the characters in the places of hyphens and of the week mark.
fn date_length(text: &[u8]) -> usize {
    match (text.get(4), text.get(5)) {
        (Some(b'-'), Some(b'W')) if text.get(8) == Some(&b'-') => {
            // An extra digit belongs to the time, and the hyphen separates the two.
            if text.get(10).is_some_and(u8::is_ascii_digit) { 8 } else { 10 }
        }
        (Some(b'-'), Some(b'W')) => 8,
        (Some(b'-'), _) => 10,
        (Some(b'W'), _) => match text.iter().skip(7).take_while(|byte| byte.is_ascii_digit()).count() {
            digits @ 0..2 => 7 + digits,
            digits if digits % 2 == 1 => 7,
            _ => 8,
        },
        _ => 8,
    }
}

fn date(text: &str) -> Option<Date> {
    let mut cursor = Cursor(text);
    let year = cursor.digits(4)?;
    let hyphen = cursor.eat("-");
    let date = if cursor.eat("W") {
        let week = cursor.digits(2)?;
        let has_weekday = !cursor.is_at_end();
        if has_weekday && cursor.eat("-") != hyphen {
            return None;
        }
        let weekday = if has_weekday { cursor.digits(1)? } else { 1 };
        let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
        ISOWeekDate::new(year, i8::try_from(week).ok()?, weekday).ok()?.date()
    } else {
        let month = cursor.digits(2)?;
        if cursor.eat("-") != hyphen {
            return None;
        }
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(cursor.digits(2)?).ok()?).ok()?
    };
    cursor.is_at_end().then_some(date)
}

/// Parses a time and an optional offset, which is ignored but must be valid.
fn time(text: &str) -> Option<Time> {
    let end = text.find(['+', '-', 'Z']).unwrap_or(text.len());
    let (time, zone) = text.split_at(end);
    let ([hour, minute, second], nanosecond) = clock(time)?;
    let is_zone = match zone.strip_prefix(['+', '-']) {
        Some(offset) => clock(offset).is_some_and(|([hours, minutes, _], _)| hours < 24 && minutes < 60),
        None => matches!(zone, "" | "Z"),
    };
    is_zone.then(|| Time::new(hour, minute, second, nanosecond).ok()).flatten()
}

/// Hour, minute, second and nanosecond: two digits for each of the first three, all separated by colons or none, and a
/// fraction after the last one.
fn clock(text: &str) -> Option<([i8; 3], i32)> {
    let mut cursor = Cursor(text);
    let mut parts = [0; 3];
    let mut colons = None;
    for part in &mut parts {
        *part = i8::try_from(cursor.digits(2)?).ok()?;
        if cursor.is_at_end() {
            return Some((parts, 0));
        }
        if cursor.eat(".") || cursor.eat(",") {
            return Some((parts, fraction(cursor.0)?));
        }
        let colon = cursor.eat(":");
        if *colons.get_or_insert(colon) != colon {
            return None;
        }
    }
    None
}

/// The nanoseconds of a fraction, to the microsecond.
fn fraction(digits: &str) -> Option<i32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let micros: i32 = is_number.then(|| format!("{digits:0<6}")[..6].parse().ok()).flatten()?;
    Some(micros * 1000)
}

struct Cursor<'a>(&'a str);

impl Cursor<'_> {
    fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    fn eat(&mut self, word: &str) -> bool {
        let rest = self.0.strip_prefix(word);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Exactly this many digits.
    fn digits(&mut self, count: usize) -> Option<i16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        self.0 = rest;
        is_number.then(|| digits.parse().ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse(text).map(|moment| moment.to_string())
    }

    #[test]
    fn dates_and_times_are_read_in_many_notations() {
        let cases = [
            ("20261129", "2026-11-29T00:00:00.000000Z"),
            ("2026-11-29", "2026-11-29T00:00:00.000000Z"),
            ("2026-W48", "2026-11-23T00:00:00.000000Z"),
            ("2026W48", "2026-11-23T00:00:00.000000Z"),
            ("2026-W48-7", "2026-11-29T00:00:00.000000Z"),
            ("2026W487", "2026-11-29T00:00:00.000000Z"),
            ("2026-W53-7", "2027-01-03T00:00:00.000000Z"),
            ("2026-11-29T05", "2026-11-29T05:00:00.000000Z"),
            ("2026-11-29T05:06", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T0506", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05:06:07", "2026-11-29T05:06:07.000000Z"),
            ("2026-11-29T050607", "2026-11-29T05:06:07.000000Z"),
            ("2026-11-29T05:06:07.5", "2026-11-29T05:06:07.500000Z"),
            ("2026-11-29T05:06:07,5", "2026-11-29T05:06:07.500000Z"),
            ("2026-11-29T05:06:07.1234567", "2026-11-29T05:06:07.123456Z"),
            ("2026-11-29T050607.5", "2026-11-29T05:06:07.500000Z"),
            ("2026-11-29T05:06.5", "2026-11-29T05:06:00.500000Z"),
            ("2026-11-29T05.5", "2026-11-29T05:00:00.500000Z"),
            ("2026-11-29T05:06Z", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05Z", "2026-11-29T05:00:00.000000Z"),
            ("2026-11-29T05:06+01", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05:06+0130", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05:06+01:30", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05:06+01:30:15", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05:06+23:59", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05:06-00:00", "2026-11-29T05:06:00.000000Z"),
            ("0001-01-01", "0001-01-01T00:00:00.000000Z"),
            ("9999-12-31T23:59:59", "9999-12-29T23:59:59.000000Z"),
            ("20261129T050607Z", "2026-11-29T05:06:07.000000Z"),
            ("20261129T05", "2026-11-29T05:00:00.000000Z"),
            ("2026-W48-7T05", "2026-11-29T05:00:00.000000Z"),
            ("2026-W48T05", "2026-11-23T05:00:00.000000Z"),
            ("2026W487T05", "2026-11-29T05:00:00.000000Z"),
            ("2026W48T05", "2026-11-23T05:00:00.000000Z"),
            ("2026-11-29x05:06", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29é05:06", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05:06:07.5+01:30", "2026-11-29T05:06:07.500000Z"),
            ("2026-11-29T05:06+01:30:15.5", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29T05:06+01.5", "2026-11-29T05:06:00.000000Z"),
            ("2026-11-29 05:06", "2026-11-29T05:06:00.000000Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn any_other_text_is_not_a_time() {
        for text in [
            "2026",
            "2026-3",
            "2026-11",
            "202611",
            "2026-1-29",
            "2026-W48-8",
            "2026-W54-1",
            "2026-W00-1",
            "2026-W487",
            "2026W48-7",
            "2026-333",
            "2026333",
            "2026-11-29T5",
            "2026-11-29T05:0607",
            "2026-11-29T0506:07",
            "2026-11-29T05:06:07.",
            "2026-11-29T05:06:",
            "2026-11-29T05:",
            "2026-11-29T",
            "2026-11-29T05:06z",
            "2026-11-29T05:06Zx",
            "2026-11-29T05:06+24:00",
            "2026-11-29T05:06+1",
            "2026-11-29T05:06+",
            "2026-11-29T24:00",
            "2026-11-29T05:60",
            "2026-11-29T05:06:60",
            "2026-02-30",
            "0000-01-01",
            "2026-11-2905",
            "202611290",
            "2026-13-01",
            "２026-11-29",
            "tomorrow",
            "2026-W48-705:06",
            "2026-W4",
            "2026-W48-",
            "2026-W48-77",
            " 2026-11-29",
            "2026-11-29 ",
            "2026-11-29\n",
            "2026-11-29T05:06 ",
            "2026-11-29  05:06",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
