//! Reconciliation: the rules of `notify-api` for a message whose answer was lost, applied to one that an earlier claim may
//! have sent.
//!
//! A [`Call`] knows what a lookup proves, and when: [Never twice by
//! accident](https://github.com/notify-toolkit/notify/blob/main/docs/never-twice.md). So the lookups are left to a call. It
//! is told that the message left in the last second for which a token may have been minted, and that the answer was lost.
//! No token of that call leaves. The client signs its own for the lookups, and the call sees an answer only if the client's
//! token is at least as late as its own.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use notify_http::model::Notification;
use notify_http::{
    ApiKey, BaseUrl, Call, Cause, Event, Now, Policy, RawResponse, Service, Session, Step, Unlimited,
};
use serde::Deserialize;

use super::message::Operation;
use crate::Outcome;

/// From how many seconds after the last token lookups can prove absence: what `docs/never-twice.md` requires, plus two
/// for clocks that run unevenly.
const PROVES_AFTER: u64 = 97;
/// How many seconds after an inconclusive lookup the next is due: half the age of the doubt, within these bounds.
const SOONEST: u64 = 10;
const LATEST: u64 = 60 * 60;
/// The same before absence can be proved, when a lookup can only find a message that the service took late: the time since the
/// claim, within these bounds. The last token leaves this many seconds after the claim.
const USUAL_WINDOW: u64 = 30;
const SOONEST_EARLY: u64 = 5;
const LATEST_EARLY: u64 = 40;
/// The call itself never looks a message up for longer: its claim ends before.
const NO_END: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// From when lookups can prove absence, if the clocks are right.
pub(super) const fn proves_from(sent_by: u64) -> u64 {
    sent_by + PROVES_AFTER
}

/// When a message that was not found is looked up again.
pub(super) fn look_again_at(now: u64, sent_by: u64) -> u64 {
    let proves_from = proves_from(sent_by);
    if now < proves_from {
        let since_claim = (now + USUAL_WINDOW).saturating_sub(sent_by);
        return (now + since_claim.clamp(SOONEST_EARLY, LATEST_EARLY)).min(proves_from);
    }
    now + ((now - sent_by) / 2).clamp(SOONEST, LATEST)
}

/// A session that sends nothing. It knows the service, and so what a lookup there proves.
#[derive(Clone, Debug)]
pub(super) struct OfflineSession(Arc<Session>);

impl OfflineSession {
    pub(super) fn new(base_url: BaseUrl, service: Option<Service>) -> Self {
        // No token of this session leaves, so any key will do.
        let key = format!("offline-{}-{}", uuid::Uuid::nil(), uuid::Uuid::nil());
        let key = ApiKey::parse(&key).unwrap_or_else(|_| unreachable!("it is well formed"));
        let builder = Session::builder(&key).base_url(base_url).rate_limiter(Unlimited);
        Self(match service {
            Some(service) => builder.service(service).build(),
            None => builder.build(),
        })
    }
}

/// A message being looked up.
pub(super) struct Reconciliation {
    call: Call,
    /// The second for which the call signed the lookup that is under way.
    signed_for: u64,
}

/// What to do next.
pub(super) enum Next {
    /// Wait.
    Wait(Duration, Reconciliation),
    /// Look the message up.
    LookUp(Reconciliation),
    /// The message is finished, or left to a person.
    Done(Outcome),
    /// The lookups could not tell.
    Open,
}

impl Reconciliation {
    /// Begins to look up a message for which no token was minted after `sent_by`.
    pub(super) fn begin(
        session: &OfflineSession,
        operation: &Operation,
        sent_by: u64,
        policy: Policy,
        now: Now,
    ) -> Next {
        let then = Now { unix: Duration::from_secs(sent_by), ..now };
        let policy = policy.timeout(NO_END).attempts(1).reconcile(true);
        let Ok(call) = operation.call(&session.0, then) else {
            return Next::Done(Outcome::NeedsPerson { reason: "the stored message is invalid".to_owned() });
        };
        // So that a call whose message is absent reports this instead of sending the message.
        let call = call.policy(policy).leave_by(sent_by);
        let Step::Send(_, call) = call.next(Event::Start, then) else { return Next::Open };
        match call.next(Event::Lost(Cause::new(Unknown)), then) {
            Step::Done(_) => Next::Done(Outcome::NeedsPerson {
                reason: "the service never lists messages to this recipient".to_owned(),
            }),
            step => Self::next(step, now),
        }
    }

