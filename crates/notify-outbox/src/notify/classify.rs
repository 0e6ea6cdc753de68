//! What an error says about its message, and about the messages that follow.

use std::time::{Duration, UNIX_EPOCH};

use notify_http::Error;

use crate::{Obstacle, Outcome, SendOutcome};

/// The meaning of a send's error that arrived at `now`, by the service's clock.
pub(super) fn attempted(error: &Error, now: u64) -> SendOutcome {
    if error.may_have_been_sent() {
        return SendOutcome::alone(Outcome::InDoubt);
    }
    if let Some(at) = error.retry_at(UNIX_EPOCH + Duration::from_secs(now)) {
        let at = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().max(now + 1);
        let seconds = u32::try_from(at - now).unwrap_or(u32::MAX);
        let obstacle = error.is_rate_limited().then_some(Obstacle::Throttled { seconds });
        return SendOutcome { outcome: Outcome::NotSent { not_before: at }, obstacle };
    }
    if error.is_deadline_exceeded() && !error.is_timeout() || error.attempts() == 0 && error.is_timeout() {
        // Its claim was over before its turn came.
        return SendOutcome::alone(Outcome::NotSent { not_before: now });
    }
    if is_about_the_message(error) {
        return SendOutcome::alone(Outcome::Failed { reason: with_remedy(error) });
    }
    SendOutcome {
        outcome: Outcome::NotSent { not_before: now },
        obstacle: Some(Obstacle::Blocked { reason: error.to_string() }),
    }
}

/// Why it failed and what to do about it: whoever reads it later has nothing else to go by.
fn with_remedy(error: &Error) -> String {
    error.remedy().map_or_else(|| error.to_string(), |remedy| format!("{error}; {remedy}"))
}

/// Whether another message may succeed.
fn is_about_the_message(error: &Error) -> bool {
    let is_about_all = error.is_key_refused()
        || error.is_clock_refused()
        || error.is_not_sent()
        || error.is_not_from_service()
        || error.is_unknown_operation()
        || error.is_server_error();
    error.is_invalid_request() || !is_about_all
}
