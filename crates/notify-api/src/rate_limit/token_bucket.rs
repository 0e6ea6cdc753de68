//! The service's token bucket, mirrored.
//!
//! The service puts `limit / 60` tokens a second into a bucket of `min(limit / 3 + 1, 1000)`, takes one for each
//! message *also when it refuses it*, and refuses when fewer than one is left after taking
//! (docs/service-behaviour.md#the-rate-limit). Sending a little too fast therefore ends in getting nothing at all, and
//! what has to be kept is a mirror of the bucket, not an even spacing.
//!
//! The mirror is a count that grows with the refill. A message reserves the next number, and leaves when the count has
//! reached it. Whatever must delay everybody (a refusal, an urgent message that passes ahead) holds the count back, so
//! that all who wait stay in order and never start together.
//!
//! What cannot be known is who else uses the bucket. So a fresh mirror does not believe the bucket to be full but finds
//! out, by sending at twice the refill until a refusal or a bucketful; and each refusal lowers its own share of the
//! refill, which then grows back slowly. Processes that know nothing of each other come to share it so.
//!
//! Nothing that a refusal says holds for ever: the pause it asks for has a bound, a lower limit that it names is tried
//! upward again, and after a long pause one message goes first, whose answer the others wait for.

mod limit;
mod probe;
mod size;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::queue::Queue;
use super::{Accepted, DeadlineExceeded, PermitRequest, Priority, RateLimiter, Reservation, Throttled};
use crate::Policy;
use limit::Limit;
use probe::Probe;
use size::Size;

/// The limit of a service that was not given another, in messages a minute.
const DEFAULT_LIMIT: u32 = 3_000;
/// Part of the refill which normal messages have however many urgent ones there are.
const NORMAL: f64 = 0.1;
/// What a fresh mirror believes to be in the bucket, as part of it.
const FRESH: f64 = 0.01;
/// How long everybody waits after a refusal, and how much longer at most by chance.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_JITTER: Duration = Duration::from_secs(1);
/// What a refusal leaves of the share of the refill, and how much of the whole comes back each second.
const CUT: f64 = 0.7;
const RECOVERY: f64 = 0.005;
const SMALLEST_SHARE: f64 = 0.01;
/// Timers are no finer than this, in seconds.
const TICK: f64 = 0.001;
/// How soon somebody asks again who waits for another's answer.
const GLANCE: Duration = Duration::from_millis(250);

/// The service's token bucket, mirrored: the [`RateLimiter`] that clients use unless told otherwise.
///
/// # Examples
///
/// One of four processes which divide the limit by hand:
///
/// ```
/// use notify_api::{ApiKey, TokenBucket, Session};
///
/// # let key = ApiKey::parse("k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0")?;
/// let session = Session::builder(&key).rate_limiter(TokenBucket::default().share(0.25)).build();
/// # Ok::<(), notify_api::ParseApiKeyError>(())
/// ```
#[derive(Debug)]
pub struct TokenBucket {
    state: Mutex<State>,
}

impl Default for TokenBucket {
    /// The bucket of a service with the usual 3,000 messages a minute.
    ///
    /// A service with another limit says so when it refuses, and the bucket adapts. A lower one is not believed for ever:
    /// the limit that the bucket was made with is tried again, a minute later and then ever more rarely.
    fn default() -> Self {
        Self::per_minute(DEFAULT_LIMIT)
    }
}

impl TokenBucket {
    /// The bucket of a service with this limit, in messages a minute; 0 counts as 1.
    pub fn per_minute(limit: u32) -> Self {
        Self { state: Mutex::new(State::new(Limit::new(limit), 1.0)) }
    }

