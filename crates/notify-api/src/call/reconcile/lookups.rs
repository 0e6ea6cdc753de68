//! The lookups of one message: when the next one leaves, for when its token is signed, and what it shows.

use std::time::Duration;

use bytes::Bytes;
use http::Response;

use super::fence::Fence;
use super::page::{self, Page};
use crate::call::Now;
use crate::error::Evidence;
use crate::{Identity, Service};

/// The bound of the wait before the first lookup. Each further one is twice as long, up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// How far apart the two lookups that prove absence have to be.
const APART: Duration = Duration::from_secs(5);
/// How long to wait for the next lookup after the service refused a token that was signed ahead.
const AFTER_REFUSAL: Duration = Duration::from_millis(2_500);

/// A message being looked up.
#[derive(Debug)]
pub(in crate::call) struct Reconciliation {
    pub(super) identity: Identity,
    pub(super) reference: String,
    /// When absence begins to count, for a service where it ever does.
    fence: Option<Fence>,
    /// The message may not be sent again before this, by the monotonic clock.
    pub(super) not_before: Duration,
    /// The latest lookup.
    lookup: Lookup,
    /// When the first empty lookup that counts was answered, by the monotonic clock.
    empty_at: Option<Duration>,
    lookups: u32,
    pub(super) evidence: Evidence,
}

/// One lookup.
#[derive(Debug, Clone, Copy, Default)]
struct Lookup {
    /// When it left, by the monotonic clock.
    left_at: Duration,
    /// The `iat` of its token.
    iat: u64,
    /// Whether that was later than we believe the service's clock to be.
    is_signed_ahead: bool,
    /// Whether the service refused it because of that.
    was_refused: bool,
}

/// What a lookup showed.
#[derive(Debug)]
pub(super) enum Finding {
    /// The service took it; this is what it stores.
    Found(Bytes),
    /// The service did not take it, and never will.
    Absent,
    /// Not clear yet.
    Open,
    /// The answer is about other messages.
    OfAnother,
}

impl Reconciliation {
    pub(super) fn new(
        identity: Identity,
        reference: String,
        fence: Option<Fence>,
        not_before: Duration,
    ) -> Self {
        Self {
            identity,
            reference,
            fence,
            not_before,
            lookup: Lookup::default(),
            empty_at: None,
            lookups: 0,
            evidence: Evidence::None,
        }
    }

    /// Counts a lookup that has ended.
    pub(super) fn count(&mut self) {
        self.lookups += 1;
    }

    /// Notes that the service refused the latest lookup for its time. Returns whether its token was signed ahead.
    pub(super) fn note_clock_refusal(&mut self) -> bool {
        self.lookup.was_refused |= self.lookup.is_signed_ahead;
        self.lookup.is_signed_ahead
    }

    /// How long to wait before the next lookup, if the service's clock shows `believed`. `jitter`, from 0 to 1, keeps
    /// calls that failed together from looking up together.
    pub(super) fn wait(&self, believed: Duration, jitter: f64) -> Duration {
        let usual = FIRST_WAIT.saturating_mul(1 << self.lookups.min(8)).min(LONGEST_WAIT);
        let usual = usual.mul_f64(0.5 + jitter / 2.0);
        let Some(fence) = self.fence else { return usual };
        let until_open = fence.opens_at().saturating_sub(believed);
        if until_open > usual {
            usual
        } else if !until_open.is_zero() || self.lookup.iat < fence.opens_at().as_secs() {
            // The first lookup that counts, as soon as one can.
            until_open + FIRST_WAIT.mul_f64(jitter)
        } else if self.lookup.was_refused {
            AFTER_REFUSAL
        } else {
            APART + FIRST_WAIT.mul_f64(jitter)
        }
    }

    /// The `iat` for a lookup that leaves now.
    pub(super) fn sign(&mut self, believed: Duration, now: Now) -> u64 {
        let seconds = believed.as_secs();
        let proving = self.fence.filter(|fence| believed >= fence.opens_at()).map(Fence::proving_iat);
        // After a refusal, the next token is signed for the time as we believe it to be; if the service refuses that
        // too, we learn its clock.
        let iat = proving.filter(|_| !self.lookup.was_refused).map_or(seconds, |iat| iat.max(seconds));
        self.lookup =
            Lookup { left_at: now.monotonic, iat, is_signed_ahead: iat > seconds, was_refused: false };
        iat
    }

    /// Reads what a lookup showed.
    pub(super) fn judge(
        &mut self,
        response: &Response<Bytes>,
        service: Option<Service>,
        now: Now,
    ) -> Finding {
        match page::read(response, &self.identity, &self.reference, service) {
            Page::Found(message) => Finding::Found(message),
            Page::OfAnother => Finding::OfAnother,
            Page::Unreadable => Finding::Open,
            Page::Unclear => {
                self.evidence = Evidence::Unclear;
                self.empty_at = None;
                Finding::Open
            }
            Page::Empty => self.is_empty(response, now),
        }
    }

