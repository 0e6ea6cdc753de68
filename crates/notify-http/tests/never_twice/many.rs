//! Ten thousand messages at once, with faults at every point.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use notify_http::{Client, Policy, SendSms, Unlimited};
use notify_testkit::service::{Commit, FakeService, Fault, Request};
use tokio::task::JoinSet;

use crate::{KEY, RECIPIENT, TEMPLATE};

const MESSAGES: usize = 10_000;
/// The time over which they start.
const RAMP: Duration = Duration::from_secs(20);

/// Every fault occurs, at random but the same way in every run.
fn fault(request: &Request) -> Fault {
    let mut hasher = DefaultHasher::new();
    (&request.reference, request.number).hash(&mut hasher);
    let chance = hasher.finish();
    // The service commits within 29.5 seconds, or not at all; mostly at once.
    let taken: Commit = match (chance >> 32) % 8 {
        0..=2 => None,
        3..=5 => Some(Duration::ZERO),
        _ => Some(Duration::from_millis((chance >> 40) % 29_500)),
    };
    if !request.is_message {
        return match chance % 16 {
            0 => Fault::Disconnect(None),
            1 => Fault::Reset,
            2 => Fault::Truncate(None),
            3 => Fault::Status(502, None),
            4 => Fault::Nonsense("<html>Please log in</html>"),
            5 => Fault::WrongTime(0),
            6 if (chance >> 8).is_multiple_of(8) => Fault::Hang(None),
            _ => Fault::None,
        };
    }
    match chance % 16 {
        0..=4 => Fault::None,
        5 | 6 => Fault::Disconnect(taken),
        7 => Fault::Reset,
        8 => Fault::Truncate(taken),
        9 => Fault::Hang(taken),
        10 => Fault::Status(500, taken),
        11 => Fault::Status(503, taken),
        12 => Fault::Status(504, taken),
        13 => Fault::Throttled,
        14 => Fault::WrongTime(0),
        _ => Fault::WrongTime(4_000_000_000),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ten_thousand_messages_none_is_sent_twice_or_reported_falsely() {
    let service = FakeService::start(fault).unwrap();
    let policy = Policy::default().attempt_timeout(Duration::from_secs(6)).timeout(Duration::from_secs(85));
    let client =
        Client::builder(KEY).base_url(service.url()).policy(policy).rate_limiter(Unlimited).build().unwrap();
    let began = Instant::now();
    let mut calls = JoinSet::new();
    for number in 0..MESSAGES {
        let client = client.clone();
        let reference = format!("r{number}");
        if number % 10 == 0 {
            service.keep(&reference, TEMPLATE, "+447900900124");
        }
        let message = SendSms::new(TEMPLATE.parse().unwrap(), RECIPIENT);
        // One in ten has a reference that others may have.
        let message = if number % 10 == 1 {
            message.reference(&reference)
        } else {
            message.unique_reference(&reference)
        };
        let turn = RAMP.mul_f64(f64::from(u32::try_from(number).unwrap()) / 10_000.0);
        calls.spawn(async move {
            tokio::time::sleep(turn.saturating_sub(began.elapsed())).await;
            (number, client.send(message).await)
        });
    }
    let results = calls.join_all().await;
    tokio::time::sleep(service.all_committed_in()).await;
    let (mut sent, mut not_sent, mut unclear) = (0, 0, 0);
    for (number, result) in results {
        let reference = format!("r{number}");
        let seen = service.seen(&reference);
        let taken = seen.kept.len() - usize::from(number % 10 == 0);
        assert!(taken <= 1, "sent {taken} times: {seen:?}");
        match result {
            Ok(answer) => {
                assert_eq!(taken, 1, "reported sent: {seen:?}");
                assert_eq!(answer.reference.as_deref(), Some(&*reference));
                sent += 1;
            }
            Err(error) if error.may_have_been_sent() => {
                assert_eq!(error.reference(), Some(&*reference));
                unclear += 1;
            }
            Err(error) => {
                assert_eq!(taken, 0, "reported not sent: {error} {seen:?}");
                not_sent += 1;
            }
        }
    }
    println!("sent {sent}, not sent {not_sent}, unclear {unclear}, in {:?}", began.elapsed());
    // Two messages in three meet a fault, and yet most get through, unless the machine is busy: a test in virtual time
    // checks how many.
    assert!(sent > MESSAGES / 10 && not_sent > 0 && unclear > 0);
}
