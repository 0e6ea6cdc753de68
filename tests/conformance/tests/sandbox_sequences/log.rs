//! What a developer sees of requests: why they were refused, and nothing about people or keys.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::fixture::{Fixture, json};

/// A fixture, and the lines that it logs.
fn logged() -> (Fixture, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let sink = Arc::clone(&lines);
    let fixture = Fixture::watched_by(move |record| sink.lock().unwrap().push(record.to_string()));
    (fixture, lines)
}

#[test]
fn a_refusal_is_explained_so_that_a_developer_can_fix_it() {
    let (fixture, lines) = logged();
    let exchange = fixture.exchange("auth/ok-test-key");
    assert_eq!(fixture.ask(&exchange).status, 200);
    let token_of_now = fixture.request(&exchange);
    fixture.sandbox().clock().advance(Duration::from_secs(34));
    assert_eq!(fixture.send(&token_of_now).status, 403);
    let lines = lines.lock().unwrap();
    let last = lines.last().unwrap();
    assert!(
        last.contains(" 403 ") && last.contains("token is 34 s old; the clock of the sender is behind"),
        "{last}"
    );
}

#[test]
fn no_personal_data_of_a_request_is_logged() {
    let (fixture, lines) = logged();
    let body = r#"{"phone_number": ["07700900123"], "reference": 7700900123, "scheduled_for": "07700900123",
        "personalisation": "07700900123", "07700900123": 1}"#;
    let refused = fixture.call("main-test", "POST", "/v2/notifications/sms", body);
    assert!(json(&refused)["errors"].to_string().contains("7700900123"), "the answer does quote it");
    fixture.call("main-test", "GET", "/v2/notifications?reference=07700900123&status=07700900123", "");
    let sent = r#"{"phone_number": "07700900123", "template_id": "ac0864ff-acc8-4dd3-a1d0-34ce1fb8f955",
        "personalisation": {"name": "07700900123", "code": 1}}"#;
    assert_eq!(fixture.call("main-test", "POST", "/v2/notifications/sms", sent).status, 201);
    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), 3);
    for line in lines.iter() {
        assert!(!line.contains("7700900123"), "{line}");
    }
    assert!(lines[0].contains("template_id is a required property"), "{}", lines[0]);
}

#[test]
fn keys_appear_only_where_they_are_requested() {
    let (fixture, _) = logged();
    let keys = fixture.sandbox().keys();
    assert!(
        keys.iter().any(|key| key.label == "main-live") && keys.iter().all(|key| key.label != "main-revoked")
    );
    let shown = format!("{keys:?} {:?}", fixture.sandbox());
    for key in &keys {
        let secret = &key.api_key()[key.api_key().len() - 36..];
        assert!(!shown.contains(secret), "{shown}");
    }
}
