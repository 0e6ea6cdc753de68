//! What the service reads and says.

use serde_json::{Value, json};

use super::TEMPLATE;

pub(super) const CLOCK: &str = "Error: Your system clock must be accurate to within 30 seconds";
/// The class and the text of a refusal.
pub(super) const RATE_LIMIT: (&str, &str) =
    ("RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds");

pub(super) struct Request {
    pub(super) is_post: bool,
    pub(super) target: String,
    pub(super) bearer: String,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
        if let Some(length) = header("Content-Length:") {
            assert_eq!(length.trim().parse::<usize>().unwrap(), body.len());
        }
        Self {
            is_post: head.starts_with("POST /"),
            target: head.split(' ').nth(1).unwrap().to_owned(),
            bearer: header("Authorization: ").unwrap().to_owned(),
            body: body.as_bytes().to_vec(),
        }
    }
}

pub(super) fn created(reference: &str) -> String {
    json!({
        "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": reference, "scheduled_for": null,
        "content": {"body": "b", "from_number": "f"}, "uri": "https://localhost/n",
        "template": {"id": TEMPLATE.to_string(), "version": 1, "uri": "https://localhost/t"},
    })
    .to_string()
}

pub(super) fn listed(reference: &str, number: &str, kind: &str) -> Value {
    json!({
        "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": reference, "phone_number": number,
        "email_address": null, "type": kind, "status": "created", "body": "b",
        "template": {"id": TEMPLATE.to_string(), "version": 1, "uri": "https://localhost/t"},
    })
}

pub(super) fn page(messages: &[Value], reference: &str) -> String {
    let current = format!("https://localhost/v2/notifications?reference={reference}");
    json!({"notifications": messages, "links": {"current": current}}).to_string()
}

pub(super) fn error(status: u16, class: &str, message: &str) -> String {
    json!({"status_code": status, "errors": [{"error": class, "message": message}]}).to_string()
}
