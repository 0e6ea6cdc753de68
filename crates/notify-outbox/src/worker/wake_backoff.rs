//! When the store may wake a worker before its next poll.

use std::time::Duration;

use tokio::time::Instant;

use super::POLL;

/// How long a worker that was woken for nothing ignores new messages at first. The time doubles each time, up to the
/// polling interval.
const FIRST_REST: Duration = Duration::from_millis(50);

/// A backoff between wake-ups that found nothing. Each message wakes all workers on a store, and one of them gets it.
/// Without rests, the others would spend most of their time on polls that find nothing.
#[derive(Debug)]
pub(super) struct WakeBackoff {
    is_woken: bool,
    rest: Duration,
    resting_until: Instant,
}

impl Default for WakeBackoff {
    fn default() -> Self {
        Self { is_woken: false, rest: FIRST_REST, resting_until: Instant::now() }
    }
}

impl WakeBackoff {
    /// Completes when the store has announced new messages, and this worker has rested.
    pub(super) fn rested_then<F: Future<Output = ()>>(
        &self,
        changed: F,
    ) -> impl Future<Output = ()> + use<F> {
        let rested = tokio::time::sleep_until(self.resting_until);
        async move {
            rested.await;
            changed.await;
        }
    }

    pub(super) fn woken(&mut self) {
        self.is_woken = true;
    }

    /// Notes whether a poll found anything.
    pub(super) fn polled(&mut self, found: bool) {
        if found {
            self.rest = FIRST_REST;
        } else if self.is_woken {
            self.resting_until = Instant::now() + self.rest;
            self.rest = (self.rest * 2).min(POLL);
        }
        self.is_woken = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes all the time.
    async fn always() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_is_woken_for_nothing_again_and_again_polls_hardly_more_often_than_by_itself() {
        let (mut backoff, mut polls, began) = (WakeBackoff::default(), 0, Instant::now());
        while began.elapsed() < Duration::from_secs(60) {
            backoff.rested_then(always()).await;
            backoff.woken();
            backoff.polled(false);
            polls += 1;
        }
        assert!((55..70).contains(&polls), "{polls} polls");
        // What it finds makes it keen again.
        backoff.woken();
        backoff.polled(true);
        backoff.woken();
        backoff.polled(false);
        let began = Instant::now();
        backoff.rested_then(always()).await;
        assert!(began.elapsed() < FIRST_REST * 2, "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_poll_of_its_own_that_finds_nothing_does_not_keep_a_worker_from_being_woken() {
        let mut backoff = WakeBackoff::default();
        backoff.polled(false);
        let began = Instant::now();
        backoff.rested_then(always()).await;
        assert!(began.elapsed() < FIRST_REST, "{:?}", began.elapsed());
    }
}
