//! Callbacks: what the service posts to its users' programs.
//!
//! A callback is posted with a bearer token. If the receiver fails or does not answer in time, the callback is retried
//! by the [rules](CallbackRules) of the service.

pub(crate) mod body;
mod concurrency;
mod dialect;
mod history;
mod post;
mod record;

use uuid::Uuid;

use crate::account::message::{Message, MessageState};
use crate::account::service::{CallbackTarget, Service};
use crate::time::{Clock, Timestamp};
use crate::world::CallbackKind;

pub(crate) use dialect::{CallbackDialect, CallbackRules};
pub(crate) use history::{CallbackSink, Callbacks};
pub use record::{CallbackOutcome, CallbackRecord};

/// A callback to post.
pub(crate) struct Callback {
    service: Uuid,
    kind: CallbackKind,
    target: CallbackTarget,
    rules: &'static CallbackRules,
    body: String,
    /// Counted from 1.
    attempt: u32,
}

impl Callback {
    /// A callback of a service, if the service wants that kind.
    pub(crate) fn of(
        dialect: &dyn CallbackDialect,
        service: &Service,
        kind: CallbackKind,
        body: impl FnOnce() -> String,
    ) -> Option<Self> {
        let target = service.callback_target(kind)?.clone();
        let rules = dialect.callback_rules();
        Some(Self { service: service.id, kind, target, rules, body: body(), attempt: 1 })
    }

    /// The delivery receipt of a message, if it has a receiver.
    pub(crate) fn receipt(
        dialect: &dyn CallbackDialect,
        service: &Service,
        message: &Message,
        state: MessageState,
    ) -> Option<Self> {
        let kind = CallbackKind::DeliveryStatus;
        let target = dialect.receipt_target(service, message, state)?;
        let rules = dialect.receipt_rules(message);
        let body = dialect.delivery_status(message, state, &target);
        Some(Self { service: service.id, kind, target, rules, body, attempt: 1 })
    }

    /// Posts the callback. Returns it with the time of its retry if it needs one.
    pub(crate) async fn post(mut self, clock: &Clock, callbacks: &Callbacks) -> Option<(Timestamp, Self)> {
        if !callbacks.are_sent() {
            return None;
        }
        let permit = callbacks.permit(&self.target.url).await;
        let at = clock.now();
        let outcome = post::post(&self.target, self.rules, &self.body).await;
        drop(permit);
        let again = (self.rules.is_worth_a_retry)(&outcome) && self.attempt <= self.rules.retries;
        let due = again.then(|| clock.timestamp() + (self.rules.retry_after)(self.attempt));
        let record = CallbackRecord {
            id: callbacks.next_id(),
            service: self.service.to_string(),
            kind: self.kind,
            url: self.target.url.to_string(),
            body: self.body.clone(),
            attempt: self.attempt,
            at,
            outcome,
            next_attempt_at: due.map(Into::into),
        };
        callbacks.keep(record, self.target.clone(), self.rules);
        self.attempt += 1;
        Some((due?, self))
    }
}
