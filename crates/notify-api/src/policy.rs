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
    clock_bound: Duration,
    max_answer_bytes: usize,
}

impl Default for Policy {
    /// 120 seconds a call, 35 seconds an attempt, 5 attempts, 24 hours of clock difference, answers up to 32 MiB.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(120),
            // The service itself gives up on a request after 29.5 seconds: whoever hangs up before that cannot know
            // whether a message was taken.
            attempt_timeout: Duration::from_secs(35),
            attempts: 5,
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

    /// Sets how many requests a call may make; 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
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

    /// How many requests a call may make.
    pub fn attempt_count(&self) -> u32 {
        self.attempts
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