    /// Continues after a wait.
    pub(super) fn elapsed(self, now: Now) -> Next {
        Self::next(self.call.next(Event::Elapsed, now), now)
    }

    /// Continues with the answer to a lookup whose tokens were signed for no second before `signed`.
    pub(super) fn looked_up(self, page: Option<Response<Bytes>>, signed: Duration, now: Now) -> Next {
        let is_as_late = signed.as_secs() >= self.signed_for;
        let event = match page {
            Some(page) if is_as_late => Event::Response(page),
            _ => Event::Lost(Cause::new(Unknown)),
        };
        Self::next(self.call.next(event, now), now)
    }

    fn next(step: Step, now: Now) -> Next {
        match step {
            Step::Wait(wait, call) => Next::Wait(wait, Self { call, signed_for: u64::MAX }),
            Step::Send(lookup, call) => match signed_for(&lookup) {
                Some(signed_for) => Next::LookUp(Self { call, signed_for }),
                None => Next::Open,
            },
            Step::Reconnect(call) => Self::next(call.next(Event::Elapsed, now), now),
            Step::Done(Ok(found)) => id(&found).map_or(Next::Open, |id| Next::Done(Outcome::Sent { id })),
            // After a lost answer, this error means that lookups proved it.
            Step::Done(Err(error)) if error.is_not_sent() => Next::Done(Outcome::Absent),
            Step::Done(Err(_)) => Next::Open,
        }
    }
}

impl fmt::Debug for Reconciliation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reconciliation").field("signed_for", &self.signed_for).finish_non_exhaustive()
    }
}

fn id(found: &RawResponse) -> Option<String> {
    Some(found.json::<Notification>().ok()?.id.to_string())
}

/// The `iat` of a request's token.
pub(super) fn signed_for(request: &Request<Bytes>) -> Option<u64> {
    #[derive(Deserialize)]
    struct Claims {
        iat: u64,
    }
    let token = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let claims = Base64UrlUnpadded::decode_vec(token.split('.').nth(1)?).ok()?;
    Some(serde_json::from_slice::<Claims>(&claims).ok()?.iat)
}

