//! A send: what each answer means for the message and for those that come next.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::Request;
use notify_http::{Cause, TransportError};
use notify_outbox::{Client as _, NotifyClient, Obstacle, Outcome, SendOutcome, Task};

use super::{GOV_UK, ID, KEY, Network, Reply, TEMPLATE, answer, claim_for, created, lost, now, refusal, sms};

async fn send_with(client: &NotifyClient) -> SendOutcome {
    let leave_by = now() + 30;
    client.send(claim_for(Task::Send { leave_by }, &sms("+447900900123")), leave_by).await
}

async fn send(
    replies: impl Fn(&Request<Bytes>, usize) -> Reply + Send + Sync + 'static,
) -> (SendOutcome, Network) {
    let network = Network::new(replies);
    let attempted = send_with(&network.client(GOV_UK)).await;
    (attempted, network)
}

#[tokio::test]
async fn what_the_service_took_is_sent() {
    let (attempted, network) = send(|_, _| created()).await;
    assert_eq!(attempted, SendOutcome::alone(Outcome::Sent { id: ID.to_owned() }));
    assert_eq!(network.posts(), 1);
}

#[tokio::test]
async fn what_did_not_reach_the_service_is_ready_again() {
    let (attempted, network) = send(|_, _| Err(TransportError::NotSent(Cause::new("no route")))).await;
    assert!(matches!(attempted.outcome, Outcome::NotSent { .. }));
    assert!(matches!(attempted.obstacle, Some(Obstacle::Blocked { .. })));
    assert_eq!(network.posts(), 1, "the outbox itself tries again");
}