    fn is_empty(&mut self, response: &Response<Bytes>, now: Now) -> Finding {
        let is_over = self.fence.is_some_and(|fence| fence.is_over(self.lookup.iat, response.headers()));
        if !is_over || self.evidence == Evidence::Unclear {
            return Finding::Open;
        }
        match self.empty_at {
            Some(first) if self.lookup.left_at >= first.saturating_add(APART) => Finding::Absent,
            Some(_) => Finding::Open,
            None => {
                self.empty_at = Some(now.monotonic);
                Finding::Open
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fence::DONE_AFTER;
    use super::*;
    use crate::model::TemplateType;
    use serde_json::json;

    const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
    /// The `iat` of the message.
    const SENT: u64 = 784_111_767;

    fn reconciliation() -> Reconciliation {
        let identity = Identity {
            template_type: TemplateType::Sms,
            template_id: Some(TEMPLATE.parse().unwrap()),
            recipient: Some("+447900900123".to_owned()),
            reference: Some("r".to_owned()),
            is_unique: true,
        };
        let fence = Fence::new(SENT, DONE_AFTER);
        Reconciliation::new(identity, "r".to_owned(), Some(fence), Duration::ZERO)
    }

    fn page(recipient: Option<&str>) -> Response<Bytes> {
        let message = recipient.map(|recipient| {
            json!({
                "reference": "r", "phone_number": recipient, "email_address": null, "type": "sms",
                "template": {"id": TEMPLATE, "version": 1, "uri": ""}, "created_at": "1970-01-01T00:00:00.000000Z",
            })
        });
        let current = "https://localhost/v2/notifications?template_type=sms&reference=r";
        let body = json!({"notifications": Vec::from_iter(message), "links": {"current": current}});
        Response::new(Bytes::from(body.to_string()))
    }

    impl Reconciliation {
        /// The finding of a lookup that leaves and is answered this many seconds after the message, on a machine whose
        /// clock is right.
        fn at(&mut self, seconds: u64, response: &Response<Bytes>) -> Finding {
            let now = Now { monotonic: Duration::from_secs(seconds), unix: Duration::ZERO };
            self.sign(Duration::from_secs(SENT + seconds), now);
            self.judge(response, None, now)
        }
    }

    #[test]
    fn absence_takes_two_empty_lookups_five_seconds_apart_whose_tokens_prove_the_time() {
        let mut reconciliation = reconciliation();
        for seconds in [1, 3, 64, 65, 69] {
            assert!(matches!(reconciliation.at(seconds, &page(None)), Finding::Open), "{seconds}");
        }
        assert!(matches!(reconciliation.at(70, &page(None)), Finding::Absent));
    }

    #[test]
    fn a_message_that_is_listed_is_never_absent_whatever_its_age() {
        let found = reconciliation().at(1, &page(Some("07900900123")));
        assert!(matches!(found, Finding::Found(_)));
        let mut reconciliation = reconciliation();
        for seconds in [70, 80, 90] {
            assert!(matches!(reconciliation.at(seconds, &page(Some("07900900124"))), Finding::Open));
        }
        assert_eq!(reconciliation.evidence, Evidence::Unclear);
        // Once listed, it does not become absent when it disappears.
        for seconds in [100, 110, 120] {
            assert!(matches!(reconciliation.at(seconds, &page(None)), Finding::Open));
        }
    }

    #[test]
    fn where_no_request_is_bounded_a_lookup_finds_and_never_proves_absence() {
        let mut reconciliation = Reconciliation { fence: None, ..reconciliation() };
        for seconds in [70, 700, 7_000] {
            assert!(matches!(reconciliation.at(seconds, &page(None)), Finding::Open));
        }
        assert!(matches!(reconciliation.at(7_100, &page(Some("07900900123"))), Finding::Found(_)));
    }

    #[test]
    fn a_lookup_that_fails_shows_nothing() {
        let mut reconciliation = reconciliation();
        for (status, body) in
            [(502, "<html>"), (200, "<html>"), (200, "{}"), (404, r#"{"notifications":[]}"#)]
        {
            let broken =
                Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap();
            for seconds in [140, 150] {
                assert!(matches!(reconciliation.at(seconds, &broken), Finding::Open));
            }
        }
        assert!(matches!(reconciliation.at(151, &page(None)), Finding::Open));
        assert!(matches!(reconciliation.at(156, &page(None)), Finding::Absent));
    }

    #[test]
    fn after_a_refusal_of_a_token_signed_ahead_one_is_signed_as_the_time_is_believed() {
        let mut reconciliation = reconciliation();
        let mut sign = |seconds, refused| {
            reconciliation.lookup.was_refused = refused;
            let now = Now { monotonic: Duration::from_secs(seconds), unix: Duration::ZERO };
            reconciliation.sign(Duration::from_secs(SENT + seconds), now) - SENT
        };
        assert_eq!([sign(64, false), sign(65, false), sign(68, true), sign(70, false)], [64, 95, 68, 95]);
        assert_eq!([sign(95, false), sign(100, false)], [95, 100]);
    }

    #[test]
    fn lookups_come_at_growing_intervals_and_one_as_soon_as_it_counts() {
        let wait = |lookups, seconds, jitter| {
            let lookup = Lookup { iat: SENT + seconds, ..Lookup::default() };
            let believed = Duration::from_secs(SENT + seconds);
            Reconciliation { lookup, lookups, ..reconciliation() }.wait(believed, jitter).as_millis()
        };
        assert_eq!([wait(0, 0, 0.0), wait(0, 0, 1.0)], [500, 1_000]);
        assert_eq!([wait(2, 0, 0.0), wait(2, 0, 1.0)], [2_000, 4_000]);
        assert_eq!([wait(9, 0, 0.0), wait(u32::MAX, 0, 1.0)], [4_000, 8_000]);
        assert_eq!([wait(9, 60, 1.0), wait(9, 57, 1.0), wait(9, 56, 1.0)], [6_000, 9_000, 8_000]);
        assert_eq!([wait(9, 65, 0.0), wait(9, 95, 1.0)], [5_000, 6_000]);
    }
}
