//! What became of a message when no word of it came back.
//!
//! The service has no key against sending twice, but it lists messages by their reference. So a message whose reference
//! is its own can be looked up. It counts as absent only when the service can no longer take it: the service gives up
//! on a request 29.5 seconds after it received it.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::skew;
use crate::error::Refusal;
use crate::model::{TemplateId, TemplateType, Timestamp};
use crate::{Cause, Identity, Now, Request};

/// How long after an attempt began the service may still take its message: its own limit, and time on the way.
pub(super) const TAKEN_WITHIN: Duration = Duration::from_secs(35);
/// How many lookups have to come back empty.
const EMPTY_LOOKUPS: u32 = 2;
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// How far the two clocks can be apart while the service accepts tokens (CONTRACT §3).
const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);

/// What the caller is told if it never becomes clear.
#[derive(Debug)]
pub(super) enum Failure {
    Lost(Cause),
    Refused(Refusal),
}

/// A message being looked for.
#[derive(Debug)]
pub(super) struct Settling {
    identity: Identity,
    /// When the first attempt left, by the monotonic clock.
    first_sent: Duration,
    /// When the latest attempt left, by the monotonic clock.
    last_sent: Duration,
    lookups: u32,
    empty: u32,
    pub(super) failure: Failure,
}

/// What a lookup showed.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The service took it; this is what it keeps.
    Found(Bytes),
    /// The service did not take it and will not.
    Absent,
    /// Not clear yet: look again after this long.
    Again(Duration),
}

impl Settling {
    pub(super) fn new(
        identity: Identity,
        first_sent: Duration,
        last_sent: Duration,
        failure: Failure,
    ) -> Self {
        Self { identity, first_sent, last_sent, lookups: 0, empty: 0, failure }
    }

    pub(super) fn request(&self) -> Request {
        Request::new("/v2/notifications")
            .query("template_type", self.identity.template_type.as_str())
            .query("reference", &self.identity.reference)
    }

    /// How long to wait before the next lookup, when the last one, if any, did not make it clear.
    pub(super) fn wait(&self, now: Now) -> Duration {
        let usual = FIRST_WAIT.saturating_mul(1 << self.lookups.min(8)).min(LONGEST_WAIT);
        let until_certain = (self.last_sent + TAKEN_WITHIN).saturating_sub(now.monotonic);
        // A lookup at the moment of certainty is worth more than one shortly before it.
        if until_certain > usual { usual } else { until_certain.max(FIRST_WAIT) }
    }

    /// Reads what a lookup showed; `began` is when it left.
    pub(super) fn judge(&mut self, response: &Response<Bytes>, began: Duration, now: Now) -> Verdict {
        self.lookups += 1;
        let Some(listed) = Self::listed(response) else { return Verdict::Again(self.wait(now)) };
        let earliest = self.earliest(response, now);
        if let Some(found) = listed.iter().find(|message| self.is_it(message.get(), earliest)) {
            return Verdict::Found(Bytes::copy_from_slice(found.get().as_bytes()));
        }
        self.empty += 1;
        if self.empty >= EMPTY_LOOKUPS && began >= self.last_sent + TAKEN_WITHIN {
            return Verdict::Absent;
        }
        Verdict::Again(self.wait(now))
    }

    /// A lookup that failed shows nothing.
    pub(super) fn failed(&mut self, now: Now) -> Duration {
        self.lookups += 1;
        self.wait(now)
    }

    fn listed(response: &Response<Bytes>) -> Option<Vec<&RawValue>> {
        #[derive(Deserialize)]
        struct Page<'a> {
            #[serde(borrow)]
            notifications: Vec<&'a RawValue>,
        }
        let page =
            response.status().is_success().then(|| serde_json::from_slice::<Page<'_>>(response.body()))?;
        page.ok().map(|page| page.notifications)
    }

    /// The service's time when the first attempt left, or a little before it.
    fn earliest(&self, response: &Response<Bytes>, now: Now) -> Duration {
        let since = now.monotonic.saturating_sub(self.first_sent);
        let service = match skew::date(response.headers()) {
            // A date leaves out the fraction of its second, so that it is never late.
            Some(seconds) => Duration::from_secs(seconds),
            None => now.unix.saturating_sub(CLOCK_TOLERANCE),
        };
        service.saturating_sub(since)
    }

