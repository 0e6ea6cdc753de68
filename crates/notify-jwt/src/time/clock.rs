//! A clock for a device that has none.

use core::fmt;

/// The service's time, computed from a device's uptime.
///
/// A board without a battery-backed clock counts the seconds since it was switched on: its uptime. Its first token
/// says 1970, and the service refuses it: `Your system clock must be accurate to within 30 seconds`. That refusal has a
/// `Date` header. [Adjust](Self::adjust) the clock to it, and the second token is good.
///
/// ```
/// use notify_jwt::{Clock, TimeSample, parse_http_date};
///
/// let mut clock = Clock::new();
/// assert_eq!(clock.now(7), 7);
/// let unix_seconds = parse_http_date("Tue, 24 Nov 2026 03:34:00 GMT")?;
/// clock.adjust(TimeSample { uptime: 8, unix_seconds })?;
/// assert_eq!(clock.now(68), 1_795_491_300);
/// clock.confirm(68);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The risk
///
/// Whoever answers in the service's name chooses the time, and with it the time at which a token is valid. An attacker
/// who cannot read requests today can tell the device a time next year. If they then get hold of the token that
/// it mints, that token opens the service next year. So:
///
/// - Adjust the clock only to the service's own answer, over TLS with a checked certificate, and only to a refusal that
///   complains about the clock. Do not use every answer that has a `Date`.
/// - Set [`max_adjustment`](Self::max_adjustment), the largest difference between a time sample and the time that the
///   device expects. A rejected sample never widens it, however often it is repeated.
/// - [Confirm](Self::confirm) the time when the service has accepted a token. The clock never goes back past a confirmed
///   time, so no one can make it live a day twice. Keep the
///   [last confirmed time](Self::last_confirmed) in flash, and [start](Self::starting_at) from it next time. The
///   first time, start from the build time of the firmware.
///
/// # After a reset
///
/// A clock counts from its start, so it is behind by as long as the device was off, plus the time since the last confirmation.
/// If that is more than 30 seconds, the first request is refused and the clock has to be adjusted once more. To save a watchdog's
/// reset that refusal, keep [`now`](Self::now) every few seconds in RAM that survives a reset, and adjust to it. It is as
/// good as any other sample, but it is not a confirmed time: the device's crystal may have run fast.
///
/// ```
/// use notify_jwt::{Clock, TimeSample};
///
/// # let (in_flash, in_retained_ram) = (1_795_491_240, Some(1_795_494_840));
/// let mut clock = Clock::starting_at(in_flash);
/// if let Some(unix_seconds) = in_retained_ram {
///     // If it is garbage, the service's next answer corrects it.
///     let _ = clock.adjust(TimeSample { uptime: 0, unix_seconds });
/// }
/// assert_eq!(clock.now(5), 1_795_494_845);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Clock {
    latest: TimeSample,
    confirmed: TimeSample,
    max_adjustment: u64,
}

/// The time by two clocks at the same instant: the device's and the service's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TimeSample {
    /// The device's own count of seconds, usually since it was switched on.
    pub uptime: u64,
    /// The service's time, in seconds since 1970.
    pub unix_seconds: u64,
}

impl TimeSample {
    /// The service's time at another uptime.
    fn extrapolate(self, uptime: u64) -> u64 {
        // One of the differences is zero.
        self.unix_seconds
            .saturating_add(uptime.saturating_sub(self.uptime))
            .saturating_sub(self.uptime.saturating_sub(uptime))
    }
}

impl Clock {
    /// A clock that shows the uptime until it is adjusted. That is right for a device whose own clock has the time.
    pub const fn new() -> Self {
        Self::starting_at(0)
    }

    /// A clock that counts on from a time in the past, in seconds since 1970, which it shows at an uptime of zero: the last
    /// confirmed time of its previous run, or the build time of its firmware. It never goes back before that.
    ///
    /// If your uptime does not count from zero, use [`starting_from`](Self::starting_from).
    pub const fn starting_at(unix_seconds: u64) -> Self {
        Self::starting_from(TimeSample { uptime: 0, unix_seconds })
    }

    /// A clock that counts on from a time in the past, which it shows at the uptime of the sample. It never goes back before
    /// that time.
    pub const fn starting_from(sample: TimeSample) -> Self {
        Self { latest: sample, confirmed: sample, max_adjustment: u64::MAX }
    }

    /// Sets how far, in seconds, a time sample may lie from the last confirmed time plus the uptime since then. Without
    /// this limit, the clock believes any time after the last confirmed one.
    ///
    /// For a board that starts from a time kept in flash, the limit must cover as long as it may be without power.
    #[must_use]
    pub const fn max_adjustment(mut self, seconds: u64) -> Self {
        self.max_adjustment = seconds;
        self
    }

    /// The service's time at this uptime, in seconds since 1970, as far as it is known.
    // One copy of it: a program asks often, and numbers of 64 bits are long on a small processor.
    #[inline(never)]
    pub fn now(&self, uptime: u64) -> u64 {
        self.latest.extrapolate(uptime).max(self.confirmed.unix_seconds)
    }

    /// Adjusts the clock to a time sample: the time in an answer of the service, and the uptime when it arrived.
    ///
    /// # Errors
    ///
    /// If the sample lies before the last confirmed time, or exceeds the maximum adjustment. The clock then stays as it
    /// was.
    pub fn adjust(&mut self, sample: TimeSample) -> Result<(), AdjustClockError> {
        if sample.unix_seconds < self.confirmed.unix_seconds {
            return Err(AdjustClockError::BeforeLastConfirmed);
        }
        let expected = self.confirmed.extrapolate(sample.uptime).max(self.confirmed.unix_seconds);
        if sample.unix_seconds.abs_diff(expected) > self.max_adjustment {
            return Err(AdjustClockError::ExceedsMaxAdjustment);
        }
        self.latest = sample;
        Ok(())
    }

