//! Turns a claim into a call that sends, or into a reconciliation. The backend carries the requests and tells the time.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use notify_http::{Error, Now, Policy};

use super::classify;
use super::limits::DailyLimits;
use super::message::{Message, Operation};
use super::reconcile::{self, Next, OfflineSession, Reconciliation};
use crate::{Claim, Outcome, SendOutcome};

/// How long one lookup may take.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a message is looked up in one go, at most. This ends well within its claim.
const LONGEST_RECONCILIATION: Duration = Duration::from_secs(60);

/// How often a message is looked up in a row, at most. Two empty pages prove absence, and some lookups may fail.
const MOST_LOOKUPS: u32 = 6;
/// The largest difference between two clock readings that means nothing.
const CLOCK_NOISE: Duration = Duration::from_millis(50);

/// The current time of the service's clock, which is this many seconds ahead of this machine's, if the offset is known.
pub(super) fn at_service(now: Now, offset: Option<i64>) -> Now {
    let offset = offset.unwrap_or(0);
    let by = Duration::from_secs(offset.unsigned_abs());
    let unix = if offset < 0 { now.unix.saturating_sub(by) } else { now.unix.saturating_add(by) };
    Now { unix, ..now }
}

/// Carries calls, and tells the time.
pub(super) trait Backend: Clone + Send + Sync + 'static {
    /// The monotonic clock, and the service's clock as far as it is known.
    fn moment(&self) -> Now;

    /// Sends a message, with no token minted after `leave_by`, and returns the service's id.
    fn send(
        &self,
        operation: Operation,
        policy: Policy,
        leave_by: u64,
    ) -> impl Future<Output = Result<String, Error>> + Send;

    /// The page that the service lists under the message's reference, if one arrived.
    fn list(
        &self,
        operation: &Operation,
        policy: Policy,
    ) -> impl Future<Output = Option<Response<Bytes>>> + Send;
}

#[derive(Clone, Debug)]
pub(super) struct Engine<C> {
    backend: C,
    session: OfflineSession,
    policy: Policy,
    limits: Arc<DailyLimits>,
}

impl<C> Engine<C> {
    pub(super) fn new(backend: C, session: OfflineSession) -> Self {
        Self { backend, session, policy: Policy::default(), limits: Arc::default() }
    }

    pub(super) fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    pub(super) const fn backend(&self) -> &C {
        &self.backend
    }
}

impl<C: Backend> Engine<C> {
    pub(super) fn now(&self) -> u64 {
        self.backend.moment().unix.as_secs()
    }

    pub(super) async fn send(&self, claim: &Claim, leave_by: u64) -> SendOutcome {
        let operation = match Message::of(claim) {
            Ok(operation) => operation,
            Err(reason) => return SendOutcome::alone(Outcome::Failed { reason }),
        };
        let now = self.now();
        let kind = operation.kind();
        if let Some(until) = self.limits.until(kind).filter(|until| *until > now) {
            return SendOutcome::alone(Outcome::NotSent { not_before: until });
        }
        let time = Duration::from_secs(leave_by.saturating_sub(now));
        let time = time.saturating_add(self.policy.attempt_timeout_duration());
        // The outbox itself retries and looks up, each time under a new claim.
        let policy = self.policy.timeout(time).attempts(1).reconcile(false);
        match self.backend.send(operation, policy, leave_by).await {
            Ok(id) => SendOutcome::alone(Outcome::Sent { id }),
            Err(error) => {
                let attempted = classify::attempted(&error, self.now());
                if let (true, Outcome::NotSent { not_before }) = (error.is_daily_limit(), &attempted.outcome)
                {
                    self.limits.used_up(kind, *not_before);
                }
                attempted
            }
        }
    }

    pub(super) async fn look_up(&self, claim: &Claim, sent_by: u64) -> Outcome {
        match Message::of(claim) {
            Ok(operation) => self.reconcile(&operation, sent_by).await,
            Err(reason) => Outcome::NeedsPerson { reason },
        }
    }

    async fn reconcile(&self, operation: &Operation, sent_by: u64) -> Outcome {
        let began = self.backend.moment();
        let open = || Outcome::StillInDoubt { look_at: reconcile::look_again_at(self.now(), sent_by) };
        let may_prove = began.unix.as_secs() >= reconcile::proves_from(sent_by);
        let policy = self.policy.timeout(LOOKUP_TIMEOUT).attempts(1);
        let mut lookups = 0;
        let mut next = Reconciliation::begin(&self.session, operation, sent_by, self.policy, began);
        loop {
            next = match next {
                Next::Done(outcome) => return outcome,
                Next::Open => return open(),
                // Before absence can be proved, one lookup is enough to find a message that was sent.
                Next::Wait(..) if lookups > 0 && !may_prove => return open(),
                Next::Wait(..) if lookups >= MOST_LOOKUPS => return open(),
                Next::Wait(wait, _)
                    if self.backend.moment().duration_since(began).saturating_add(wait)
                        > LONGEST_RECONCILIATION =>
                {
                    return open();
                }
                Next::Wait(wait, reconciliation) => {
                    tokio::time::sleep(wait).await;
                    reconciliation.elapsed(self.backend.moment())
                }
                Next::LookUp(reconciliation) => {
                    lookups += 1;
                    let before = self.backend.moment();
                    let page = self.backend.list(operation, policy).await;
                    let after = self.backend.moment();
                    // Makes sure that no token of this lookup was signed for an earlier second, even if another call
                    // learned the service's clock meanwhile, or this machine's clock was set back.
                    let took = after.monotonic.saturating_sub(before.monotonic);
                    let signed = before.unix.min(after.unix.saturating_sub(took) + CLOCK_NOISE);
                    reconciliation.looked_up(page, signed, after)
                }
            };
        }
    }
}