    /// Takes only this part of the limit, from 0.001 to 1, because other processes take the rest.
    #[must_use]
    pub fn share(self, part: f64) -> Self {
        let limit = self.state().limit.own();
        Self { state: Mutex::new(State::new(Limit::new(limit), part.clamp(0.001, 1.0))) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here can panic half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RateLimiter for TokenBucket {
    fn reserve(&self, request: PermitRequest, now: Duration) -> Result<Reservation, DeadlineExceeded> {
        let mut state = self.state();
        state.advance(now);
        // What nobody waits for, anybody may take; only where there is a queue is there a way past it.
        let is_ahead = request.priority == Priority::Urgent && state.normal.level() < 1.0;
        let priority = if is_ahead { Priority::Urgent } else { Priority::Normal };
        let reservation = Reservation { priority, number: state.queue(priority).next() };
        let wait = state.wait(reservation, now);
        if wait > request.longest_wait {
            return Err(DeadlineExceeded { wait });
        }
        state.queue(priority).take_next();
        if is_ahead {
            state.normal.shift(1.0);
        }
        Ok(reservation)
    }

    fn wait(&self, reservation: Reservation, now: Duration) -> Duration {
        let mut state = self.state();
        state.advance(now);
        let wait = state.wait(reservation, now);
        if wait.is_zero() {
            state.probe.leaves(now);
        }
        wait
    }

    fn release(&self, reservation: Reservation) {
        let mut state = self.state();
        state.queue(reservation.priority).give_back(reservation.number);
        if reservation.priority == Priority::Urgent {
            state.normal.shift(-1.0);
        }
    }

    fn accepted(&self, accepted: Accepted, now: Duration) {
        let mut state = self.state();
        if matches!(state.probe, Probe::Left { .. }) && accepted.sent >= state.paused_until {
            state.advance(now);
            state.probe = Probe::Done;
        }
    }

    fn refused(&self, throttled: Throttled, now: Duration) {
        let mut state = self.state();
        state.advance(now);
        let asked = throttled.retry_after.min(Policy::LONGEST_RETRY_AFTER);
        // What left before the pause says nothing new, unless it asks for more.
        let is_new = throttled.sent >= state.paused_until;
        if is_new || !asked.is_zero() {
            let pause = if is_new { PAUSE.max(asked) } else { asked };
            let pause = pause.saturating_add(PAUSE_JITTER.mul_f64(throttled.jitter.clamp(0.0, 1.0)));
            state.pause(now.saturating_add(pause), now);
        }
        let was = state.limit.current();
        if let Some(named) = throttled.limit {
            state.limit.learn(named, now);
            state.resize();
        }
        // A limit that is lower than was known explains the refusal; otherwise others use the bucket too.
        if is_new && state.limit.current() >= was {
            state.share = (state.share * CUT).max(SMALLEST_SHARE);
        }
    }
}

#[derive(Debug)]
struct State {
    limit: Limit,
    size: Size,
    normal: Queue,
    urgent: Queue,
    /// The part of the refill that this process takes, as refusals have taught it.
    share: f64,
    /// What may be in the bucket beyond what is believed to be.
    unproven: f64,
    /// Up to when the queues have moved on, and until when they stand still.
    at: Duration,
    paused_until: Duration,
    /// Who may go after that.
    probe: Probe,
}

impl State {
    fn new(limit: Limit, part: f64) -> Self {
        let size = Size::new(limit.current(), part);
        let fresh = (size.normal * FRESH).max(1.0);
        Self {
            normal: Queue::new(fresh),
            urgent: Queue::new(size.urgent),
            share: 1.0,
            unproven: size.normal - fresh,
            at: Duration::ZERO,
            paused_until: Duration::ZERO,
            probe: Probe::Done,
            limit,
            size,
        }
    }

    fn queue(&mut self, priority: Priority) -> &mut Queue {
        match priority {
            Priority::Urgent => &mut self.urgent,
            Priority::Normal => &mut self.normal,
        }
    }

    fn resize(&mut self) {
        self.size = Size::new(self.limit.current(), self.size.part);
    }

    /// Has everybody stand still until then, if that is later than they do already.
    fn pause(&mut self, until: Duration, now: Duration) {
        if until > self.paused_until {
            self.paused_until = until;
            self.probe = Probe::after(until.saturating_sub(now));
            self.unproven = 0.0;
            self.normal.empty();
            self.urgent.empty();
        }
    }

    /// Puts back what the time since the last look was worth.
    fn advance(&mut self, now: Duration) {
        if self.probe == Probe::Due && now >= self.paused_until {
            self.let_one_go();
        }
        if let Some(until) = self.limit.until().filter(|until| *until <= now) {
            self.refill_until(until);
            self.limit.try_own(until);
            self.resize();
        }
        self.refill_until(now);
    }

    /// The pause is over, and nobody but one may leave.
    fn let_one_go(&mut self) {
        let is_urgent = self.urgent.level() < 0.0;
        self.probe = Probe::begin(self.paused_until, is_urgent || self.normal.level() < 0.0);
        let queue = if is_urgent { &mut self.urgent } else { &mut self.normal };
        queue.advance(1.0, 1.0);
    }

    fn refill_until(&mut self, now: Duration) {
        let from = self.at.max(self.paused_until).max(self.probe.holds_until());
        let seconds = now.saturating_sub(from).as_secs_f64();
        self.at = self.at.max(now);
        if seconds <= 0.0 {
            return;
        }
        self.probe = Probe::Done;
        let tokens = self.refill() * seconds;
        // Whether there is more is found out only by those who want it.
        let found = if self.normal.level() < 1.0 { tokens.min(self.unproven) } else { 0.0 };
        self.unproven -= found;
        self.normal.advance(tokens + found, (self.size.normal * self.share).max(1.0));
        self.urgent.advance(tokens * (1.0 - NORMAL), self.size.urgent);
        self.share = (self.share + RECOVERY * seconds).min(1.0);
    }

    fn refill(&self) -> f64 {
        self.size.refill * self.share
    }

    /// How long it is until a reservation's turn, as things stand.
    fn wait(&mut self, reservation: Reservation, now: Duration) -> Duration {
        let mut missing = self.queue(reservation.priority).missing(reservation.number);
        let mut hold = self.paused_until.saturating_sub(now);
        if self.probe == Probe::Due {
            // The first one's token comes with the end of the pause.
            missing -= 1.0;
        } else if hold.is_zero() {
            hold = self.probe.holds_until().saturating_sub(now).min(GLANCE);
        }
        let part = match reservation.priority {
            Priority::Urgent => 1.0 - NORMAL,
            Priority::Normal => 1.0,
        };
        let is_paused = now < self.paused_until;
        if missing <= self.refill() * part * TICK {
            return if is_paused { hold } else { Duration::ZERO };
        }
        hold.saturating_add(self.time_for(missing / part, now.saturating_add(hold)))
    }

    /// How long so many tokens take to come, counted from a moment.
    fn time_for(&self, tokens: f64, from: Duration) -> Duration {
        let seconds = tokens / self.refill();
        let lowered = self.limit.until().map(|until| until.saturating_sub(from).as_secs_f64());
        let seconds = match lowered.filter(|lowered| *lowered < seconds) {
            // The rest comes at the rate that is tried then.
            Some(lowered) => {
                let then = Size::new(self.limit.own(), self.size.part).refill * self.share;
                lowered + (tokens - lowered * self.refill()) / then
            }
            None => seconds,
        };
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}
