//! The service's token bucket, mirrored.
//!
//! The service puts `limit / 60` tokens a second into a bucket of `min(limit / 3 + 1, 1000)`, takes one for each
//! message *also when it refuses it*, and refuses when fewer than one is left after taking (CONTRACT §10). Sending a
//! little too fast therefore ends in getting nothing at all, and what has to be kept is a mirror of the bucket, not an
//! even spacing.
//!
//! The mirror is a count that grows with the refill. A message reserves the next number, and leaves when the count has
//! reached it. Whatever must delay everybody (a refusal, an urgent message that passes ahead) holds the count back, so
//! that all who wait stay in order and never start together.
//!
//! What cannot be known is who else uses the bucket. So a fresh mirror does not believe the bucket to be full but finds
//! out, by sending at twice the refill until a refusal or a bucketful; and each refusal lowers its own share of the
//! refill, which then grows back slowly. Processes that know nothing of each other come to share it so.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::line::Line;
use super::{Pacer, Slot, TooFast, TooLong, Urgency};

/// The limit of a service that was not given another, in messages a minute.
const DEFAULT_LIMIT: u32 = 3_000;
/// Part of the refill which is used: two clocks and a network lie between the mirror and the bucket.
const MARGIN: f64 = 0.985;
/// Part of the bucket which bulk messages leave to urgent ones, and part of the refill which those leave to them.
const URGENT: f64 = 0.02;
const BULK: f64 = 0.1;
/// Part of the bucket which nobody uses.
const UNUSED: f64 = 0.01;
/// What a fresh mirror believes to be in the bucket, as part of it.
const FRESH: f64 = 0.01;
/// How long everybody waits after a refusal, and how much longer at most by chance.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_JITTER: Duration = Duration::from_secs(1);
/// What a refusal leaves of the share of the refill, and how much of the whole comes back each second.
const CUT: f64 = 0.7;
const RECOVERY: f64 = 0.005;
const SMALLEST_SHARE: f64 = 0.01;
/// No service's bucket holds more.
const LARGEST: f64 = 1_000.0;
/// Timers are no finer than this, in seconds.
const TICK: f64 = 0.001;

/// The service's token bucket, mirrored: the [`Pacer`] that clients use unless told otherwise.
///
/// # Examples
///
/// One of four processes which divide the limit by hand:
///
/// ```
/// use notify_api::{ApiKey, Bucket, Session};
///
/// # let key = ApiKey::parse("k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0")?;
/// let session = Session::builder(&key).pacer(Bucket::default().share(0.25)).build();
/// # Ok::<(), notify_api::ParseApiKeyError>(())
/// ```
#[derive(Debug)]
pub struct Bucket {
    state: Mutex<State>,
}

impl Default for Bucket {
    /// The bucket of a service with the usual 3,000 messages a minute.
    ///
    /// A service with another limit says so when it refuses, and the bucket adapts.
    fn default() -> Self {
        Self::per_minute(DEFAULT_LIMIT)
    }
}

impl Bucket {
    /// The bucket of a service with this limit, in messages a minute; 0 counts as 1.
    pub fn per_minute(limit: u32) -> Self {
        Self { state: Mutex::new(State::new(Size::new(limit, 1.0))) }
    }

