//! What the service answers, as C reads it.

use notify_embedded_c::*;
use notify_jwt_c::NOTIFY_OK;

use crate::device::{Device, ID, REFERENCE, TEMPLATE, UPTIME, created, framed, text};

#[test]
fn a_message_is_accepted_and_then_found_by_its_id() {
    let mut device = Device::with_call();
    assert_eq!(device.request(1024), NOTIFY_OK);
    for byte in created().chars() {
        assert_eq!(device.outcome.kind, NOTIFY_PENDING);
        assert_eq!(device.received(byte.encode_utf8(&mut [0; 4])), NOTIFY_OK);
    }
    assert_eq!((device.outcome.kind, text(&device.outcome.id)), (NOTIFY_ACCEPTED, ID.to_str().unwrap()));

    let Device { service, query, outcome, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_get(query, service, outcome.id.as_ptr()) }, NOTIFY_OK);
    assert_eq!(device.ask(512), NOTIFY_OK);
    let id = ID.to_str().unwrap();
    let first = format!("GET /v2/notifications/{id} HTTP/1.1\r\n");
    assert!(device.written().starts_with(&first));
    let found = framed(200, &format!(r#"{{"id":"{id}","status":"permanent-failure"}}"#));
    let (head, body) = found.split_at(found.len() - 9);
    assert_eq!(device.told(head), NOTIFY_OK);
    assert_eq!(device.answer.kind, NOTIFY_PENDING);
    assert_eq!(device.told(body), NOTIFY_OK);
    let answer = &device.answer;
    assert_eq!((answer.kind, text(&answer.id)), (NOTIFY_FOUND, id));
    assert_eq!(text(&answer.message_status), "permanent-failure");
}

#[test]
fn a_message_is_found_by_its_reference_or_not() {
    let mut device = Device::new();
    let Device { service, query, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_find(query, service, REFERENCE.as_ptr()) }, NOTIFY_OK);
    let (id, reference, template) = (ID, REFERENCE, TEMPLATE);
    let [id, reference, template] = [id, reference, template].map(|text| text.to_str().unwrap());
    let page = |messages: &str| {
        let current =
            format!("https://api.notifications.service.gov.uk/v2/notifications?reference={reference}");
        framed(200, &format!(r#"{{"notifications":[{messages}],"links":{{"current":"{current}"}}}}"#))
    };
    assert_eq!(device.ask(512), NOTIFY_OK);
    assert!(device.written().starts_with("GET /v2/notifications?reference=door-17-42 HTTP/1.1\r\n"));
    assert_eq!(device.told(&page("")), NOTIFY_OK);
    assert_eq!(device.answer.kind, NOTIFY_NOT_FOUND);

    // The same question once more.
    assert_eq!(device.ask(512), NOTIFY_OK);
    let message = format!(
        r#"{{"id":"{id}","reference":"{reference}","type":"sms","status":"delivered","template":{{"id":"{template}"}}}}"#
    );
    assert_eq!(device.told(&page(&message)), NOTIFY_OK);
    assert_eq!((device.answer.kind, text(&device.answer.id)), (NOTIFY_FOUND, id));
    assert_eq!(text(&device.answer.message_status), "delivered");
}

#[test]
fn without_an_answer_a_query_asks_again_later_and_later() {
    let mut device = Device::new();
    let Device { service, query, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_get(query, service, ID.as_ptr()) }, NOTIFY_OK);
    for (is_closed, seconds) in [(false, 1), (true, 2), (false, 4)] {
        assert_eq!(device.ask(512), NOTIFY_OK);
        let Device { clock, query, answer, .. } = &mut *device;
        let status = unsafe {
            if is_closed {
                notify_query_closed(query, clock, UPTIME, answer)
            } else {
                notify_query_lost(query, answer)
            }
        };
        assert_eq!((status, answer.kind, answer.seconds), (NOTIFY_OK, NOTIFY_TRY_AGAIN, seconds));
    }
}

#[test]
fn a_refusal_of_a_query_has_its_class() {
    let mut device = Device::new();
    let Device { service, query, .. } = &mut *device;
    assert_eq!(unsafe { notify_query_get(query, service, ID.as_ptr()) }, NOTIFY_OK);
    assert_eq!(device.ask(512), NOTIFY_OK);
    let refusal = r#"{"errors":[{"error":"AuthError","message":"Invalid token: API key not found"}],"status_code":403}"#;
    assert_eq!(device.told(&framed(403, refusal)), NOTIFY_OK);
    let answer = &device.answer;
    assert_eq!((answer.kind, answer.http_status), (NOTIFY_REFUSED, 403));
    assert_eq!((answer.is_api_key, answer.is_clock, text(&answer.error_class)), (1, 0, "AuthError"));
}
