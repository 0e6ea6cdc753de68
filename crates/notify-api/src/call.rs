//! The machine that makes a call.
//!
//! ```text
//! Start ─► Ready ─► Pacing ─► Sending ─┬─ 2xx, about this very message ───────────► Done(Ok)
//!            ▲      (messages)   ▲     ├─ the clock refusal, once: learn ─► Sending
//!            │                   │     ├─ certainly not taken, or a read ─► Wait ─► Ready
//!            │                   │     ├─ in doubt, and its reference is its own ─► Reconciling
//!            │                   │     └─ anything else ──────────────────────────► Done(Err)
//!            │                   │
//!            └─ absent ── Reconciling ─┬─ found ──────────────────────────────────► Done(Ok)
//!                             ▲        ├─ not clear yet ─► Wait ─┐
//!                             └────────┼─────────────────────────┘
//!                                      └─ no time left ───────────────────────────► Done(Err, may have been sent)
//! ```
//!
//! If an answer belongs to another request, the call first goes through `Reconnecting`, which has the connections
//! closed.

mod attempt;
mod event;
mod progress;
mod reader;
mod reconcile;
mod retry;
mod skew;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Uri};

use crate::error::{Evidence, Failure};
use crate::rate_limit::Permit;
use crate::report::Report;
use crate::{
    Effect, Endpoint, Error, Identity, NotOffered, Operation, Policy, Priority, RequestParts, Session,
};
pub use event::{Cause, Event, Now, Step};
pub use progress::{Progress, WaitReason};
use reader::Reader;
pub(crate) use reader::Value;
use reconcile::Reconciliation;
pub(crate) use skew::Skew;

/// How long a call that waits for its turn sleeps at a time.
const LONGEST_SLEEP: Duration = Duration::from_millis(250);

/// One call of an operation, from its first request to its result.
///
/// Each step consumes the call and gives it back while there is more to do, so a finished call cannot be stepped. It is
/// `Send` and `'static`, and does not name the endpoint's type: decoding comes afterwards, with
/// [`RawResponse::decode`](crate::RawResponse::decode).
#[derive(Debug)]
pub struct Call(Box<CallState>);

/// What a call knows. It is boxed because it is passed on often, and each move would copy half a kilobyte.
#[derive(Debug)]
struct CallState {
    session: Arc<Session>,
    operation: Operation,
    request: RequestParts,
    uri: Uri,
    identity: Option<Identity>,
    reader: Reader,
    priority: Priority,
    policy: Policy,
    /// The last second of the service's clock for which a token is minted for the message.
    leave_by: Option<u64>,
    phase: Phase,
    began: Now,
    /// When the latest request left, by the monotonic clock, and the `iat` of its token.
    last_sent: Duration,
    last_iat: u64,
    attempts: u32,
    /// How many attempts do not count against the bound.
    early: u32,
    has_healed_clock: bool,
    /// How the latest attempt ended, and what has been learned about its message since.
    failure: Option<Failure>,
    evidence: Evidence,
    jitter: fastrand::Rng,
}

#[derive(Debug)]
enum Phase {
    /// Leaves as soon as it may.
    Ready,
    /// Waits for its turn.
    Pacing(Permit),
    /// Under way.
    Sending,
    /// Has the connections closed, before the message is looked up or left in doubt.
    Reconnecting(Option<Box<Reconciliation>>),
    /// Being looked up.
    Reconciling(Box<Reconciliation>),
}

impl Call {
    /// Prepares a call. Its time counts from `now`.
    ///
    /// # Errors
    ///
    /// Fails if the endpoint's arguments are invalid ([`Error::is_invalid_request`]), or if the service does not offer
    /// what is asked ([`Error::is_not_offered`]). Nothing is sent then.
    pub fn new<E: Endpoint>(session: &Arc<Session>, endpoint: &E, now: Now) -> Result<Self, Error> {
        let operation = E::OPERATION;
        if let Some(service) = session.service() {
            let part = endpoint.part_not_offered(service);
            if part.is_some() || !service.offers(&operation) {
                return Err(Error::of_not_offered(NotOffered::new(service, operation, part)));
            }
        }
        let invalid = |reason| Error::invalid(&operation, reason);
        let request = endpoint.request().map_err(invalid)?;
        let uri = session.uri(&request).map_err(invalid)?;
        Ok(Self(Box::new(CallState {
            request,
            uri,
            identity: endpoint.identity(),
            reader: Reader::of::<E>(),
            priority: Priority::default(),
            policy: *session.policy(),
            leave_by: None,
            phase: Phase::Ready,
            began: now,
            last_sent: now.monotonic,
            last_iat: 0,
            attempts: 0,
            early: 0,
            has_healed_clock: false,
            failure: None,
            evidence: Evidence::None,
            jitter: session.jitter(),
            session: Arc::clone(session),
            operation,
        })))
    }

