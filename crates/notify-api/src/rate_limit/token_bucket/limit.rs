//! The service's limit, as configured and as its refusals name it.

use std::time::Duration;

/// How long a lower limit is kept before the configured limit is tried again: the span by which the service counts.
/// Each time that the try ends in a refusal that still names a lower limit, the time doubles, up to [`LONGEST`]. So a
/// limit that really is lower costs one refusal an hour, and one that was lowered for a moment, or named by mistake,
/// costs a minute.
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// No service allows more messages a minute. A refusal that names more is mistaken, and would have us send far too
/// fast.
const MOST: u32 = 60_000;

/// Messages a minute.
#[derive(Debug)]
pub(super) struct Limit {
    /// The limit that the bucket was made with.
    own: u32,
    /// The limit that holds now.
    current: u32,
    /// When to try the configured limit again, while the current one is lower.
    until: Option<Duration>,
    /// How long a lower limit is kept.
    kept: Duration,
    /// When the configured limit was last tried.
    tried: Option<Duration>,
}

impl Limit {
    pub(super) fn new(own: u32) -> Self {
        let own = own.max(1);
        Self { own, current: own, until: None, kept: SHORTEST, tried: None }
    }

    pub(super) fn own(&self) -> u32 {
        self.own
    }

    pub(super) fn current(&self) -> u32 {
        self.current
    }

    /// When to try the configured limit again, while the current one is lower.
    pub(super) fn until(&self) -> Option<Duration> {
        self.until
    }

    /// Believes the limit that a refusal names.
    pub(super) fn learn(&mut self, named: u32, now: Duration) {
        self.current = named.clamp(1, MOST.max(self.own));
        if self.current >= self.own {
            self.until = None;
            return;
        }
        if self.until.is_none() {
            let has_failed = self.tried.is_some_and(|tried| now < tried.saturating_add(self.kept));
            self.kept = if has_failed { (self.kept * 2).min(LONGEST) } else { SHORTEST };
        }
        self.until = Some(now.saturating_add(self.kept));
    }

    /// Tries the configured limit again, whose time has come.
    pub(super) fn try_own(&mut self, now: Duration) {
        self.current = self.own;
        self.until = None;
        self.tried = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: u64) -> Duration {
        Duration::from_secs(minutes * 60)
    }

    #[test]
    fn a_lower_limit_is_kept_to_for_longer_each_time_that_a_try_fails() {
        let mut limit = Limit::new(3_000);
        let mut now = at(5);
        for minutes in [1, 2, 4, 8, 16, 32, 60, 60] {
            limit.learn(300, now);
            assert_eq!((limit.current(), limit.until()), (300, Some(now + at(minutes))));
            now += at(minutes);
            limit.try_own(now);
            assert_eq!((limit.current(), limit.until()), (3_000, None));
            now += Duration::from_secs(1);
        }
        // A try that went well for an hour is forgotten.
        limit.learn(1, now + at(60));
        assert_eq!(limit.until(), Some(now + at(61)));
    }

    #[test]
    fn a_refusal_at_the_lower_limit_says_that_it_still_holds() {
        let mut limit = Limit::new(3_000);
        limit.learn(300, at(0));
        limit.learn(200, Duration::from_secs(50));
        assert_eq!((limit.current(), limit.until()), (200, Some(Duration::from_secs(110))));
    }

    #[test]
    fn a_higher_limit_stays_and_one_that_cannot_be_is_not_believed() {
        let mut limit = Limit::new(3_000);
        for (named, believed) in [(6_000, 6_000), (u32::MAX, MOST), (0, 1)] {
            limit.learn(named, at(0));
            assert_eq!(limit.current(), believed);
            assert_eq!(limit.until().is_some(), believed == 1);
        }
        let mut larger = Limit::new(100_000);
        larger.learn(u32::MAX, at(0));
        assert_eq!(larger.current(), 100_000);
    }
}
