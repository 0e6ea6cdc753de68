//! The service's callbacks, as recorded.

use std::collections::BTreeSet;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use notify_http::callback::{Callback, CallbackError, CallbackSecret, CallbackToken};
use notify_http::{gc, va};
use notify_testkit::wire::{Exchange, Recording};
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

/// The token in the callback.
fn token(exchange: &Exchange) -> CallbackToken {
    let value = headers(exchange)[AUTHORIZATION].to_str().unwrap().to_owned();
    CallbackToken::new(value.strip_prefix("Bearer ").unwrap()).unwrap()
}

fn verified(exchange: &Exchange) -> Callback {
    token(exchange).verify(&headers(exchange), &body(exchange)).unwrap()
}

/// The JSON with the same content as the typed value, written by hand.
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
fn every_field_of_every_recorded_callback_is_read() {
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
fn only_repetitions_of_a_callback_share_a_key() {
    let key_of = |exchange: &Exchange| verified(exchange).deduplication_key();
    let is_repetition = |exchange: &Exchange| exchange.name.ends_with("-attempt-2");
    let (again, first): (Vec<_>, Vec<_>) = recorded().into_iter().partition(is_repetition);
    let keys: BTreeSet<String> = first.iter().map(key_of).collect();
    assert_eq!(keys.len(), first.len());
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|exchange| keys.contains(&key_of(exchange))));
}

#[test]
fn a_callback_without_its_token_is_not_read() {
    let other = CallbackToken::new("another token altogether").unwrap();
    for exchange in recorded() {
        assert_eq!(other.verify(&headers(&exchange), b"not JSON"), Err(CallbackError::Unauthorized));
        assert_eq!(token(&exchange).verify(&HeaderMap::new(), b"not JSON"), Err(CallbackError::Unauthorized));
    }
}

