//! The client over `notify-http`: what each answer means for the message and for those that come next.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Method, Request, Response};
use notify_http::{Cause, Limits, ResponseFuture, Service, Transport, TransportError};
use notify_outbox::{Claim, Client as _, Holder, NotifyClient, Obstacle, Outcome, RowId, SendOutcome, Task};

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
const ID: &str = "740e5834-3a29-46b4-9a6f-16142fde533b";
const GOV_UK: &str = "https://api.notifications.service.gov.uk";

type Reply = Result<Response<Bytes>, TransportError>;

/// What is answered to a request, which is the so many-th.
type Replies = dyn Fn(&Request<Bytes>, usize) -> Reply + Send + Sync;

/// A network that answers as it is told, and remembers what was asked.
#[derive(Clone)]
struct Network {
    replies: Arc<Replies>,
    requests: Arc<Mutex<Vec<(Method, String)>>>,
    count: Arc<AtomicUsize>,
}

impl Network {
    fn new(replies: impl Fn(&Request<Bytes>, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self { replies: Arc::new(replies), requests: Arc::default(), count: Arc::default() }
    }

    fn client(&self, base_url: &str) -> NotifyClient {
        let client = notify_http::Client::builder(KEY).base_url(base_url).transport(self.clone()).build();
        NotifyClient::new(client.expect("the settings are good"))
    }

    fn posts(&self) -> usize {
        self.requests.lock().unwrap().iter().filter(|(method, _)| method == Method::POST).count()
    }

    fn lookups(&self) -> usize {
        self.requests.lock().unwrap().iter().filter(|(method, _)| method == Method::GET).count()
    }
}

impl Transport for Network {
    fn send(&self, request: Request<Bytes>, _: Limits) -> ResponseFuture<'_> {
        let seen = (request.method().clone(), request.uri().to_string());
        self.requests.lock().unwrap().push(seen);
        let reply = (self.replies)(&request, self.count.fetch_add(1, Ordering::Relaxed));
        ResponseFuture::new(std::future::ready(reply))
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[expect(clippy::unnecessary_wraps, reason = "a reply may be none")]
fn answer(status: u16, body: impl Into<String>) -> Reply {
    Ok(Response::builder().status(status).body(Bytes::from(body.into())).unwrap())
}

fn refusal(status: u16, error: &str, message: &str) -> Reply {
    answer(
        status,
        format!(r#"{{"status_code":{status},"errors":[{{"error":"{error}","message":"{message}"}}]}}"#),
    )
}

fn created() -> Reply {
    answer(
        201,
        format!(
            r#"{{"id":"{ID}","reference":"r","content":{{"body":"b"}},"uri":"","template":{{"id":"{TEMPLATE}","version":1,"uri":""}}}}"#
        ),
    )
}

fn page(messages: &str) -> Reply {
    let current = "https://api.notifications.service.gov.uk/v2/notifications?template_type=sms&reference=r";
    answer(200, format!(r#"{{"notifications":[{messages}],"links":{{"current":"{current}"}}}}"#))
}

fn listed(recipient: &str) -> String {
    format!(
        r#"{{"id":"{ID}","reference":"r","type":"sms","status":"delivered","phone_number":"{recipient}","body":"",
            "template":{{"id":"{TEMPLATE}","version":1,"uri":""}},"created_at":"2026-11-23T10:40:54.000000Z"}}"#
    )
}

fn claim_for(task: Task, payload: &str) -> Claim {
    Claim {
        row: RowId(1),
        reference: "r".to_owned(),
        attempt: 1,
        holder: Holder::random(),
        task,
        tag: Vec::new(),
        payload: Some(payload.as_bytes().to_vec()),
    }
}

fn sms(recipient: &str) -> String {
    format!(r#"{{"type":"sms","template_id":"{TEMPLATE}","phone_number":"{recipient}"}}"#)
}

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

async fn look_up(
    base_url: &str,
    sent_by: u64,
    recipient: &str,
    replies: impl Fn(&Request<Bytes>, usize) -> Reply + Send + Sync + 'static,
) -> (Outcome, Network) {
    let network = Network::new(replies);
    let claim = claim_for(Task::LookUp { sent_by }, &sms(recipient));
    (network.client(base_url).look_up(claim, sent_by).await, network)
}

fn lost() -> Reply {
    Err(TransportError::Lost(Cause::new("reset")))
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

#[tokio::test]
async fn a_message_that_is_listed_is_found_soon() {
    let (outcome, network) =
        look_up(GOV_UK, now() + 20, "07900 900123", |_, _| page(&listed("+447900900123"))).await;
    assert_eq!(outcome, Outcome::Sent { id: ID.to_owned() });
    assert_eq!((network.posts(), network.lookups()), (0, 1));
}

#[tokio::test]
async fn a_message_is_absent_when_two_lookups_past_the_fence_are_empty_and_not_before() {
    let (outcome, network) = look_up(GOV_UK, now() - 300, "+447900900123", |_, _| page("")).await;
    assert_eq!((outcome, network.posts(), network.lookups()), (Outcome::Absent, 0, 2));
    // Before the fence one look is enough for now; the next comes soon, and the last when it can prove absence.
    for (age, pause) in [(0, 30), (30, 40), (64, 33), (90, 7)] {
        let (before, sent_by) = (now(), now() - age);
        let (outcome, network) = look_up(GOV_UK, sent_by, "+447900900123", |_, _| page("")).await;
        let Outcome::StillInDoubt { look_at } = outcome else { panic!("{age}: {outcome:?}") };
        // The look itself takes a second, and another may begin meanwhile.
        assert!((before + pause..=before + pause + 3).contains(&look_at), "{age}: {}", look_at - before);
        assert!(look_at <= sent_by + 97, "{age}");
        assert_eq!((network.posts(), network.lookups()), (0, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lookup_that_fails_proves_nothing() {
    for number in 0..6 {
        let (outcome, network) = look_up(GOV_UK, now() - 300, "+447900900123", move |_, _| match number {
            0 => lost(),
            1 => refusal(
                429,
                "RateLimitError",
                "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
            ),
            2 => refusal(500, "Exception", "Internal server error"),
            3 => answer(200, "<html>"),
            4 => answer(
                200,
                r#"{"notifications":[],"links":{"current":"https://x/v2/notifications?reference=s"}}"#,
            ),
            _ => Err(TransportError::NotSent(Cause::new("no route"))),
        })
        .await;
        assert!(matches!(outcome, Outcome::StillInDoubt { .. }), "{number} {outcome:?}");
        assert_eq!(network.posts(), 0, "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_no_lookup_proves_absence_the_doubt_stays() {
    for base_url in ["https://api.notification.canada.ca", "https://gateway.example"] {
        let (outcome, network) = look_up(base_url, now() - 300, "+447900900123", |_, _| {
            answer(200, r#"{"notifications":[],"links":{"current":"https://x/v2/notifications?template_type=sms&reference=r"}}"#)
        })
        .await;
        assert!(matches!(outcome, Outcome::StillInDoubt { .. }), "{base_url} {outcome:?}");
        assert_eq!(network.posts(), 0);
    }
    // Whoever knows better says so once, for the sends and the lookups.
    let network = Network::new(|_, _| page(""));
    let builder = notify_http::Client::builder(KEY).transport(network.clone());
    let builder = builder.base_url("https://gateway.example").service(Service::notify_gov_au());
    let client = NotifyClient::new(builder.build().unwrap());
    let claim = claim_for(Task::LookUp { sent_by: now() - 300 }, &sms("+447900900123"));
    assert!(matches!(client.look_up(claim, now() - 300).await, Outcome::StillInDoubt { .. }));
}

#[tokio::test]
async fn what_the_service_never_lists_is_for_a_person() {
    let (outcome, network) = look_up(GOV_UK, now() - 300, "07700900111", |_, _| page("")).await;
    let Outcome::NeedsPerson { reason } = outcome else { panic!("{outcome:?}") };
    assert_eq!(reason, "the service never lists messages to this recipient");
    assert_eq!((network.posts(), network.lookups()), (0, 0));
    // So it is with what is kept no more.
    let claim = Claim { payload: None, ..claim_for(Task::LookUp { sent_by: now() }, "") };
    let outcome = network.client(GOV_UK).look_up(claim, now()).await;
    assert!(matches!(outcome, Outcome::NeedsPerson { .. }));
}

#[test]
fn debug_shows_no_secret() {
    let network = Network::new(|_, _| created());
    let shown = format!("{:?}", network.client(GOV_UK));
    assert!(!shown.contains("3d844edf") && !shown.contains("ab16"), "{shown}");
}
