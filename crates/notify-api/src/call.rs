//! The machine that makes a call.
//!
//! ```text
//! Start ─► Ready ─► Pacing ─► Sending ─┬─ 2xx ─────────────────────────────────► Done(Ok)
//!            ▲      (messages)   ▲     ├─ the clock refusal, once: learn ─► Sending
//!            │                   │     ├─ certainly not taken, or a read ─► Wait ─► Ready
//!            │                   │     ├─ a message of unknown fate whose reference is its own ─► Settling
//!            │                   │     └─ anything else ───────────────────────► Done(Err)
//!            │                   │
//!            └─ absent ── Settling ─┬─ found ──────────────────────────────────► Done(Ok)
//!                             ▲     ├─ not clear yet ─► Wait ─┐
//!                             └─────┼─────────────────────────┘
//!                                   └─ no time left ───────────────────────────► Done(Err, may have been sent)
//! ```

mod attempt;
mod event;
mod retry;
mod settle;
mod skew;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Uri};

use crate::pace::Turn;
use crate::report::Report;
use crate::{Effect, Endpoint, Error, Identity, Operation, Policy, Request, Session, Urgency};
pub use event::{Cause, Event, Now, Step};
use settle::Settling;
pub(crate) use skew::Skew;

/// One call of an operation, from its first request to its result.
///
/// Each step consumes the call and gives it back while there is more to do, so that a finished one cannot be stepped.
/// It is `Send` and `'static`, and holds no type of the endpoint: decoding comes after, by
/// [`RawAnswer::decode`](crate::RawAnswer::decode).
#[derive(Debug)]
pub struct Call(Box<State>);

/// What a call knows. It lies in a box since it goes through many hands, and each would copy half a kilobyte.
#[derive(Debug)]
struct State {
    session: Arc<Session>,
    operation: Operation,
    request: Request,
    uri: Uri,
    identity: Option<Identity>,
    urgency: Urgency,
    policy: Policy,
    phase: Phase,
    began: Duration,
    first_sent: Option<Duration>,
    last_sent: Duration,
    attempts: u32,
    has_healed_clock: bool,
    jitter: fastrand::Rng,
}

#[derive(Debug)]
enum Phase {
    /// To be sent as soon as it may.
    Ready,
    /// Waits for its turn.
    Pacing(Turn),
    /// Under way.
    Sending,
    /// Being looked for.
    Settling(Box<Settling>),
}

impl Call {
    /// Prepares a call; its whole time counts from `now`.
    ///
    /// # Errors
    ///
    /// When the endpoint's arguments cannot be right ([`Error::is_invalid_request`]): nothing is sent.
    pub fn new<E: Endpoint>(session: &Arc<Session>, endpoint: &E, now: Now) -> Result<Self, Error> {
        let operation = E::OPERATION;
        let invalid = |reason| Error::invalid(operation.clone(), reason);
        let request = endpoint.request().map_err(invalid)?;
        let uri = session.uri(&request).map_err(invalid)?;
        Ok(Self(Box::new(State {
            request,
            uri,
            identity: endpoint.identity(),
            urgency: Urgency::default(),
            policy: *session.policy(),
            phase: Phase::Ready,
            began: now.monotonic,
            first_sent: None,
            last_sent: now.monotonic,
            attempts: 0,
            has_healed_clock: false,
            jitter: session.jitter(),
            session: Arc::clone(session),
            operation,
        })))
    }

    /// Sets whether the message passes ahead of others that wait for their turn.
    #[must_use]
    pub fn urgency(mut self, urgency: Urgency) -> Self {
        self.0.urgency = urgency;
        self
    }

    /// Sets other bounds for this call than those of its session.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.0.policy = policy;
        self
    }

    /// Goes on with a session that has another key, so that a key can be replaced while calls wait for their turn.
    ///
    /// The session is one [made from](Session::with_key) that of the call. A message that is under way, or is being
    /// looked for, stays with the key it was sent with: the service lists it to no key of another type.
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
            Phase::Settling(settling) if is_idle => state.look_up(settling, now),
            Phase::Settling(settling) => state.looked_up(settling, &event, now),
            // Whoever goes on without telling what became of a request cannot know it.
            Phase::Sending if is_idle => state.attempted(Event::Lost(Cause::new(Untold)), now),
            Phase::Pacing(turn) if is_idle => state.proceed(Some(turn), now),
            _ => state.attempted(event, now),
        }
    }

    /// Ends a call that nothing can carry, before its first request.
    pub fn not_carried(self, cause: Cause, now: Now) -> Error {
        Error::not_sent(self.0.report(now), cause)
    }

    /// The operation that is carried out.
    pub fn operation(&self) -> &Operation {
        &self.0.operation
    }

    /// How many times the request was sent so far.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the request that leaves now looks for the message of an earlier one, of which it is unknown whether it
    /// was taken.
    pub fn is_settling(&self) -> bool {
        matches!(self.0.phase, Phase::Settling(_))
    }

    /// How long the request that leaves now may take, from connecting to the last byte of its answer.
    pub fn attempt_timeout(&self, now: Now) -> Duration {
        let longest = if self.is_settling() { settle::LONGEST_LOOKUP } else { Duration::MAX };
        self.0.policy.attempt_timeout_duration().min(longest).min(self.0.remaining(now))
    }

    /// How many bytes the body of an answer may have.
    pub fn answer_limit(&self) -> usize {
        self.0.policy.answer_limit()
    }
}

impl State {
    /// The request that leaves now, with a token of this very moment.
    fn outgoing(&self, method: Method, uri: Uri, body: Option<Bytes>, now: Now) -> http::Request<Bytes> {
        let has_body = body.is_some();
        let mut request = http::Request::new(body.unwrap_or_default());
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.session.authorization(now));
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

    fn elapsed(&self, now: Now) -> Duration {
        now.monotonic.saturating_sub(self.began)
    }

    fn remaining(&self, now: Now) -> Duration {
        self.policy.timeout_duration().saturating_sub(self.elapsed(now))
    }

    /// What is left of the call at its end.
    fn report(self: Box<Self>, now: Now) -> Report {
        Report {
            elapsed: self.elapsed(now),
            operation: self.operation,
            attempts: self.attempts,
            reference: self.identity.map(|identity| identity.reference),
        }
    }
}

/// A loop of one's own made a mistake.
#[derive(Debug, thiserror::Error)]
#[error("the call was not told what became of its request")]
struct Untold;
