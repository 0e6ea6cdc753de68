//! The one message that goes first after a long pause.

use std::time::Duration;

/// After a pause longer than this, one message goes first. The service's own refusals ask for a second. A longer pause
/// comes from something else, which may still be at its limit.
const LONG: Duration = Duration::from_secs(10);
/// How long the others wait for its answer. Most answers come within a second, and a lost one must not hold up
/// everything.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// Who may go after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Probe {
    /// Everyone, each in turn.
    Done,
    /// One, once the pause is over.
    Due,
    /// One, which may leave now. The others follow at this moment at the latest; if nobody was waiting, not before
    /// somebody comes.
    Next { others: Option<Duration> },
    /// One has left. The others follow when its answer has come, and at this moment at the latest.
    Left { others: Duration },
}

impl Probe {
    pub(super) fn after(pause: Duration) -> Self {
        if pause > LONG { Self::Due } else { Self::Done }
    }

    /// The pause was over at `end`.
    pub(super) fn begin(end: Duration, is_awaited: bool) -> Self {
        Self::Next { others: is_awaited.then(|| end.saturating_add(ANSWERED_WITHIN)) }
    }

    /// Notes that a message leaves.
    pub(super) fn leaves(&mut self, now: Duration) {
        if matches!(self, Self::Next { .. }) {
            *self = Self::Left { others: now.saturating_add(ANSWERED_WITHIN) };
        }
    }

    /// Until when the others wait.
    pub(super) fn holds_until(self) -> Duration {
        match self {
            Self::Done | Self::Due => Duration::ZERO,
            Self::Next { others } => others.unwrap_or(Duration::MAX),
            Self::Left { others } => others,
        }
    }
}
