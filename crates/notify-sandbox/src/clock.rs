//! The time that a sandbox lives by.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::timestamp::Timestamp;

/// The clock of a sandbox: tokens are judged by it, and delivery, limits, retention and midnight follow it.
///
/// Clones show the same time, so a test keeps one and hands another to [`Builder::clock`](crate::Builder::clock).
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
pub struct Clock(Arc<Mutex<Reading>>);

/// How the time of the clock comes about.
#[derive(Clone, Copy, Debug)]
enum Reading {
    /// The system's time and so many microseconds.
    Running(i64),
    /// Always the same.
    Frozen(Timestamp),
}

impl Reading {
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
        Self(Arc::new(Mutex::new(Reading::Running(0))))
    }

    /// A clock that stands still at a moment until it is set, advanced or let run.
    pub fn frozen(moment: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(Reading::Frozen(moment.into()))))
    }

    /// What the clock shows, to the microsecond.
    pub fn now(&self) -> SystemTime {
        self.timestamp().into()
    }

    /// Sets the clock; it goes on running if it ran, and stands still if it stood.
    pub fn set(&self, moment: SystemTime) {
        let mut reading = self.reading();
        *reading = match *reading {
            Reading::Running(_) => Reading::running_at(moment.into()),
            Reading::Frozen(_) => Reading::Frozen(moment.into()),
        };
    }

    /// Moves the clock forward.
    pub fn advance(&self, span: Duration) {
        let mut reading = self.reading();
        let moment = reading.now() + span;
        *reading = match *reading {
            Reading::Running(_) => Reading::running_at(moment),
            Reading::Frozen(_) => Reading::Frozen(moment),
        };
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) {
        let mut reading = self.reading();
        *reading = Reading::Frozen(reading.now());
    }

    /// Lets the clock run on from where it is.
    pub fn run(&self) {
        let mut reading = self.reading();
        *reading = Reading::running_at(reading.now());
    }

    pub(crate) fn timestamp(&self) -> Timestamp {
        self.reading().now()
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Debug for Clock {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&*self.reading()).finish()
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
        other.set(SystemTime::UNIX_EPOCH);
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
    }

    #[test]
    fn a_running_clock_goes_on_from_where_it_was_set() {
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
