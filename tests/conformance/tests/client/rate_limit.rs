//! Waiting for a turn, which may come sooner than predicted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use notify_http::{
    Client, DeadlineExceeded, PermitRequest, RateLimiter, Reservation, Throttled, TokenBucket, blocking,
};
use tokio::task::JoinSet;

use crate::fake::{Fake, response};
use crate::{KEY, SENT, message};

fn taking_all() -> Fake {
    Fake::new(|_, _| Ok(response(201, SENT)))
}

#[tokio::test]
async fn futures_dropped_while_waiting_hold_up_no_others() {
    let fake = taking_all();
    let client = Client::builder(KEY)
        .transport(fake.clone())
        .rate_limiter(TokenBucket::per_minute(600))
        .build()
        .unwrap();
    let mut calls = JoinSet::new();
    let handles: Vec<_> = (0..200)
        .map(|_| {
            let client = client.clone();
            calls.spawn(async move { client.send(message()).await.map(drop) })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = Instant::now();
    // All except the last twenty.
    handles[..180].iter().for_each(tokio::task::AbortHandle::abort);
    let mut done = 0;
    while let Some(call) = calls.join_next().await {
        if let Ok(sent) = call {
            sent.unwrap();
            done += 1;
        }
    }
    assert!(done >= 20, "{done}");
    assert!(began.elapsed() < Duration::from_millis(2_600), "{:?}", began.elapsed());
}

/// A custom rate limiter, which first predicts a long wait and then grants the turn at once.
#[derive(Debug, Clone, Default)]
struct Opening(Arc<AtomicBool>);

impl Opening {
    fn soon(&self) {
        let is_open = Arc::clone(&self.0);
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(300));
            is_open.store(true, Ordering::Relaxed);
        });
    }
}

impl RateLimiter for Opening {
    fn reserve(&self, request: PermitRequest, _: Duration) -> Result<Reservation, DeadlineExceeded> {
        Ok(Reservation { priority: request.priority, number: 0.0 })
    }

    fn wait(&self, _: Reservation, _: Duration) -> Duration {
        if self.0.load(Ordering::Relaxed) { Duration::ZERO } else { Duration::from_secs(60) }
    }

    fn release(&self, _: Reservation) {}

    fn refused(&self, _: Throttled, _: Duration) {}
}

#[tokio::test]
async fn a_turn_that_comes_sooner_than_a_custom_rate_limiter_predicted_is_taken() {
    let rate_limiter = Opening::default();
    let client =
        Client::builder(KEY).transport(taking_all()).rate_limiter(rate_limiter.clone()).build().unwrap();
    rate_limiter.soon();
    let began = Instant::now();
    client.send(message()).await.unwrap();
    let took = began.elapsed();
    assert!(took > Duration::from_millis(200) && took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn the_blocking_client_takes_it_too() {
    let rate_limiter = Opening::default();
    let client = blocking::Client::builder(KEY)
        .transport(taking_all())
        .rate_limiter(rate_limiter.clone())
        .build()
        .unwrap();
    rate_limiter.soon();
    let began = Instant::now();
    client.send(message()).unwrap();
    let took = began.elapsed();
    assert!(took > Duration::from_millis(200) && took < Duration::from_secs(2), "{took:?}");
}
