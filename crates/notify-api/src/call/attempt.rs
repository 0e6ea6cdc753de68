//! One attempt after the other: when the request leaves, and what its outcome leads to.

use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};

use super::settle::Failure;
use super::{Call, Event, Now, Phase, State, Step, retry, skew};
use crate::error::Refusal;
use crate::mask::Masks;
use crate::pace::Turn;
use crate::report::Report;
use crate::{Error, RawAnswer, TooFast, TooLong, Urgency};

impl State {
    /// Sends, when it is this call's turn.
    pub(super) fn proceed(mut self: Box<Self>, turn: Option<Turn>, now: Now) -> Step {
        if self.reads() {
            return self.send(now);
        }
        let remaining = self.remaining(now);
        let turn = match turn {
            Some(turn) => turn,
            None => match Turn::reserve(self.session.pacer(), self.urgency, remaining, now.monotonic) {
                Ok(turn) => turn,
                Err(too_long) => return Step::Done(Err(Error::paced(self.report(now), too_long))),
            },
        };
        let wait = turn.wait(now.monotonic);
        // A message that left when its time is over would be one of unknown fate.
        if wait >= remaining {
            return Step::Done(Err(Error::paced(self.report(now), TooLong { wait })));
        }
        if wait.is_zero() {
            turn.end();
            return self.send(now);
        }
        self.phase = Phase::Pacing(turn);
        Step::Wait(wait, Call(self))
    }

    fn send(mut self: Box<Self>, now: Now) -> Step {
        self.attempts += 1;
        self.first_sent.get_or_insert(now.monotonic);
        self.last_sent = now.monotonic;
        self.phase = Phase::Sending;
        let body = self.request.body().cloned();
        let request = self.outgoing(self.operation.method().clone(), self.uri.clone(), body, now);
        Step::Send(request, Call(self))
    }

    pub(super) fn attempted(mut self: Box<Self>, event: Event, now: Now) -> Step {
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
            Event::Lost(cause) => self.settle(Failure::Lost(cause), Duration::ZERO, now),
            Event::Start | Event::Elapsed => self.proceed(None, now),
        }
    }

    fn refused(mut self: Box<Self>, response: Response<Bytes>, now: Now) -> Step {
        let date = skew::date(response.headers());
        let retry_after = retry::after(response.headers(), self.session.skew().service_seconds(now));
        let refusal = Refusal::new(response, &Masks::of(&self.request));
        if refusal.is_clock() {
            return self.clock_refused(refusal, date, now);
        }
        if !self.reads() {
            if refusal.is_ambiguous() {
                return self.settle(Failure::Refused(refusal), retry_after, now);
            }
            if refusal.is_rate_limit() {
                self.came_too_fast(&refusal, retry_after, now);
            }
        }
        let backoff = retry::backoff(self.attempts, &mut self.jitter);
        let wait = match refusal.status() {
            StatusCode::TOO_MANY_REQUESTS if refusal.is_rate_limit() => Some(retry::AFTER_RATE_LIMIT),
            status if status.is_server_error() => Some(Duration::ZERO),
            _ => None,
        };
        // On top of what was asked for, so that those who were asked together do not come back together.
        let wait = wait.map(|least| least.max(retry_after).saturating_add(backoff));
        self.again_or(wait, now, |report| Error::refused(report, refusal))
    }

    /// Has everybody wait who shares the service's bucket.
    fn came_too_fast(&mut self, refusal: &Refusal, retry_after: Duration, now: Now) {
        // It has waited its turn once, and is not sent to the end of the line.
        self.urgency = Urgency::Urgent;
        let too_fast = TooFast {
            limit: refusal.rate_limit(),
            retry_after,
            jitter: self.jitter.f64(),
            sent: self.last_sent,
        };
        self.session.pacer().refused(too_fast, now.monotonic);
    }

    fn clock_refused(mut self: Box<Self>, refusal: Refusal, date: Option<u64>, now: Now) -> Step {
        let measured = date.map(|date| skew::difference(date, now));
        let is_learnt = self.learn_clock(date, now);
        if is_learnt && !self.has_healed_clock && !self.remaining(now).is_zero() {
            self.has_healed_clock = true;
            return self.send(now);
        }
        Step::Done(Err(Error::refused(self.report(now), refusal.with_clock_offset(measured))))
    }

    /// Believes the date of a clock refusal, within the bound.
    pub(super) fn learn_clock(&self, date: Option<u64>, now: Now) -> bool {
        date.is_some_and(|date| self.session.skew().learn(date, now, self.policy.clock_bound_duration()))
    }

    /// Waits and sends again, or ends with `error` when there is no wait, no attempt or no time left.
    pub(super) fn again_or(
        mut self: Box<Self>,
        wait: Option<Duration>,
        now: Now,
        error: impl FnOnce(Report) -> Error,
    ) -> Step {
        match wait {
            Some(wait) if self.attempts < self.policy.attempt_count() && wait < self.remaining(now) => {
                self.phase = Phase::Ready;
                Step::Wait(wait, Call(self))
            }
            _ => Step::Done(Err(error(self.report(now)))),
        }
    }
}