#[test]
fn debug_shows_no_personal_data() {
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
fn anything_but_a_callback_is_refused_and_not_shown() {
    let read = |body: &str| Callback::from_json(body.as_bytes()).unwrap_err();
    for body in ["{}", r#"{"id": "secret"}"#] {
        assert_eq!(read(body), CallbackError::UnknownKind, "{body}");
    }
    for body in
        [" ", "secret", "[\"secret\"]", r#"{"status": "secret"}"#, r#"{"status": {}, "id": "secret"}"#]
    {
        let error = read(body);
        assert!(matches!(error, CallbackError::Unreadable { .. }), "{body}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn an_unknown_status_is_kept() {
    let exchange = &recorded()[0];
    let body = String::from_utf8(body(exchange)).unwrap().replace("delivered", "eaten-by-dog");
    let Ok(Callback::DeliveryReceipt(receipt)) = Callback::from_json(body.as_bytes()) else {
        panic!("{body}")
    };
    assert_eq!(receipt.status.as_str(), "eaten-by-dog");
}

/// What the siblings post, without what GOV.UK Notify does not post.
fn posted_by_siblings() -> Vec<Exchange> {
    let all =
        [Recording::au(), Recording::gc(), Recording::va()].into_iter().flat_map(|it| it.unwrap().exchanges);
    // Redirects that were followed are requests without a body.
    all.filter(|exchange| exchange.answered_with.is_some() && exchange.request.method == "POST").collect()
}

#[test]
fn the_callback_fields_that_siblings_share_with_gov_uk_are_read() {
    let mut kinds = BTreeSet::new();
    for exchange in posted_by_siblings() {
        let bytes = body(&exchange);
        let posted: Value = serde_json::from_slice(&bytes).unwrap();
        let callback =
            Callback::from_json(&bytes).unwrap_or_else(|error| panic!("{}: {error}", exchange.name));
        for (name, told) in told(&callback).as_object().unwrap() {
            let posted = posted.get(name).unwrap_or(&Value::Null);
            assert_eq!(told, posted, "{} of {}", name, exchange.name);
        }
        let service = exchange.name.split('/').next().unwrap();
        kinds.insert(format!("{service} {}", callback.deduplication_key().split('/').next().unwrap()));
    }
    for kind in [
        "au delivery-receipt",
        "au received-text",
        "gc delivery-receipt",
        "va complaint",
        "va delivery-receipt",
        "va received-text",
    ] {
        assert!(kinds.contains(kind), "{kind} is none of {kinds:?}");
    }
}

/// The receipts of VA Notify that carry a signature, with the secret of the key that signed them.
fn signed() -> Vec<(Exchange, String)> {
    let recording = Recording::va().unwrap();
    let world = &recording.world;
    let signed = recording.exchanges.iter().filter_map(|exchange| {
        let label = exchange.signature.as_ref()?["key"].as_str()?;
        Some((exchange.clone(), world.key(label).unwrap().secret.clone()))
    });
    signed.collect()
}

#[test]
fn each_recorded_signature_is_verified_and_none_of_another_key() {
    let other = CallbackSecret::new("another secret").unwrap();
    let mut posted = 0;
    for (exchange, secret) in signed() {
        let secret = CallbackSecret::new(&secret).unwrap();
        let (headers, body) = (headers(&exchange), exchange.request.body().unwrap().unwrap_or_default());
        let verified = secret.verify(&headers, &body);
        if exchange.request.method == "GET" {
            // A redirect took the body away.
            assert_eq!(verified, Err(CallbackError::Empty), "{}", exchange.name);
            continue;
        }
        let Ok(Callback::DeliveryReceipt(receipt)) = verified else {
            panic!("{}: {verified:?}", exchange.name)
        };
        posted += 1;
        let fields: Value = serde_json::from_slice(&body).unwrap();
        let added: va::ReceiptFields = Callback::added(&body).unwrap();
        assert_eq!(json!([receipt.id, receipt.to]), json!([fields["id"], fields["to"]]));
        assert_eq!(
            json!([added.status_reason, added.provider]),
            json!([fields["status_reason"], fields["provider"]])
        );
        assert_eq!(other.verify(&headers, &body), Err(CallbackError::Unauthorized));
        assert_eq!(secret.verify(&HeaderMap::new(), &body), Err(CallbackError::Unauthorized));
    }
    assert!(posted >= 27, "{posted}");
}

#[test]
fn a_signed_receipt_with_anything_changed_is_refused() {
    let (exchange, secret) =
        signed().into_iter().find(|(exchange, _)| exchange.request.method == "POST").unwrap();
    let (secret, headers) = (CallbackSecret::new(&secret).unwrap(), headers(&exchange));
    let body = String::from_utf8(body(&exchange)).unwrap();
    assert!(secret.verify(&headers, body.as_bytes()).is_ok());
    // White space is not signed.
    assert!(secret.verify(&headers, body.replace(", ", ",\n").as_bytes()).is_ok());
    for changed in [
        body.replace("delivered", "sent"),
        body.replace("\"reference\"", "\"Reference\""),
        body.replace(", \"provider_payload\": null", ""),
        body.replace('}', ", \"more\": 1}"),
        body.replace("\"provider_payload\": null", "\"provider_payload\": {}"),
        body[..body.len() - 1].to_owned(),
        "[]".to_owned(),
    ] {
        assert_ne!(changed, body);
        assert_eq!(
            secret.verify(&headers, changed.as_bytes()),
            Err(CallbackError::Unauthorized),
            "{changed}"
        );
    }
    let signature = headers["x-enp-signature"].to_str().unwrap();
    for odd in ["", &signature[1..], &format!("{signature}0"), &signature.replace(|_: char| true, "g")] {
        let mut headers = HeaderMap::new();
        headers.insert("x-enp-signature", odd.parse().unwrap());
        assert_eq!(secret.verify(&headers, body.as_bytes()), Err(CallbackError::Unauthorized), "{odd}");
    }
}

#[test]
fn what_a_service_adds_to_a_receipt_can_be_read() {
    let mut read = 0;
    for exchange in posted_by_siblings().iter().filter(|exchange| exchange.name.starts_with("gc/")) {
        let posted: Value = serde_json::from_slice(&body(exchange)).unwrap();
        let added: gc::ReceiptFields = Callback::added(&body(exchange)).unwrap();
        assert_eq!(json!(added.status_description), posted["status_description"]);
        assert_eq!(json!(added.provider_response), posted["provider_response"]);
        read += 1;
    }
    for exchange in posted_by_siblings().iter().filter(|exchange| exchange.name.starts_with("va/")) {
        let posted: Value = serde_json::from_slice(&body(exchange)).unwrap();
        let added: va::ReceivedTextFields = Callback::added(&body(exchange)).unwrap();
        assert_eq!(json!(added.sms_sender_id), posted.get("sms_sender_id").cloned().unwrap_or_default());
        read += 1;
    }
    assert!(read > 50, "{read}");
}

#[test]
fn a_redirect_leaves_a_request_without_a_body() {
    let all =
        [Recording::au(), Recording::gc(), Recording::va()].into_iter().flat_map(|it| it.unwrap().exchanges);
    let mut redirected = 0;
    for exchange in
        all.filter(|exchange| exchange.answered_with.is_some() && exchange.request.method == "GET")
    {
        if headers(&exchange).contains_key(AUTHORIZATION) {
            let verified = token(&exchange).verify(&headers(&exchange), b"");
            assert_eq!(verified, Err(CallbackError::Empty), "{}", exchange.name);
            redirected += 1;
        }
    }
    assert!(redirected > 0);
}

#[test]
fn a_null_odd_or_missing_field_affects_no_other_field() {
    for exchange in recorded() {
        let posted: Value = serde_json::from_slice(&body(&exchange)).unwrap();
        let whole = told(&Callback::from_json(&body(&exchange)).unwrap());
        let essential = ["id", "notification_id", "complaint_id"];
        let fields = posted.as_object().unwrap();
        for (name, odd) in
            fields.keys().flat_map(|name| [json!(null), json!(7), json!({"a": []})].map(|odd| (name, odd)))
        {
            if essential.contains(&&**name) {
                continue;
            }
            let mut changed = posted.clone();
            changed[name] = odd;
            let read = told(&Callback::from_json(changed.to_string().as_bytes()).unwrap());
            for (other, value) in whole.as_object().unwrap() {
                assert!(other == name || read[other] == *value, "{other} beside {name} of {}", exchange.name);
            }
        }
        // The fields that identify a kind must be there, whatever they contain.
        for name in fields.keys().filter(|name| !essential.contains(&&***name)) {
            let mut changed = posted.clone();
            changed.as_object_mut().unwrap().remove(name);
            let marks = ["status", "source_number", "date_sent"];
            assert!(
                marks.contains(&&**name) || Callback::from_json(changed.to_string().as_bytes()).is_ok(),
                "{name}"
            );
        }
    }
}

#[test]
fn unknown_fields_and_words_are_tolerated() {
    for exchange in recorded() {
        let mut posted: Value = serde_json::from_slice(&body(&exchange)).unwrap();
        let whole = told(&Callback::from_json(&body(&exchange)).unwrap());
        posted["segments"] = json!({"count": [1, null]});
        let text = format!("\u{feff}{posted}");
        assert_eq!(told(&Callback::from_json(text.as_bytes()).unwrap()), whole, "{}", exchange.name);
        if posted.get("notification_type").is_some() {
            posted["notification_type"] = json!("push");
            posted["status"] = json!("pii-check-failed");
            let told = told(&Callback::from_json(posted.to_string().as_bytes()).unwrap());
            assert_eq!(
                (&told["notification_type"], &told["status"]),
                (&json!("push"), &json!("pii-check-failed"))
            );
        }
    }
}
