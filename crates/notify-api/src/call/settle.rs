//! What became of a message when no word of it came back.
//!
//! The service has no key against sending twice, but it lists messages by their reference. So a message whose reference
//! is its own can be looked up. It counts as absent only when the service can no longer take it, or have taken it
//! without listing it yet.

mod listed;
mod recipient;

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response};

use super::{Call, Event, Now, Phase, State, Step, retry, skew};
use crate::error::Refusal;
use crate::mask::Masks;
use crate::{Cause, Error, Identity, RawAnswer, Request};
use listed::Page;

/// How many lookups have to come back empty.
const EMPTY_LOOKUPS: u32 = 2;
/// The wait before the first lookup, at most; each further one is twice as long, up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// How many bytes of a path and query the service reads: its line of 4,094 has the method, the version, and perhaps a
/// prefix of the path too (recorded: `http.jsonl`).
const LONGEST_QUESTION: usize = 4_000;
/// How long a lookup may take: a question that hangs is better asked anew.
pub(super) const LONGEST_LOOKUP: Duration = Duration::from_secs(10);
/// What the last lookup is given before the time of its call is over.
const LAST_LOOKUP: Duration = Duration::from_secs(1);
/// How far the two clocks can be apart while the service accepts tokens (CONTRACT §3).
const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);
/// How far the clocks of the service's own machines may be apart: one writes the date, another takes the message.
const SERVERS_APART: Duration = Duration::from_secs(2);

/// What the caller is told if it never becomes clear.
#[derive(Debug)]
pub(super) enum Failure {
    Lost(Cause),
    Refused(Refusal),
}

/// A message being looked for. All moments are by the monotonic clock.
#[derive(Debug)]
pub(super) struct Settling {
    identity: Identity,
    /// When the first attempt left.
    first_sent: Duration,
    /// From when on the service can no longer take what was sent, and lists what it took.
    certain_at: Duration,
    /// Before when the message may not be sent again.
    not_before: Duration,
    /// When the latest lookup left, and what the service's clock was believed to show then.
    asked: Duration,
    asked_service: Duration,
    lookups: u32,
    empty: u32,
    failure: Failure,
}

/// What a lookup showed.
#[derive(Debug)]
enum Verdict {
    /// The service took it; this is what it keeps.
    Found(Bytes),
    /// The service did not take it and will not.
    Absent,
    /// Not clear yet.
    Open,
}

impl State {
    /// Begins to look for a message of which it is unknown whether it was taken.
    pub(super) fn settle(self: Box<Self>, failure: Failure, retry_after: Duration, now: Now) -> Step {
        match &self.identity {
            Some(identity) if identity.is_unique && can_be_listed(identity) => {
                let absence_after = self
                    .policy
                    .absence_after_duration()
                    .saturating_add(self.session.base_url().listing_delay());
                let settling = Settling {
                    identity: identity.clone(),
                    first_sent: self.first_sent.unwrap_or(now.monotonic),
                    // From the end of the attempt, not its beginning: until then, a slow network may have kept its last
                    // byte from the service, whose time begins only with that.
                    certain_at: now.monotonic.saturating_add(absence_after),
                    not_before: now.monotonic.saturating_add(retry_after),
                    asked: now.monotonic,
                    asked_service: Duration::ZERO,
                    lookups: 0,
                    empty: 0,
                    failure,
                };
                self.look_up_later(Box::new(settling), Duration::ZERO, now)
            }
            _ => Step::Done(Err(self.unsettled(failure, now))),
        }
    }

    /// Has it looked up when it is worth it, and not before `least` is over.
    fn look_up_later(mut self: Box<Self>, settling: Box<Settling>, least: Duration, now: Now) -> Step {
        // The last lookup comes before the time is over rather than not at all.
        let latest = self.remaining(now).saturating_sub(LAST_LOOKUP);
        if latest.is_zero() || least > latest {
            return Step::Done(Err(self.unsettled(settling.failure, now)));
        }
        let wait = settling.wait(self.jitter.f64(), now).clamp(least, latest);
        self.phase = Phase::Settling(settling);
        Step::Wait(wait, Call(self))
    }

    pub(super) fn look_up(mut self: Box<Self>, mut settling: Box<Settling>, now: Now) -> Step {
        if self.remaining(now).is_zero() {
            return Step::Done(Err(self.unsettled(settling.failure, now)));
        }
        settling.asked = now.monotonic;
        settling.asked_service = self.session.skew().service_time(now);
        match self.session.uri(&lookup(&settling.identity)) {
            Ok(uri) => {
                self.phase = Phase::Settling(settling);
                Step::Send(self.outgoing(Method::GET, uri, None, now), Call(self))
            }
            // Percent-encoding makes every reference a query.
            Err(_) => Step::Done(Err(self.unsettled(settling.failure, now))),
        }
    }

