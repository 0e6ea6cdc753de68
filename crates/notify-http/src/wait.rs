//! Asking again until it is so.

use std::ops::ControlFlow;
use std::time::Duration;

use notify_api::model::{Notification, Status};
use notify_api::{ApiResponse, Error, Now};

/// The waits between two requests: the first, by how much each next one is longer, and the longest.
const FIRST: Duration = Duration::from_secs(1);
const GROWTH: f64 = 1.5;
const LONGEST: Duration = Duration::from_secs(30);
/// How long a message may be unknown: some of the services save one only some time after they took it.
const SAVED_WITHIN: Duration = Duration::from_secs(30);
/// What the last request is given, however little time is left.
const SHORTEST_CALL: Duration = Duration::from_secs(5);

/// What was waited for did not come.
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
    /// The time was over first. Its source is how the last request failed, if it did.
    #[error("it was not so within {} s", .within.as_secs())]
    Late {
        /// How long was waited.
        within: Duration,
        /// How the last request failed; nothing when it was answered, and the answer was "not yet".
        #[source]
        last: Option<Error>,
    },
    /// Asking failed in a way that asking again does not heal.
    #[error("the request failed")]
    Call(#[source] Error),
}

/// Questions at growing intervals within a deadline.
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

    /// Takes an answer, and says how long to wait before the next request, or what to end with.
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
        let is_young = now.since(self.began) < SAVED_WITHIN;
        match error.status() {
            Some(status) => {
                status.is_server_error()
                    || error.is_not_ready()
                    || error.is_rate_limited()
                    || error.is_not_found() && is_young
            }
            // What was not even tried, such as in async code by the blocking client, never will be.
            None => error.attempts() > 0,
        }
    }

    fn remaining(&self, now: Now) -> Duration {
        self.within.saturating_sub(now.since(self.began))
    }
}

/// Whether a message will stay as it is; tells `on_status` when its status is another than the latest.
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
