//! Times for people to read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_http::model::Timestamp;

/// A time to the second.
pub(crate) fn moment(timestamp: Timestamp) -> String {
    let text = timestamp.to_string().replace('T', " ");
    let seconds = text.split_once('.').map_or(text.as_str(), |(seconds, _)| seconds);
    format!("{seconds} UTC")
}

/// A second since 1970, as a time.
pub(crate) fn second(unix: u64) -> String {
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(unix));
    let timestamp = time.and_then(|time| Timestamp::try_from(time).ok());
    timestamp.map_or_else(|| format!("second {unix}"), moment)
}

/// How long ago that was, or in how long it will be, in one unit.
pub(crate) fn distance(timestamp: Timestamp) -> String {
    let (now, then) = (SystemTime::now(), SystemTime::from(timestamp));
    match now.duration_since(then) {
        Ok(since) => in_one_unit(since).map(|time| format!("{time} ago")),
        Err(ahead) => in_one_unit(ahead.duration()).map(|time| format!("in {time}")),
    }
    .unwrap_or_else(|| "just now".to_owned())
}

/// Both.
pub(crate) fn moment_and_distance(timestamp: Timestamp) -> String {
    format!("{} ({})", moment(timestamp), distance(timestamp))
}

/// `None` for less than a minute: a few seconds are also how far clocks are apart.
fn in_one_unit(time: Duration) -> Option<String> {
    let seconds = time.as_secs();
    match seconds {
        0..60 => None,
        60..3_600 => Some(format!("{}m", seconds / 60)),
        3_600..172_800 => Some(format!("{}h", seconds / 3_600)),
        _ => Some(format!("{}d", seconds / 86_400)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_reported_in_its_largest_unit() {
        for (seconds, told) in [(59, None), (60, Some("1m")), (3_599, Some("59m")), (3_600, Some("1h"))] {
            assert_eq!(in_one_unit(Duration::from_secs(seconds)).as_deref(), told);
        }
        for (seconds, told) in [(172_799, "47h"), (172_800, "2d")] {
            assert_eq!(in_one_unit(Duration::from_secs(seconds)).as_deref(), Some(told));
        }
        let past: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert!(distance(past).ends_with("d ago"));
        assert_eq!(moment(past), "2026-01-01 00:00:00 UTC");
    }
}