    pub(super) fn looked_up(self: Box<Self>, mut settling: Box<Settling>, event: &Event, now: Now) -> Step {
        settling.lookups += 1;
        let Event::Response(response) = event else {
            return self.look_up_later(settling, Duration::ZERO, now);
        };
        match settling.judge(response, now) {
            Verdict::Found(message) => Step::Done(Ok(RawAnswer::found(message, self.report(now)))),
            Verdict::Open => {
                if Refusal::new(response.clone(), &Masks::default()).is_clock() {
                    self.learn_clock(skew::date(response.headers()), now);
                }
                let retry_after = retry::after(response.headers(), self.session.skew().service_seconds(now));
                self.look_up_later(settling, retry_after, now)
            }
            Verdict::Absent => {
                let wait = settling.not_before.saturating_sub(now.monotonic);
                self.again_or(Some(wait), now, |report| match settling.failure {
                    Failure::Lost(cause) => Error::not_sent(report, cause),
                    Failure::Refused(refusal) => Error::refused(report, refusal.settled()),
                })
            }
        }
    }

    fn unsettled(self: Box<Self>, failure: Failure, now: Now) -> Error {
        match failure {
            Failure::Lost(cause) => Error::lost(self.report(now), cause),
            Failure::Refused(refusal) => Error::refused(self.report(now), refusal),
        }
    }
}

/// Whether the service lists the message if it took it: it keeps none for the recipients of smoke tests, and cannot be
/// asked for a reference that, percent-encoded, is longer than what it reads of a request line.
fn can_be_listed(identity: &Identity) -> bool {
    !identity.recipient.as_deref().is_some_and(recipient::is_smoke_test)
        && lookup(identity).path_and_query().len() <= LONGEST_QUESTION
}

/// The question for messages of this reference and type.
fn lookup(identity: &Identity) -> Request {
    Request::new("/v2/notifications")
        .query("template_type", identity.template_type.as_str())
        .query("reference", &identity.reference)
}

impl Settling {
    /// How long to wait before the next lookup; `jitter`, from 0 to 1, keeps calls that failed together from asking
    /// together.
    fn wait(&self, jitter: f64, now: Now) -> Duration {
        let usual = FIRST_WAIT.saturating_mul(1 << self.lookups.min(8)).min(LONGEST_WAIT);
        let usual = usual.mul_f64(0.5 + jitter / 2.0);
        let until_certain = self.certain_at.saturating_sub(now.monotonic);
        // A lookup at the moment of certainty is worth more than one shortly before it.
        if until_certain.is_zero() || until_certain > usual {
            usual
        } else {
            until_certain + FIRST_WAIT.mul_f64(jitter)
        }
    }

    /// Reads what a lookup showed.
    fn judge(&mut self, response: &Response<Bytes>, now: Now) -> Verdict {
        let Some(page) = Page::read(response) else { return Verdict::Open };
        let earliest = self.earliest(skew::date(response.headers()), now);
        if let Some(found) = page.find(&self.identity, earliest) {
            return Verdict::Found(found);
        }
        if !page.shows_absence(&self.identity, earliest) {
            return Verdict::Open;
        }
        self.empty += 1;
        if self.empty >= EMPTY_LOOKUPS && self.asked >= self.certain_at {
            return Verdict::Absent;
        }
        Verdict::Open
    }

