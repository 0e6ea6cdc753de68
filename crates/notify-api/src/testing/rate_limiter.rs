//! The rules that every rate limiter must keep.

use std::time::{Duration, Instant};

use crate::{Accepted, DeadlineExceeded, PermitRequest, Priority, RateLimiter, Reservation, Throttled};

/// How far from exact a wait may be.
const ROUNDING: Duration = Duration::from_millis(2);
/// How long a method of a limiter that does not block may take.
const AT_ONCE: Duration = Duration::from_secs(1);
/// More messages than any limiter lets through at once within [`LONGEST`].
const MANY: usize = 5_000;
/// The longest that a message waits here.
const LONGEST: Duration = Duration::from_secs(30);

/// Checks that your own rate limiter keeps the rules of [`RateLimiter`]. Give it a fresh one.
///
/// It checks what a call relies on: every wait ends; no reservation is granted beyond the time that a message can wait;
/// a place that is given back is not lost; messages leave in order; and no method blocks. How many messages a limiter
/// lets through is up to the limiter.
///
/// # Panics
///
/// If a rule is broken; the message says which.
///
/// # Examples
///
/// ```
/// use notify_api::{TokenBucket, Unlimited, testing};
///
/// testing::check_rate_limiter(&TokenBucket::per_minute(600));
/// testing::check_rate_limiter(&Unlimited);
/// ```
pub fn check_rate_limiter(limiter: &impl RateLimiter) {
    let mut check = Check { limiter, now: Duration::from_secs(1_000) };
    let held = check.reservations_keep_their_time_and_order();
    check.what_is_given_back_is_not_lost(&held);
    check.waits_come_to_their_end(held);
    check.a_refusal_is_survived();
}

struct Check<'a, L> {
    limiter: &'a L,
    now: Duration,
}

impl<L: RateLimiter> Check<'_, L> {
    fn reserve(&self, longest_wait: Duration) -> Result<Reservation, DeadlineExceeded> {
        let request = PermitRequest { priority: Priority::Normal, longest_wait };
        promptly("reserve", || self.limiter.reserve(request, self.now))
    }

    fn wait(&self, reservation: Reservation) -> Duration {
        promptly("wait", || self.limiter.wait(reservation, self.now))
    }

    /// Reserves until nothing more is available, or until the limiter plainly has no limit.
    fn reservations_keep_their_time_and_order(&self) -> Vec<Reservation> {
        let mut held: Vec<Reservation> = Vec::new();
        let mut latest = Duration::ZERO;
        while held.len() < MANY {
            match self.reserve(LONGEST) {
                Ok(reservation) => {
                    let wait = self.wait(reservation);
                    assert!(
                        wait <= LONGEST + ROUNDING,
                        "a reservation was granted that comes too late: {wait:?}"
                    );
                    assert!(
                        wait + ROUNDING >= latest,
                        "a message is let ahead of one of the same priority that reserved before it"
                    );
                    latest = latest.max(wait);
                    held.push(reservation);
                }
                Err(DeadlineExceeded { wait }) => {
                    assert!(
                        wait > LONGEST,
                        "a reservation was refused that would have come in time: {wait:?}"
                    );
                    let again = self.reserve(LONGEST).err();
                    assert!(again.is_some(), "a refused reservation changed what is free");
                    break;
                }
            }
        }
        held
    }

    fn what_is_given_back_is_not_lost(&self, held: &[Reservation]) {
        let Some(&last) = held.last() else { return };
        let wait = self.wait(last);
        promptly("release", || self.limiter.release(last));
        let again = self.reserve(LONGEST).expect("a place that was given back can be reserved again");
        let waits = self.wait(again);
        assert!(waits <= wait + ROUNDING, "a place that was given back is lost: {wait:?} became {waits:?}");
    }

    /// Each comes to its turn, at the latest when it was told.
    fn waits_come_to_their_end(&mut self, held: Vec<Reservation>) {
        for reservation in held {
            let wait = self.wait(reservation);
            self.now += wait;
            let left = self.wait(reservation);
            assert!(left <= ROUNDING, "when the wait is over there is another: {wait:?}, then {left:?}");
            self.now += left;
            let sent = self.now;
            promptly("accepted", || self.limiter.accepted(Accepted { sent }, self.now));
        }
    }

    /// After a refusal, a message still gets its turn sooner or later.
    fn a_refusal_is_survived(&mut self) {
        let throttled = Throttled { limit: None, retry_after: Duration::ZERO, jitter: 0.5, sent: self.now };
        promptly("refused", || self.limiter.refused(throttled, self.now));
        for _ in 0..600 {
            match self.reserve(LONGEST) {
                Ok(reservation) => {
                    self.now += self.wait(reservation);
                    let left = self.wait(reservation);
                    assert!(left <= LONGEST, "after a refusal the wait has no end");
                    return;
                }
                Err(_) => self.now += Duration::from_secs(1),
            }
        }
        panic!("ten minutes after a refusal there is no place yet");
    }
}

