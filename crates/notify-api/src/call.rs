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

mod event;
mod retry;
mod settle;
mod skew;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, StatusCode, Uri};

use crate::error::{Refusal, Report};
use crate::mask::Masks;
use crate::{Effect, Endpoint, Error, Identity, Operation, RawAnswer, Request, Session, Slot, Urgency};
pub use event::{Cause, Event, Now, Step};
use settle::{Failure, Settling, Verdict};
pub(crate) use skew::Skew;

/// One call of an operation, from its first request to its result.
///
/// Each step consumes the call and gives it back while there is more to do, so that a finished one cannot be stepped.
/// It is `Send` and `'static`, and holds no type of the endpoint: decoding comes after, by [`RawAnswer::decode`].
#[derive(Debug)]
pub struct Call {
    session: Arc<Session>,
    operation: Operation,
    request: Request,
    uri: Uri,
    identity: Option<Identity>,
    urgency: Urgency,
    phase: Phase,
    began: Duration,
    first_sent: Duration,
    last_sent: Duration,
    attempts: u32,
    has_healed_clock: bool,
    jitter: fastrand::Rng,
}

#[derive(Debug)]
enum Phase {
    /// To be sent as soon as it may.
    Ready,
    /// Waits for its slot.
    Pacing(Slot),
    /// Under way.
    Sending,
    /// Being looked for. The time is that of the lookup under way.
    Settling(Box<Settling>, Duration),
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
        Ok(Self {
            request,
            uri,
            identity: endpoint.identity(),
            urgency: Urgency::default(),
            phase: Phase::Ready,
            began: now.monotonic,
            first_sent: now.monotonic,
            last_sent: now.monotonic,
            attempts: 0,
            has_healed_clock: false,
            jitter: session.jitter(),
            session: Arc::clone(session),
            operation,
        })
    }

    /// Sets whether the message passes ahead of others that wait for their slot.
    #[must_use]
    pub fn urgency(mut self, urgency: Urgency) -> Self {
        self.urgency = urgency;
        self
    }

    /// Takes what happened, and says what to do next.
    pub fn next(self, event: Event, now: Now) -> Step {
        match (event, matches!(self.phase, Phase::Settling(..))) {
            (Event::Start | Event::Elapsed, true) => self.look_up(now),
            (Event::Start | Event::Elapsed, false) => self.proceed(now),
            (event, true) => self.looked_up(event, now),
            (event, false) => self.attempted(event, now),
        }
    }

    /// The operation that is carried out.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// How many times the request was sent so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the request that leaves now may take, from connecting to the last byte of its answer.
    pub fn attempt_timeout(&self, now: Now) -> Duration {
        self.session.policy().attempt_timeout_duration().min(self.remaining(now))
    }

    /// How many bytes the body of an answer may have.
    pub fn answer_limit(&self) -> usize {
        self.session.policy().answer_limit()
    }

    /// Sends, when it is this call's turn.
    fn proceed(mut self, now: Now) -> Step {
        if self.operation.effect() == Effect::Reads {
            return self.send(now);
        }
        let pacer = self.session.pacer();
        let slot = match self.phase {
            Phase::Pacing(slot) => slot,
            _ => match pacer.reserve(self.urgency, self.remaining(now), now.monotonic) {
                Ok(slot) => slot,
                Err(too_long) => return Step::Done(Err(Error::paced(self.report(now), too_long))),
            },
        };
        let wait = pacer.wait(slot, now.monotonic);
        if wait.is_zero() {
            return self.send(now);
        }
        if wait > self.remaining(now) {
            return Step::Done(Err(Error::paced(self.report(now), crate::TooLong { wait })));
        }
        self.phase = Phase::Pacing(slot);
        Step::Wait(wait, self)
    }

    fn send(mut self, now: Now) -> Step {
        self.attempts += 1;
        self.last_sent = now.monotonic;
        if self.attempts == 1 {
            self.first_sent = now.monotonic;
        }
        self.phase = Phase::Sending;
        let body = self.request.body().cloned();
        let request = self.outgoing(self.operation.method().clone(), self.uri.clone(), body, now);
        Step::Send(request, self)
    }

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

    fn attempted(mut self, event: Event, now: Now) -> Step {
        match event {
            Event::Response(response) if response.status().is_success() => {
                Step::Done(Ok(RawAnswer::new(response, self.report(now))))
            }
            Event::Response(response) => self.refused(response, now),
            Event::NotSent(cause) => {
                let wait = retry::backoff(self.attempts, &mut self.jitter);
                self.again_or(Some(wait), now, |report| Error::not_sent(report, cause))
            }
            Event::Lost(cause) if self.reads() => {
                let wait = retry::backoff(self.attempts, &mut self.jitter);
                self.again_or(Some(wait), now, |report| Error::lost(report, cause))
            }
            Event::Lost(cause) => self.settle(Failure::Lost(cause), now),
            Event::Start | Event::Elapsed => self.proceed(now),
        }
    }

    fn refused(mut self, response: http::Response<Bytes>, now: Now) -> Step {
        let date = skew::date(response.headers());
        let wait = retry::after(&response, self.reads(), self.attempts, date, &mut self.jitter);
        let refusal = Refusal::new(response, &Masks::of(&self.request));
        if refusal.is_clock() {
            return self.clock_refused(refusal, date, now);
        }
        if refusal.is_rate_limit() {
            // It has waited its turn once, and is not sent to the end of the line.
            self.urgency = Urgency::Urgent;
            let jitter = self.jitter.f64();
            self.session.pacer().refused(refusal.rate_limit(), jitter, self.last_sent, now.monotonic);
        }
        if !self.reads() && refusal.status().is_server_error() {
            return self.settle(Failure::Refused(refusal), now);
        }
        let is_used_up = refusal.status() == StatusCode::TOO_MANY_REQUESTS && !refusal.is_rate_limit();
        self.again_or(wait.filter(|_| !is_used_up), now, |report| Error::refused(report, refusal))
    }

    fn clock_refused(mut self, refusal: Refusal, date: Option<u64>, now: Now) -> Step {
        let bound = self.session.policy().clock_bound_duration();
        let measured = date.map(|date| skew::difference(date, now));
        let is_believed = date.is_some_and(|date| self.session.skew().learn(date, now, bound));
        if is_believed && !self.has_healed_clock && self.remaining(now) > Duration::ZERO {
            self.has_healed_clock = true;
            return self.send(now);
        }
        Step::Done(Err(Error::refused(self.report(now), refusal.with_clock_offset(measured))))
    }

    /// Waits and sends again, or ends with `error` when there is no wait, no attempt or no time left.
    fn again_or(mut self, wait: Option<Duration>, now: Now, error: impl FnOnce(Report) -> Error) -> Step {
        match wait {
            Some(wait)
                if self.attempts < self.session.policy().attempt_count() && wait < self.remaining(now) =>
            {
                self.phase = Phase::Ready;
                Step::Wait(wait, self)
            }
            _ => Step::Done(Err(error(self.report(now)))),
        }
    }

    /// Begins to look for a message of which it is unknown whether it was taken.
    fn settle(self, failure: Failure, now: Now) -> Step {
        match self.identity.clone() {
            Some(identity) => {
                let settling = Box::new(Settling::new(identity, self.first_sent, self.last_sent, failure));
                let wait = settling.wait(now);
                self.look_up_after(settling, wait, now)
            }
            None => Step::Done(Err(self.unsettled(failure, now))),
        }
    }

    fn look_up_after(mut self, settling: Box<Settling>, wait: Duration, now: Now) -> Step {
        // The last lookup comes before the time is over rather than not at all.
        let latest = self.remaining(now).saturating_sub(LAST_LOOKUP);
        if latest.is_zero() {
            return Step::Done(Err(self.unsettled(settling.failure, now)));
        }
        self.phase = Phase::Settling(settling, now.monotonic);
        Step::Wait(wait.min(latest), self)
    }

    fn look_up(mut self, now: Now) -> Step {
        let Phase::Settling(settling, began) = &mut self.phase else { return self.proceed(now) };
        *began = now.monotonic;
        match self.session.uri(&settling.request()) {
            Ok(uri) => Step::Send(self.outgoing(Method::GET, uri, None, now), self),
            // Percent-encoding makes every reference a query.
            Err(reason) => Step::Done(Err(Error::invalid(self.operation, reason))),
        }
    }

    fn looked_up(mut self, event: Event, now: Now) -> Step {
        let phase = std::mem::replace(&mut self.phase, Phase::Ready);
        let Phase::Settling(mut settling, began) = phase else { return self.attempted(event, now) };
        let verdict = match &event {
            Event::Response(response) => settling.judge(response, began, now),
            _ => Verdict::Again(settling.failed(now)),
        };
        match verdict {
            Verdict::Found(message) => Step::Done(Ok(RawAnswer::found(message, self.report(now)))),
            Verdict::Again(wait) => self.look_up_after(settling, wait, now),
            Verdict::Absent => self.again_or(Some(Duration::ZERO), now, |report| match settling.failure {
                Failure::Lost(cause) => Error::not_sent(report, cause),
                Failure::Refused(refusal) => Error::refused(report, refusal.settled()),
            }),
        }
    }

    fn unsettled(&self, failure: Failure, now: Now) -> Error {
        match failure {
            Failure::Lost(cause) => Error::lost(self.report(now), cause),
            Failure::Refused(refusal) => Error::refused(self.report(now), refusal),
        }
    }

    fn reads(&self) -> bool {
        self.operation.effect() == Effect::Reads
    }

    fn elapsed(&self, now: Now) -> Duration {
        now.monotonic.saturating_sub(self.began)
    }

    fn remaining(&self, now: Now) -> Duration {
        self.session.policy().timeout_duration().saturating_sub(self.elapsed(now))
    }

    fn report(&self, now: Now) -> Report {
        Report {
            operation: self.operation.clone(),
            attempts: self.attempts,
            elapsed: self.elapsed(now),
            reference: self.identity.as_ref().map(|identity| identity.reference.clone()),
        }
    }
}

/// What a lookup is given before the time of its call is over.
const LAST_LOOKUP: Duration = Duration::from_secs(1);
