//! The answer to a message, and what it means.

use notify_jwt::{Clock, TimeSample};

use super::end::End;
use super::{Call, Phase};
use crate::http::Age;
use crate::outcome::Outcome;

/// The longest wait after the rate limit. A refused message counts towards the limit too, so a device that retried more
/// often would keep others out.
const LONGEST_BACKOFF: u32 = 60;

impl Call<'_> {
    pub(super) fn sent(&mut self, clock: &mut Clock, uptime: u64) -> Outcome {
        let retry_after = self.exchange.retry_after(clock.now(uptime));
        let Some(status) = self.exchange.status() else { return self.in_doubt(0, clock, uptime) };
        // A cached answer belongs to an earlier message, however similar.
        let contents = self.exchange.contents().filter(|_| !self.exchange.is_kept());
        match status {
            200..300 => {
                let Some(id) = contents.and_then(|contents| contents.taken(&self.identity)) else {
                    return self.in_doubt(retry_after, clock, uptime);
                };
                self.confirm(clock, uptime);
                self.end(End::Accepted(id))
            }
            // The proxy wants credentials, and passed nothing on.
            407 => self.end(End::Refused),
            // Only the service's own words say that it did not take the message. A gateway may answer after it did, and a
            // 500 can be about a fault after the message was stored.
            300..500 => match contents.and_then(|contents| contents.words(status)) {
                None => self.in_doubt(retry_after, clock, uptime),
                Some(words) if words.is_clock => {
                    if self.learn(clock, uptime) && !self.has_healed_clock {
                        self.has_healed_clock = true;
                        self.phase = Phase::Ready;
                        return Outcome::TryAgain(0);
                    }
                    self.end(End::Refused)
                }
                Some(words) if words.is_rate_limit => {
                    self.phase = Phase::Ready;
                    Outcome::TryAgain(self.backoff().max(retry_after))
                }
                Some(_) => self.end(End::Refused),
            },
            _ => self.in_doubt(retry_after, clock, uptime),
        }
    }

    /// The service accepted the token of the request: the clock is right, unless the token was signed ahead of it, or a cache
    /// kept the answer.
    pub(super) fn confirm(&self, clock: &mut Clock, uptime: u64) {
        if !self.is_signed_ahead && self.exchange.head.age == Age::None {
            clock.confirm(uptime);
        }
    }

    /// Believes the date of a clock refusal, as far as the clock lets itself be adjusted, unless a cache kept the answer.
    pub(super) fn learn(&self, clock: &mut Clock, uptime: u64) -> bool {
        let date = self.exchange.head.date.filter(|_| self.exchange.head.age == Age::None);
        date.is_some_and(|unix_seconds| clock.adjust(TimeSample { uptime, unix_seconds }).is_ok())
    }

    /// How many seconds to wait before the message is sent again.
    pub(super) fn backoff(&self) -> u32 {
        let doublings = u32::from(self.attempts.saturating_sub(1)).min(6);
        (1 << doublings).min(LONGEST_BACKOFF)
    }
}
