//! The one message that goes first after a long pause.

use std::time::Duration;

/// After a pause of more than this, one message goes first. The service's own refusals ask for a second; what is longer,
/// something else asked for, which may still be at its limit.
const LONG: Duration = Duration::from_secs(10);
/// How long the others wait for its answer: most come within a second, and one that is lost must not hold up all.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// Who may go after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Probe {
    /// Everybody, each in turn.
    Done,
    /// One, once the pause is over.
    Due,
    /// One, which may leave now; the others until then at the latest, or, if nobody waited, not before somebody comes.
    Next { others: Option<Duration> },
    /// One has left; the others when its answer has come, and at this moment at the latest.
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

    /// Takes note that a message leaves.
    pub(super) fn leaves(&mut self, now: Duration) {
        if matches!(self, Self::Next { .. }) {
            *self = Self::Left { others: now.saturating_add(ANSWERED_WITHIN) };
        }
    }

    /// Until when the others stand still.
    pub(super) fn holds_until(self) -> Duration {
        match self {
            Self::Done | Self::Due => Duration::ZERO,
            Self::Next { others } => others.unwrap_or(Duration::MAX),
            Self::Left { others } => others,
        }
    }
}
