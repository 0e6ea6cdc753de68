//! The attempts of a call: when each request leaves, and what its outcome leads to.

use std::time::Duration;

use bytes::Bytes;
use http::header::AGE;
use http::{HeaderMap, Response, StatusCode};

use super::reader::Reading;
use super::retry::Wait;
use super::{Call, CallState, Event, Now, Phase, Step, retry, skew};
use crate::error::{AFTER_RATE_LIMIT, Evidence, Failure, Refusal};
use crate::rate_limit::{Accepted, Permit, PermitRequest};
use crate::redaction::Redaction;
use crate::report::Report;
use crate::{DeadlineExceeded, Priority, RawResponse, Throttled, headers};

/// The last part of a call's time, as a divisor. In it, a message that only came too early is not sent again.
const LAST_PART: u32 = 20;

impl CallState {
    /// Sends, if it is this call's turn.
    pub(super) fn proceed(mut self: Box<Self>, permit: Option<Permit>, now: Now) -> Step {
        if !self.sends() {
            return self.send(now);
        }
        let remaining = self.remaining(now);
        if remaining.is_zero() {
            return self.too_late(now);
        }
        let wanted = PermitRequest { priority: self.priority, longest_wait: remaining };
        let permit = match permit {
            Some(permit) => permit,
            None => match Permit::reserve(self.session.rate_limiter(), wanted, now.monotonic) {
                Ok(permit) => permit,
                Err(exceeded) => return self.deadline_exceeded(exceeded, now),
            },
        };
        let wait = permit.wait(now.monotonic);
        // If a message left when its time is over, it would be in doubt.
        if wait >= remaining {
            return self.deadline_exceeded(DeadlineExceeded { wait }, now);
        }
        if wait.is_zero() {
            permit.end();
            return self.send(now);
        }
        self.phase = Phase::Pacing(permit);
        Step::Wait(wait, Call(self))
    }

    fn deadline_exceeded(mut self: Box<Self>, exceeded: DeadlineExceeded, now: Now) -> Step {
        self.failure = Some(Failure::DeadlineExceeded(exceeded));
        self.fail(Evidence::None, now)
    }

    /// Nothing more is sent: the outcome of the latest attempt stands.
    fn too_late(self: Box<Self>, now: Now) -> Step {
        let evidence = self.evidence;
        self.fail(evidence, now)
    }

    fn send(mut self: Box<Self>, now: Now) -> Step {
        let iat = self.session.skew().service_seconds(now);
        // A machine that slept, or a process that was stopped, resumes here.
        if self.remaining(now).is_zero() || self.leave_by.is_some_and(|leave_by| iat > leave_by) {
            return self.too_late(now);
        }
        self.attempts += 1;
        self.last_sent = now.monotonic;
        self.last_iat = iat;
        self.failure = None;
        self.evidence = Evidence::None;
        self.phase = Phase::Sending;
        let body = self.request.body().cloned();
        let request = self.outgoing(self.operation.method().clone(), self.uri.clone(), body, iat);
        Step::Send(request, Call(self))
    }

    pub(super) fn attempted(mut self: Box<Self>, event: Event, now: Now) -> Step {
        match event {
            Event::Response(response) if response.status().is_success() => self.accepted(response, now),
            Event::Response(response) => self.refused(response, now),
            Event::NotSent(cause) => {
                let backoff = retry::backoff(self.attempts, &mut self.jitter);
                self.failure = Some(Failure::NotSent(cause));
                self.again_or_fail(Some(Wait { least: Duration::ZERO, backoff }), now)
            }
            Event::Lost(cause) if self.reads() => {
                let backoff = retry::backoff(self.attempts, &mut self.jitter);
                self.failure = Some(Failure::Lost(cause));
                self.again_or_fail(Some(Wait { least: Duration::ZERO, backoff }), now)
            }
            Event::Lost(cause) => self.in_doubt(Failure::Lost(cause), Duration::ZERO, now),
            Event::Start | Event::Elapsed => self.proceed(None, now),
        }
    }

    /// A message counts as taken only if the answer is about this very message.
    fn accepted(self: Box<Self>, response: Response<Bytes>, now: Now) -> Step {
        if self.reads() {
            return Step::Done(Ok(RawResponse::new(response, self.report(now))));
        }
        let is_kept = headers::is_kept(response.headers());
        let raw = RawResponse::new(response, Report::before(&self.operation));
        match self.reader.read(&raw, self.identity.as_ref()) {
            Reading::Confirmed(value) if !is_kept => {
                self.tell_pace_accepted(now);
                Step::Done(Ok(raw.read(value, self.report(now))))
            }
            // An answer from a cache was the answer to an earlier message, however similar.
            Reading::Confirmed(_) | Reading::OfAnother => {
                let failure = Failure::of_another(raw);
                self.in_doubt(failure, Duration::ZERO, now)
            }
            Reading::Unreadable(error) => self.in_doubt(error.into_failure(), Duration::ZERO, now),
        }
    }