#[tokio::test]
async fn an_answer_that_is_lost_or_not_the_service_s_leaves_the_message_in_doubt() {
    for number in 0..8 {
        let (attempted, network) = send(move |_, _| match number {
            0 => lost(),
            1 => refusal(500, "Exception", "Internal server error"),
            2 => answer(502, "<html>bad gateway</html>"),
            3 => answer(403, "<html>blocked</html>"),
            4 => answer(429, "slow down"),
            5 => answer(201, r#"{"id":"740e5834"#),
            6 => answer(201, "{}"),
            _ => refusal(503, "E", "m"),
        })
        .await;
        assert_eq!(attempted, SendOutcome::alone(Outcome::InDoubt), "{number}");
        // No second try, and no lookup by the call itself.
        assert_eq!((network.posts(), network.lookups()), (1, 0), "{number}");
    }
}

#[tokio::test]
async fn after_its_claim_no_token_is_minted() {
    let network = Network::new(|_, _| created());
    let client = network.client(GOV_UK);
    let leave_by = now() - 2;
    let attempted = client.send(claim_for(Task::Send { leave_by }, &sms("+447900900123")), leave_by).await;
    assert!(matches!(attempted.outcome, Outcome::NotSent { .. }), "{attempted:?}");
    assert_eq!((attempted.obstacle, network.posts()), (None, 0));
}

#[tokio::test]
async fn what_the_service_refuses_for_what_it_is_has_failed_and_names_no_one() {
    let message = "phone_number Not enough digits";
    let (attempted, _) = send(move |_, _| refusal(400, "ValidationError", message)).await;
    let Outcome::Failed { reason } = &attempted.outcome else { panic!("{attempted:?}") };
    assert!(reason.contains("Not enough digits") && reason.ends_with("; correct the recipient"), "{reason}");
    let echo = "can not send to +447900900123";
    let (attempted, _) = send(move |_, _| refusal(400, "BadRequestError", echo)).await;
    let Outcome::Failed { reason } = attempted.outcome else { panic!("{attempted:?}") };
    assert!(!reason.contains("900123"), "{reason}");
}

#[tokio::test]
async fn a_refused_key_does_not_fail_a_message() {
    let network = Network::new(|_, number| {
        if number == 0 { refusal(403, "AuthError", "Invalid token: API key revoked") } else { created() }
    });
    let client = network.client(GOV_UK);
    let attempted = send_with(&client).await;
    assert!(matches!(attempted.outcome, Outcome::NotSent { .. }), "{attempted:?}");
    assert!(matches!(attempted.obstacle, Some(Obstacle::Blocked { .. })));
    client.inner().replace_key(KEY.replace("3d844edf", "5a8a1b2c")).unwrap();
    assert!(matches!(send_with(&client).await.outcome, Outcome::Sent { .. }));
}

#[tokio::test]
async fn a_message_too_fast_is_ready_again_a_little_later() {
    let message = "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds";
    let (attempted, network) = send(move |_, _| refusal(429, "RateLimitError", message)).await;
    let Outcome::NotSent { not_before } = attempted.outcome else { panic!("{attempted:?}") };
    assert!(not_before > now() - 1 && not_before <= now() + 2);
    assert!(matches!(attempted.obstacle, Some(Obstacle::Throttled { seconds: 1..=2 })));
    assert_eq!(network.posts(), 1);
}

#[tokio::test]
async fn a_daily_limit_postpones_all_messages_of_its_kind() {
    let network = Network::new(|request, _| {
        if request.uri().path().ends_with("sms") {
            refusal(429, "TooManyRequestsError", "Exceeded send limits (sms: 50) for today")
        } else {
            created()
        }
    });
    let client = network.client(GOV_UK);
    let midnight = (now() / 86_400 + 1) * 86_400;
    for _ in 0..3 {
        let attempted = send_with(&client).await;
        assert_eq!(attempted, SendOutcome::alone(Outcome::NotSent { not_before: midnight }));
    }
    // Only the first was tried.
    assert_eq!(network.posts(), 1);
    let leave_by = now() + 30;
    let email = format!(r#"{{"type":"email","template_id":"{TEMPLATE}","email_address":"kim@example.com"}}"#);
    let attempted = client.send(claim_for(Task::Send { leave_by }, &email), leave_by).await;
    assert!(matches!(attempted.outcome, Outcome::Sent { .. }), "{attempted:?}");
}

#[tokio::test]
async fn a_clock_that_is_an_hour_off_is_learnt_and_the_message_sent_within_a_new_claim() {
    for ahead in [-3_600_i64, 3_600] {
        let network = Network::new(move |request, _| {
            let service = now().saturating_add_signed(-ahead);
            if signed_for(request).abs_diff(service) > 30 {
                let mut refused = refusal(
                    403,
                    "AuthError",
                    "Error: Your system clock must be accurate to within 30 seconds",
                )?;
                let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(service));
                refused.headers_mut().insert("date", date.parse().unwrap());
                return Ok(refused);
            }
            created()
        });
        let client = network.client(GOV_UK);
        // The claim was made by the wrong clock: a token for the right time may not be within it.
        let first = send_with(&client).await.outcome;
        assert!(matches!(first, Outcome::NotSent { .. } | Outcome::Sent { .. }), "{first:?}");
        let service = now().saturating_add_signed(-ahead);
        assert!(client.now().abs_diff(service) <= 1, "{}", client.now());
        let leave_by = client.now() + 30;
        let claim = claim_for(Task::Send { leave_by }, &sms("+447900900123"));
        let second = client.send(claim, leave_by).await.outcome;
        assert_eq!(second, Outcome::Sent { id: ID.to_owned() });
    }
}

/// The `iat` of a request's token.
fn signed_for(request: &Request<Bytes>) -> u64 {
    use base64ct::Encoding as _;
    let token = request.headers()["authorization"].to_str().unwrap();
    let claims = base64ct::Base64UrlUnpadded::decode_vec(token.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    claims["iat"].as_u64().unwrap()
}

#[tokio::test]
async fn a_payload_that_cannot_be_read_fails_and_names_no_one() {
    let network = Network::new(|_, _| created());
    let client = network.client(GOV_UK);
    for payload in ["{", "[]", r#"{"type":"sms","phone":"+447900900123"}"#, r#"{"type":"fax"}"#] {
        let attempted =
            client.send(claim_for(Task::Send { leave_by: now() + 30 }, payload), now() + 30).await;
        let Outcome::Failed { reason } = attempted.outcome else { panic!("{payload}") };
        assert!(!reason.contains("900123"), "{reason}");
    }
    assert_eq!(network.posts(), 0);
}
