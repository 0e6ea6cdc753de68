//! Faults on request: what a network, a load balancer or a service in trouble does to a client, when a test wants it.

mod fault;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use fault::{Deed, Effect};
pub use fault::{Failure, Fault};

/// The faults that were ordered and are not used up, in the order in which they were.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Strike {
    pub(crate) deed: Deed,
    pub(crate) effect: Effect,
}

impl Faults {
    pub(crate) fn order(&self, fault: Fault) {
        self.lock().push(fault);
    }

    /// What happens to a request: the first fault that wants it has it.
    pub(crate) fn strike(&self, method: &str, path: &str) -> Option<Strike> {
        let mut faults = self.lock();
        let strike = faults.iter_mut().find_map(|fault| fault.strike(method, path));
        if strike.is_some() {
            faults.retain(|fault| !fault.is_used_up());
        }
        strike
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(faults: &Faults, requests: usize) -> Vec<bool> {
        (0..requests).map(|_| faults.strike("GET", "/v2/templates").is_some()).collect()
    }

    #[test]
    fn a_fault_for_the_next_few_is_used_up_by_them() {
        let faults = Faults::default();
        faults.order(Fault::answer(Failure::Unavailable).next(2));
        assert_eq!(struck(&faults, 3), [true, true, false]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn the_same_seed_strikes_the_same_requests() {
        let series = |seed| {
            let faults = Faults::default();
            faults.order(Fault::drop_connection().share(0.25, seed));
            struck(&faults, 400)
        };
        assert_eq!(series(7), series(7));
        assert_ne!(series(7), series(8));
        let hits = series(7).into_iter().filter(|hit| *hit).count();
        assert!((60..140).contains(&hits), "a quarter of 400 is about a hundred, not {hits}");
    }

    #[test]
    fn only_requests_that_match_are_struck_or_counted() {
        let faults = Faults::default();
        faults.order(Fault::drop_connection().on("POST", "/v2/notifications/*").next(1));
        assert_eq!(faults.strike("GET", "/v2/notifications/sms"), None);
        assert_eq!(faults.strike("POST", "/v2/notifications"), None);
        assert!(faults.strike("POST", "/v2/notifications/sms").is_some());
        faults.order(Fault::drop_connection().on("GET", "/v2/templates"));
        assert_eq!(faults.strike("GET", "/v2/templates/x"), None);
        assert!(faults.strike("GET", "/v2/templates").is_some());
    }

    #[test]
    fn the_first_fault_that_wants_a_request_has_it() {
        let faults = Faults::default();
        faults.order(Fault::answer(Failure::BadGateway).next(1));
        faults.order(Fault::drop_connection());
        assert_eq!(
            faults.strike("GET", "/").map(|strike| strike.deed),
            Some(Deed::Answer(Failure::BadGateway))
        );
        assert_eq!(faults.strike("GET", "/").map(|strike| strike.deed), Some(Deed::Drop));
        faults.clear();
        assert_eq!(faults.strike("GET", "/"), None);
    }
}
