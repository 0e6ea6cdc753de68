//! The service's own rules, as its published source and the recordings show them.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use notify_testkit::service::answer;
use serde_json::{Value, json};

use crate::{START, TEMPLATE};

/// What says whether a message comes too fast.
pub(crate) trait Limiter {
    fn accepts(&mut self, at: Duration) -> bool;
}

/// GC Notify's limit: this many messages in the last minute, including refused ones
/// (docs/service-behaviour.md#common-to-the-siblings).
pub(crate) struct RollingMinute {
    limit: usize,
    came: VecDeque<Duration>,
}

impl RollingMinute {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, came: VecDeque::new() }
    }
}

impl Limiter for RollingMinute {
    fn accepts(&mut self, at: Duration) -> bool {
        while self.came.front().is_some_and(|came| *came + Duration::from_secs(60) <= at) {
            self.came.pop_front();
        }
        self.came.push_back(at);
        self.came.len() <= self.limit
    }
}

/// The service's token bucket: whole tokens, one taken by every request, none given back for a refusal.
pub(crate) struct ServiceBucket {
    rate: f64,
    most: f64,
    tokens: f64,
    replenished: f64,
}

impl ServiceBucket {
    pub(crate) fn full(limit: u32) -> Self {
        let most = (f64::from(limit) / 3.0).ceil() + 1.0;
        let most = most.min(1_000.0);
        Self { rate: f64::from(limit) / 60.0, most, tokens: most, replenished: 0.0 }
    }

    pub(crate) fn empty(limit: u32) -> Self {
        Self { tokens: 0.0, ..Self::full(limit) }
    }
}

impl Limiter for ServiceBucket {
    fn accepts(&mut self, at: Duration) -> bool {
        let came = ((at.as_secs_f64() - self.replenished).max(0.0) * self.rate).floor();
        self.tokens = (self.tokens + came).min(self.most);
        self.tokens = (self.tokens - 1.0).max(0.0);
        self.replenished += came / self.rate;
        self.tokens >= 1.0
    }
}

#[test]
fn the_simulated_bucket_behaves_as_the_recorded_one() {
    // A limit of 3 a minute: a burst of one, then one every 20 seconds to whoever waits long enough.
    let mut bucket = ServiceBucket::full(3);
    let mut accepts = |at: u64| bucket.accepts(Duration::from_secs(at));
    assert_eq!([0, 0, 0].map(&mut accepts), [true, false, false]);
    assert_eq!([18, 36, 54, 72].map(&mut accepts), [false; 4]);
    assert!(accepts(114));
    let mut bucket = ServiceBucket::full(3_000);
    assert_eq!((0..2_000).filter(|_| bucket.accepts(Duration::ZERO)).count(), 999);
}

/// What the service answers to a message it takes.
pub(crate) fn created(reference: Option<&str>) -> Response<Bytes> {
    let id = "c3c56b78-5cd6-40db-a6e2-ff640bfd498d";
    respond(
        201,
        json!({
            "id": id, "reference": reference, "uri": format!("https://localhost/v2/notifications/{id}"),
            "content": {"body": "b", "subject": "s", "from_number": "f"}, "scheduled_for": null, "postage": "second",
            "template": {"id": TEMPLATE, "version": 1, "uri": "https://localhost/t"},
        })
        .to_string(),
    )
}

/// A message as a list shows it that was created then.
pub(crate) fn created_at(message: &Value, created: Duration) -> Value {
    let microseconds = i64::try_from((START + created).as_micros()).unwrap();
    let created_at = jiff::Timestamp::from_microsecond(microseconds).unwrap();
    let mut message = message.clone();
    message["created_at"] = json!(format!("{created_at:.6}"));
    message
}

pub(crate) fn page(messages: &[Value]) -> Response<Bytes> {
    // As the service, which repeats the query. (What is looked up here is mostly called `mine`.)
    let current = "https://localhost/v2/notifications?reference=mine";
    respond(200, answer::page(messages, current).to_string())
}

pub(crate) fn error(status: u16, class: &str, message: &str) -> Response<Bytes> {
    respond(status, answer::error(status, class, message))
}

pub(crate) fn rate_limited(limit: u32) -> Response<Bytes> {
    error(429, "RateLimitError", &answer::RATE_LIMIT.replace("3000", &limit.to_string()))
}

fn respond(status: u16, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}
