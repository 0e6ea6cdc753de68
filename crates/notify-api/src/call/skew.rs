//! The difference between the service's clock and this machine's.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::Now;

/// Stands for "not known yet"; as an offset, it would be 292 years ago.
const UNKNOWN: i64 = i64::MIN;

/// The service's time, once a refusal has revealed it: an offset to the monotonic clock, so that later adjustments of
/// the system's clock change nothing. All calls share it.
#[derive(Debug)]
pub(crate) struct Skew {
    /// The service's unix time minus this machine's monotonic time, in nanoseconds.
    offset: AtomicI64,
}

impl Default for Skew {
    fn default() -> Self {
        Self { offset: AtomicI64::new(UNKNOWN) }
    }
}

impl Skew {
    /// The time that we believe the service's clock to show now.
    pub(crate) fn service_time(&self, now: Now) -> Duration {
        self.learnt(now).unwrap_or(now.unix)
    }

    /// The unix seconds to put into a token that leaves now, rounded down.
    pub(crate) fn service_seconds(&self, now: Now) -> u64 {
        self.service_time(now).as_secs()
    }

    /// How many seconds the service is ahead of this machine, if that is known.
    pub(crate) fn offset_seconds(&self, now: Now) -> Option<i64> {
        self.learnt(now).map(|service| difference(service.as_secs(), now))
    }

    /// Believes that the service's clock shows `date` now, unless that is further off than `bound`.
    pub(super) fn learn(&self, date: u64, now: Now, bound: Duration) -> bool {
        let is_within = Duration::from_secs(difference(date, now).unsigned_abs()) <= bound;
        let offset = i128::from(date) * 1_000_000_000 - nanoseconds(now.monotonic);
        match i64::try_from(offset) {
            Ok(offset) if is_within && offset != UNKNOWN => {
                self.offset.store(offset, Ordering::Relaxed);
                true
            }
            _ => false,
        }
    }

    fn learnt(&self, now: Now) -> Option<Duration> {
        let offset = self.offset.load(Ordering::Relaxed);
        let nanoseconds = i128::from(offset) + nanoseconds(now.monotonic);
        (offset != UNKNOWN).then(|| Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or_default()))
    }
}

fn nanoseconds(duration: Duration) -> i128 {
    i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX)
}

/// How many seconds `service` is ahead of this machine's clock.
pub(super) fn difference(service: u64, now: Now) -> i64 {
    let signed = |seconds| i64::try_from(seconds).unwrap_or(i64::MAX);
    signed(service).saturating_sub(signed(now.unix.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn now(monotonic: u64, unix: u64) -> Now {
        Now { monotonic: Duration::from_secs(monotonic), unix: Duration::from_secs(unix) }
    }

    #[test]
    fn a_corrected_clock_continues_with_the_monotonic_one() {
        let skew = Skew::default();
        assert_eq!(skew.service_seconds(now(5, 1_000_000)), 1_000_000);
        assert!(skew.learn(1_000_600, now(5, 1_000_000), DAY));
        assert_eq!(skew.offset_seconds(now(5, 1_000_000)), Some(600));
        // Even if somebody corrects the system's clock or sets it wrong, the time in tokens does not move.
        assert_eq!(skew.service_seconds(now(15, 7)), 1_000_610);
    }

    #[test]
    fn a_clock_beyond_the_bound_is_not_believed() {
        let skew = Skew::default();
        assert!(!skew.learn(1_000_000 + 86_401, now(5, 1_000_000), DAY));
        assert!(!skew.learn(u64::MAX, now(5, 1_000_000), Duration::MAX));
        assert_eq!(skew.service_seconds(now(6, 1_000_001)), 1_000_001);
        assert!(skew.learn(1_000_000 - 86_400, now(5, 1_000_000), DAY));
    }
}
