//! The service's own rules, as its published source and the recordings show them.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

/// What the service keeps: the messages of each reference.
#[derive(Default)]
pub(super) struct Service {
    messages: BTreeMap<String, usize>,
}

impl Service {
    /// Whether it takes a token of this `iat` now.
    pub(super) fn believes(iat: u64, now: Duration) -> bool {
        now.as_secs() < iat + 31 && now.as_secs() + 30 >= iat
    }

    pub(super) fn commit(&mut self, reference: &str) {
        *self.messages.entry(reference.to_owned()).or_default() += 1;
    }

    /// Takes a message back that it could not hand to its queue.
    pub(super) fn take_back(&mut self, reference: &str) {
        if let Some(count) = self.messages.get_mut(reference) {
            *count = count.saturating_sub(1);
        }
    }

    pub(super) fn taken(&self) -> BTreeMap<String, usize> {
        self.messages
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(reference, count)| (reference.clone(), *count))
            .collect()
    }

    pub(super) fn page(&self, reference: &str, now: Duration) -> Response<Bytes> {
        let count = self.messages.get(reference).copied().unwrap_or(0);
        let messages: Vec<Value> = (0..count)
            .map(|_| {
                json!({
                    "id": "740e5834-3a29-46b4-9a6f-16142fde533b", "reference": reference, "type": "sms",
                    "status": "delivered", "phone_number": "+447900900123", "email_address": null, "body": "",
                    "template": {"id": TEMPLATE, "version": 1, "uri": "http://localhost/v2/template/x"},
                    "created_at": "2026-11-23T10:40:54.000000Z",
                })
            })
            .collect();
        let current = format!("http://localhost/v2/notifications?template_type=sms&reference={reference}");
        dated(200, &json!({"notifications": messages, "links": {"current": current}}), now)
    }
}

pub(super) fn created(reference: &str, now: Duration) -> Response<Bytes> {
    let body = json!({
        "id": "740e5834-3a29-46b4-9a6f-16142fde533b", "reference": reference,
        "content": {"body": "b", "from_number": "GOVUK"}, "uri": "",
        "template": {"id": TEMPLATE, "version": 1, "uri": ""},
    });
    dated(201, &body, now)
}

pub(super) fn error(status: u16, error: &str, message: &str, now: Duration) -> Response<Bytes> {
    let body = json!({"status_code": status, "errors": [{"error": error, "message": message}]});
    dated(status, &body, now)
}

pub(super) fn clock_refusal(now: Duration) -> Response<Bytes> {
    let message = "Error: Your system clock must be accurate to within 30 seconds";
    error(403, "AuthError", message, now)
}

/// What a gateway says when the service is not there.
pub(super) fn gateway() -> Response<Bytes> {
    Response::builder().status(502).body(Bytes::from_static(b"<html>bad gateway</html>")).unwrap()
}

fn dated(status: u16, body: &Value, now: Duration) -> Response<Bytes> {
    let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + now);
    Response::builder().status(status).header("date", date).body(Bytes::from(body.to_string())).unwrap()
}
