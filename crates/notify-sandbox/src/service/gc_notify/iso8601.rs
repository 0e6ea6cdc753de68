//! Times as the service's library parses them: an older notation than that of Python itself, in which an offset may
//! count.

use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::python::iso_datetime;
use crate::time::Timestamp;

static OFFSET_DATE_TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^ (?<year>\d{4})
        (?: (?: -(?<month_in_dash>\d{1,2}) | (?<month>\d{2})(?!$) )
            (?: (?: -(?<day_in_dash>\d{1,2}) | (?<day>\d{2}) )
                (?: [\x20T] (?<hour>\d{2}) (?: :?(?<minute>\d{2}) )?
                    (?: :?(?<second>\d{1,2}) (?: [.,](?<fraction>\d+) )? )?
                    (?<zone> Z | (?<sign>[+-])(?<zone_hours>\d{2}):?(?<zone_minutes>\d{2})? )?
                )?
            )?
        )? $",
    )
    .ok()
});

/// The seconds of a day. Every offset is smaller.
const DAY: i64 = 86_400;

/// A local time, and its offset from UTC in seconds.
pub(super) struct OffsetDateTime {
    /// The local time.
    pub(super) local: Timestamp,
    offset: i64,
}

impl OffsetDateTime {
    pub(super) fn in_utc(&self) -> Timestamp {
        let offset = std::time::Duration::from_secs(self.offset.unsigned_abs());
        if self.offset < 0 { self.local + offset } else { self.local - offset }
    }
}

pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let parts = OFFSET_DATE_TIME.as_ref()?.captures(text).ok().flatten()?;
    let part = |name| parts.name(name).map(|found| found.as_str());
    let two = |value: Option<&str>, otherwise: &str| format!("{:0>2}", value.unwrap_or(otherwise));
    let fraction = format!("{:0<6}", part("fraction").unwrap_or_default());
    let local = iso_datetime::parse(&format!(
        "{}-{}-{}T{}:{}:{}.{}",
        part("year")?,
        two(part("month").or_else(|| part("month_in_dash")), "1"),
        two(part("day").or_else(|| part("day_in_dash")), "1"),
        two(part("hour"), "0"),
        two(part("minute"), "0"),
        two(part("second"), "0"),
        fraction.get(..6)?,
    ))?;
    let number = |name| part(name).map_or(Some(0), |digits| digits.parse::<i64>().ok());
    let size = number("zone_hours")? * 3_600 + number("zone_minutes")? * 60;
    if size >= DAY {
        return None;
    }
    Some(OffsetDateTime { local, offset: if part("sign") == Some("-") { -size } else { size } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_only_in_utc() {
        let time = parse("2026-11-30T12:00:00+0530").unwrap();
        assert_eq!(time.local.to_string(), "2026-11-30T12:00:00.000000Z");
        assert_eq!(time.in_utc().to_string(), "2026-11-30T06:30:00.000000Z");
    }

    #[test]
    fn a_day_may_have_one_digit_and_a_month_none() {
        for text in ["2026", "2026-1-1", "20260101", "2026-01", "2026-01-01 00", "2026-1-1T000000,5Z"] {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in
            ["202601", "2026-01-01_00:00", "2026-13-01", "2026-01-01T00:00+99:00", "2026-W01", "tomorrow", ""]
        {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
