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
    /// Whether the bound on attempts was set, and so counts whatever they end in.
    bounds_all: bool,
    reconciles: bool,
    assumed_absence: Option<Duration>,
    clock_bound: Duration,
    max_answer_bytes: usize,
}

impl Default for Policy {
    /// 180 seconds a call, 35 seconds an attempt, 5 [attempts](Self::attempts), 24 hours of clock difference, answers up to
    /// 32 MiB.
    fn default() -> Self {
        Self {
            // A lost answer takes 70 to 100 seconds to be settled, and the message can then be sent again.
            timeout: Duration::from_secs(180),
            // The service itself gives up on a request after 29.5 seconds: whoever hangs up before that cannot know
            // whether a message was taken.
            attempt_timeout: Duration::from_secs(35),
            attempts: 5,
            bounds_all: false,
            reconciles: true,
            assumed_absence: None,
            clock_bound: Duration::from_secs(24 * 60 * 60),
            max_answer_bytes: 32 * 1024 * 1024,
        }
    }
}

impl Policy {
    /// The longest that a `Retry-After` makes anybody wait, whatever it says: five minutes.
    ///
    /// The services count messages by the minute, and what stands before them to spread load asks for minutes at most. One
    /// header with a slip in it, or from a server that means harm, must not end all sending of a process. Whoever did mean
    /// an hour is asked twelve times in it, by one message each time.
    pub const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(5 * 60);

    /// How many bytes the body of an answer may have that is no success, whatever is allowed to others: 1 MiB.
    ///
    /// The service's own errors have a few hundred bytes, and the longest of them echo one value of the request. What is
    /// larger comes from something that is no Notify, or from one that means harm.
    pub const MAX_ERROR_BYTES: usize = 1024 * 1024;

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
    /// Unless it is set, a call tries five times, and a message more often while it certainly was not taken and it is only
    /// a matter of time: as long as it comes too fast (429), and as long as another machine refuses the connection, as one
    /// does whose service is being restarted. That ends with the [time](Self::timeout) of the call.
    ///
    /// The request that teaches it the service's clock does not count, nor do those that look a message up.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts: attempts.max(1), bounds_all: true, ..self }
    }

    /// Sets whether a message whose answer was lost is looked up by the call itself, if its reference is its own; it is
    /// unless told otherwise. A program that keeps its messages in an outbox may want to do that later.
    #[must_use]
    pub fn reconcile(mut self, reconciles: bool) -> Self {
        self.reconciles = reconciles;
        self
    }

    /// Sets, *at your own risk*, how long after the `iat` of its token a message counts as not taken, by the service's
    /// clock, when two lookups do not list it.
    ///
    /// This is for services that bound no request: GC Notify, Notify.gov.au, VA Notify. There a message may come at any
    /// time later, and then it is sent twice. For GOV.UK Notify the time is 65 seconds, and can only be made longer.
    #[must_use]
    pub fn assume_absent_after(mut self, time: Duration) -> Self {
        self.assumed_absence = Some(time);
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

    /// Sets how many bytes the body of an answer may have; 32 MiB unless told otherwise.
    ///
    /// One message needs 6 MB at most: an e-mail has up to 2,000,000 bytes, and JSON that is written in ASCII takes three
    /// times as many for what is not. The PDF of a letter has some megabytes too, and a preview holds HTML besides.
    /// A page of 250 messages has 134 KB for each of them, ten times what people read. Whoever sends longer ones to many
    /// has to allow more to list them: half a gigabyte for a page of the longest, which is no default for every program.
    ///
    /// An answer that is no success has at most [`MAX_ERROR_BYTES`](Self::MAX_ERROR_BYTES).
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

    /// How often a call may try; more often for a message that is only early, unless it was [set](Self::attempts).
    pub fn attempt_count(&self) -> u32 {
        self.attempts
    }

    /// Whether that many attempts are all, whatever they end in.
    pub(crate) fn bounds_all_attempts(&self) -> bool {
        self.bounds_all
    }

    /// Whether a message whose answer was lost is looked up by the call itself.
    pub fn reconciles(&self) -> bool {
        self.reconciles
    }

    /// How long after the `iat` of its token a message counts as not taken, at the caller's own risk.
    pub fn assumed_absence(&self) -> Option<Duration> {
        self.assumed_absence
    }

    /// How far the service's clock may be from this machine's.
    pub fn clock_bound_duration(&self) -> Duration {
        self.clock_bound
    }

    /// How many bytes the body of an answer may have.
    pub fn answer_limit(&self) -> usize {
        self.max_answer_bytes
    }

    /// How many bytes the body of an answer may have that is no success.
    pub fn error_limit(&self) -> usize {
        self.max_answer_bytes.min(Self::MAX_ERROR_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the service gives itself for a request (recorded: `server-errors.jsonl`, 29.54 seconds).
    const SERVICE_LIMIT: Duration = Duration::from_millis(29_540);

    #[test]
    fn a_lost_answer_can_be_settled_and_the_message_sent_again_within_the_time_of_a_call() {
        let policy = Policy::default();
        assert!(policy.attempt_timeout_duration() > SERVICE_LIMIT);
        // Also on a machine whose clock is as much ahead as the service puts up with.
        let settled = Duration::from_secs(65 + 30 + 5 + 10);
        assert!(policy.timeout_duration() > settled + policy.attempt_timeout_duration());
    }

    #[test]
    fn a_call_makes_at_least_one_attempt() {
        assert_eq!(Policy::default().attempts(0).attempt_count(), 1);
    }
}
