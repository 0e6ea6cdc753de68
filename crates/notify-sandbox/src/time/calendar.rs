//! Working days, and the day by which a letter should arrive.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;

use crate::time::Timestamp;

/// When a letter should arrive at the latest: 4 pm in London on the last day of its transit time.
pub(crate) fn estimated_delivery(created_at: Timestamp, postage: &str) -> Timestamp {
    // Letters sent after half past five are processed with those of the next day.
    let london = london();
    let created = created_at.civil(&london);
    let processing = created.saturating_add(6.hours().minutes(30));
    let printing = working_days_later(processing.date(), 1, false);
    let on_saturdays = postage == "first";
    let day = working_days_later(printing, 1 + days_in_transit(postage), on_saturdays);
    // Hour and minute are set, seconds stay as they were.
    let four = jiff::civil::time(16, 0, created.second(), created.subsec_nanosecond());
    Timestamp::from_civil(day.to_datetime(four), &london).unwrap_or(created_at)
}

/// The longest transit time, in working days.
fn days_in_transit(postage: &str) -> u32 {
    match postage {
        "first" => 0,
        "second" => 4,
        "europe" => 5,
        "economy" => 6,
        _ => 7,
    }
}

/// London's clock by the rule that has held since 1996.
fn london() -> TimeZone {
    TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").expect("the rule is in the syntax of POSIX")
}

fn working_days_later(mut day: Date, mut days: u32, saturdays: bool) -> Date {
    while days > 0 {
        let Ok(next) = day.tomorrow() else { return day };
        day = next;
        if is_working_day(day, saturdays) {
            days -= 1;
        }
    }
    day
}

fn is_working_day(day: Date, saturdays: bool) -> bool {
    match day.weekday() {
        Weekday::Sunday => false,
        Weekday::Saturday => saturdays && !is_bank_holiday(day),
        _ => !is_bank_holiday(day),
    }
}

/// The year of the act that made bank holidays.
const FIRST_BANK_HOLIDAYS: i16 = 1871;

/// The bank holidays of England and Wales, by their rules; what is proclaimed for one year only is not known here.
fn is_bank_holiday(day: Date) -> bool {
    let year = day.year();
    if year < FIRST_BANK_HOLIDAYS {
        return false;
    }
    let easter = easter_sunday(year);
    let first_monday = |month| date(year, month, 1).nth_weekday_of_month(1, Weekday::Monday);
    let last_monday = |month| date(year, month, 1).nth_weekday_of_month(-1, Weekday::Monday);
    let movable = [first_monday(5), last_monday(5), last_monday(8)];
    day == instead_of_weekend(date(year, 1, 1))
        || day == easter.saturating_sub(2.days())
        || day == easter.saturating_add(1.day())
        || movable.into_iter().flatten().any(|holiday| holiday == day)
        || christmas(year).contains(&day)
}

/// The next Monday, if the day falls on a weekend.
fn instead_of_weekend(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => day.saturating_add(2.days()),
        Weekday::Sunday => day.saturating_add(1.day()),
        _ => day,
    }
}

/// Christmas Day and Boxing Day, which give way to each other.
fn christmas(year: i16) -> [Date; 2] {
    match date(year, 12, 25).weekday() {
        Weekday::Friday => [date(year, 12, 25), date(year, 12, 28)],
        Weekday::Saturday => [date(year, 12, 27), date(year, 12, 28)],
        Weekday::Sunday => [date(year, 12, 27), date(year, 12, 26)],
        _ => [date(year, 12, 25), date(year, 12, 26)],
    }
}

/// Easter by the Gregorian reckoning (the anonymous algorithm of 1876).
fn easter_sunday(year: i16) -> Date {
    let year = i32::from(year);
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let week = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let shift = (golden + 11 * moon + 22 * week) / 451;
    let days = moon + week - 7 * shift + 114;
    let small = |number: i32| i8::try_from(number).expect("months and days are small");
    date(i16::try_from(year).expect("it was one"), small(days / 31), small(days % 31 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the recordings: a letter of Monday morning, in each class of post.
    #[test]
    fn each_class_of_post_has_its_delivery_time() {
        let created = Timestamp::from_unix_micros(1_795_430_565_096_677);
        assert_eq!(created.to_string(), "2026-11-23T10:42:45.096677Z");
        for (postage, expected) in [
            ("first", "2026-11-25T16:00:45.096677Z"),
            ("second", "2026-12-01T16:00:45.096677Z"),
            ("economy", "2026-12-03T16:00:45.096677Z"),
            ("europe", "2026-12-02T16:00:45.096677Z"),
        ] {
            assert_eq!(estimated_delivery(created, postage).to_string(), expected, "{postage}");
        }
    }

    #[test]
    fn summer_is_an_hour_ahead_and_evenings_belong_to_the_next_day() {
        // 2026-07-06 is a Monday; 17:00 UTC is 18:00 in London.
        let evening = Timestamp::from_unix_seconds(1_783_357_200);
        assert_eq!(evening.to_string(), "2026-07-06T17:00:00.000000Z");
        assert_eq!(estimated_delivery(evening, "first").to_string(), "2026-07-09T15:00:00.000000Z");
    }

    #[test]
    fn bank_holidays_follow_their_rules() {
        for holiday in [
            date(2026, 1, 1),
            date(2026, 4, 3),
            date(2026, 4, 6),
            date(2026, 5, 4),
            date(2026, 5, 25),
            date(2026, 8, 31),
            date(2026, 12, 25),
            date(2026, 12, 28),
            date(2027, 12, 27),
            date(2027, 12, 28),
            date(2028, 1, 3),
            date(2023, 1, 2),
            date(2022, 12, 26),
            date(2022, 12, 27),
        ] {
            assert!(is_bank_holiday(holiday), "{holiday}");
        }
        assert!(!is_bank_holiday(date(2026, 4, 7)));
    }

    #[test]
    fn no_time_is_too_far_in_the_future() {
        for micros in [i64::MIN, i64::MAX] {
            let _moment = estimated_delivery(Timestamp::from_unix_micros(micros), "second");
        }
    }
}
