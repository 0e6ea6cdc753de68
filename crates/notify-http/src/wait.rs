//! Polling until a condition holds.

use std::ops::ControlFlow;
use std::time::Duration;

use notify_api::model::{Notification, Status};
use notify_api::{ApiResponse, Error, Now};

/// The intervals between polls: the first, the factor by which each grows, and the longest.
const FIRST: Duration = Duration::from_secs(1);
const GROWTH: f64 = 1.5;
const LONGEST: Duration = Duration::from_secs(30);
/// How long a message may be unknown: some of the services save a message only some time after they took it.
const SAVED_WITHIN: Duration = Duration::from_secs(30);
/// The least time that the last poll gets, however little is left.
const SHORTEST_CALL: Duration = Duration::from_secs(5);

/// The awaited result did not arrive.
///
/// # Examples
///
/// ```
/// use notify_http::WaitError;
///
/// fn is_worth_another_try(error: &WaitError) -> bool {
///     matches!(error, WaitError::Late { .. })
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaitError {
    /// The time ran out. The source is how the last request failed, if it did.
    #[error("gave up waiting after {} s", .within.as_secs())]
    Late {
        /// How long the call waited.
        within: Duration,
        /// How the last request failed; `None` if it was answered and the answer was "not yet".
        #[source]
        last: Option<Error>,
    },
    /// A request failed in a way that polling again cannot fix.
    #[error("the request failed")]
    Call(#[source] Error),
}

/// Polls at growing intervals until a deadline.
pub(crate) struct Polling {
    began: Now,
    within: Duration,
    wait: Duration,
}

impl Polling {
    pub(crate) fn begin(within: Duration, now: Now) -> Self {
        Self { began: now, within, wait: FIRST }
    }

    /// How long the next request may take.
    pub(crate) fn patience(&self, now: Now) -> Duration {
        self.remaining(now).max(SHORTEST_CALL)
    }

    /// Takes an answer; returns either how long to wait before the next request, or the final result.
    pub(crate) fn judge<T>(
        &mut self,
        asked: Result<ApiResponse<T>, Error>,
        is_enough: impl FnOnce(&T) -> bool,
        now: Now,
    ) -> ControlFlow<Result<ApiResponse<T>, WaitError>, Duration> {
        let last = match asked {
            Ok(answer) if is_enough(&answer) => return ControlFlow::Break(Ok(answer)),
            Ok(_) => None,
            Err(error) if self.may_pass(&error, now) => Some(error),
            Err(error) => return ControlFlow::Break(Err(WaitError::Call(error))),
        };
        let remaining = self.remaining(now);
        if remaining.is_zero() {
            return ControlFlow::Break(Err(WaitError::Late { within: self.within, last }));
        }
        let wait = self.wait.min(remaining);
        self.wait = self.wait.mul_f64(GROWTH).min(LONGEST);
        ControlFlow::Continue(wait)
    }

    fn may_pass(&self, error: &Error, now: Now) -> bool {
        let is_young = now.duration_since(self.began) < SAVED_WITHIN;
        match error.status() {
            Some(status) => {
                status.is_server_error()
                    || error.is_not_ready()
                    || error.is_rate_limited()
                    || error.is_not_found() && is_young
            }
            // A call that was not even attempted, such as a blocking client's in async code, never will be.
            None => error.attempts() > 0,
        }
    }

    fn remaining(&self, now: Now) -> Duration {
        self.within.saturating_sub(now.duration_since(self.began))
    }
}

/// Whether a message's status is final; calls `on_status` if the status has changed.
pub(crate) fn is_final(
    message: &Notification,
    latest: &mut Option<Status>,
    on_status: &mut impl FnMut(&Notification),
) -> bool {
    if latest.as_ref() != Some(&message.status) {
        *latest = Some(message.status.clone());
        on_status(message);
    }
    message.status.is_final()
}
