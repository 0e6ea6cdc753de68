//! The service's token bucket, mirrored.
//!
//! The service puts `limit / 60` tokens a second into a bucket of `min(limit / 3 + 1, 1000)`. It takes one for each
//! message, *even if it refuses the message*, and refuses if fewer than one is left after that
//! (docs/service-behaviour.md#the-rate-limit). A client that sends a little too fast therefore ends up with nothing at
//! all. So what we need is a mirror of the bucket, not an even spacing.
//!
//! The mirror is a count that grows with the refill. A message reserves the next number, and leaves when the count has
//! reached it. Anything that must delay everyone (a refusal, or an urgent message that passes ahead) holds the count
//! back, so that all who wait stay in order and never start together.
//!
//! We cannot know who else uses the bucket. So a fresh mirror does not assume that the bucket is full. It finds out, by
//! sending at twice the refill until a refusal or a bucketful. Each refusal lowers its own share of the refill, which
//! then slowly grows back. In this way, processes that know nothing of each other come to share the bucket.
//!
//! Nothing that a refusal says holds for ever. The pause that it asks for has a bound. If it names a lower limit, the
//! bucket later tries the old one again. After a long pause, one message goes first, and the others wait for its
//! answer.

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

/// The default limit of a service, in messages a minute.
const DEFAULT_LIMIT: u32 = 3_000;
/// The part of the refill that normal messages always have, however many urgent ones there are.
const NORMAL: f64 = 0.1;
/// How full a fresh mirror believes the bucket to be, as a part of it.
const FRESH: f64 = 0.01;
/// How long everyone waits after a refusal, and the most that chance adds to it.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_JITTER: Duration = Duration::from_secs(1);
/// The part of the share that is left after a refusal, and how much of the whole comes back each second.
const CUT: f64 = 0.7;
const RECOVERY: f64 = 0.005;
const SMALLEST_SHARE: f64 = 0.01;
/// Timers are no finer than this, in seconds.
const TICK: f64 = 0.001;
/// How soon a message that waits for another's answer asks again.
const GLANCE: Duration = Duration::from_millis(250);

/// The service's token bucket, mirrored. This is the default [`RateLimiter`] of clients.
///
/// # Examples
///
/// One of four processes that divide the limit between them:
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
    state: Mutex<BucketState>,
}

impl Default for TokenBucket {
    /// The bucket of a service with the usual 3,000 messages a minute.
    ///
    /// If the service has another limit, it says so when it throttles a message, and the bucket adapts. A lower limit
    /// does not hold for ever: after a minute, and then ever more rarely, the bucket tries the limit that it was made
    /// with again.
    fn default() -> Self {
        Self::per_minute(DEFAULT_LIMIT)
    }
}

impl TokenBucket {
    /// The bucket of a service with this limit, in messages a minute; 0 counts as 1.
    pub fn per_minute(limit: u32) -> Self {
        Self { state: Mutex::new(BucketState::new(Limit::new(limit), 1.0)) }
    }

    /// Takes only this part of the limit, from 0.001 to 1, and leaves the rest to other processes.
    #[must_use]
    pub fn share(self, part: f64) -> Self {
        let limit = self.state().limit.own();
        Self { state: Mutex::new(BucketState::new(Limit::new(limit), part.clamp(0.001, 1.0))) }
    }

    fn state(&self) -> MutexGuard<'_, BucketState> {
        // Nothing in here can panic halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RateLimiter for TokenBucket {
    fn reserve(&self, request: PermitRequest, now: Duration) -> Result<Reservation, DeadlineExceeded> {
        let mut state = self.state();
        state.advance(now);
        // If nobody is waiting, anyone may go. There is a way past the queue only if there is a queue.
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
        // Messages that left before the pause say nothing new, unless their refusals ask for more.
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
        // A limit lower than the known one explains the refusal. Otherwise others use the bucket too.
        if is_new && state.limit.current() >= was {
            state.share = (state.share * CUT).max(SMALLEST_SHARE);
        }
    }
}

#[derive(Debug)]
struct BucketState {
    limit: Limit,
    size: Size,
    normal: Queue,
    urgent: Queue,
    /// The part of the refill that this process takes, as learned from refusals.
    share: f64,
    /// What the bucket may hold beyond what we believe.
    unproven: f64,
    /// The time up to which the queues have moved on, and the end of the current pause.
    at: Duration,
    paused_until: Duration,
    /// Who may go after the pause.
    probe: Probe,
}

impl BucketState {
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

    /// Makes everyone wait until then, if that is later than they wait already.
    fn pause(&mut self, until: Duration, now: Duration) {
        if until > self.paused_until {
            self.paused_until = until;
            self.probe = Probe::after(until.saturating_sub(now));
            self.unproven = 0.0;
            self.normal.empty();
            self.urgent.empty();
        }
    }

    /// Adds the tokens for the time since the last look.
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

    /// The pause is over, and only one message may leave.
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
        // We find out whether there is more only when someone wants it.
        let found = if self.normal.level() < 1.0 { tokens.min(self.unproven) } else { 0.0 };
        self.unproven -= found;
        self.normal.advance(tokens + found, (self.size.normal * self.share).max(1.0));
        self.urgent.advance(tokens * (1.0 - NORMAL), self.size.urgent);
        self.share = (self.share + RECOVERY * seconds).min(1.0);
    }

    fn refill(&self) -> f64 {
        self.size.refill * self.share
    }

    /// How long until a reservation's turn, as things stand.
    fn wait(&mut self, reservation: Reservation, now: Duration) -> Duration {
        let mut missing = self.queue(reservation.priority).missing(reservation.number);
        let mut hold = self.paused_until.saturating_sub(now);
        if self.probe == Probe::Due {
            // The first message's token comes with the end of the pause.
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

    /// How long it takes for this many tokens to come, counted from a moment.
    fn time_for(&self, tokens: f64, from: Duration) -> Duration {
        let seconds = tokens / self.refill();
        let lowered = self.limit.until().map(|until| until.saturating_sub(from).as_secs_f64());
        let seconds = match lowered.filter(|lowered| *lowered < seconds) {
            // The rest comes at the limit that is tried then.
            Some(lowered) => {
                let then = Size::new(self.limit.own(), self.size.part).refill * self.share;
                lowered + (tokens - lowered * self.refill()) / then
            }
            None => seconds,
        };
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}