    /// Takes only this part of the limit, from 0.001 to 1, because other processes take the rest.
    #[must_use]
    pub fn share(self, part: f64) -> Self {
        let limit = self.state().size.limit;
        Self { state: Mutex::new(State::new(Size::new(limit, part.clamp(0.001, 1.0)))) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here can panic half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pacer for Bucket {
    fn reserve(&self, urgency: Urgency, patience: Duration, now: Duration) -> Result<Slot, TooLong> {
        let mut state = self.state();
        state.advance(now);
        // What nobody waits for, anybody may take; only where there is a line is there a way past it.
        let is_ahead = urgency == Urgency::Urgent && state.bulk.level() < 1.0;
        let urgency = if is_ahead { Urgency::Urgent } else { Urgency::Bulk };
        let slot = Slot { urgency, number: state.line(urgency).next() };
        let wait = state.wait(slot, now);
        if wait > patience {
            return Err(TooLong { wait });
        }
        state.line(urgency).take_next();
        if is_ahead {
            state.bulk.shift(1.0);
        }
        Ok(slot)
    }

    fn wait(&self, slot: Slot, now: Duration) -> Duration {
        let mut state = self.state();
        state.advance(now);
        state.wait(slot, now)
    }

    fn release(&self, slot: Slot) {
        let mut state = self.state();
        state.line(slot.urgency).give_back(slot.number);
        if slot.urgency == Urgency::Urgent {
            state.bulk.shift(-1.0);
        }
    }

    fn refused(&self, too_fast: TooFast, now: Duration) {
        let mut state = self.state();
        state.advance(now);
        if let Some(limit) = too_fast.limit {
            state.size = Size::new(limit, state.size.part);
        }
        // What left before the pause says nothing new.
        if too_fast.sent >= state.paused_until {
            let pause = PAUSE.max(too_fast.retry_after);
            let pause = pause.saturating_add(PAUSE_JITTER.mul_f64(too_fast.jitter.clamp(0.0, 1.0)));
            state.paused_until = now.saturating_add(pause);
            state.share = (state.share * CUT).max(SMALLEST_SHARE);
            state.unproven = 0.0;
            state.bulk.empty();
            state.urgent.empty();
        }
    }
}

/// What is known of the bucket.
#[derive(Debug)]
struct Size {
    /// Messages a minute.
    limit: u32,
    /// The part of it that is this process's by agreement.
    part: f64,
    /// Tokens a second, of that part.
    refill: f64,
    /// Tokens which bulk messages may use up at once.
    bulk: f64,
    /// Tokens which urgent messages may use up beyond that.
    urgent: f64,
}

impl Size {
    fn new(limit: u32, part: f64) -> Self {
        let limit = limit.max(1);
        let bucket = (f64::from(limit) / 3.0).ceil() + 1.0;
        let bucket = bucket.min(LARGEST) * part;
        Self {
            limit,
            part,
            refill: f64::from(limit) / 60.0 * MARGIN * part,
            // The last token never buys anything.
            bulk: (bucket * (1.0 - URGENT - UNUSED) - 1.0).max(1.0),
            urgent: (bucket * URGENT).max(1.0),
        }
    }
}

#[derive(Debug)]
struct State {
    size: Size,
    bulk: Line,
    urgent: Line,
    /// The part of the refill that this process takes, as refusals have taught it.
    share: f64,
    /// What may be in the bucket beyond what is believed to be.
    unproven: f64,
    /// Up to when the lines have moved on, and until when they stand still.
    at: Duration,
    paused_until: Duration,
}

impl State {
    fn new(size: Size) -> Self {
        let fresh = (size.bulk * FRESH).max(1.0);
        Self {
            bulk: Line::new(fresh),
            urgent: Line::new(size.urgent),
            share: 1.0,
            unproven: size.bulk - fresh,
            at: Duration::ZERO,
            paused_until: Duration::ZERO,
            size,
        }
    }

    fn line(&mut self, urgency: Urgency) -> &mut Line {
        match urgency {
            Urgency::Urgent => &mut self.urgent,
            Urgency::Bulk => &mut self.bulk,
        }
    }

    /// Puts back what the time since the last look was worth.
    fn advance(&mut self, now: Duration) {
        let seconds = now.saturating_sub(self.at.max(self.paused_until)).as_secs_f64();
        self.at = self.at.max(now);
        if seconds <= 0.0 {
            return;
        }
        let tokens = self.refill() * seconds;
        // Whether there is more is found out only by those who want it.
        let found = if self.bulk.level() < 1.0 { tokens.min(self.unproven) } else { 0.0 };
        self.unproven -= found;
        self.bulk.advance(tokens + found, (self.size.bulk * self.share).max(1.0));
        self.urgent.advance(tokens * (1.0 - BULK), self.size.urgent);
        self.share = (self.share + RECOVERY * seconds).min(1.0);
    }

    fn refill(&self) -> f64 {
        self.size.refill * self.share
    }

    fn wait(&mut self, slot: Slot, now: Duration) -> Duration {
        let missing = self.line(slot.urgency).missing(slot.number);
        let pause = self.paused_until.saturating_sub(now);
        let refill = match slot.urgency {
            Urgency::Urgent => self.refill() * (1.0 - BULK),
            Urgency::Bulk => self.refill(),
        };
        if missing <= refill * TICK && pause.is_zero() {
            return Duration::ZERO;
        }
        let wait = Duration::try_from_secs_f64(missing.max(0.0) / refill).unwrap_or(Duration::MAX);
        pause.saturating_add(wait)
    }
}
