//! A clock for a device without one.

use core::fmt;

/// The service's time, reckoned from a device's own count of seconds.
///
/// A board without a battery-backed clock counts seconds since it was switched on, mints its first token for 1970, and is
/// refused: `Your system clock must be accurate to within 30 seconds`. That refusal carries a `Date` header. The clock
/// [learns](Self::learn) the time from it, and the second token is good.
///
/// ```
/// use notify_jwt::{Clock, parse_http_date};
///
/// let mut clock = Clock::new();
/// assert_eq!(clock.now(7), 7);
/// clock.learn(8, parse_http_date("Tue, 24 Nov 2026 03:34:00 GMT")?)?;
/// assert_eq!(clock.now(68), 1_795_491_300);
/// clock.accepted(68);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What learning costs
///
/// Whoever answers for the service chooses the time, and so the moment that a token is good for. Someone in the
/// middle who may not read a request today can tell the device a moment of next year, and if they get hold
/// of the token it then mints, it opens the service in that moment. So:
///
/// - learn from the service's own answer over TLS with its certificate checked, and from a refusal that complains of the
///   clock, not from any answer that has a `Date`;
/// - set a [bound](Self::within): how far a lesson may lie from where the last good second and the device's own count
///   say it should. A refused lesson never widens it, however often it is repeated;
/// - say when a token was [accepted](Self::accepted): the clock never goes back past that second, so that nobody
///   makes it repeat a day. Keep [that second](Self::last_good) in flash, and [start](Self::since) from it
///   next time; the moment when the firmware was built will do for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Clock {
    learnt: Reading,
    good: Reading,
    bound: u64,
}

/// Two clocks read at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Reading {
    device: u64,
    service: u64,
}

impl Reading {
    /// What the service's clock shows when the device's shows this.
    fn carried_to(self, device: u64) -> u64 {
        // One of the differences is zero.
        self.service
            .saturating_add(device.saturating_sub(self.device))
            .saturating_sub(self.device.saturating_sub(device))
    }
}

impl Clock {
    /// A clock that has learnt nothing: it shows the device's own seconds, which is right for a device that has the time.
    pub const fn new() -> Self {
        Self::since(0)
    }

    /// A clock that knows a second of the past, since 1970: the last good one of its former run, or when its firmware was
    /// built. It never goes back before that.
    pub const fn since(unix_seconds: u64) -> Self {
        Self {
            learnt: Reading { device: 0, service: 0 },
            good: Reading { device: 0, service: unix_seconds },
            bound: u64::MAX,
        }
    }

    /// Sets how many seconds a lesson may lie from the last good second and what the device has counted since. Without a
    /// bound any second after the last good one is believed.
    ///
    /// A board that starts from a second kept in flash needs as much as it may spend without power.
    #[must_use]
    pub const fn within(mut self, seconds: u64) -> Self {
        self.bound = seconds;
        self
    }

    /// The service's time in seconds since 1970, as far as is known, when the device's own count shows this.
    pub fn now(&self, device_seconds: u64) -> u64 {
        self.learnt.carried_to(device_seconds).max(self.good.service)
    }

    /// Learns the service's time, in seconds since 1970, from an answer that came in when the device's own count
    /// showed this.
    ///
    /// # Errors
    ///
    /// When that time is before the last good second or out of bounds. The clock then goes as it did.
    pub fn learn(&mut self, device_seconds: u64, unix_seconds: u64) -> Result<(), LearnError> {
        if unix_seconds < self.good.service {
            return Err(LearnError::Backwards);
        }
        let expected = self.good.carried_to(device_seconds).max(self.good.service);
        if unix_seconds.abs_diff(expected) > self.bound {
            return Err(LearnError::OutOfBounds);
        }
        self.learnt = Reading { device: device_seconds, service: unix_seconds };
        Ok(())
    }

    /// Takes note that the service accepted a token minted when the device's own count showed this: that second
    /// was good.
    pub fn accepted(&mut self, device_seconds: u64) {
        self.good = Reading { device: device_seconds, service: self.now(device_seconds) };
    }

    /// The last good second, since 1970: worth keeping over a restart, for [`since`](Self::since).
    pub fn last_good(&self) -> u64 {
        self.good.service
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a clock did not learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LearnError {
    /// The time is before the last good second.
    Backwards,
    /// The time is further from what was expected than the bound allows.
    OutOfBounds,
}

impl fmt::Display for LearnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backwards => "the time lies before the last second that is known to be good",
            Self::OutOfBounds => "the time lies further from the expected one than the bound allows",
        })
    }
}

impl core::error::Error for LearnError {}

#[cfg(test)]
mod tests {
    use super::{Clock, LearnError};

    const TODAY: u64 = 1_795_491_240;
    const DAY: u64 = 86_400;

    #[test]
    fn a_clock_that_learnt_nothing_shows_the_device_s_seconds() {
        assert_eq!(Clock::new().now(TODAY), TODAY);
    }

    #[test]
    fn a_clock_that_learnt_goes_on_from_there() {
        let mut clock = Clock::new();
        clock.learn(10, TODAY).unwrap();
        assert_eq!(clock.now(10), TODAY);
        assert_eq!(clock.now(70), TODAY + 60);
        assert_eq!(clock.now(4), TODAY - 6);
    }

    #[test]
    fn a_device_ahead_of_the_service_is_set_back() {
        let mut clock = Clock::new();
        clock.learn(TODAY + 3600, TODAY).unwrap();
        assert_eq!(clock.now(TODAY + 3660), TODAY + 60);
    }

    #[test]
    fn the_clock_never_shows_less_than_its_last_good_second() {
        let mut clock = Clock::new();
        clock.learn(10, TODAY).unwrap();
        clock.accepted(20);
        assert_eq!(clock.last_good(), TODAY + 10);
        assert_eq!(clock.learn(21, TODAY + 9), Err(LearnError::Backwards));
        assert_eq!(clock.now(21), TODAY + 11);
        // The device was restarted and counts from nothing.
        assert_eq!(clock.now(0), TODAY + 10);
        assert_eq!(Clock::since(clock.last_good()).now(3), TODAY + 10);
    }

    #[test]
    fn a_second_not_yet_known_to_be_good_can_be_corrected_either_way() {
        let mut clock = Clock::since(TODAY);
        clock.learn(1, TODAY + 100 * DAY).unwrap();
        clock.learn(2, TODAY + DAY).unwrap();
        assert_eq!(clock.now(2), TODAY + DAY);
    }

    #[test]
    fn the_bound_is_measured_from_the_last_good_second_however_often_it_is_tried() {
        let mut clock = Clock::since(TODAY).within(DAY);
        clock.learn(0, TODAY + DAY).unwrap();
        assert_eq!(clock.learn(0, TODAY + DAY + 1), Err(LearnError::OutOfBounds));
        assert_eq!(clock.learn(0, TODAY + 2 * DAY), Err(LearnError::OutOfBounds));
        assert_eq!(clock.now(0), TODAY + DAY);
        // What the device counted itself is not the lesson's doing.
        clock.learn(3600, TODAY + DAY + 3600).unwrap();
        clock.accepted(3600);
        clock.learn(3600, TODAY + 2 * DAY + 3600).unwrap();
    }

    #[test]
    fn no_seconds_overflow() {
        for (device, service) in [(0, u64::MAX), (u64::MAX, 0), (u64::MAX, u64::MAX), (0, 0)] {
            let mut clock = Clock::new();
            clock.learn(device, service).unwrap();
            for now in [0, 1, u64::MAX] {
                clock.now(now);
                clock.accepted(now);
            }
        }
    }
}
