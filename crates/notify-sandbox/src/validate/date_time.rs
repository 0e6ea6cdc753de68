//! Moments in ISO 8601, as generously as the service reads them, and whether they lie within a day from now.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::timestamp::Timestamp;

const DAY: Duration = Duration::from_secs(86_400);

/// What the service says of a moment that a message might be scheduled for. It does not look at the offset: the digits
/// are compared as if they were UTC.
pub(super) fn complaint(text: &str, now: Timestamp) -> Option<&'static str> {
    let Some(moment) = parse(text) else {
        return Some(
            "datetime format is invalid. It must be a valid ISO8601 date time format, \
             https://en.wikipedia.org/wiki/ISO_8601",
        );
    };
    if moment < now {
        Some("datetime can not be in the past")
    } else if moment > now + DAY {
        Some("datetime can only be 24 hours in the future")
    } else {
        None
    }
}

/// Reads `YYYY`, `YYYY-MM`, `YYYYMMDD`, `YYYY-M-D` and so on, then perhaps a time and an offset.
fn parse(text: &str) -> Option<Timestamp> {
    // A line break at the very end is where the service's pattern ends, too.
    let mut cursor = Cursor(text.strip_suffix('\n').unwrap_or(text));
    let year = cursor.digits(4, 4)?;
    if cursor.is_at_end() {
        return moment(year, 1, 1, [0; 4]);
    }
    let dash = cursor.eat("-");
    // Where a month of two digits leaves nothing to make a day of, one digit may do.
    let widths: &[usize] = if dash { &[2, 1] } else { &[2] };
    let (month, day, time) = widths.iter().find_map(|width| {
        let mut cursor = Cursor(cursor.0);
        let month = cursor.digits(*width, *width)?;
        let (day, time) = cursor.day_and_time(dash)?;
        Some((month, day, time))
    })?;
    moment(year, month, day, time)
}

fn moment(
    year: i32,
    month: i32,
    day: i32,
    [hour, minute, second, nanosecond]: [i32; 4],
) -> Option<Timestamp> {
    let small = |number: i32| i8::try_from(number).ok();
    // There is no year 0 in the service's calendar.
    let year = i16::try_from(year).ok().filter(|year| *year >= 1)?;
    let moment = DateTime::new(
        year,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        nanosecond,
    )
    .ok()?;
    Timestamp::from_civil(moment, &TimeZone::UTC)
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

    /// As many digits as there are, up to a number of them.
    fn digits(&mut self, least: usize, most: usize) -> Option<i32> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        digits.parse().ok()
    }

    /// What follows the month, up to the end of the text.
    fn day_and_time(&mut self, month_had_dash: bool) -> Option<(i32, [i32; 4])> {
        if self.is_at_end() {
            return month_had_dash.then_some((1, [0; 4]));
        }
        let least = if self.eat("-") { 1 } else { 2 };
        let day = self.digits(least, 2)?;
        let time = if self.is_at_end() { [0; 4] } else { self.time()? };
        Some((day, time))
    }

    /// Hour, minute, second and nanosecond, up to the end of the text.
    fn time(&mut self) -> Option<[i32; 4]> {
        if !self.eat(" ") && !self.eat("T") {
            return None;
        }
        let hour = self.digits(2, 2)?;
        // Where two digits leave what no minute can have behind it, they are seconds.
        [true, false].into_iter().find_map(|has_minute| {
            let mut cursor = Cursor(self.0);
            let minute = if has_minute { Some(cursor.part(2)?) } else { None };
            let (second, nanosecond) = cursor.second()?;
            cursor.zone()?;
            Some([hour, minute.unwrap_or(0), second, nanosecond])
        })
    }

    /// Second and nanosecond, if there are any.
    fn second(&mut self) -> Option<(i32, i32)> {
        let Some(second) = self.part(1) else { return Some((0, 0)) };
        let is_fraction =
            |rest: &str| rest.starts_with(['.', ',']) && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if !is_fraction(self.0) {
            return Some((second, 0));
        }
        self.0 = &self.0[1..];
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (fraction, rest) = self.0.split_at(count);
        self.0 = rest;
        let micros: i32 = format!("{fraction:0<6}")[..6].parse().ok()?;
        Some((second, micros * 1000))
    }

    /// Two more digits, or one if that will do, with or without a colon before.
    fn part(&mut self, least: usize) -> Option<i32> {
        let before = self.0;
        let _colon = self.eat(":");
        let part = self.digits(least, 2);
        if part.is_none() {
            self.0 = before;
        }
        part
    }

    /// An offset of less than a day, and nothing after it.
    fn zone(&mut self) -> Option<()> {
        if !self.eat("Z") && (self.eat("+") || self.eat("-")) {
            let hours = self.digits(2, 2)?;
            let _colon = self.eat(":");
            let minutes = self.digits(2, 2).unwrap_or(0);
            if hours * 60 + minutes >= 24 * 60 {
                return None;
            }
        }
        self.is_at_end().then_some(())
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
            ("2026", "2026-01-01T00:00:00.000000Z"),
            ("2026-3", "2026-03-01T00:00:00.000000Z"),
            ("20260304", "2026-03-04T00:00:00.000000Z"),
            ("2026-3-4", "2026-03-04T00:00:00.000000Z"),
            ("2026-03-04 05", "2026-03-04T05:00:00.000000Z"),
            ("2026-03-04T05:06", "2026-03-04T05:06:00.000000Z"),
            ("2026-03-04T0506", "2026-03-04T05:06:00.000000Z"),
            ("2026-03-04T05:06:7", "2026-03-04T05:06:07.000000Z"),
            ("2026-03-04T05:06:07.1234567Z", "2026-03-04T05:06:07.123456Z"),
            ("2026-03-04T05:06:07,5+01:30", "2026-03-04T05:06:07.500000Z"),
            ("20260304T050607-05", "2026-03-04T05:06:07.000000Z"),
            ("2026-03-04T05:6", "2026-03-04T05:00:06.000000Z"),
            ("2026-03-04T0506.5-01", "2026-03-04T05:00:06.500000Z"),
            ("2026-123", "2026-01-23T00:00:00.000000Z"),
            ("202603-4", "2026-03-04T00:00:00.000000Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_moment() {
        for text in [
            "",
            "tomorrow",
            "202603",
            "2026-13-01",
            "2026-02-30",
            "0000",
            "2026-03-04T",
            "2026-03-04T24:00",
            "2026-03-04x",
            "2026-03-04T05:06:07.",
            "2026-03-04T05:06Zx",
            "2026-03-04T05+24:00",
            "2026-03-04T05:",
            "2026-03-0405",
            "20261",
            "2026-031",
            " 2026",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_next_day_is_from_now_until_24_hours_later() {
        let now = parse("2026-03-04T05:06:07").unwrap();
        assert_eq!(complaint("2026-03-04T05:06:07", now), None);
        assert_eq!(complaint("2026-03-05T05:06:07", now), None);
        assert_eq!(complaint("2026-03-04T05:06:06", now), Some("datetime can not be in the past"));
        assert_eq!(
            complaint("2026-03-05T05:06:08", now),
            Some("datetime can only be 24 hours in the future")
        );
    }
}
