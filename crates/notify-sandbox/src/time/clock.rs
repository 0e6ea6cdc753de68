//! The sandbox's clock.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use crate::time::Timestamp;

/// The clock of a sandbox. It decides whether a token is in time, and delivery, limits, retention and midnight follow
/// it.
///
/// Clones show the same time, so a test keeps one and hands another to [`SandboxBuilder::clock`](crate::SandboxBuilder::clock).
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use notify_sandbox::Clock;
///
/// let clock = Clock::frozen(SystemTime::UNIX_EPOCH);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
/// ```
#[derive(Clone)]
pub struct Clock(Arc<watch::Sender<ClockState>>);

/// Whether the clock runs, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ClockState {
    /// The system's time plus an offset in microseconds.
    Running(i64),
    /// A fixed time.
    Frozen(Timestamp),
}

impl ClockState {
    fn now(self) -> Timestamp {
        match self {
            Self::Running(offset) => {
                Timestamp::from_unix_micros(Timestamp::now().unix_micros().saturating_add(offset))
            }
            Self::Frozen(moment) => moment,
        }
    }

    fn running_at(moment: Timestamp) -> Self {
        Self::Running(moment.unix_micros().saturating_sub(Timestamp::now().unix_micros()))
    }
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::state(ClockState::Running(0))
    }

    /// A clock that is frozen at a time until it is set, advanced or resumed.
    pub fn frozen(moment: SystemTime) -> Self {
        Self::state(ClockState::Frozen(moment.into()))
    }

    fn state(state: ClockState) -> Self {
        Self(Arc::new(watch::Sender::new(state)))
    }

    /// What the clock shows, to the microsecond.
    pub fn now(&self) -> SystemTime {
        self.timestamp().into()
    }

    /// Sets the clock. A running clock keeps running; a frozen one stays frozen.
    pub fn set(&self, moment: SystemTime) {
        self.change(|_| moment.into());
    }

    /// Moves the clock forward.
    pub fn advance(&self, span: Duration) {
        self.change(|now| now + span);
    }

    /// Moves the clock back.
    pub fn set_back(&self, span: Duration) {
        self.change(|now| now - span);
    }

    fn change(&self, to: impl FnOnce(Timestamp) -> Timestamp) {
        self.0.send_modify(|state| {
            let moment = to(state.now());
            *state = match state {
                ClockState::Running(_) => ClockState::running_at(moment),
                ClockState::Frozen(_) => ClockState::Frozen(moment),
            };
        });
    }

    /// Freezes the clock at its current time.
    pub fn freeze(&self) {
        self.0.send_modify(|state| *state = ClockState::Frozen(state.now()));
    }

    /// Resumes the clock from its current time.
    pub fn run(&self) {
        self.0.send_modify(|state| *state = ClockState::running_at(state.now()));
    }

    /// Whether the clock is frozen.
    pub fn is_frozen(&self) -> bool {
        matches!(*self.0.borrow(), ClockState::Frozen(_))
    }

    pub(crate) fn timestamp(&self) -> Timestamp {
        self.0.borrow().now()
    }

    /// How long until the clock reaches a time, unless somebody changes it. `None` if it is frozen before that time.
    pub(crate) fn until(&self, moment: Timestamp) -> Option<Duration> {
        let state = *self.0.borrow();
        let micros = moment.unix_micros().saturating_sub(state.now().unix_micros());
        match state {
            ClockState::Frozen(_) if micros > 0 => None,
            _ => Some(Duration::from_micros(u64::try_from(micros).unwrap_or(0))),
        }
    }

    /// Signals each change of the clock other than the passing of time.
    pub(crate) fn subscribe(&self) -> watch::Receiver<ClockState> {
        self.0.subscribe()
    }

    /// The current state, for a later [`restore`](Self::restore).
    pub(crate) fn remember(&self) -> ClockState {
        *self.0.borrow()
    }

    pub(crate) fn restore(&self, state: ClockState) {
        self.0.send_replace(state);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Debug for Clock {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&*self.0.borrow()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen(SystemTime::UNIX_EPOCH);
        let other = clock.clone();
        assert_eq!(clock.now(), clock.now());
        clock.advance(DAY);
        assert_eq!(other.now(), SystemTime::UNIX_EPOCH + DAY);
        other.set_back(DAY);
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
    }

    #[test]
    fn a_time_comes_while_the_clock_runs_and_never_while_it_is_frozen() {
        let clock = Clock::frozen(SystemTime::UNIX_EPOCH + DAY);
        let tomorrow = Timestamp::from(SystemTime::UNIX_EPOCH + 2 * DAY);
        assert_eq!(clock.until(tomorrow), None);
        assert_eq!(clock.until(clock.timestamp()), Some(Duration::ZERO));
        clock.run();
        assert!(clock.until(tomorrow).is_some_and(|wait| wait <= DAY && wait > DAY / 2));
        clock.advance(3 * DAY);
        assert_eq!(clock.until(tomorrow), Some(Duration::ZERO));
    }

    #[test]
    fn a_running_clock_continues_from_where_it_was_set() {
        let clock = Clock::system();
        clock.set(SystemTime::UNIX_EPOCH + DAY);
        let first = clock.now();
        assert!(first >= SystemTime::UNIX_EPOCH + DAY && first < SystemTime::UNIX_EPOCH + 2 * DAY);
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.now() > first);
        clock.freeze();
        assert_eq!(clock.now(), clock.now());
        clock.run();
        assert!(clock.now() < SystemTime::UNIX_EPOCH + 2 * DAY);
    }
}
