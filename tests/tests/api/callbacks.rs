//! What the service POSTs to others, as it was recorded.

use std::collections::BTreeSet;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use notify_http::callback::{Callback, CallbackError, CallbackToken};
use notify_tests::wire::{Exchange, Recording};
use serde_json::{Value, json};

fn recorded() -> Vec<Exchange> {
    let exchanges = Recording::gov_uk().unwrap().exchanges;
    exchanges.into_iter().filter(|exchange| exchange.answered_with.is_some()).collect()
}

fn headers(exchange: &Exchange) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &exchange.request.headers {
        let name: http::HeaderName = name.parse().unwrap();
        headers.append(name, value.parse().unwrap());
    }
    headers
}

fn body(exchange: &Exchange) -> Vec<u8> {
    exchange.request.body().unwrap().unwrap()
}

/// The token that the callback carries.
fn token(exchange: &Exchange) -> CallbackToken {
    let value = headers(exchange)[AUTHORIZATION].to_str().unwrap().to_owned();
    CallbackToken::new(value.strip_prefix("Bearer ").unwrap()).unwrap()
}

fn verified(exchange: &Exchange) -> Callback {
    token(exchange).verify(&headers(exchange), &body(exchange)).unwrap()
}

/// The JSON that says as much as the typed value, by hand.
fn told(callback: &Callback) -> Value {
    match callback {
        Callback::DeliveryReceipt(it) => json!({
            "id": it.id, "reference": it.reference, "to": it.to, "status": it.status,
            "created_at": it.created_at, "completed_at": it.completed_at, "sent_at": it.sent_at,
            "notification_type": it.notification_type, "template_id": it.template_id,
            "template_version": it.template_version,
        }),
        Callback::ReceivedText(it) => json!({
            "id": it.id, "source_number": it.source_number, "destination_number": it.destination_number,
            "message": it.message, "date_received": it.date_received,
        }),
        Callback::ReturnedLetter(it) => json!({
            "notification_id": it.notification_id, "reference": it.reference, "date_sent": it.date_sent,
            "sent_by": it.sent_by, "template_name": it.template_name, "template_id": it.template_id,
            "template_version": it.template_version, "spreadsheet_file_name": it.spreadsheet_file_name,
            "spreadsheet_row_number": it.spreadsheet_row_number,
            "upload_letter_file_name": it.upload_letter_file_name,
        }),
        Callback::Complaint(it) => json!({
            "notification_id": it.notification_id, "complaint_id": it.complaint_id,
            "reference": it.reference, "to": it.to, "complaint_date": it.complaint_date,
        }),
        other => panic!("{other:?} was never recorded"),
    }
}

#[test]
fn every_recorded_callback_is_read_whole() {
    let mut kinds = BTreeSet::new();
    for exchange in recorded() {
        let callback = verified(&exchange);
        let posted: Value = serde_json::from_slice(&body(&exchange)).unwrap();
        assert_eq!(told(&callback), posted, "{}", exchange.name);
        kinds.insert(callback.deduplication_key().split('/').next().unwrap().to_owned());
    }
    assert_eq!(Vec::from_iter(kinds), ["complaint", "delivery-receipt", "received-text", "returned-letter"]);
}

#[test]
fn repetitions_have_one_key_and_others_have_others() {
    let key_of = |exchange: &Exchange| verified(exchange).deduplication_key();
    let is_repetition = |exchange: &Exchange| exchange.name.ends_with("-attempt-2");
    let (again, first): (Vec<_>, Vec<_>) = recorded().into_iter().partition(is_repetition);
    let keys: BTreeSet<String> = first.iter().map(key_of).collect();
    assert_eq!(keys.len(), first.len());
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|exchange| keys.contains(&key_of(exchange))));
}

#[test]
fn without_its_token_nothing_of_a_callback_is_read() {
    let other = CallbackToken::new("another token altogether").unwrap();
    for exchange in recorded() {
        assert_eq!(other.verify(&headers(&exchange), b"not JSON"), Err(CallbackError::Unauthorized));
        assert_eq!(token(&exchange).verify(&HeaderMap::new(), b"not JSON"), Err(CallbackError::Unauthorized));
    }
}

#[test]
fn debug_shows_nobody() {
    let kim = "\"Kim\"";
    for exchange in recorded() {
        let mut posted: Value = serde_json::from_slice(&body(&exchange)).unwrap();
        let private = ["reference", "to", "source_number", "destination_number", "message", "sent_by"];
        for (_, value) in
            posted.as_object_mut().unwrap().iter_mut().filter(|(name, _)| private.contains(&&***name))
        {
            *value = json!("Kim");
        }
        let callback = Callback::from_json(posted.to_string().as_bytes()).unwrap();
        assert!(posted.to_string().contains(kim) && !format!("{callback:?}").contains(kim), "{callback:?}");
    }
}

#[test]
fn what_is_no_callback_is_refused_and_not_shown() {
    let read = |body: &str| Callback::from_json(body.as_bytes()).unwrap_err();
    for body in ["{}", r#"{"id": "secret"}"#] {
        assert_eq!(read(body), CallbackError::UnknownKind, "{body}");
    }
    for body in ["", "secret", "[\"secret\"]", r#"{"status": "secret"}"#, r#"{"status": {}, "id": "secret"}"#]
    {
        let error = read(body);
        assert!(matches!(error, CallbackError::Unreadable { .. }), "{body}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn a_status_that_is_new_is_kept() {
    let exchange = &recorded()[0];
    let body = String::from_utf8(body(exchange)).unwrap().replace("delivered", "eaten-by-dog");
    let Ok(Callback::DeliveryReceipt(receipt)) = Callback::from_json(body.as_bytes()) else {
        panic!("{body}")
    };
    assert_eq!(receipt.status.as_str(), "eaten-by-dog");
}
