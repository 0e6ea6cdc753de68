//! Moments, as the service writes them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment in UTC, to the microsecond, in the years 1 to 9999.
///
/// Displays as the service writes it: `2026-11-23T10:42:43.906471Z`, always with six digits. Parses what the services
/// write, and what their language writes: with a space for the `T`, with any number of digits, with an offset or, in
/// UTC, without one, a date alone, and the dates of HTTP.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime);

impl Timestamp {
    /// Microseconds since 1970-01-01T00:00:00Z; negative before.
    pub fn unix_microseconds(self) -> i64 {
        let since = self.0.duration_since(UNIX_EPOCH_CIVIL);
        since.as_secs() * 1_000_000 + i64::from(since.subsec_micros())
    }
}

/// The start of the system's time. No zone is needed: all moments are in UTC.
const UNIX_EPOCH_CIVIL: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The finest fraction of a second that is read, in digits; further digits are cut off.
const FRACTION_DIGITS: usize = 6;

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let since = Duration::from_micros(timestamp.unix_microseconds().unsigned_abs());
        if timestamp.unix_microseconds() < 0 { UNIX_EPOCH - since } else { UNIX_EPOCH + since }
    }
}

/// Fails for a time outside the years 1 to 9999.
impl TryFrom<SystemTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(time: SystemTime) -> Result<Self, InvalidTimestamp> {
        let since = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => SignedDuration::try_from(since),
            Err(before) => SignedDuration::try_from(before.duration()).map(|before| -before),
        };
        let moment = since.ok().and_then(|since| UNIX_EPOCH_CIVIL.checked_add(since).ok());
        moment.filter(|moment| moment.year() > 0).map(Self).ok_or(InvalidTimestamp)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let text = text.trim();
        iso(text)
            .or_else(|| http_date(text))
            .filter(|moment| moment.year() > 0)
            .map(Self)
            .ok_or(InvalidTimestamp)
    }
}

/// ISO 8601, as the services' language writes it.
fn iso(text: &str) -> Option<DateTime> {
    let text = with_short_fraction(text);
    let pieces = Pieces::parse(&*text).ok()?;
    let time = pieces.time().unwrap_or(Time::midnight());
    let offset = pieces.to_numeric_offset().map_or(0, Offset::seconds);
    pieces.date().to_datetime(time).checked_sub(SignedDuration::from_secs(offset.into())).ok()
}

/// The text with no more fraction digits than are read.
fn with_short_fraction(text: &str) -> Cow<'_, str> {
    let Some((before, from)) = text.split_once(['.', ',']) else { return Cow::Borrowed(text) };
    let digits = from.bytes().take_while(u8::is_ascii_digit).count();
    if digits <= FRACTION_DIGITS {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{before}.{}{}", &from[..FRACTION_DIGITS], &from[digits..]))
}

fn http_date(text: &str) -> Option<DateTime> {
    let seconds = notify_jwt::parse_http_date(text).ok()?;
    UNIX_EPOCH_CIVIL.checked_add(SignedDuration::from_secs(seconds.try_into().ok()?)).ok()
}

/// The given text is not a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time such as 2026-11-23T10:42:43.906471Z")]
pub struct InvalidTimestamp;

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}Z", self.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time such as 2026-11-23T10:42:43.906471Z")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_shows_itself_as_the_service_writes_it() {
        for (text, shown) in [
            ("2026-11-23T10:42:43.906471Z", "2026-11-23T10:42:43.906471Z"),
            ("2026-11-23T10:42:43Z", "2026-11-23T10:42:43.000000Z"),
            ("2026-11-23T10:42:43.5+01:00", "2026-11-23T09:42:43.500000Z"),
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_moment_reads_as_the_services_and_their_language_write_it() {
        for (text, shown) in [
            ("2026-11-23T10:42:43.906471", "2026-11-23T10:42:43.906471Z"),
            ("2026-11-23T10:42:43", "2026-11-23T10:42:43.000000Z"),
            ("2026-11-23 10:42:43.906471", "2026-11-23T10:42:43.906471Z"),
            ("2026-11-23 10:42:43.906471+00:00", "2026-11-23T10:42:43.906471Z"),
            ("2026-11-23T10:42:43.906471+00:00", "2026-11-23T10:42:43.906471Z"),
            ("2026-11-23T10:42:43.9064719Z", "2026-11-23T10:42:43.906471Z"),
            ("2026-11-23T10:42:43.906471999999999999+0000", "2026-11-23T10:42:43.906471Z"),
            ("2026-11-23T10:42:43,9", "2026-11-23T10:42:43.900000Z"),
            ("2026-11-23T10:42", "2026-11-23T10:42:00.000000Z"),
            ("2026-11-23 10:42", "2026-11-23T10:42:00.000000Z"),
            ("2026-11-23", "2026-11-23T00:00:00.000000Z"),
            ("2026-11-23t10:42:43z", "2026-11-23T10:42:43.000000Z"),
            ("2026-11-23T10:42:43-05:30", "2026-11-23T16:12:43.000000Z"),
            (" 2026-11-23T10:42:43Z\n", "2026-11-23T10:42:43.000000Z"),
            ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
            ("9999-12-31", "9999-12-31T00:00:00.000000Z"),
            ("0001-01-01T00:00:00", "0001-01-01T00:00:00.000000Z"),
            ("Mon, 23 Nov 2026 10:42:43 GMT", "2026-11-23T10:42:43.000000Z"),
        ] {
            assert_eq!(text.parse::<Timestamp>().map(|it| it.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for text in [
            "yesterday",
            "",
            "10:42:43",
            "2026-13-01",
            "2026-02-30",
            "9999-12-31T23:59:59-01:00",
            "0000-01-01",
            "1795430454",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text}");
        }
    }

    #[test]
    fn moments_are_ordered_and_counted_in_microseconds() {
        let count = |text: &str| text.parse::<Timestamp>().unwrap().unix_microseconds();
        assert_eq!(count("1970-01-01T00:00:00.000001"), 1);
        assert_eq!(count("1969-12-31T23:59:59.999999"), -1);
        assert_eq!(count("2026-11-23T10:42:43.906471Z"), 1_795_430_563_906_471);
        assert_eq!(count("9999-12-31T23:59:59.999999"), 253_402_300_799_999_999);
        let times = ["0001-01-01", "1970-01-01", "2026-11-23", "9999-12-31"]
            .map(|text| text.parse::<Timestamp>().unwrap());
        assert!(times.is_sorted());
    }

    #[test]
    fn a_moment_becomes_the_systems_time() {
        let moment: Timestamp = "1969-12-31T23:59:59.5Z".parse().unwrap();
        assert_eq!(SystemTime::from(moment), UNIX_EPOCH - Duration::from_millis(500));
        for text in ["1969-12-31T23:59:59.5Z", "2026-11-23T10:42:43.906471Z", "9999-12-31"] {
            let moment: Timestamp = text.parse().unwrap();
            assert_eq!(SystemTime::from(moment).try_into(), Ok(moment));
        }
        let never =
            SystemTime::from("9999-12-31".parse::<Timestamp>().unwrap()) + Duration::from_secs(86_400);
        assert_eq!(Timestamp::try_from(never), Err(InvalidTimestamp));
    }
}
