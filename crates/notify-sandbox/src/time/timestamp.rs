//! Timestamps to the microsecond, and how the service writes them.

use std::fmt::{self, Display, Formatter};
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp(i64);

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

impl Timestamp {
    #[cfg(test)]
    pub(crate) const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    pub(crate) fn now() -> Self {
        SystemTime::now().into()
    }

    pub(crate) const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    pub(crate) const fn unix_micros(self) -> i64 {
        self.0
    }

    pub(crate) const fn from_unix_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Days since 1970-01-01, by UTC midnights.
    pub(crate) const fn day(self) -> i64 {
        self.unix_seconds().div_euclid(SECONDS_PER_DAY)
    }

    /// Reads what people write: all of RFC 3339, which is more than the service writes, and the same without a zone, which is
    /// UTC.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let moment = text.parse::<jiff::Timestamp>();
        let moment = moment.or_else(|_| TimeZone::UTC.to_timestamp(text.parse::<DateTime>()?));
        moment.ok().map(|moment| Self(moment.as_microsecond()))
    }

    /// The civil time in a time zone, clamped to the years that the calendar covers.
    pub(crate) fn civil(self, zone: &TimeZone) -> DateTime {
        let nearest = if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        zone.to_datetime(jiff::Timestamp::from_microsecond(self.0).unwrap_or(nearest))
    }

    /// The timestamp of a civil time. If the clocks change there, the earlier reading counts.
    pub(crate) fn from_civil(time: DateTime, zone: &TimeZone) -> Option<Self> {
        zone.to_timestamp(time).ok().map(|moment| Self(moment.as_microsecond()))
    }

    /// As the `Date` header spells it.
    pub(crate) fn http_date(self) -> String {
        self.civil(&TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

impl Display for Timestamp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.civil(&TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%6fZ").fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let unreadable = || serde::de::Error::custom("this is not a time such as 2026-11-23T10:37:19Z");
        Self::read(&text).ok_or_else(unreadable)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let micros = |span: Duration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self(time.duration_since(UNIX_EPOCH).map_or_else(|before| -micros(before.duration()), micros))
    }
}

impl From<Timestamp> for SystemTime {
    fn from(time: Timestamp) -> Self {
        let span = Duration::from_micros(time.0.unsigned_abs());
        let moment = if time.0 < 0 { UNIX_EPOCH.checked_sub(span) } else { UNIX_EPOCH.checked_add(span) };
        moment.unwrap_or(UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_six_decimals_and_a_z() {
        assert_eq!(Timestamp(1_795_430_563_906_471).to_string(), "2026-11-23T10:42:43.906471Z");
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00.000000Z");
    }

    #[test]
    fn the_date_header_has_seconds() {
        assert_eq!(Timestamp::from_unix_seconds(1_795_430_454).http_date(), "Mon, 23 Nov 2026 10:40:54 GMT");
    }

    #[test]
    fn no_time_is_too_far_in_the_future() {
        for micros in [i64::MIN, i64::MAX] {
            assert!(!Timestamp(micros).to_string().is_empty());
            let _moment = SystemTime::from(Timestamp(micros));
        }
    }
}