fn promptly<T>(method: &str, ask: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let answer = ask();
    assert!(began.elapsed() < AT_ONCE, "{method} blocks, and with it every call");
    answer
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::{TokenBucket, Unlimited};

    #[test]
    fn the_limiters_of_this_crate_keep_to_the_rules() {
        check_rate_limiter(&TokenBucket::default());
        check_rate_limiter(&TokenBucket::per_minute(1));
        check_rate_limiter(&TokenBucket::per_minute(60_000).share(0.3));
        check_rate_limiter(&Arc::new(TokenBucket::per_minute(600)));
        check_rate_limiter(&Unlimited);
    }

    /// A limiter of ten a second that breaks one rule.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Broken {
        No,
        IgnoresTheLongestWait,
        LosesWhatIsGivenBack,
        LetsTheLatestAhead,
        NeverComes,
        Blocks,
    }

    #[derive(Debug)]
    struct Spaced(Broken, Mutex<Vec<Duration>>, Mutex<Duration>);

    const STEP: Duration = Duration::from_millis(100);

    impl RateLimiter for Spaced {
        fn reserve(&self, request: PermitRequest, now: Duration) -> Result<Reservation, DeadlineExceeded> {
            if self.0 == Broken::Blocks {
                std::thread::sleep(AT_ONCE);
            }
            let mut next = self.2.lock().unwrap();
            let mut free = self.1.lock().unwrap();
            let at = free.pop().unwrap_or_else(|| (*next).max(now));
            if at.saturating_sub(now) > request.longest_wait && self.0 != Broken::IgnoresTheLongestWait {
                *next = at;
                return Err(DeadlineExceeded { wait: at.saturating_sub(now) });
            }
            *next = if self.0 == Broken::LetsTheLatestAhead && at > now {
                at.saturating_sub(STEP / 2)
            } else {
                at + STEP
            };
            Ok(Reservation { priority: request.priority, number: at.as_secs_f64() })
        }

        fn wait(&self, reservation: Reservation, now: Duration) -> Duration {
            let wait = Duration::from_secs_f64(reservation.number).saturating_sub(now);
            if self.0 == Broken::NeverComes { wait + STEP } else { wait }
        }

        fn release(&self, reservation: Reservation) {
            if self.0 != Broken::LosesWhatIsGivenBack {
                self.1.lock().unwrap().push(Duration::from_secs_f64(reservation.number));
            }
        }

        fn refused(&self, _: Throttled, _: Duration) {}
    }

    fn breaks(broken: Broken) -> bool {
        let limiter = Spaced(broken, Mutex::default(), Mutex::default());
        catch_unwind(AssertUnwindSafe(|| check_rate_limiter(&limiter))).is_err()
    }

    #[test]
    fn a_limiter_that_breaks_a_rule_fails_the_check() {
        assert!(!breaks(Broken::No));
        for broken in [
            Broken::IgnoresTheLongestWait,
            Broken::LosesWhatIsGivenBack,
            Broken::LetsTheLatestAhead,
            Broken::NeverComes,
            Broken::Blocks,
        ] {
            assert!(breaks(broken), "{broken:?}");
        }
    }
}
