//! Formats of values, and what the service says about a value that does not match.

use std::fmt::Display;
use std::time::Duration;

use super::SchemaError;
use crate::python::json::Value;
use crate::python::whitespace;
use crate::python::{digits, iso_datetime};
use crate::recipient::{email, phone};
use crate::time::Timestamp;

/// A format. Formats of strings accept anything that is not a string.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    PhoneNumber,
    EmailAddress,
    /// A class of post for a letter that comes as a PDF.
    Postage,
    /// A date and time within the next 24 hours.
    WithinNextDay,
    /// `1 week` to `78 weeks`, or null.
    RetentionPeriod,
    /// A name with an extension, or null.
    Filename,
    /// True, false or null.
    YesOrNo,
}

/// The longest that a file can be kept, in weeks.
const MAX_WEEKS: u64 = 78;

const DAY: Duration = Duration::from_secs(86_400);

impl Format {
    /// What is wrong with a value, if anything is.
    pub(super) fn complaint(self, name: &str, value: &Value, now: Timestamp) -> Option<SchemaError> {
        let refuse = |text: &str| Some(SchemaError::of(name, text));
        match (self, value) {
            (Self::PhoneNumber, Value::String(text)) => {
                phone::parse(text).err().map(|error| SchemaError::of(name, error))
            }
            (Self::EmailAddress, Value::String(text)) => {
                email::parse(text).err().map(|_| SchemaError::of(name, "Not a valid email address"))
            }
            (Self::Postage, Value::String(text))
                if !["first", "second", "economy"].contains(&text.as_str()) =>
            {
                refuse("invalid. It must be either first, second or economy.")
            }
            (Self::WithinNextDay, Value::String(text)) => not_within_next_day(text, now).and_then(refuse),
            (Self::RetentionPeriod, value) if *value != Value::Null && weeks(value).is_none() => Some(
                unsupported(name, value, format_args!("Supported periods are from 1 to {MAX_WEEKS} weeks.")),
            ),
            (Self::Filename, value)
                if *value != Value::Null && !value.as_str().is_some_and(|text| text.contains('.')) =>
            {
                refuse("`filename` must end with a file extension. For example, filename.csv")
            }
            (Self::YesOrNo, value) if !matches!(value, Value::Bool(_) | Value::Null) => {
                Some(unsupported(name, value, "Use a boolean true or false value."))
            }
            _ => None,
        }
    }
}

/// What is wrong with the time a message is scheduled for. The service ignores the offset: it compares the digits as if
/// they were UTC.
pub(crate) fn not_within_next_day(text: &str, now: Timestamp) -> Option<&'static str> {
    not_within(text, now, DAY, "datetime can only be 24 hours in the future")
}

/// The same for another span, with the message for a time beyond it.
pub(crate) fn not_within(
    text: &str,
    now: Timestamp,
    span: Duration,
    too_late: &'static str,
) -> Option<&'static str> {
    let Some(moment) = iso_datetime::parse(text) else {
        return Some(
            "datetime format is invalid. It must be a valid ISO8601 date time format, \
             https://en.wikipedia.org/wiki/ISO_8601",
        );
    };
    if moment < now {
        Some("datetime can not be in the past")
    } else if moment > now + span {
        Some(too_late)
    } else {
        None
    }
}

/// The weeks of a retention period.
pub(crate) fn weeks(value: &Value) -> Option<u64> {
    let text = value.as_str()?.trim_matches(whitespace::is_space).to_lowercase();
    let number = digits::to_ascii(text.strip_suffix("s").unwrap_or(&text).strip_suffix(" week")?);
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|weeks| digits && (1..=MAX_WEEKS).contains(weeks))
}

fn unsupported(name: &str, value: &Value, remedy: impl Display) -> SchemaError {
    SchemaError::new(
        &format!("{name} Unsupported value for {name}: {value}. {remedy}"),
        &format!("{name} has an unsupported value. {remedy}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_periods_are_one_to_78_weeks() {
        let weeks = |text: &str| weeks(&Value::String(text.to_owned()));
        assert_eq!(weeks("1 week"), Some(1));
        assert_eq!(weeks(" 78 WEEKS "), Some(78));
        assert_eq!(weeks("007 weeks"), Some(7));
        assert_eq!(weeks("\u{664} weeks"), Some(4));
        assert_eq!(weeks("\u{1f}\u{ff11}2 week\u{85}"), Some(12));
        for bad in [
            "0 weeks",
            "79 weeks",
            "weeks",
            " weeks",
            "4weeks",
            "+4 weeks",
            "4  weeks",
            "4 weeks s",
            "4 weekss",
        ] {
            assert_eq!(weeks(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_next_day_is_from_now_until_24_hours_later() {
        let now = iso_datetime::parse("2026-03-04T05:06:07").unwrap();
        assert_eq!(not_within_next_day("2026-03-04T05:06:07", now), None);
        assert_eq!(not_within_next_day("2026-03-05T05:06:07", now), None);
        assert_eq!(not_within_next_day("2026-03-04T05:06:06", now), Some("datetime can not be in the past"));
        assert_eq!(
            not_within_next_day("2026-03-05T05:06:08", now),
            Some("datetime can only be 24 hours in the future")
        );
    }
}
