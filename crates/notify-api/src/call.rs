//! The machine that makes a call.
//!
//! ```text
//!            ┌───────────────────────── Elapsed ─────────────────────────┐
//!            ▼                                                           │
//! Start ─► Send ─┬─ Response 2xx ───────────────────────► Done(Ok)       │
//!            ▲   ├─ the clock refusal, once: learn ──┐                   │
//!            └───┼───────────────────────────────────┘                   │
//!                ├─ may be sent again, and there is time ─────────► Wait ┘
//!                └─ anything else ───────────────────────► Done(Err)
//! ```

mod event;
mod retry;
mod skew;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Uri};

use crate::error::{Refusal, Report};
use crate::mask::Masks;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawAnswer, Request, Session};
pub use event::{Cause, Event, Now, Step};
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
    started: Duration,
    attempts: u32,
    has_healed_clock: bool,
    jitter: fastrand::Rng,
}

impl Call {
    /// Prepares a call; its whole time counts from `now`.
    ///
    /// # Errors
    ///
    /// When the endpoint's arguments cannot be right ([`Error::is_invalid_request`]): nothing is sent.
    pub fn new<E: Endpoint>(session: &Arc<Session>, endpoint: &E, now: Now) -> Result<Self, Error> {
        let operation = E::OPERATION;
        let request = endpoint.request().map_err(|reason| Error::invalid(operation.clone(), reason))?;
        let uri = [session.base_url().as_str(), request.path_and_query()].concat();
        let uri = Uri::try_from(uri).map_err(|_| {
            Error::invalid(operation.clone(), InvalidRequest::new("the path and query are no URL"))
        })?;
        Ok(Self {
            operation,
            request,
            uri,
            started: now.monotonic,
            attempts: 0,
            has_healed_clock: false,
            jitter: session.jitter(),
            session: Arc::clone(session),
        })
    }

    /// Takes what happened, and says what to do next.
    pub fn next(mut self, event: Event, now: Now) -> Step {
        match event {
            Event::Start | Event::Elapsed => self.send(now),
            Event::Response(response) if response.status().is_success() => {
                Step::Done(Ok(RawAnswer::new(response, self.report(now))))
            }
            Event::Response(response) => self.refused(response, now),
            Event::NotSent(cause) => {
                let wait = retry::backoff(self.attempts, &mut self.jitter);
                self.again_or(Some(wait), now, |report| Error::not_sent(report, cause))
            }
            Event::Lost(cause) => {
                let wait = self.reads().then(|| retry::backoff(self.attempts, &mut self.jitter));
                self.again_or(wait, now, |report| Error::lost(report, cause))
            }
        }
    }

    /// How long the attempt that starts now may take, from connecting to the last byte of its answer.
    pub fn attempt_timeout(&self, now: Now) -> Duration {
        self.session.policy().attempt_timeout_duration().min(self.remaining(now))
    }

    /// How many bytes the body of an answer may have.
    pub fn answer_limit(&self) -> usize {
        self.session.policy().answer_limit()
    }

    fn send(mut self, now: Now) -> Step {
        self.attempts += 1;
        let mut request = http::Request::new(self.request.body().cloned().unwrap_or_default());
        *request.method_mut() = self.operation.method().clone();
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.session.authorization(now));
        headers.insert(USER_AGENT, self.session.user_agent().clone());
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        if self.request.body().is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Step::Send(request, self)
    }

    fn refused(mut self, response: http::Response<Bytes>, now: Now) -> Step {
        let date = skew::date(response.headers());
        let wait = retry::after(&response, self.reads(), self.attempts, date, &mut self.jitter);
        let refusal = Refusal::new(response, &Masks::of(&self.request));
        if refusal.is_clock() {
            return self.clock_refused(refusal, date, now);
        }
        let wait = if refusal.is_class("TooManyRequestsError") { None } else { wait };
        self.again_or(wait, now, |report| Error::refused(report, refusal))
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
    fn again_or(self, wait: Option<Duration>, now: Now, error: impl FnOnce(Report) -> Error) -> Step {
        match wait {
            Some(wait)
                if self.attempts < self.session.policy().attempt_count() && wait < self.remaining(now) =>
            {
                Step::Wait(wait, self)
            }
            _ => Step::Done(Err(error(self.report(now)))),
        }
    }

    fn reads(&self) -> bool {
        self.operation.effect() == Effect::Reads
    }

    fn elapsed(&self, now: Now) -> Duration {
        now.monotonic.saturating_sub(self.started)
    }

    fn remaining(&self, now: Now) -> Duration {
        self.session.policy().timeout_duration().saturating_sub(self.elapsed(now))
    }

    fn report(&self, now: Now) -> Report {
        Report { operation: self.operation.clone(), attempts: self.attempts, elapsed: self.elapsed(now) }
    }
}
