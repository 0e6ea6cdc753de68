//! Callbacks: what the service posts to a program of its user.
//!
//! A callback is posted with a bearer token. A receiver that does not answer within [`TIMEOUT`](post::TIMEOUT), or
//! answers 5xx or 429, gets a retry after [`RETRY_AFTER`] by the sandbox's clock, up to [`RETRIES`] times. Any other
//! answer is final.

pub(crate) mod body;
mod post;
mod record;

use std::time::Duration;

use uuid::Uuid;

use crate::account::service::{CallbackTarget, Service};
use crate::time::{Clock, Timestamp};
use crate::world::CallbackKind;

pub use record::{CallbackOutcome, CallbackRecord};
pub(crate) use record::{CallbackSink, Callbacks};

/// How long after a failure the next attempt comes, by the sandbox's clock.
const RETRY_AFTER: Duration = Duration::from_secs(300);

/// How many attempts may follow the first.
const RETRIES: u32 = 5;

/// A callback to post.
pub(crate) struct Callback {
    service: Uuid,
    kind: CallbackKind,
    target: CallbackTarget,
    body: String,
    /// Counted from 1.
    attempt: u32,
}

impl Callback {
    /// A callback of a service, if the service wants that kind.
    pub(crate) fn of(service: &Service, kind: CallbackKind, body: impl FnOnce() -> String) -> Option<Self> {
        let target = service.callback_target(kind)?.clone();
        Some(Self { service: service.id, kind, target, body: body(), attempt: 1 })
    }

    /// Posts the callback. Returns it with the time of its retry if it needs one.
    pub(crate) async fn post(mut self, clock: &Clock, callbacks: &Callbacks) -> Option<(Timestamp, Self)> {
        if !callbacks.are_sent() {
            return None;
        }
        let at = clock.now();
        let outcome = post::post(&self.target, &self.body).await;
        let again = outcome.is_worth_a_retry() && self.attempt <= RETRIES;
        let due = again.then(|| clock.timestamp() + RETRY_AFTER);
        callbacks.keep(CallbackRecord {
            service: self.service.to_string(),
            kind: self.kind,
            url: self.target.url.to_string(),
            body: self.body.clone(),
            attempt: self.attempt,
            at,
            outcome,
            next_attempt_at: due.map(Into::into),
        });
        self.attempt += 1;
        Some((due?, self))
    }
}
