//! How long and how often a call may try.

use std::time::Duration;

/// The bounds of a call: time, attempts, trust in the service's clock, size of an answer.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use notify_api::Policy;
///
/// let policy = Policy::default().timeout(Duration::from_secs(300)).attempts(8);
/// assert_eq!(policy.attempt_timeout_duration(), Duration::from_secs(35));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    timeout: Duration,
    attempt_timeout: Duration,
    attempts: u32,
    absence_after: Duration,
    clock_bound: Duration,
    max_answer_bytes: usize,
}

/// How long after an attempt ended the service may still take its message: its own limit, and time on the way.
const TAKEN_WITHIN: Duration = Duration::from_secs(35);

impl Default for Policy {
    /// 120 seconds a call, 35 seconds an attempt, 5 attempts, absent after 35 seconds, 24 hours of clock difference,
    /// answers up to 32 MiB.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(120),
            // The service itself gives up on a request after 29.5 seconds: whoever hangs up before that cannot know
            // whether a message was taken.
            attempt_timeout: Duration::from_secs(35),
            attempts: 5,
            absence_after: TAKEN_WITHIN,
            clock_bound: Duration::from_secs(24 * 60 * 60),
            max_answer_bytes: 32 * 1024 * 1024,
        }
    }
}

impl Policy {
    /// Sets how long a whole call may take, waits and repeated attempts included.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long one attempt may take, from connecting to the last byte of the answer.
    ///
    /// Below 30 seconds a send that the service is slow to accept may fail although it was accepted.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how often a call may try; 0 counts as 1.
    ///
    /// The request that teaches it the service's clock does not count, nor do those that look a message up.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets how long after the end of an attempt a message counts as not taken when the service does not list it; 35
    /// seconds unless told otherwise, and never less.
    ///
    /// The service gives up on a request 29.5 seconds after it received it; the rest is for what was still on its way.
    /// At the address of GC Notify, which saves messages up to 15 seconds after it took them, those are added.
    #[must_use]
    pub fn absence_after(mut self, time: Duration) -> Self {
        self.absence_after = time.max(TAKEN_WITHIN);
        self
    }

    /// Sets how far the service's clock may be from this machine's for it to be believed.
    ///
    /// Whoever chooses our time can have tokens signed for a moment of their choice, and use them then.
    #[must_use]
    pub fn clock_bound(mut self, bound: Duration) -> Self {
        self.clock_bound = bound;
        self
    }

    /// Sets how many bytes the body of an answer may have.
    #[must_use]
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.max_answer_bytes = bytes;
        self
    }

    /// How long a whole call may take.
    pub fn timeout_duration(&self) -> Duration {
        self.timeout
    }

    /// How long one attempt may take.
    pub fn attempt_timeout_duration(&self) -> Duration {
        self.attempt_timeout
    }

    /// How often a call may try.
    pub fn attempt_count(&self) -> u32 {
        self.attempts
    }

    /// How long after the end of an attempt a message counts as not taken.
    pub fn absence_after_duration(&self) -> Duration {
        self.absence_after
    }

    /// How far the service's clock may be from this machine's.
    pub fn clock_bound_duration(&self) -> Duration {
        self.clock_bound
    }

    /// How many bytes the body of an answer may have.
    pub fn answer_limit(&self) -> usize {
        self.max_answer_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the service gives itself for a request (recorded: `server-errors.jsonl`, 29.54 seconds).
    const SERVICE_LIMIT: Duration = Duration::from_millis(29_540);

    #[test]
    fn an_attempt_outlasts_the_services_own_limit_and_so_does_absence() {
        let policy = Policy::default();
        assert!(policy.attempt_timeout_duration() > SERVICE_LIMIT);
        assert!(policy.absence_after_duration() > SERVICE_LIMIT);
        // Time for a message that hung to be found absent, and for a second attempt.
        let twice = policy.attempt_timeout_duration() * 2 + policy.absence_after_duration();
        assert!(policy.timeout_duration() > twice);
    }

    #[test]
    fn bounds_that_would_send_twice_or_never_are_not_taken() {
        let policy = Policy::default().absence_after(Duration::from_secs(1)).attempts(0);
        assert_eq!(policy.absence_after_duration(), TAKEN_WITHIN);
        assert_eq!(policy.attempt_count(), 1);
        let longer = Policy::default().absence_after(Duration::from_secs(60));
        assert_eq!(longer.absence_after_duration(), Duration::from_secs(60));
    }
}