    fn refused(mut self: Box<Self>, response: Response<Bytes>, now: Now) -> Step {
        let retry_after = retry::after(response.headers(), self.session.skew().service_seconds(now));
        let answer = response.headers().clone();
        let refusal = Refusal::new(response, &Redaction::of(&self.request)).with_retry_after(retry_after);
        if !self.reads() {
            if refusal.is_rate_limit() && self.sends() {
                self.came_too_fast(&refusal, retry_after, now);
            } else if refusal.status() == StatusCode::BAD_REQUEST && !refusal.is_ambiguous() {
                // The service inspects a request only after its own rate limit let it through.
                self.tell_pace_accepted(now);
            }
            if refusal.is_ambiguous() {
                return self.in_doubt(Failure::Refused(refusal), retry_after, now);
            }
        }
        if refusal.is_clock() && !refusal.is_cached() {
            return self.clock_refused(refusal, &answer, now);
        }
        let backoff = if refusal.is_rate_limit() && self.sends() {
            retry::backoff_from_limit(self.attempts, &mut self.jitter)
        } else {
            retry::backoff(self.attempts, &mut self.jitter)
        };
        let least = match refusal.status() {
            StatusCode::TOO_MANY_REQUESTS if refusal.is_rate_limit() => Some(AFTER_RATE_LIMIT),
            status if status.is_server_error() || refusal.is_cached() => Some(Duration::ZERO),
            _ => None,
        };
        // The random part comes on top of the requested wait, so that calls that were told to wait together do not come
        // back together.
        let wait = least.map(|least| Wait { least: least.max(retry_after), backoff });
        self.failure = Some(Failure::Refused(refusal));
        self.again_or_fail(wait, now)
    }

    /// The service's own rate limit let a message through.
    fn tell_pace_accepted(&self, now: Now) {
        if self.sends() {
            self.session.rate_limiter().accepted(Accepted { sent: self.last_sent }, now.monotonic);
        }
    }

    /// Makes everyone wait who shares the service's bucket.
    fn came_too_fast(&mut self, refusal: &Refusal, retry_after: Duration, now: Now) {
        // The message has already waited for its permit once, so it does not go to the end of the line.
        self.priority = Priority::Urgent;
        let throttled = Throttled {
            limit: refusal.rate_limit(),
            retry_after,
            jitter: self.jitter.f64(),
            sent: self.last_sent,
        };
        self.session.rate_limiter().refused(throttled, now.monotonic);
    }

    fn clock_refused(mut self: Box<Self>, refusal: Refusal, answer: &HeaderMap, now: Now) -> Step {
        let measured = headers::date(answer).map(|date| skew::difference(date, now));
        let is_learnt = self.learn_clock(answer, now);
        self.failure = Some(Failure::Refused(refusal.with_clock_offset(measured)));
        if is_learnt && !self.has_healed_clock {
            self.has_healed_clock = true;
            return self.send(now);
        }
        self.fail(Evidence::None, now)
    }

    /// Believes the date of a clock refusal, within the bound, unless a cache kept the answer.
    pub(super) fn learn_clock(&self, answer: &HeaderMap, now: Now) -> bool {
        let date = headers::date(answer).filter(|_| !answer.contains_key(AGE));
        date.is_some_and(|date| self.session.skew().learn(date, now, self.policy.clock_bound_duration()))
    }

    /// Waits and sends again, or ends with the latest failure if there is no wait, no attempt or no time left.
    pub(super) fn again_or_fail(mut self: Box<Self>, wait: Option<Wait>, now: Now) -> Step {
        let Some(wait) = wait else { return self.too_late(now) };
        let remaining = self.remaining(now);
        let wait = if self.is_early() {
            self.early += 1;
            // A request that leaves in the last moment could not be answered in time, and would be in doubt.
            let last = remaining.saturating_sub(self.policy.timeout_duration() / LAST_PART);
            (wait.least < last).then(|| wait.total().min(last))
        } else {
            (self.attempts - self.early < self.policy.attempt_count()).then(|| wait.total())
        };
        match wait {
            Some(wait) if wait < remaining => {
                self.phase = Phase::Ready;
                Step::Wait(wait, Call(self))
            }
            _ => self.too_late(now),
        }
    }

    /// Whether the latest attempt does not count: the message only came early, and goes on until its time is over. A
    /// service on this very machine never takes an hour to restart, so there it is better to fail soon.
    fn is_early(&self) -> bool {
        let is_near =
            matches!(self.failure, Some(Failure::NotSent(_))) && self.session.base_url().is_loopback();
        self.sends()
            && !(self.policy.bounds_all_attempts() || is_near)
            && self.failure.as_ref().is_some_and(Failure::is_early)
    }
}
