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
    /// Whether the bound on attempts was set, and so counts every attempt, however it ends.
    bounds_all: bool,
    reconciles: bool,
    assumed_absence: Option<Duration>,
    clock_bound: Duration,
    max_answer_bytes: usize,
}

impl Default for Policy {
    /// The defaults are 180 seconds a call, 35 seconds an attempt, 5 [attempts](Self::attempts), 24 hours of clock
    /// difference, and answers of up to 32 MiB.
    fn default() -> Self {
        Self {
            // It takes 70 to 100 seconds to reconcile a lost answer, and the message can then be sent again.
            timeout: Duration::from_secs(180),
            // The service itself gives up on a request after 29.5 seconds. A client that hangs up earlier cannot know
            // whether the message was taken.
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
    /// The longest wait that a `Retry-After` can cause, whatever it says: five minutes.
    ///
    /// The services count messages by the minute, and load balancers in front of them ask for minutes at most. One
    /// wrong header, or a malicious server, must not stop all sending of a process. A server that really means an hour
    /// is asked twelve times during it, by one message each time.
    pub const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(5 * 60);

    /// How many bytes the body of an unsuccessful answer may have, whatever successful ones may have: 1 MiB.
    ///
    /// The service's own errors have a few hundred bytes, and the longest of them echo one value of the request.
    /// Anything larger comes from something other than Notify, or from a malicious server.
    pub const MAX_ERROR_BYTES: usize = 1024 * 1024;

    /// Sets how long a whole call may take, waits and repeated attempts included.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long one attempt may take, from connecting to the last byte of the answer.
    ///
    /// With less than 30 seconds, a send that the service is slow to accept may fail although it was accepted.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how often a call may try; 0 counts as 1.
    ///
    /// By default, a call tries five times. It tries a message more often while the message certainly was not taken and
    /// only needs time: while it comes too fast (429), or while another machine refuses the connection, as during a
    /// restart of the service. That ends with the call's [time](Self::timeout).
    ///
    /// The request that reveals the service's clock does not count, nor do lookups.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts: attempts.max(1), bounds_all: true, ..self }
    }

    /// Sets whether the call itself looks up a message whose answer was lost, if no other message has its reference.
    /// The default is that it does. A program that keeps its messages in an outbox may want to look them up later
    /// instead.
    #[must_use]
    pub fn reconcile(mut self, reconciles: bool) -> Self {
        self.reconciles = reconciles;
        self
    }

    /// Sets, *at your own risk*, how long after the `iat` of its token a message counts as not taken, by the service's
    /// clock, if two lookups do not list it.
    ///
    /// This is for services that set no time limit for a request: GC Notify, Notify.gov.au, VA Notify. There, the
    /// service may take a message at any later time, and then it is sent twice. For GOV.UK Notify the time is 65
    /// seconds; you can only make it longer.
    #[must_use]
    pub fn assume_absent_after(mut self, time: Duration) -> Self {
        self.assumed_absence = Some(time);
        self
    }

    /// Sets how far the service's clock may differ from this machine's and still be believed.
    ///
    /// Anyone who can choose our time can have tokens signed for a moment of their choice, and use them then.
    #[must_use]
    pub fn clock_bound(mut self, bound: Duration) -> Self {
        self.clock_bound = bound;
        self
    }

    /// Sets how many bytes the body of an answer may have. The default is 32 MiB.
    ///
    /// One message needs 6 MB at most: an e-mail has up to 2,000,000 bytes, and ASCII-only JSON takes three times as
    /// many for non-ASCII characters. The PDF of a letter has some megabytes too, and a preview also holds HTML. A page
    /// of 250 messages leaves 134 KB for each, ten times what people read. If you send longer ones to many people,
    /// raise the bound to list them: a page of the longest takes half a gigabyte, which is not a sensible default.
    ///
    /// An unsuccessful answer has at most [`MAX_ERROR_BYTES`](Self::MAX_ERROR_BYTES).
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

    /// How often a call may try. A message that only came too early is tried more often, unless this was
    /// [set](Self::attempts).
    pub fn attempt_count(&self) -> u32 {
        self.attempts
    }

    /// Whether the bound counts every attempt, however it ends.
    pub(crate) fn bounds_all_attempts(&self) -> bool {
        self.bounds_all
    }

    /// Whether the call itself looks up a message whose answer was lost.
    pub fn reconciles(&self) -> bool {
        self.reconciles
    }

    /// How long after the `iat` of its token a message counts as not taken, at your own risk.
    pub fn assumed_absence(&self) -> Option<Duration> {
        self.assumed_absence
    }

    /// How far the service's clock may differ from this machine's.
    pub fn clock_bound_duration(&self) -> Duration {
        self.clock_bound
    }

    /// How many bytes the body of an answer may have.
    pub fn answer_limit(&self) -> usize {
        self.max_answer_bytes
    }

    /// How many bytes the body of an unsuccessful answer may have.
    pub fn error_limit(&self) -> usize {
        self.max_answer_bytes.min(Self::MAX_ERROR_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long the service gives itself for a request (recorded: `server-errors.jsonl`, 29.54 seconds).
    const SERVICE_LIMIT: Duration = Duration::from_millis(29_540);

    #[test]
    fn a_lost_answer_can_be_reconciled_and_the_message_sent_again_within_the_time_of_a_call() {
        let policy = Policy::default();
        assert!(policy.attempt_timeout_duration() > SERVICE_LIMIT);
        // Also on a machine whose clock is ahead by as much as the service tolerates.
        let reconciled = Duration::from_secs(65 + 30 + 5 + 10);
        assert!(policy.timeout_duration() > reconciled + policy.attempt_timeout_duration());
    }

    #[test]
    fn a_call_makes_at_least_one_attempt() {
        assert_eq!(Policy::default().attempts(0).attempt_count(), 1);
    }
}
