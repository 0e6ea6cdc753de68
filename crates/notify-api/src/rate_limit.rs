//! When a message may leave, so that the service does not throttle it.

mod permit;
mod queue;
mod token_bucket;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use permit::Permit;
pub use token_bucket::TokenBucket;

/// Says when each message may leave. All calls of a client share one.
///
/// By default, clients use [`TokenBucket`]. Write your own to share the service's limit between processes through a
/// store. Calls ask it directly, so it must not block: lease reservations from the store in the background, a second's
/// worth at a time, and hand them out from memory.
///
/// All times are monotonic, like [`Now::monotonic`](crate::Now::monotonic).
///
/// # Examples
///
/// A rate limiter that gets its reservations from elsewhere. A background task calls `lease`, say twice a second, with
/// the number that a counter in a shared store gave this process for the next second:
///
/// ```
/// use std::collections::VecDeque;
/// use std::sync::Mutex;
/// use std::time::Duration;
/// use notify_api::{
///     ApiKey, DeadlineExceeded, PermitRequest, Priority, RateLimiter, Reservation, Session, Throttled,
/// };
///
/// #[derive(Debug, Default)]
/// struct Leased {
///     /// The times of the reservations that are still free.
///     free: Mutex<VecDeque<Duration>>,
/// }
///
/// impl Leased {
///     /// Leases reservations from the store: they begin at `from`, and are spread over a second.
///     fn lease(&self, reservations: u32, from: Duration) {
///         let reservation = |number| from + Duration::from_secs(1) * number / reservations;
///         self.free.lock().unwrap().extend((0..reservations).map(reservation));
///     }
/// }
///
/// impl RateLimiter for Leased {
///     fn reserve(&self, request: PermitRequest, now: Duration) -> Result<Reservation, DeadlineExceeded> {
///         let mut free = self.free.lock().unwrap();
///         let next = free.front().copied().unwrap_or(now + Duration::from_secs(1));
///         let wait = next.saturating_sub(now);
///         if free.is_empty() || wait > request.longest_wait {
///             return Err(DeadlineExceeded { wait });
///         }
///         free.pop_front();
///         Ok(Reservation { priority: request.priority, number: next.as_secs_f64() })
///     }
///
///     fn wait(&self, reservation: Reservation, now: Duration) -> Duration {
///         Duration::from_secs_f64(reservation.number).saturating_sub(now)
///     }
///
///     fn release(&self, reservation: Reservation) {
///         self.free.lock().unwrap().push_front(Duration::from_secs_f64(reservation.number));
///     }
///
///     fn refused(&self, _: Throttled, _: Duration) {
///         // The store gave away too much: what was leased is void.
///         self.free.lock().unwrap().clear();
///     }
/// }
///
/// let rate_limiter = std::sync::Arc::new(Leased::default());
/// rate_limiter.lease(50, Duration::ZERO);
///
/// # let key = ApiKey::parse("k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0")?;
/// let session = Session::builder(&key).rate_limiter(rate_limiter.clone()).build();
/// # let request = PermitRequest { priority: Priority::Normal, longest_wait: Duration::from_secs(9) };
/// # let first = rate_limiter.reserve(request, Duration::ZERO)?;
/// # assert_eq!(rate_limiter.wait(first, Duration::ZERO), Duration::ZERO);
/// # let second = rate_limiter.reserve(request, Duration::ZERO)?;
/// # assert_eq!(rate_limiter.wait(second, Duration::ZERO), Duration::from_millis(20));
/// # rate_limiter.release(second);
/// # assert_eq!(rate_limiter.reserve(request, Duration::ZERO)?, second);
/// # assert!(rate_limiter.reserve(PermitRequest { longest_wait: Duration::ZERO, ..request }, Duration::ZERO).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait RateLimiter: Send + Sync + fmt::Debug {
    /// Reserves a permit, if one is available in time.
    ///
    /// # Errors
    ///
    /// [`DeadlineExceeded`] if the wait would be longer. Then nothing is reserved.
    fn reserve(&self, request: PermitRequest, now: Duration) -> Result<Reservation, DeadlineExceeded>;

    /// How long until a reservation's turn; zero when it has come.
    ///
    /// The call asks again when that time is over, and several times a second before. A turn can move both ways:
    /// everyone waits after a refusal, and moves up when someone ahead gives up. When the answer is zero, the message
    /// leaves.
    fn wait(&self, reservation: Reservation, now: Duration) -> Duration;

    /// Takes back a reservation that will not be used: the call was dropped or ran out of time before its turn.
    fn release(&self, reservation: Reservation);

    /// Notes that the service took a message. Messages that are held back until one gets through can now go on. The
    /// default does nothing.
    fn accepted(&self, accepted: Accepted, now: Duration) {
        let _ = (accepted, now);
    }

    /// Notes that the service throttled a message.
    fn refused(&self, throttled: Throttled, now: Duration);
}

impl<L: RateLimiter + ?Sized> RateLimiter for Arc<L> {
    fn reserve(&self, request: PermitRequest, now: Duration) -> Result<Reservation, DeadlineExceeded> {
        (**self).reserve(request, now)
    }

    fn wait(&self, reservation: Reservation, now: Duration) -> Duration {
        (**self).wait(reservation, now)
    }

    fn release(&self, reservation: Reservation) {
        (**self).release(reservation);
    }

    fn accepted(&self, accepted: Accepted, now: Duration) {
        (**self).accepted(accepted, now);
    }

    fn refused(&self, throttled: Throttled, now: Duration) {
        (**self).refused(throttled, now);
    }
}

/// A message that wants to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermitRequest {
    /// Whether it may pass ahead of others.
    pub priority: Priority,
    /// How long it can wait for its permit.
    pub longest_wait: Duration,
}

/// A message that the service took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// When it left.
    pub sent: Duration,
}

/// Whether a message may pass ahead of others that wait for their turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Priority {
    /// A person is waiting for it, such as a login code: passes ahead.
    Urgent,
    /// Takes its turn.
    #[default]
    Normal,
}

/// A place in the order in which messages leave. Its numbers mean something only to the [`RateLimiter`] that gave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reservation {
    /// The queue in which the place is.
    pub priority: Priority,
    /// The place.
    pub number: f64,
}

/// No reservation is available in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the next free reservation is {:.1} s away", .wait.as_secs_f64())]
pub struct DeadlineExceeded {
    /// How long the wait would be.
    pub wait: Duration,
}

/// A message that the service refused for coming too fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttled {
    /// The number of messages a minute that the refusal named.
    pub limit: Option<u32>,
    /// The least time that the refusal asks to wait, up to
    /// [`Policy::LONGEST_RETRY_AFTER`](crate::Policy::LONGEST_RETRY_AFTER). Zero unless a proxy names one, since the
    /// service does not.
    pub retry_after: Duration,
    /// A random number from 0 to 1. It keeps processes that were refused together from coming back together.
    pub jitter: f64,
    /// When the refused message left.
    pub sent: Duration,
}

/// No rate limit at all, for services without one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unlimited;

impl RateLimiter for Unlimited {
    fn reserve(&self, request: PermitRequest, _: Duration) -> Result<Reservation, DeadlineExceeded> {
        Ok(Reservation { priority: request.priority, number: 0.0 })
    }

    fn wait(&self, _: Reservation, _: Duration) -> Duration {
        Duration::ZERO
    }

    fn release(&self, _: Reservation) {}

    fn refused(&self, _: Throttled, _: Duration) {}
}
