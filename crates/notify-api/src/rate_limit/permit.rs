//! A permit to send, which goes back if it is not used.

use std::sync::Arc;
use std::time::Duration;

use super::{DeadlineExceeded, PermitRequest, RateLimiter, Reservation};

/// The reservation of one call. It goes back to the rate limiter if the call ends before its turn: a dropped future
/// must not hold up those behind it.
#[derive(Debug)]
pub(crate) struct Permit {
    rate_limiter: Arc<dyn RateLimiter>,
    reservation: Option<Reservation>,
}

impl Permit {
    pub(crate) fn reserve(
        rate_limiter: &Arc<dyn RateLimiter>,
        request: PermitRequest,
        now: Duration,
    ) -> Result<Self, DeadlineExceeded> {
        let reservation = rate_limiter.reserve(request, now)?;
        Ok(Self { rate_limiter: Arc::clone(rate_limiter), reservation: Some(reservation) })
    }

    /// How long until its turn; zero when it has come.
    pub(crate) fn wait(&self, now: Duration) -> Duration {
        self.reservation.map(|reservation| self.rate_limiter.wait(reservation, now)).unwrap_or_default()
    }

    /// Its turn has come, and it is used.
    pub(crate) fn end(mut self) {
        self.reservation = None;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(reservation) = self.reservation {
            self.rate_limiter.release(reservation);
        }
    }
}
