//! Whatever happens, in whatever order, the machine ends within its bounds and loses nothing.

use std::time::Duration;

use fastrand::Rng;
use notify_api::{Call, Cause, Event, GetNotification, Now, Policy, Priority, SendSms, Step};
use proptest::prelude::*;

use crate::world::{Fault, World};
use crate::{TEMPLATE, now, seconds, service, session};

/// What a request may meet.
#[derive(Debug, Clone, Copy)]
enum Incident {
    Answered(u16),
    RateLimited,
    Postponed(u16, u64),
    UsedUp,
    NotSent,
    Lost,
    /// The driver goes on without saying.
    Untold,
}

impl Incident {
    fn event(self) -> Event {
        match self {
            Self::Answered(201) => Event::Response(service::created(Some("mine"))),
            Self::Answered(status) => Event::Response(service::error(status, "E", "m")),
            Self::RateLimited => Event::Response(service::rate_limited(3_000)),
            Self::Postponed(status, seconds) => {
                let mut response = service::error(status, "RateLimitError", "m");
                response.headers_mut().insert("retry-after", seconds.into());
                Event::Response(response)
            }
            Self::UsedUp => Event::Response(service::error(
                429,
                "TooManyRequestsError",
                "Exceeded send limits (sms: 1) for today",
            )),
            Self::NotSent => Event::NotSent(Cause::new("refused")),
            Self::Lost => Event::Lost(Cause::new("cut")),
            Self::Untold => Event::Elapsed,
        }
    }

    /// Whether a message may have been taken by the request that met this; not that it was, which a 201 says.
    fn may_have_taken(self) -> bool {
        match self {
            Self::Lost | Self::Untold | Self::Postponed(500.., _) => true,
            // Of another 2xx the body is no answer to a message.
            Self::Answered(status) => !matches!(status, 201 | 300..500),
            _ => false,
        }
    }
}

fn happens() -> impl Strategy<Value = (Incident, u64)> {
    let what = prop_oneof![
        (100_u16..1_000).prop_map(Incident::Answered),
        Just(Incident::Answered(201)),
        Just(Incident::RateLimited),
        (prop_oneof![Just(429), Just(503)], prop_oneof![0_u64..60, any::<u64>()])
            .prop_map(|(status, seconds)| Incident::Postponed(status, seconds)),
        Just(Incident::UsedUp),
        Just(Incident::NotSent),
        Just(Incident::Lost),
        Just(Incident::Untold),
    ];
    (what, 0_u64..40_000)
}

fn policy(attempts: u32, timeout: u64) -> Policy {
    Policy::default().attempts(attempts).timeout(Duration::from_secs(timeout))
}

fn text() -> SendSms {
    SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123").reference("mine")
}