/// The fate of an earlier claim's request.
#[derive(Debug, thiserror::Error)]
#[error("it is unknown what became of the request")]
struct Unknown;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::notify::message::Message;

    /// The last second for which a token may have been minted.
    const SENT_BY: u64 = 1_795_430_454;
    const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

    fn operation(recipient: &str) -> Operation {
        let payload = json!({"type": "sms", "template_id": TEMPLATE, "phone_number": recipient});
        let claim = crate::Claim {
            row: crate::RowId(1),
            reference: "r".to_owned(),
            attempt: 1,
            holder: crate::Holder::random(),
            task: crate::Task::LookUp { sent_by: SENT_BY },
            tag: Vec::new(),
            payload: Some(payload.to_string().into_bytes()),
        };
        Message::of(&claim).unwrap()
    }

    fn page(messages: &[Value]) -> Response<Bytes> {
        let current = "http://localhost/v2/notifications?template_type=sms&reference=r";
        let body = json!({"notifications": messages, "links": {"current": current}});
        Response::new(Bytes::from(body.to_string()))
    }

    fn listed(recipient: &str) -> Value {
        json!({
            "id": "740e5834-3a29-46b4-9a6f-16142fde533b", "reference": "r", "type": "sms", "status": "delivered",
            "phone_number": recipient, "body": "", "template": {"id": TEMPLATE, "version": 1, "uri": ""},
        })
    }

    /// Looks up this many seconds after the last token, each time with this answer, with tokens of the host's time less
    /// `late` seconds. Returns the result, and how long after the last token it came.
    fn reconcile(
        from: f64,
        late: u64,
        mut shows: impl FnMut(f64) -> Option<Response<Bytes>>,
    ) -> (Option<Outcome>, f64) {
        let session = OfflineSession::new("http://localhost".parse().unwrap(), None);
        let mut after = from;
        let moment = |after: f64| Now {
            monotonic: Duration::from_secs_f64(after + 1_000.0),
            unix: Duration::from_secs(SENT_BY).checked_add(Duration::from_secs_f64(after)).unwrap(),
        };
        let mut next = Reconciliation::begin(
            &session,
            &operation("+447900900123"),
            SENT_BY,
            Policy::default(),
            moment(after),
        );
        for _ in 0..60 {
            next = match next {
                Next::Done(outcome) => return (Some(outcome), after),
                Next::Open => return (None, after),
                Next::Wait(wait, reconciliation) => {
                    after += wait.as_secs_f64();
                    reconciliation.elapsed(moment(after))
                }
                Next::LookUp(reconciliation) => {
                    let signed = moment(after).unix.saturating_sub(Duration::from_secs(late));
                    after += 0.1;
                    reconciliation.looked_up(shows(after), signed, moment(after))
                }
            };
        }
        (None, after)
    }

    #[test]
    fn absence_takes_tokens_of_95_seconds_after_the_last_one_that_may_have_left() {
        for from in [0.0, 50.0, 66.0, 94.0, 95.0, 3_600.0] {
            let (outcome, after) = reconcile(from, 0, |_| Some(page(&[])));
            assert_eq!(outcome, Some(Outcome::Absent));
            assert!(after >= f64::max(from, 95.0) + 5.0, "{from} {after}");
            assert!(after <= f64::max(from, 95.0) + 20.0, "{from} {after}");
        }
    }

    #[test]
    fn a_lookup_whose_token_may_have_been_signed_earlier_than_it_seemed_does_not_count() {
        for late in [1, 30, 3_600] {
            let (outcome, _) = reconcile(98.0, late, |_| Some(page(&[])));
            assert_ne!(outcome, Some(Outcome::Absent), "{late}");
        }
    }

    #[test]
    fn a_message_that_the_service_commits_late_is_found_and_not_absent() {
        // The last token that may have left is accepted until 31 seconds after its `iat`, and its message committed 30
        // seconds later.
        for committed in [0.0, 31.0, 60.9] {
            let shows =
                |after| Some(page(&if after >= committed { vec![listed("07900900123")] } else { vec![] }));
            for from in [0.0, 40.0, 98.0] {
                let (outcome, _) = reconcile(from, 0, shows);
                assert!(matches!(outcome, Some(Outcome::Sent { .. })), "{committed} {from}");
            }
        }
    }

    #[test]
    fn a_message_that_the_service_took_back_is_absent() {
        let (outcome, _) = reconcile(98.0, 0, |after| (after > 100.0).then(|| page(&[])));
        assert_eq!(outcome, Some(Outcome::Absent));
    }

    #[test]
    fn lookalikes_prove_nothing() {
        let many: Vec<_> = (0..250).map(|number| listed(&format!("+44791190{number:04}"))).collect();
        let mut turns = 0;
        let (outcome, _) = reconcile(98.0, 0, |_| {
            turns += 1;
            // Once listed, a message is not absent because it disappears.
            Some(page(if turns == 1 { &many } else { &[] }))
        });
        assert_eq!(outcome, None);
    }

    #[test]
    fn a_lookup_that_shows_nothing_proves_nothing() {
        let html = || Some(Response::builder().status(502).body(Bytes::from_static(b"<html>")).unwrap());
        let kept = || {
            let mut page = page(&[]);
            page.headers_mut().insert("age", "0".parse().unwrap());
            Some(page)
        };
        assert_eq!(reconcile(98.0, 0, |_| None).0, None);
        assert_eq!(reconcile(98.0, 0, |_| html()).0, None);
        assert_eq!(reconcile(98.0, 0, |_| kept()).0, None);
    }

    #[test]
    fn lookups_come_ever_later() {
        let age = |age| look_again_at(SENT_BY + age, SENT_BY) - SENT_BY;
        assert_eq!([age(97), age(1_000), age(100_000)], [145, 1_500, 103_600]);
        // What may still be found is looked for a few times before absence can be proved, and then at once.
        let claimed = SENT_BY - 30;
        let looks = std::iter::successors(Some(claimed + 1), |now| Some(look_again_at(*now, SENT_BY)));
        let after: Vec<u64> = looks.map(|now| now - claimed).take(8).collect();
        assert_eq!(after, [1, 6, 12, 24, 48, 88, 127, 175]);
        // A longer claim is looked up every few seconds until most of it is over.
        assert_eq!(look_again_at(SENT_BY - 100, SENT_BY), SENT_BY - 95);
    }
}