    /// Sets whether the message passes ahead of others that wait for their turn.
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.0.priority = priority;
        self
    }

    /// Sets bounds for this call that differ from those of its session.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.0.policy = policy;
        self
    }

    /// Sets the last second, since 1970 by the service's clock, for which a token is minted with the message. A worker
    /// whose claim on the message ends then sends nothing later, however long it was suspended. Lookups go on.
    #[must_use]
    pub fn leave_by(mut self, unix_seconds: u64) -> Self {
        self.0.leave_by = Some(unix_seconds);
        self
    }

    /// Continues with a session that has another key, so that you can replace a key while calls wait for their turn.
    ///
    /// The session must be one [made from](Session::with_key) the call's own. A message that is under way, or is being
    /// looked up, stays with the key it was sent with: the service does not list it to another type of key.
    pub fn use_session(&mut self, session: &Arc<Session>) {
        if matches!(self.0.phase, Phase::Ready | Phase::Pacing(_)) {
            self.0.session = Arc::clone(session);
        }
    }

    /// Takes what happened, and says what to do next.
    pub fn next(self, event: Event, now: Now) -> Step {
        let Self(mut state) = self;
        let is_idle = matches!(event, Event::Start | Event::Elapsed);
        match std::mem::replace(&mut state.phase, Phase::Ready) {
            Phase::Reconciling(reconciliation) if is_idle => state.look_up(reconciliation, now),
            Phase::Reconciling(reconciliation) => state.looked_up(reconciliation, &event, now),
            Phase::Reconnecting(reconciliation) => state.reconcile(reconciliation, now),
            // A driver that goes on without reporting what became of a request cannot know it.
            Phase::Sending if is_idle => state.attempted(Event::Lost(Cause::new(MissingOutcome)), now),
            Phase::Pacing(permit) if is_idle => state.proceed(Some(permit), now),
            _ => state.attempted(event, now),
        }
    }

    /// Ends a call that no transport can carry, before its first request.
    pub fn not_carried(self, cause: Cause, now: Now) -> Error {
        Error::new(self.0.report(now), Failure::NotSent(cause), Evidence::None)
    }

    /// The operation that the call carries out.
    pub fn operation(&self) -> &Operation {
        &self.0.operation
    }

    /// How many times the request has been sent so far.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the request that leaves now looks up an earlier message that is in doubt.
    pub fn is_reconciling(&self) -> bool {
        matches!(self.0.phase, Phase::Reconciling(_))
    }

    /// How long the request that leaves now may take, from connecting to the last byte of its answer.
    pub fn attempt_timeout(&self, now: Now) -> Duration {
        let longest = if self.is_reconciling() { reconcile::LONGEST_LOOKUP } else { Duration::MAX };
        self.0.policy.attempt_timeout_duration().min(longest).min(self.0.remaining(now))
    }

    /// What a program can show during a wait of this length.
    pub fn progress(&self, wait: Duration, now: Now) -> Progress {
        let reason = match &self.0.phase {
            Phase::Pacing(_) => WaitReason::RateLimit,
            Phase::Reconciling(_) | Phase::Reconnecting(_) => WaitReason::Lookup,
            Phase::Ready | Phase::Sending => WaitReason::Retry,
        };
        let status = self.0.failure.as_ref().and_then(Failure::status);
        let effect = self.0.operation.effect();
        Progress { effect, reason, wait, remaining: self.0.remaining(now), attempts: self.0.attempts, status }
    }

    /// How long to sleep at a time during a wait: a quarter of a second if the call waits for its turn, which comes
    /// sooner when calls ahead of it are dropped. There is no bound for any other wait.
    ///
    /// So a call that gives up has to wake nobody, and this works with every [`RateLimiter`](crate::RateLimiter). Ten
    /// thousand waiting calls take a tenth of a processor for it, without optimisation.
    pub fn longest_sleep(&self) -> Duration {
        match self.0.phase {
            Phase::Pacing(_) => LONGEST_SLEEP,
            _ => Duration::MAX,
        }
    }

    /// How many bytes the body of an answer may have.
    pub fn answer_limit(&self) -> usize {
        self.0.policy.answer_limit()
    }

    /// How many bytes the body of an unsuccessful answer may have.
    pub fn error_limit(&self) -> usize {
        self.0.policy.error_limit()
    }
}

impl CallState {
    /// The request that leaves now, with a token for `iat`.
    fn outgoing(&self, method: Method, uri: Uri, body: Option<Bytes>, iat: u64) -> http::Request<Bytes> {
        let has_body = body.is_some();
        let mut request = http::Request::new(body.unwrap_or_default());
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.session.authorization(iat));
        headers.insert(USER_AGENT, self.session.user_agent().clone());
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        if has_body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        request
    }

    fn reads(&self) -> bool {
        self.operation.effect() == Effect::Reads
    }

    /// Whether the request needs a permit.
    fn sends(&self) -> bool {
        self.operation.effect() == Effect::Sends
    }

    fn remaining(&self, now: Now) -> Duration {
        self.policy.timeout_duration().saturating_sub(now.duration_since(self.began))
    }

    /// Ends the call the way its latest attempt ended.
    fn fail(mut self: Box<Self>, evidence: Evidence, now: Now) -> Step {
        let failure = self.failure.take().unwrap_or(Failure::Expired);
        Step::Done(Err(Error::new(self.report(now), failure, evidence)))
    }

    /// What remains of the call at its end.
    fn report(self: Box<Self>, now: Now) -> Report {
        Report {
            elapsed: now.duration_since(self.began),
            operation: self.operation,
            attempts: self.attempts,
            reference: self.identity.and_then(|identity| identity.reference),
        }
    }
}

/// The loop that drives the call made a mistake.
#[derive(Debug, thiserror::Error)]
#[error("the call was not told what became of its request")]
struct MissingOutcome;
