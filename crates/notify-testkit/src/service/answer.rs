//! What the service says, in its own words from the recordings.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::http1::RawResponse;

/// The refusal of a token whose time is off.
pub const CLOCK: &str = "Error: Your system clock must be accurate to within 30 seconds";

/// The refusal of a message that exceeds the rate limit.
pub const RATE_LIMIT: &str = "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds";

/// The id of the message with this number.
pub fn id(number: usize) -> String {
    format!("c3c56b78-5cd6-40db-a6e2-{number:012x}")
}

/// The body of a 201 for a text message.
pub fn sent(id: &str, reference: &str, template: &str) -> Value {
    json!({
        "id": id, "reference": reference, "scheduled_for": null,
        "content": {"body": "Hello", "from_number": "development"},
        "uri": format!("http://localhost/v2/notifications/{id}"),
        "template": {"id": template, "version": 1, "uri": format!("http://localhost/services/s/templates/{template}")},
    })
}

/// A text message that was just taken, as a lookup shows it.
pub fn message(id: &str, reference: &str, template: &str, phone_number: &str, created: SystemTime) -> Value {
    json!({
        "id": id, "reference": reference, "phone_number": phone_number, "email_address": null, "type": "sms",
        "status": "created", "body": "Hello", "subject": null, "sent_at": null, "completed_at": null,
        "template": {"id": template, "version": 1, "uri": format!("http://localhost/v2/template/{template}/version/1")},
        "created_at": time(created),
    })
}

/// A page of messages, the last one.
pub fn page(messages: &[Value], current: &str) -> Value {
    json!({"notifications": messages, "links": {"current": current}})
}

/// The body of a refusal with one error.
pub fn error(status: u16, class: &str, message: &str) -> String {
    json!({"status_code": status, "errors": [{"error": class, "message": message}]}).to_string()
}

/// A response with this body and the current date.
pub fn response(status: u16, body: impl Into<Vec<u8>>) -> RawResponse {
    response_off_by(0, status, body)
}

/// The same with a date that is off by this many seconds.
pub fn response_off_by(off: i64, status: u16, body: impl Into<Vec<u8>>) -> RawResponse {
    let (now, distance) = (SystemTime::now(), Duration::from_secs(off.unsigned_abs()));
    let date = if off < 0 { now - distance } else { now + distance };
    RawResponse::new(status, body)
        .header("Date", httpdate::fmt_http_date(date))
        .header("Content-Type", "application/json")
}

/// A time as the service writes it.
fn time(moment: SystemTime) -> String {
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let moment = jiff::Timestamp::UNIX_EPOCH.checked_add(since).unwrap_or(jiff::Timestamp::MAX);
    format!("{moment:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Recording;

    /// The fields of `ours` that differ from the recorded answer or are missing there.
    fn unlike(ours: &Value, recorded: &Value) -> Vec<String> {
        let fields = ours.as_object().unwrap();
        let kind = |value: &Value| std::mem::discriminant(value);
        fields
            .iter()
            .filter(|(name, value)| {
                let other = recorded.get(*name);
                !other.is_some_and(|other| other.is_null() || value.is_null() || kind(other) == kind(value))
                    || value.is_object() && !unlike(value, &recorded[*name]).is_empty()
            })
            .map(|(name, _)| name.clone())
            .collect()
    }

    fn recorded(name: &str) -> Value {
        let recording = Recording::gov_uk().unwrap();
        recording.exchange(name).unwrap().response.as_ref().unwrap().json.clone().unwrap()
    }

    #[test]
    fn what_it_says_of_messages_has_the_fields_of_the_recorded_answers() {
        let sent = sent(&id(1), "r", &id(2));
        assert_eq!(unlike(&sent, &recorded("ok/sms-test-key")), [""; 0]);
        // A client reads all of these, so none may be missing.
        assert_eq!(unlike(&recorded("ok/sms-test-key"), &sent), [""; 0]);
        let message = message(&id(1), "r", &id(2), "+447900900123", SystemTime::now());
        assert_eq!(unlike(&message, &recorded("ok/get-sms")), [""; 0]);
        let page = page(&[message], "http://localhost");
        assert_eq!(unlike(&page, &recorded("paging/page-4")), [""; 0]);
    }

    #[test]
    fn moments_are_written_as_the_recorded_ones() {
        let recorded = recorded("ok/get-sms")["created_at"].as_str().unwrap().to_owned();
        let since = jiff::Timestamp::UNIX_EPOCH.duration_until(recorded.parse().unwrap());
        assert_eq!(time(SystemTime::UNIX_EPOCH + since.unsigned_abs()), recorded);
    }

    #[test]
    fn refusals_are_those_of_the_recordings() {
        let error = |status, class, message: &str| -> Value {
            serde_json::from_str(&error(status, class, message)).unwrap()
        };
        assert_eq!(error(403, "AuthError", CLOCK), recorded("auth/iat-plus-31s"));
        let rate_limit = RATE_LIMIT.replace("3000", "3");
        assert_eq!(error(429, "RateLimitError", &rate_limit), recorded("limits/rate-live-2"));
    }
}
