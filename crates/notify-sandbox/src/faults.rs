//! Injected faults: what a network, a load balancer or a failing service does to a client, on request.

mod fault;
mod incoming_request;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use fault::{Effect, FaultAction};
pub use fault::{ErrorResponse, Fault};
pub(crate) use incoming_request::IncomingRequest;

/// The injected faults that are not used up, oldest first.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AppliedFault {
    pub(crate) action: FaultAction,
    pub(crate) effect: Effect,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        self.lock().push(fault);
    }

    /// Applies the first fault that matches a request.
    pub(crate) fn apply(&self, request: &IncomingRequest<'_>) -> Option<AppliedFault> {
        let mut faults = self.lock();
        let applied = faults.iter_mut().find_map(|fault| fault.apply(request));
        if applied.is_some() {
            faults.retain(|fault| !fault.is_used_up());
        }
        applied
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
    use bytes::Bytes;

    fn apply(faults: &Faults, method: &str, path: &str) -> Option<AppliedFault> {
        let request = http::Request::builder().method(method).uri(path).body(Bytes::new()).unwrap();
        faults.apply(&IncomingRequest::new(&request, &str::to_owned))
    }

    fn struck(faults: &Faults, requests: usize) -> Vec<bool> {
        (0..requests).map(|_| apply(faults, "GET", "/v2/templates").is_some()).collect()
    }

    #[test]
    fn a_fault_for_the_next_few_is_used_up_by_them() {
        let faults = Faults::default();
        faults.add(Fault::respond(ErrorResponse::Unavailable).next(2));
        assert_eq!(struck(&faults, 3), [true, true, false]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn the_same_seed_affects_the_same_requests() {
        let series = |seed| {
            let faults = Faults::default();
            faults.add(Fault::drop_connection().share(0.25, seed));
            struck(&faults, 400)
        };
        assert_eq!(series(7), series(7));
        assert_ne!(series(7), series(8));
        let hits = series(7).into_iter().filter(|hit| *hit).count();
        assert!((60..140).contains(&hits), "a quarter of 400 is about a hundred, not {hits}");
    }

    #[test]
    fn only_requests_that_match_are_affected_or_counted() {
        let faults = Faults::default();
        faults.add(Fault::drop_connection().on_method("POST").on_path("/v2/notifications/*").next(1));
        assert_eq!(apply(&faults, "GET", "/v2/notifications/sms"), None);
        assert_eq!(apply(&faults, "POST", "/v2/notifications"), None);
        assert!(apply(&faults, "POST", "/v2/notifications/sms").is_some());
        faults.add(Fault::drop_connection().on_method("GET").on_path("/v2/templates"));
        assert_eq!(apply(&faults, "GET", "/v2/templates/x"), None);
        assert!(apply(&faults, "GET", "/v2/templates").is_some());
    }

    #[test]
    fn the_first_fault_that_matches_a_request_applies() {
        let faults = Faults::default();
        faults.add(Fault::respond(ErrorResponse::BadGateway).next(1));
        faults.add(Fault::drop_connection());
        assert_eq!(
            apply(&faults, "GET", "/").map(|applied| applied.action),
            Some(FaultAction::Respond(ErrorResponse::BadGateway))
        );
        assert_eq!(apply(&faults, "GET", "/").map(|applied| applied.action), Some(FaultAction::Drop));
        faults.clear();
        assert_eq!(apply(&faults, "GET", "/"), None);
    }
}
