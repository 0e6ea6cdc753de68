//! Whether a worker lets the store wake it before its next look.

use std::time::Duration;

use tokio::time::Instant;

use super::POLL;

/// How long a worker that was woken for nothing is not woken again, at first; then twice as long, up to its next look.
const FIRST_REST: Duration = Duration::from_millis(50);

/// All workers on a store are woken for each message, and one of them gets it. Were the others woken again each time, looking
/// would be most of what they do.
#[derive(Debug)]
pub(super) struct Wakes {
    is_woken: bool,
    rest: Duration,
    resting_until: Instant,
}

impl Default for Wakes {
    fn default() -> Self {
        Self { is_woken: false, rest: FIRST_REST, resting_until: Instant::now() }
    }
}

impl Wakes {
    pub(super) fn may_wake(&self) -> bool {
        Instant::now() >= self.resting_until
    }

    pub(super) fn woken(&mut self) {
        self.is_woken = true;
    }

    /// Takes note of whether a look found anything.
    pub(super) fn looked(&mut self, found: bool) {
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

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_is_woken_for_nothing_again_and_again_looks_hardly_more_often_than_by_itself() {
        let (mut wakes, mut looks, began) = (Wakes::default(), 0, Instant::now());
        while began.elapsed() < Duration::from_secs(60) {
            if wakes.may_wake() {
                wakes.woken();
                wakes.looked(false);
                looks += 1;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!((55..70).contains(&looks), "{looks} looks");
        // What it finds makes it keen again.
        wakes.woken();
        wakes.looked(true);
        wakes.woken();
        wakes.looked(false);
        tokio::time::sleep(FIRST_REST).await;
        assert!(wakes.may_wake());
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_of_its_own_that_finds_nothing_does_not_stop_a_worker_from_being_woken() {
        let mut wakes = Wakes::default();
        wakes.looked(false);
        assert!(wakes.may_wake());
    }
}