    fn is_it(&self, message: &str, earliest: Duration) -> bool {
        let Ok(listed) = serde_json::from_str::<Listed>(message) else { return false };
        let recipient = listed.phone_number.or(listed.email_address);
        listed.reference.as_deref() == Some(&*self.identity.reference)
            && listed.template_type == self.identity.template_type
            && self.identity.template_id.is_none_or(|id| id == listed.template.id)
            && self.identity.recipient.as_ref().is_none_or(|to| recipient.as_deref() == Some(to.trim()))
            && u128::try_from(listed.created_at.unix_microseconds())
                .is_ok_and(|at| at >= earliest.as_micros())
    }
}

/// What of a listed message tells it from others.
#[derive(Deserialize)]
struct Listed {
    reference: Option<String>,
    phone_number: Option<String>,
    email_address: Option<String>,
    #[serde(rename = "type")]
    template_type: TemplateType,
    template: ListedTemplate,
    created_at: Timestamp,
}

#[derive(Deserialize)]
struct ListedTemplate {
    id: TemplateId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::DATE;
    use serde_json::json;

    const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

    fn settling() -> Settling {
        let identity = Identity {
            template_type: TemplateType::Sms,
            template_id: Some(TEMPLATE.parse().unwrap()),
            recipient: Some(" +447900900123".to_owned()),
            reference: "r".to_owned(),
        };
        let failure = Failure::Lost(Cause::new("cut"));
        Settling::new(identity, Duration::from_secs(100), Duration::from_secs(100), failure)
    }

    fn message() -> serde_json::Value {
        json!({
            "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": "r", "phone_number": "+447900900123",
            "email_address": null, "type": "sms", "template": {"id": TEMPLATE, "version": 1, "uri": ""},
            "created_at": "1994-11-06T08:49:30.000000Z",
        })
    }

    fn page(messages: &[serde_json::Value]) -> Response<Bytes> {
        let body = serde_json::to_vec(&json!({"notifications": messages, "links": {"current": ""}})).unwrap();
        Response::builder().header(DATE, "Sun, 06 Nov 1994 08:49:37 GMT").body(Bytes::from(body)).unwrap()
    }

    fn at(seconds: u64) -> Now {
        Now { monotonic: Duration::from_secs(seconds), unix: Duration::from_secs(784_111_777) }
    }

    #[test]
    fn only_the_very_message_counts_as_found() {
        // The date of the lookup less 10 seconds is when the message left at the earliest: 08:49:27.
        let found = |message| {
            matches!(settling().judge(&page(&[message]), at(110).monotonic, at(110)), Verdict::Found(_))
        };
        assert!(found(message()));
        for (field, other) in [
            ("reference", json!("R")),
            ("reference", json!(null)),
            ("phone_number", json!("+447900900124")),
            ("type", json!("email")),
            ("template", json!({"id": "740e5834-3a29-46b4-9a6f-16142fde533b", "version": 1, "uri": ""})),
            ("created_at", json!("1994-11-06T08:49:26.999999Z")),
            ("created_at", json!("never")),
        ] {
            let mut message = message();
            message[field] = other.clone();
            assert!(!found(message), "{field} {other}");
        }
    }

    #[test]
    fn absence_takes_two_empty_lookups_and_the_time_in_which_it_could_have_been_taken() {
        let mut settling = settling();
        for seconds in [101, 103, 134] {
            assert!(matches!(
                settling.judge(&page(&[]), at(seconds).monotonic, at(seconds)),
                Verdict::Again(_)
            ));
        }
        assert!(matches!(settling.judge(&page(&[]), at(135).monotonic, at(136)), Verdict::Absent));
    }

    #[test]
    fn a_lookup_that_fails_shows_nothing() {
        let mut settling = settling();
        let broken = Response::builder().status(502).body(Bytes::from_static(b"<html>")).unwrap();
        for seconds in 140..150 {
            assert!(matches!(settling.judge(&broken, at(seconds).monotonic, at(seconds)), Verdict::Again(_)));
        }
        assert!(matches!(settling.judge(&page(&[]), at(151).monotonic, at(151)), Verdict::Again(_)));
        assert!(matches!(settling.judge(&page(&[]), at(152).monotonic, at(152)), Verdict::Absent));
    }

    #[test]
    fn a_lookup_falls_on_the_moment_of_certainty() {
        let mut settling = settling();
        settling.lookups = 9;
        assert_eq!(settling.wait(at(120)), LONGEST_WAIT);
        assert_eq!(settling.wait(at(130)), Duration::from_secs(5));
        assert_eq!(settling.wait(at(140)), FIRST_WAIT);
    }
}
