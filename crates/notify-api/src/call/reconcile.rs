//! Reconciliation: what became of a message whose answer was lost.
//!
//! The service has no idempotency key, but it lists messages by their reference. So a message whose reference is unique
//! can be looked up. If it is listed, the service took it. If it is not listed, that proves absence only once the
//! service can no longer take it, which the [`fence`] tells.

mod fence;
mod listed_message;
mod lookups;
mod page;
mod recipient;

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response};

use super::retry::Wait;
use super::{Call, CallState, Event, Now, Phase, Step, retry};
use crate::error::{Evidence, Failure, Refusal};
use crate::redaction::Redaction;
use crate::report::Report;
use crate::{Identity, RawResponse, RequestParts, Service};
use fence::{DONE_AFTER, Fence};
use lookups::Finding;
pub(super) use lookups::Reconciliation;

/// How many bytes of a path and query the service reads. Its line of 4,094 also holds the method, the version, and
/// perhaps a prefix of the path (recorded: `http.jsonl`).
const LONGEST_QUERY: usize = 4_000;
/// How long a lookup may take. If one hangs, it is better to make a new one.
pub(super) const LONGEST_LOOKUP: Duration = Duration::from_secs(10);
/// How much time the last lookup has before the call's time is over.
const LAST_LOOKUP: Duration = Duration::from_secs(1);

impl CallState {
    /// Begins to look up a message that is in doubt because of `failure`.
    pub(super) fn in_doubt(mut self: Box<Self>, failure: Failure, retry_after: Duration, now: Now) -> Step {
        let is_of_another = matches!(failure, Failure::OfAnother(_));
        self.failure = Some(failure);
        let reconciliation = self.reconciliation(retry_after, now);
        if is_of_another {
            self.phase = Phase::Reconnecting(reconciliation);
            return Step::Reconnect(Call(self));
        }
        self.reconcile(reconciliation, now)
    }

    /// Goes on with the lookups, or leaves the message in doubt.
    pub(super) fn reconcile(self: Box<Self>, reconciliation: Option<Box<Reconciliation>>, now: Now) -> Step {
        match reconciliation {
            Some(reconciliation) => self.look_up_later(reconciliation, Duration::ZERO, now),
            None => self.fail(Evidence::None, now),
        }
    }

    fn reconciliation(&self, retry_after: Duration, now: Now) -> Option<Box<Reconciliation>> {
        let identity = self.identity.as_ref().filter(|_| self.policy.reconciles())?;
        let reference = identity.reference.as_ref().filter(|_| identity.is_unique)?;
        can_be_listed(identity, reference, self.session.service()).then(|| {
            let not_before = now.monotonic.saturating_add(retry_after);
            Box::new(Reconciliation::new(identity.clone(), reference.clone(), self.fence(), not_before))
        })
    }

    /// The fence of the latest token that was sent with the message.
    fn fence(&self) -> Option<Fence> {
        let own_risk = self.policy.assumed_absence().map(|after| after.as_secs());
        let after = if self.session.proves_absence() { own_risk.or(Some(DONE_AFTER)) } else { own_risk };
        after.map(|after| Fence::new(self.last_iat, after))
    }

    /// Schedules a lookup for when it is worthwhile, and not before `least` is over.
    fn look_up_later(
        mut self: Box<Self>,
        reconciliation: Box<Reconciliation>,
        least: Duration,
        now: Now,
    ) -> Step {
        // It is better to make the last lookup before the time is over than not at all.
        let latest = self.remaining(now).saturating_sub(LAST_LOOKUP);
        if latest.is_zero() || least > latest {
            return self.fail(reconciliation.evidence, now);
        }
        let believed = self.session.skew().service_time(now);
        let wait = reconciliation.wait(believed, self.jitter.f64()).clamp(least, latest);
        self.phase = Phase::Reconciling(reconciliation);
        Step::Wait(wait, Call(self))
    }

    pub(super) fn look_up(mut self: Box<Self>, mut reconciliation: Box<Reconciliation>, now: Now) -> Step {
        if self.remaining(now).is_zero() {
            return self.fail(reconciliation.evidence, now);
        }
        let Ok(uri) = self.session.uri(&lookup(&reconciliation.identity, &reconciliation.reference)) else {
            // Percent-encoding makes every reference a valid query.
            return self.fail(reconciliation.evidence, now);
        };
        let iat = reconciliation.sign(self.session.skew().service_time(now), now);
        self.phase = Phase::Reconciling(reconciliation);
        Step::Send(self.outgoing(Method::GET, uri, None, iat), Call(self))
    }

    pub(super) fn looked_up(
        mut self: Box<Self>,
        mut reconciliation: Box<Reconciliation>,
        event: &Event,
        now: Now,
    ) -> Step {
        reconciliation.count();
        let Event::Response(response) = event else {
            return self.look_up_later(reconciliation, Duration::ZERO, now);
        };
        match reconciliation.judge(response, self.session.service(), now) {
            Finding::Found(message) => self.found(message, now),
            Finding::Open => self.still_open(reconciliation, response, now),
            Finding::OfAnother => {
                self.phase = Phase::Reconnecting(Some(reconciliation));
                Step::Reconnect(Call(self))
            }
            Finding::Absent => {
                let wait = reconciliation.not_before.saturating_sub(now.monotonic);
                self.evidence = Evidence::Absent;
                self.again_or_fail(Some(Wait { least: wait, backoff: Duration::ZERO }), now)
            }
        }
    }

    /// The service took the message, and this is what it stores.
    fn found(mut self: Box<Self>, message: Bytes, now: Now) -> Step {
        let raw = RawResponse::found(message, Report::before(&self.operation));
        match self.reader.found(&raw) {
            Ok(value) => Step::Done(Ok(raw.read(value, self.report(now)))),
            Err(error) => {
                self.failure = Some(error.into_failure());
                self.fail(Evidence::None, now)
            }
        }
    }

    fn still_open(
        self: Box<Self>,
        mut reconciliation: Box<Reconciliation>,
        response: &Response<Bytes>,
        now: Now,
    ) -> Step {
        let refusal = Refusal::new(response.clone(), &Redaction::default());
        if refusal.is_clock() {
            // If the token was signed ahead, its refusal only shows that the service's clock has not got that far, or
            // that ours is wrong. The next lookup tells which.
            if !reconciliation.note_clock_refusal() {
                self.learn_clock(response.headers(), now);
            }
        }
        if refusal.is_nobodys() && self.failure.as_ref().is_some_and(Failure::is_nobodys) {
            return self.fail(Evidence::NoService, now);
        }
        let retry_after = retry::after(response.headers(), self.session.skew().service_seconds(now));
        self.look_up_later(reconciliation, retry_after, now)
    }
}

/// Whether the service lists the message if it took it. It keeps none for the recipients of smoke tests. It cannot be
/// asked for a reference that, percent-encoded, is longer than what it reads of a request line.
fn can_be_listed(identity: &Identity, reference: &str, service: Option<Service>) -> bool {
    !identity.recipient.as_deref().is_some_and(|recipient| recipient::is_smoke_test(recipient, service))
        && lookup(identity, reference).path_and_query().len() <= LONGEST_QUERY
}

/// The request for messages with this reference and type.
fn lookup(identity: &Identity, reference: &str) -> RequestParts {
    RequestParts::new("/v2/notifications")
        .query("template_type", identity.template_type.as_str())
        .query("reference", reference)
}
