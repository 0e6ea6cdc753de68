//! A lookup: what each answer proves.

use bytes::Bytes;
use http::Request;
use notify_http::{Cause, Service, TransportError};
use notify_outbox::{Claim, Client as _, NotifyClient, Outcome, Task};

use super::{GOV_UK, ID, KEY, Network, Reply, TEMPLATE, answer, claim_for, lost, now, refusal, sms};

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
    // Before the fence, one lookup is enough. The next comes soon, and the last when it can prove absence.
    for (age, pause) in [(0, 30), (30, 40), (64, 33), (90, 7)] {
        let (before, sent_by) = (now(), now() - age);
        let (outcome, network) = look_up(GOV_UK, sent_by, "+447900900123", |_, _| page("")).await;
        let Outcome::StillInDoubt { look_at } = outcome else { panic!("{age}: {outcome:?}") };
        // The lookup itself takes a second, and another may begin meanwhile.
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
    // The same goes for a message whose payload is gone.
    let claim = Claim { payload: None, ..claim_for(Task::LookUp { sent_by: now() }, "") };
    let outcome = network.client(GOV_UK).look_up(claim, now()).await;
    assert!(matches!(outcome, Outcome::NeedsPerson { .. }));
}
