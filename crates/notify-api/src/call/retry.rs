//! How long to wait before sending again.

use std::time::Duration;

use fastrand::Rng;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue};

use crate::Policy;
use crate::headers::date;

/// How long to wait before sending again: a fixed time, and a random part that keeps apart those that wait together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait {
    pub(super) least: Duration,
    pub(super) backoff: Duration,
}

impl Wait {
    pub(super) fn total(self) -> Duration {
        self.least.saturating_add(self.backoff)
    }
}

/// The bound of the first back-off. The bound of each further one is twice as long, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(10);

/// The longest back-off for throttled messages. A refused message takes its share of the bucket too. So sixty senders
/// at sixty a minute keep each other out for as long as they come back more often than once a minute.
const LONGEST_FROM_LIMIT: Duration = Duration::from_secs(60);

/// Exponential back-off with full jitter: between zero and a bound that doubles with each attempt.
pub(super) fn backoff(attempts: u32, jitter: &mut Rng) -> Duration {
    doubling(LONGEST, attempts, jitter)
}

/// The same for a throttled message.
pub(super) fn backoff_from_limit(attempts: u32, jitter: &mut Rng) -> Duration {
    doubling(LONGEST_FROM_LIMIT, attempts, jitter)
}

fn doubling(longest: Duration, attempts: u32, jitter: &mut Rng) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    SHORTEST.saturating_mul(1 << doublings).min(longest).mul_f64(jitter.f64())
}

/// The wait that a proxy asks for: seconds, or a date (RFC 9110 §10.2.3), within [`Policy::LONGEST_RETRY_AFTER`]. If
/// several headers ask, the longest counts. The service itself sends no such header.
///
/// A date counts from that of the response, or from `service_seconds`, the time that we believe the service's clock to
/// show.
pub(super) fn after(headers: &HeaderMap, service_seconds: u64) -> Duration {
    let from = || date(headers).unwrap_or(service_seconds);
    let asked = |value: &HeaderValue| {
        let text = value.to_str().ok()?.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            // A number too large to parse is longer than any wait anyway.
            return Some(text.parse().unwrap_or(u64::MAX));
        }
        notify_jwt::parse_http_date(text).ok().map(|date| date.saturating_sub(from()))
    };
    let most = headers.get_all(RETRY_AFTER).iter().filter_map(asked).max();
    Duration::from_secs(most.unwrap_or_default()).min(Policy::LONGEST_RETRY_AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use http::header::DATE;

    #[test]
    fn back_off_doubles_and_stays_within_its_bounds() {
        let mut jitter = Rng::with_seed(7);
        for (attempts, bound) in [(1, 250), (2, 500), (4, 2_000), (9, 10_000), (u32::MAX, 10_000)] {
            let waits: Vec<_> = (0..1_000).map(|_| backoff(attempts, &mut jitter)).collect();
            let (shortest, longest) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
            assert!(*longest <= Duration::from_millis(bound));
            assert!(*longest >= Duration::from_millis(bound / 10 * 9), "{attempts}: {longest:?}");
            assert!(*shortest <= Duration::from_millis(bound / 10), "{attempts}: {shortest:?}");
        }
    }

    #[test]
    fn a_retry_after_reads_in_both_its_forms() {
        let wait = |value: &'static str| {
            after(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(value))]), 784_111_770)
        };
        assert_eq!(wait("120"), Duration::from_secs(120));
        assert_eq!(wait(" 0 "), Duration::ZERO);
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Duration::from_secs(7));
        for strange in ["soon", "", "-1", "+1", "1.5", "Sun, 06 Nov 1994 08:49:27 GMT"] {
            assert_eq!(wait(strange), Duration::ZERO, "{strange}");
        }
        assert_eq!(after(&HeaderMap::new(), 0), Duration::ZERO);
    }

    #[test]
    fn a_retry_after_beyond_the_bound_counts_as_the_bound() {
        let wait = |value: &str| {
            after(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(value).unwrap())]), 784_111_770)
        };
        assert_eq!(wait("300"), Policy::LONGEST_RETRY_AFTER);
        for long in [
            "301",
            "99999999999",
            "18446744073709551615",
            "99999999999999999999",
            &"9".repeat(1_000),
            "Sun, 06 Nov 1994 09:49:37 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            assert_eq!(wait(long), Policy::LONGEST_RETRY_AFTER, "{long}");
        }
        // The bound also holds against the date of the response, which may be wrong.
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"));
        headers.insert(DATE, HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"));
        assert_eq!(after(&headers, 784_111_770), Policy::LONGEST_RETRY_AFTER);
    }

    #[test]
    fn of_several_retry_afters_the_one_that_asks_for_most_counts() {
        let mut headers = HeaderMap::new();
        for value in ["5", "Sun, 06 Nov 1994 08:51:30 GMT", "soon", "30"] {
            headers.append(RETRY_AFTER, HeaderValue::from_static(value));
        }
        assert_eq!(after(&headers, 784_111_770), Duration::from_secs(120));
    }

    #[test]
    fn a_date_to_retry_after_counts_from_the_date_of_the_response() {
        let headers = HeaderMap::from_iter([
            (RETRY_AFTER, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT")),
            (DATE, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:34 GMT")),
        ]);
        assert_eq!(after(&headers, 784_111_770), Duration::from_secs(3));
    }
}