proptest! {
    #[test]
    fn a_send_ends_in_time_and_is_not_repeated_when_it_may_have_been_taken(
        story in proptest::collection::vec(happens(), 0..40),
        attempts in 1_u32..9,
        timeout in 0_u64..400,
        late in 0_u64..3_000,
    ) {
        let session = session(|builder| builder.policy(policy(attempts, timeout)));
        let mut story = story.into_iter();
        let mut at = Duration::ZERO;
        let mut may_have_been_taken = false;
        let mut requests = 0;
        let mut last = None;
        let mut step = Call::new(&session, &text(), now(at)).unwrap().next(Event::Start, now(at));
        let result = loop {
            step = match step {
                Step::Send(_, call) => {
                    prop_assert!(!may_have_been_taken, "sent again after it may have been taken");
                    prop_assert!(!call.attempt_timeout(now(at)).is_zero(), "sent with no time left");
                    requests += 1;
                    prop_assert_eq!(call.attempts(), requests);
                    let (what, milliseconds) = story.next().unwrap_or((Incident::Lost, 1));
                    may_have_been_taken = what.may_have_taken();
                    last = Some(what);
                    at += Duration::from_millis(milliseconds).min(call.attempt_timeout(now(at)));
                    call.next(what.event(), now(at))
                }
                Step::Wait(wait, call) => {
                    // Timers are late, and a machine may sleep.
                    at += wait + Duration::from_millis(late);
                    call.next(Event::Elapsed, now(at))
                }
                Step::Reconnect(call) => call.next(Event::Elapsed, now(at)),
                Step::Done(result) => break result,
            }
        };
        prop_assert!(requests <= attempts);
        prop_assert!(at <= Duration::from_secs(timeout) + Duration::from_millis(late + 1));
        let was_answered = matches!(last, Some(Incident::Answered(201)));
        prop_assert_eq!(result.is_ok(), was_answered, "an answer was lost, or made up");
        if let Err(error) = result {
            prop_assert_eq!(error.may_have_been_sent(), may_have_been_taken);
        }
    }

    #[test]
    fn a_send_with_a_reference_of_its_own_tells_the_truth_whatever_the_service_does(
        seed in any::<u64>(),
        faults in proptest::collection::vec(any::<u64>(), 0..30),
        attempts in 1_u32..9,
        timeout in 0_u64..400,
    ) {
        let mut world = World::any(&mut Rng::with_seed(seed));
        let mut faults = faults.into_iter().map(|seed| Fault::any(&mut Rng::with_seed(seed)));
        let outcome = world.send(&text().unique_reference("mine"), policy(attempts, timeout), || {
            faults.next().unwrap_or(Fault::None)
        });
        prop_assert!(outcome.check().is_ok(), "{:?} {:?}", outcome.check(), world);
    }

    #[test]
    fn a_read_ends_in_time_and_keeps_the_answer_it_was_given(
        story in proptest::collection::vec(happens(), 0..40),
        attempts in 1_u32..9,
        timeout in 0_u64..400,
    ) {
        let session = session(|builder| builder.policy(policy(attempts, timeout)));
        let endpoint = GetNotification::new(TEMPLATE.parse().unwrap());
        let mut story = story.into_iter();
        let mut at = Duration::ZERO;
        let mut requests = 0;
        let mut step = Call::new(&session, &endpoint, now(at)).unwrap().next(Event::Start, now(at));
        loop {
            step = match step {
                Step::Send(_, call) => {
                    requests += 1;
                    let (what, milliseconds) = story.next().unwrap_or((Incident::Lost, 1));
                    at += Duration::from_millis(milliseconds).min(call.attempt_timeout(now(at)));
                    let was_answered = matches!(what, Incident::Answered(200..300));
                    let step = call.next(what.event(), now(at));
                    prop_assert_eq!(matches!(step, Step::Done(Ok(_))), was_answered);
                    step
                }
                Step::Wait(wait, call) => {
                    at += wait;
                    call.next(Event::Elapsed, now(at))
                }
                Step::Reconnect(_) => panic!("what is read is not compared"),
                Step::Done(result) => {
                    prop_assert!(!result.is_err_and(|error| error.may_have_been_sent()));
                    break;
                }
            }
        }
        prop_assert!(requests <= attempts);
        prop_assert!(at <= Duration::from_secs(timeout) + seconds(0.001));
    }

    #[test]
    fn a_step_back_of_the_systems_clock_disturbs_no_wait_and_no_deadline(
        story in proptest::collection::vec((happens(), 0_u32..2), 0..40),
        attempts in 1_u32..9,
        timeout in 0_u64..400,
    ) {
        // Without lookups, whose moment hangs on the service's clock as it is believed to be.
        let policy = policy(attempts, timeout).reconcile(false);
        let steady = steps(&story, policy, |_| Duration::from_secs(9));
        let stepping = steps(&story, policy, |unix| Duration::from_secs(9 - u64::from(unix)));
        prop_assert_eq!(steady, stepping);
    }

    #[test]
    fn a_step_of_the_systems_clock_stretches_no_call(
        story in proptest::collection::vec((happens(), any::<u32>()), 0..40),
        attempts in 1_u32..9,
        timeout in 0_u64..400,
    ) {
        let last = steps(&story, policy(attempts, timeout), |unix| Duration::from_secs(u64::from(unix)));
        let (ended, _) = last.last().unwrap();
        prop_assert!(*ended <= Duration::from_secs(timeout) + seconds(0.001));
    }
}

/// What a call does, step by step, on a machine whose clock shows something else at each of them.
fn steps(
    story: &[((Incident, u64), u32)],
    policy: Policy,
    clock: impl Fn(u32) -> Duration,
) -> Vec<(Duration, String)> {
    let session = session(|builder| builder.policy(policy));
    let message = text().unique_reference("mine");
    let mut story = story.iter().copied().chain(std::iter::repeat(((Incident::NotSent, 1), 0)));
    let mut monotonic = Duration::ZERO;
    let mut unix = clock(0);
    let start = Now { monotonic, unix };
    let mut step =
        Call::new(&session, &message, start).unwrap().priority(Priority::Urgent).next(Event::Start, start);
    let mut steps = Vec::new();
    loop {
        let ((what, milliseconds), shown) = story.next().unwrap();
        unix = clock(shown);
        step = match step {
            Step::Send(request, call) => {
                let limit = call.attempt_timeout(Now { monotonic, unix });
                steps.push((limit, request.method().to_string()));
                monotonic += Duration::from_millis(milliseconds).min(limit);
                call.next(what.event(), Now { monotonic, unix })
            }
            Step::Wait(wait, call) => {
                steps.push((wait, "wait".to_owned()));
                monotonic += wait;
                call.next(Event::Elapsed, Now { monotonic, unix })
            }
            Step::Reconnect(call) => call.next(Event::Elapsed, Now { monotonic, unix }),
            Step::Done(result) => {
                steps.push((monotonic, format!("{result:?}")));
                return steps;
            }
        };
    }
}
