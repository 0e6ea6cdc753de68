//! Whatever happens, in whatever order, the machine ends within its bounds and loses nothing.

use std::time::Duration;

use notify_api::{Call, Cause, Event, GetNotification, Policy, SendSms, Step};
use proptest::prelude::*;

use crate::{TEMPLATE, now, seconds, service, session};

/// What a request may meet.
#[derive(Debug, Clone, Copy)]
enum Happens {
    Answered(u16),
    RateLimited,
    UsedUp,
    NotSent,
    Lost,
}

impl Happens {
    fn event(self) -> Event {
        match self {
            Self::Answered(201) => Event::Response(service::created("mine")),
            Self::Answered(status) => Event::Response(service::error(status, "E", "m")),
            Self::RateLimited => Event::Response(service::rate_limited(3_000)),
            Self::UsedUp => Event::Response(service::error(
                429,
                "TooManyRequestsError",
                "Exceeded send limits (sms: 1) for today",
            )),
            Self::NotSent => Event::NotSent(Cause::new("refused")),
            Self::Lost => Event::Lost(Cause::new("cut")),
        }
    }

    /// Whether a message may have been taken by the request that met this.
    fn may_have_taken(self) -> bool {
        matches!(self, Self::Lost | Self::Answered(500..))
    }
}

fn happens() -> impl Strategy<Value = (Happens, u64)> {
    let what = prop_oneof![
        (200_u16..600).prop_map(Happens::Answered),
        Just(Happens::Answered(201)),
        Just(Happens::RateLimited),
        Just(Happens::UsedUp),
        Just(Happens::NotSent),
        Just(Happens::Lost),
    ];
    (what, 0_u64..40_000)
}

proptest! {
    #[test]
    fn a_send_ends_in_time_and_is_not_repeated_when_it_may_have_been_taken(
        story in proptest::collection::vec(happens(), 0..40),
        attempts in 1_u32..9,
        timeout in 1_u64..400,
    ) {
        let policy = Policy::default().attempts(attempts).timeout(Duration::from_secs(timeout));
        let session = session(|builder| builder.policy(policy));
        let message = SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123");
        let mut story = story.into_iter();
        let mut at = Duration::ZERO;
        let mut may_have_been_taken = false;
        let mut requests = 0;
        let mut last = None;
        let mut step = Call::new(&session, &message, now(at)).unwrap().next(Event::Start, now(at));
        let result = loop {
            step = match step {
                Step::Send(_, call) => {
                    prop_assert!(!may_have_been_taken, "sent again after it may have been taken");
                    requests += 1;
                    let (what, milliseconds) = story.next().unwrap_or((Happens::Lost, 1));
                    may_have_been_taken = what.may_have_taken();
                    last = Some(what);
                    at += Duration::from_millis(milliseconds).min(call.attempt_timeout(now(at)));
                    call.next(what.event(), now(at))
                }
                Step::Wait(wait, call) => {
                    at += wait;
                    call.next(Event::Elapsed, now(at))
                }
                Step::Done(result) => break result,
            }
        };
        prop_assert!(requests <= attempts);
        prop_assert!(at <= Duration::from_secs(timeout) + seconds(0.001));
        let was_answered = matches!(last, Some(Happens::Answered(200..300)));
        prop_assert_eq!(result.is_ok(), was_answered, "an answer was lost, or made up");
        if let Err(error) = result {
            prop_assert_eq!(error.may_have_been_sent(), may_have_been_taken);
        }
    }

    #[test]
    fn a_read_ends_in_time_and_keeps_the_answer_it_was_given(
        story in proptest::collection::vec(happens(), 0..40),
        attempts in 1_u32..9,
        timeout in 1_u64..400,
    ) {
        let policy = Policy::default().attempts(attempts).timeout(Duration::from_secs(timeout));
        let session = session(|builder| builder.policy(policy));
        let endpoint = GetNotification::new(TEMPLATE.parse().unwrap());
        let mut story = story.into_iter();
        let mut at = Duration::ZERO;
        let mut requests = 0;
        let mut step = Call::new(&session, &endpoint, now(at)).unwrap().next(Event::Start, now(at));
        loop {
            step = match step {
                Step::Send(_, call) => {
                    requests += 1;
                    let (what, milliseconds) = story.next().unwrap_or((Happens::Lost, 1));
                    at += Duration::from_millis(milliseconds).min(call.attempt_timeout(now(at)));
                    let was_answered = matches!(what, Happens::Answered(200..300));
                    let step = call.next(what.event(), now(at));
                    prop_assert_eq!(matches!(step, Step::Done(Ok(_))), was_answered);
                    step
                }
                Step::Wait(wait, call) => {
                    at += wait;
                    call.next(Event::Elapsed, now(at))
                }
                Step::Done(result) => {
                    prop_assert!(!result.is_err_and(|error| error.may_have_been_sent()));
                    break;
                }
            }
        }
        prop_assert!(requests <= attempts);
        prop_assert!(at <= Duration::from_secs(timeout) + seconds(0.001));
    }
}
