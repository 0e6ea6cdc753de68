//! Replacing the key of a running client.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use jsonwebtoken::crypto::rust_crypto;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use notify_http::{Client, RateLimiter, Unlimited};
use notify_testkit::http1::{RawRequest, ScriptedServer};
use tokio::task::JoinSet;

use crate::fake::{Fake, refusal, response};
use crate::server::whole;
use crate::{KEY, SECRET, SENT, SERVICE, message};

const NEW_SECRET: &str = "5a8a1b2c-8d35-48ac-975b-e847b4f122b0";

fn new_key() -> String {
    format!("new-{SERVICE}-{NEW_SECRET}")
}

fn is_signed_with(secret: &str, authorization: &str) -> bool {
    // The benchmarks bring another backend into the same build, and jsonwebtoken does not choose between two. An error
    // means that one is chosen already.
    let _ = rust_crypto::DEFAULT_PROVIDER.install_default();
    let token = authorization.strip_prefix("Bearer ").unwrap();
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    jsonwebtoken::decode::<serde_json::Value>(
        token,
        &DecodingKey::from_secret(secret.as_bytes()),
        &validation,
    )
    .is_ok()
}

fn authorization(request: &RawRequest) -> &str {
    request.headers.get("Authorization").unwrap()
}

#[tokio::test]
async fn no_call_is_lost_when_the_key_is_replaced_under_load() {
    const TASKS: usize = 16;
    let revoked = Arc::new(AtomicBool::new(false));
    let server = ScriptedServer::start({
        let revoked = Arc::clone(&revoked);
        move |request| {
            std::thread::sleep(Duration::from_millis(5));
            let old = is_signed_with(SECRET, authorization(request));
            assert!(old || is_signed_with(NEW_SECRET, authorization(request)));
            if old && revoked.load(Ordering::SeqCst) { whole(403, "{}") } else { whole(201, SENT) }
                .into_bytes()
        }
    })
    .unwrap();
    let client = Client::builder(KEY).base_url(server.url()).rate_limiter(Unlimited).build().unwrap();
    let (sent, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let (client, sent, stop) = (client.clone(), Arc::clone(&sent), Arc::clone(&stop));
        tasks.spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                client.send(message()).await.unwrap();
                sent.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    let some_more = async || {
        let before = sent.load(Ordering::SeqCst);
        let come_round = async {
            while sent.load(Ordering::SeqCst) < before + 4 * TASKS {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), come_round).await.expect("the tasks go on sending");
    };
    some_more().await;
    client.replace_key(new_key()).unwrap();
    // Once each task has come round again, the calls that were in flight have ended.
    some_more().await;
    revoked.store(true, Ordering::SeqCst);
    some_more().await;
    stop.store(true, Ordering::SeqCst);
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests.len(), sent.load(Ordering::SeqCst), "each was sent once, and taken");
    assert!(is_signed_with(SECRET, authorization(&requests[0])));
    assert!(is_signed_with(NEW_SECRET, authorization(requests.last().unwrap())));
}

/// Delays the first message.
#[derive(Debug)]
struct Slow;

impl RateLimiter for Slow {
    fn reserve(
        &self,
        request: notify_http::PermitRequest,
        now: Duration,
    ) -> Result<notify_http::Reservation, notify_http::DeadlineExceeded> {
        Ok(notify_http::Reservation { priority: request.priority, number: now.as_secs_f64() + 0.3 })
    }

    fn wait(&self, slot: notify_http::Reservation, now: Duration) -> Duration {
        Duration::from_secs_f64((slot.number - now.as_secs_f64()).max(0.0))
    }

    fn release(&self, _: notify_http::Reservation) {}

    fn refused(&self, _: notify_http::Throttled, _: Duration) {}
}

const TOO_FAST: &str = r#"{"status_code":429,"errors":[{"error":"RateLimitError","message":"Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"}]}"#;

#[tokio::test]
async fn a_waiting_call_switches_to_the_new_key() {
    // One waits for its turn, the other for its retry.
    for (slow, attempts) in [(true, 1), (false, 2)] {
        let server = ScriptedServer::start({
            let requests = AtomicUsize::new(0);
            move |_| {
                let is_refused = !slow && requests.fetch_add(1, Ordering::SeqCst) == 0;
                if is_refused { whole(429, TOO_FAST) } else { whole(201, SENT) }.into_bytes()
            }
        })
        .unwrap();
        let builder = Client::builder(KEY).base_url(server.url());
        let client =
            if slow { builder.rate_limiter(Slow) } else { builder.rate_limiter(Unlimited) }.build().unwrap();
        let call = tokio::spawn({
            let client = client.clone();
            async move { client.send(message()).await }
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        client.replace_key(new_key()).unwrap();
        assert_eq!(call.await.unwrap().unwrap().raw().attempts(), attempts);
        assert!(is_signed_with(NEW_SECRET, authorization(server.requests().last().unwrap())));
    }
}

#[tokio::test]
async fn a_damaged_key_changes_nothing() {
    let fake = Fake::new(|_, request| {
        let authorization = request.headers()["authorization"].to_str().unwrap();
        Ok(if is_signed_with(SECRET, authorization) {
            response(201, SENT)
        } else {
            refusal(403, "AuthError", "Invalid token: API key not found")
        })
    });
    let client = Client::builder(KEY).transport(fake).build().unwrap();
    let error = client.replace_key("new-5a8a1b2c").unwrap_err();
    assert!(!error.to_string().contains("5a8a1b2c"), "{error}");
    client.send(message()).await.unwrap();
}

#[test]
fn the_blocking_client_and_all_clones_switch_too() {
    let fake = Fake::new(|number, request| {
        let authorization = request.headers()["authorization"].to_str().unwrap();
        assert!(is_signed_with(if number == 0 { SECRET } else { NEW_SECRET }, authorization));
        Ok(response(201, SENT))
    });
    let client = notify_http::blocking::Client::builder(KEY).transport(fake).build().unwrap();
    let clone = client.urgent();
    clone.send(message()).unwrap();
    client.replace_key(new_key()).unwrap();
    clone.send(message()).unwrap();
}
