//! What a call is doing, for programs that show it.

use std::time::Duration;

use http::StatusCode;

use crate::Effect;

/// Why a call waits, and for how long.
///
/// # Examples
///
/// ```
/// use notify_api::{Progress, WaitReason};
///
/// fn show(progress: &Progress) {
///     match progress.reason {
///         WaitReason::Lookup => eprintln!("no answer; looking the message up"),
///         WaitReason::Retry => eprintln!("trying again in {:?}", progress.wait),
///         _ => {}
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What the operation does: whether a read or a message is waiting.
    pub effect: Effect,
    /// What it waits for.
    pub reason: WaitReason,
    /// How long the wait is.
    pub wait: Duration,
    /// How long the call may still take, this wait included.
    pub remaining: Duration,
    /// How many times the request has been sent so far.
    pub attempts: u32,
    /// The status of the answer to the latest attempt; `None` if there was no answer.
    pub status: Option<StatusCode>,
}

/// What a call waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// Its turn to send, at the pace that the service allows.
    RateLimit,
    /// The time to send again, after an attempt that certainly had no effect.
    Retry,
    /// The time to look up a message that may have been sent.
    Lookup,
}