    /// The service's time when the first attempt left, or a little before it.
    fn earliest(&self, date: Option<u64>, now: Now) -> Duration {
        // What was believed when the lookup left is right to within the tolerance, since its token was accepted. By the
        // monotonic clock from there: the system's may have been set since.
        let service = self.asked_service.saturating_add(now.monotonic.saturating_sub(self.asked));
        // A date leaves out the fraction of its second, so that it is never late. One that contradicts the token is not
        // the time of this answer.
        let told = date.map(Duration::from_secs);
        let told = told.filter(|told| told.abs_diff(service) <= CLOCK_TOLERANCE + LONGEST_LOOKUP);
        told.unwrap_or_else(|| service.saturating_sub(CLOCK_TOLERANCE))
            .saturating_sub(now.monotonic.saturating_sub(self.first_sent))
            .saturating_sub(SERVERS_APART)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TemplateType;
    use http::header::DATE;
    use serde_json::json;

    const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
    /// When the message left, by the service's clock: 08:49:27, and by the monotonic one.
    const SENT: (u64, Duration) = (784_111_767, Duration::from_secs(100));

    fn settling() -> Settling {
        Settling {
            identity: Identity {
                template_type: TemplateType::Sms,
                template_id: Some(TEMPLATE.parse().unwrap()),
                recipient: Some("+447900900123".to_owned()),
                reference: "r".to_owned(),
                is_unique: true,
            },
            first_sent: SENT.1,
            certain_at: SENT.1 + Duration::from_secs(35),
            not_before: SENT.1,
            asked: SENT.1,
            asked_service: Duration::from_secs(SENT.0),
            lookups: 0,
            empty: 0,
            failure: Failure::Lost(Cause::new("cut")),
        }
    }

    fn page(created_at: Option<&str>, date: Option<&'static str>) -> Response<Bytes> {
        let message = created_at.map(|created_at| {
            json!({
                "reference": "r", "phone_number": "+447900900123", "email_address": null, "type": "sms",
                "template": {"id": TEMPLATE, "version": 1, "uri": ""}, "created_at": created_at,
            })
        });
        let body = json!({"notifications": Vec::from_iter(message), "links": {"current": ""}});
        let mut response = Response::new(Bytes::from(body.to_string()));
        if let Some(date) = date {
            response.headers_mut().insert(DATE, date.parse().unwrap());
        }
        response
    }

    impl Settling {
        /// What a lookup shows that is asked and answered at this moment.
        fn at(&mut self, seconds: u64, response: &Response<Bytes>) -> Verdict {
            let monotonic = Duration::from_secs(seconds);
            self.asked = monotonic;
            self.asked_service = Duration::from_secs(SENT.0) + monotonic.saturating_sub(SENT.1);
            // The system's clock may show anything by now.
            self.judge(response, Now { monotonic, unix: Duration::ZERO })
        }
    }

    #[test]
    fn a_message_counts_as_found_only_if_it_is_as_young_as_the_first_attempt() {
        // Ten seconds later, by the service's date, or by ours when it tells none or an absurd one.
        let tolerance = "1994-11-06T08:48:55.000000Z";
        for (date, since) in [
            (Some("Sun, 06 Nov 1994 08:49:37 GMT"), "1994-11-06T08:49:25.000000Z"),
            (Some("Sun, 06 Nov 1994 08:50:17 GMT"), "1994-11-06T08:50:05.000000Z"),
            (None, tolerance),
            (Some("Sun, 06 Nov 2094 08:49:37 GMT"), tolerance),
            (Some("Thu, 01 Jan 1970 00:00:00 GMT"), tolerance),
            (Some("Sun, 06 Nov 1994 08:50:18 GMT"), tolerance),
        ] {
            let found = |created| matches!(settling().at(110, &page(Some(created), date)), Verdict::Found(_));
            assert!(found(since), "{date:?}");
            let older = since.replace(".000000Z", "Z").replace("5Z", "4.999999Z");
            assert!(!found(&older), "{date:?} {older}");
        }
    }

    #[test]
    fn absence_takes_two_empty_lookups_and_the_time_in_which_it_could_have_been_taken() {
        let mut settling = settling();
        for seconds in [101, 103, 134] {
            assert!(matches!(settling.at(seconds, &page(None, None)), Verdict::Open));
        }
        assert!(matches!(settling.at(135, &page(None, None)), Verdict::Absent));
    }

    #[test]
    fn a_lookup_that_left_before_that_time_shows_no_absence_however_late_it_is_answered() {
        let mut settling = settling();
        settling.empty = 5;
        settling.asked = Duration::from_secs(134);
        let now = Now { monotonic: Duration::from_secs(140), unix: Duration::ZERO };
        assert!(matches!(settling.judge(&page(None, None), now), Verdict::Open));
    }

    #[test]
    fn a_lookup_that_fails_shows_nothing() {
        let mut settling = settling();
        for (status, body) in
            [(502, "<html>"), (200, "<html>"), (200, "{}"), (404, r#"{"notifications":[]}"#)]
        {
            let broken =
                Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap();
            for seconds in 140..150 {
                assert!(matches!(settling.at(seconds, &broken), Verdict::Open));
            }
        }
        assert!(matches!(settling.at(151, &page(None, None)), Verdict::Open));
        assert!(matches!(settling.at(152, &page(None, None)), Verdict::Absent));
    }

    #[test]
    fn lookups_come_ever_later_and_one_at_the_moment_of_certainty() {
        let wait = |lookups, seconds, jitter| {
            let now = Now { monotonic: Duration::from_secs(seconds), unix: Duration::ZERO };
            Settling { lookups, ..settling() }.wait(jitter, now).as_millis()
        };
        assert_eq!([wait(0, 100, 0.0), wait(0, 100, 1.0)], [500, 1_000]);
        assert_eq!([wait(2, 100, 0.0), wait(2, 100, 1.0)], [2_000, 4_000]);
        assert_eq!([wait(9, 100, 0.0), wait(u32::MAX, 100, 1.0)], [4_000, 8_000]);
        assert_eq!([wait(9, 130, 1.0), wait(9, 127, 1.0), wait(9, 126, 1.0)], [6_000, 9_000, 8_000]);
        assert_eq!([wait(9, 135, 1.0), wait(0, 500, 0.0)], [8_000, 500]);
    }
}