    /// Confirms the time at this uptime: the service accepted a token that was minted then.
    pub fn confirm(&mut self, uptime: u64) {
        self.confirmed = TimeSample { uptime, unix_seconds: self.now(uptime) };
    }

    /// The last confirmed time, in seconds since 1970. Keep it across restarts, for [`starting_at`](Self::starting_at).
    pub fn last_confirmed(&self) -> u64 {
        self.confirmed.unix_seconds
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// The clock rejected a time sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AdjustClockError {
    /// The sample lies before the last confirmed time.
    BeforeLastConfirmed,
    /// The sample lies further from the expected time than the maximum adjustment.
    ExceedsMaxAdjustment,
}

impl fmt::Display for AdjustClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeforeLastConfirmed => "the time is before the last confirmed time",
            Self::ExceedsMaxAdjustment => "the time differs from the expected time by more than the maximum",
        })
    }
}

impl core::error::Error for AdjustClockError {}

#[cfg(test)]
mod tests {
    use super::{AdjustClockError, Clock, TimeSample};

    const TODAY: u64 = 1_795_491_240;
    const DAY: u64 = 86_400;

    fn adjust(clock: &mut Clock, uptime: u64, unix_seconds: u64) -> Result<(), AdjustClockError> {
        clock.adjust(TimeSample { uptime, unix_seconds })
    }

    #[test]
    fn a_clock_that_was_never_adjusted_shows_the_uptime() {
        assert_eq!(Clock::new().now(TODAY), TODAY);
    }

    #[test]
    fn an_adjusted_clock_runs_on_from_the_sample() {
        let mut clock = Clock::new();
        adjust(&mut clock, 10, TODAY).unwrap();
        assert_eq!(clock.now(10), TODAY);
        assert_eq!(clock.now(70), TODAY + 60);
        assert_eq!(clock.now(4), TODAY - 6);
    }

    #[test]
    fn a_device_ahead_of_the_service_is_set_back() {
        let mut clock = Clock::new();
        adjust(&mut clock, TODAY + 3600, TODAY).unwrap();
        assert_eq!(clock.now(TODAY + 3660), TODAY + 60);
    }

    #[test]
    fn the_clock_never_shows_less_than_the_last_confirmed_time() {
        let mut clock = Clock::new();
        adjust(&mut clock, 10, TODAY).unwrap();
        clock.confirm(20);
        assert_eq!(clock.last_confirmed(), TODAY + 10);
        assert_eq!(adjust(&mut clock, 21, TODAY + 9), Err(AdjustClockError::BeforeLastConfirmed));
        assert_eq!(clock.now(21), TODAY + 11);
        // The device was restarted and counts from zero.
        assert_eq!(clock.now(0), TODAY + 10);
    }

    #[test]
    fn a_clock_counts_from_the_time_that_it_starts_at() {
        let clock = Clock::starting_at(TODAY);
        assert_eq!((clock.now(0), clock.now(3), clock.now(DAY)), (TODAY, TODAY + 3, TODAY + DAY));
        assert_eq!(clock.last_confirmed(), TODAY);
        let clock = Clock::starting_from(TimeSample { uptime: 100, unix_seconds: TODAY });
        assert_eq!((clock.now(99), clock.now(100), clock.now(103)), (TODAY, TODAY, TODAY + 3));
    }

    #[test]
    fn a_clock_that_starts_ahead_of_the_service_is_set_back_as_far_as_its_start() {
        let mut clock = Clock::starting_at(TODAY);
        adjust(&mut clock, 600, TODAY + 60).unwrap();
        assert_eq!(clock.now(601), TODAY + 61);
        assert_eq!(adjust(&mut clock, 602, TODAY - 1), Err(AdjustClockError::BeforeLastConfirmed));
    }

    #[test]
    fn an_unconfirmed_time_can_be_corrected_either_way() {
        let mut clock = Clock::starting_at(TODAY);
        adjust(&mut clock, 1, TODAY + 100 * DAY).unwrap();
        adjust(&mut clock, 2, TODAY + DAY).unwrap();
        assert_eq!(clock.now(2), TODAY + DAY);
    }

    #[test]
    fn repeated_samples_do_not_widen_the_maximum_adjustment() {
        let mut clock = Clock::starting_at(TODAY).max_adjustment(DAY);
        adjust(&mut clock, 0, TODAY + DAY).unwrap();
        let too_far = Err(AdjustClockError::ExceedsMaxAdjustment);
        assert_eq!(adjust(&mut clock, 0, TODAY + DAY + 1), too_far);
        assert_eq!(adjust(&mut clock, 0, TODAY + 2 * DAY), too_far);
        assert_eq!(clock.now(0), TODAY + DAY);
        // The uptime since the last confirmed time is not an adjustment.
        adjust(&mut clock, 3600, TODAY + DAY + 3600).unwrap();
        clock.confirm(3600);
        adjust(&mut clock, 3600, TODAY + 2 * DAY + 3600).unwrap();
    }

    #[test]
    fn no_seconds_overflow() {
        for (uptime, unix_seconds) in [(0, u64::MAX), (u64::MAX, 0), (u64::MAX, u64::MAX), (0, 0)] {
            assert!(Clock::starting_at(unix_seconds).now(uptime) >= unix_seconds);
            let mut clock = Clock::new();
            adjust(&mut clock, uptime, unix_seconds).unwrap();
            for now in [0, 1, u64::MAX] {
                clock.now(now);
                clock.confirm(now);
            }
        }
    }
}
