//! Reconciliation: the lookups that find out what became of a message in doubt.

use notify_jwt::Clock;

use super::end::End;
use super::{Call, Phase};
use crate::answer::{Contents, Page};
use crate::exchange::LONGEST_RETRY_AFTER;
use crate::fence::Fence;
use crate::outcome::Outcome;

/// How far apart the two lookups that prove absence have to be: five seconds, counted in whole ones.
const APART: u32 = 6;
/// How long to wait before the next lookup when the service refused a token that was signed ahead.
const AFTER_REFUSAL: u32 = 3;
/// How long to wait before the first lookup, at least.
const FIRST_LOOKUP: u32 = 1;
/// The longest wait between lookups.
const LONGEST_WAIT: u32 = 64;

impl Call<'_> {
    /// No answer says whether the service took the message.
    #[inline(never)]
    pub(super) fn in_doubt(&mut self, retry_after: u32, clock: &Clock, uptime: u64) -> Outcome {
        self.lookups = 0;
        self.was_refused = false;
        self.empty_at = None;
        self.is_unclear = false;
        self.not_before = uptime.saturating_add(retry_after.into());
        self.unknown(retry_after, clock, uptime)
    }

    /// Whether lookups can reconcile it.
    pub(super) fn can_be_looked_up(&self) -> bool {
        self.identity.is_unique && self.identity.reference.is_some() && self.is_listed
    }

    /// It stays in doubt, and is looked up after `least` seconds or later.
    // It is called from many places.
    #[inline(never)]
    pub(super) fn unknown(&mut self, least: u32, clock: &Clock, uptime: u64) -> Outcome {
        if !self.can_be_looked_up() {
            return self.end(End::Unknown);
        }
        self.phase = Phase::InDoubt;
        let wait = self.wait(clock.now(uptime)).max(least);
        Outcome::Unknown { reference: self.identity.reference.clone(), look_up_after: Some(wait) }
    }

    /// The fence, where there is one.
    fn fence(&self) -> Option<Fence> {
        self.service.proves_absence().then_some(Fence::new(self.sent_iat))
    }

    /// After how many seconds the next lookup is worthwhile, if the service's time is `believed`.
    fn wait(&self, believed: u64) -> u32 {
        let usual = (FIRST_LOOKUP << (u32::from(self.lookups) * 3).min(6)).min(LONGEST_WAIT);
        let Some(fence) = self.fence() else { return usual };
        let until_open = u32::try_from(fence.opens_at.saturating_sub(believed)).unwrap_or(u32::MAX);
        match self.lookups {
            // The first one comes soon, in case the message is listed already; the next ones when they count. If our
            // clock is far behind, the refusal tells the time.
            0 => usual,
            _ if until_open > 0 => until_open.min(LONGEST_WAIT),
            _ if self.was_refused => AFTER_REFUSAL,
            _ => APART,
        }
    }

    /// The `iat` for a lookup that leaves now.
    pub(super) fn lookup_iat(&self, believed: u64) -> u64 {
        let proving = self.fence().filter(|fence| believed >= fence.opens_at && !self.was_refused);
        proving.map_or(believed, |fence| fence.proving_iat().max(believed))
    }

    pub(super) fn looked_up(&mut self, clock: &mut Clock, uptime: u64) -> Outcome {
        let was_refused = core::mem::take(&mut self.was_refused);
        let retry_after = self.exchange.retry_after(clock.now(uptime));
        let (status, contents) = (self.exchange.status(), self.exchange.contents());
        // Part of a page, or another server's success, is not a page.
        match contents.filter(|_| status == Some(200)).map(Contents::page) {
            Some(Page::Found(id, _)) => {
                self.confirm(clock, uptime);
                return self.end(End::Accepted(id));
            }
            Some(Page::Unclear) => {
                self.is_unclear = true;
                self.empty_at = None;
            }
            Some(Page::Empty) => return self.is_empty(clock, uptime, retry_after),
            Some(Page::OfAnother | Page::Unreadable) | None => {
                let words = contents.zip(status).and_then(|(contents, status)| contents.words(status));
                if !words.is_some_and(|words| words.is_clock) {
                    self.was_refused = was_refused;
                } else if self.is_signed_ahead {
                    // The service's clock is not there yet, or ours is wrong. The next lookup tells which.
                    self.was_refused = true;
                } else {
                    self.learn(clock, uptime);
                }
            }
        }
        self.unknown(retry_after, clock, uptime)
    }

    fn is_empty(&mut self, clock: &mut Clock, uptime: u64, retry_after: u32) -> Outcome {
        self.confirm(clock, uptime);
        let is_over = self.fence().is_some_and(|fence| fence.is_over(self.iat, &self.exchange));
        if is_over && !self.is_unclear {
            match self.empty_at {
                // An uptime that stands still at its largest value proves nothing.
                Some(first) if self.left_at.saturating_sub(first) >= APART.into() => {
                    self.phase = Phase::Ready;
                    let wait = u32::try_from(self.not_before.saturating_sub(uptime)).unwrap_or(u32::MAX);
                    // Longer only if the uptime went back.
                    return Outcome::TryAgain(wait.min(LONGEST_RETRY_AFTER));
                }
                Some(first) if self.left_at >= first => {}
                // The first one, or the uptime went back.
                _ => self.empty_at = Some(uptime),
            }
        }
        self.unknown(retry_after, clock, uptime)
    }
}
