//! The sandbox's clock, and everything that follows it.

use std::time::{Duration, SystemTime};

use notify_http::GetNotification;
use notify_sandbox::{Clock, Sandbox, Status};

use crate::fixture::{client, get, post_sms, sms};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn a_client_recovers_when_the_services_clock_is_ten_minutes_ahead_or_behind() {
    for wrong in [Clock::advance as fn(&Clock, Duration), Clock::set_back] {
        let sandbox = Sandbox::start().unwrap();
        wrong(sandbox.clock(), Duration::from_secs(600));
        let client = client(&sandbox);
        let sent = client.send(sms()).await.unwrap().into_inner();
        assert_eq!(sandbox.messages().only().id(), sent.id.to_string());
        client.send(GetNotification::new(sent.id)).await.unwrap();
    }
}

#[test]
fn delivery_follows_the_clock() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.clock().freeze();
    assert_eq!(post_sms(&sandbox, "r").unwrap().status, 201);
    assert_eq!(sandbox.messages().only().status(), Status::Created);
    sandbox.clock().advance(Duration::from_secs(10));
    assert_eq!(sandbox.messages().only().status(), Status::Delivered);
}

#[test]
fn messages_are_forgotten_after_seven_days_of_that_clock() {
    let sandbox = Sandbox::start().unwrap();
    assert_eq!(post_sms(&sandbox, "old").unwrap().status, 201);
    sandbox.clock().advance(7 * DAY + Duration::from_secs(1));
    assert!(sandbox.messages().is_empty());
    let list = get(&sandbox, "/v2/notifications").unwrap();
    assert_eq!(crate::fixture::json(&list)["notifications"].as_array().unwrap().len(), 0);
}

#[test]
fn the_date_header_follows_that_clock() {
    let clock = Clock::frozen(SystemTime::UNIX_EPOCH + 365 * DAY);
    let sandbox = Sandbox::builder().clock(clock).start().unwrap();
    let answer = get(&sandbox, "/v2/templates").unwrap();
    assert_eq!((answer.status, answer.headers.get("Date")), (200, Some("Fri, 01 Jan 1971 00:00:00 GMT")));
}
