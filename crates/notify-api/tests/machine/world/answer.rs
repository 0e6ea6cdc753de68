//! The service's side: what it takes, what it lists, and what it answers.

use std::time::{Duration, UNIX_EPOCH};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bytes::Bytes;
use http::{Method, Response};
use notify_api::{ApiKey, Cause, Event};
use notify_jwt::{UntrustedToken, Verifier};
use notify_testkit::service::answer::CLOCK;
use serde_json::{Value, json};

use super::{BEGIN, Date, Fault, Kept, SERVICE_LIMIT, World};
use crate::{KEY, START, TEMPLATE, seconds, service};

impl World {
    /// What becomes of a request within its time, and after how long.
    pub(super) fn carry(
        &mut self,
        request: &http::Request<Bytes>,
        fault: Fault,
        limit: Duration,
    ) -> (Event, Duration) {
        let (event, after) = self.answer(request, fault);
        if after <= limit { (event, after) } else { (Event::Lost(Cause::timeout("time is over")), limit) }
    }

    fn answer(&mut self, request: &http::Request<Bytes>, fault: Fault) -> (Event, Duration) {
        let latency = seconds(0.05);
        let is_send = request.method() == Method::POST;
        let furthest = self.machines_apart / 2.0;
        let machine = *self.rng.choice(&[-1.0, 0.0, 1.0, 1.0]).unwrap() * furthest;
        match fault {
            Fault::NotConnected => return (Event::NotSent(Cause::new("refused")), latency),
            Fault::Cut { after, received, taken } => {
                let received = self.at + seconds(received);
                if let (true, Some(taken)) = (is_send && Self::accepts(request, received, machine), taken) {
                    self.take(request, received + seconds(taken));
                }
                return (Event::Lost(Cause::new("cut")), seconds(after));
            }
            Fault::LastMoment { after } if is_send => {
                // By the clock of that machine, whole seconds count.
                let last = seconds((iat(request) + 31) as f64 + furthest - 0.001).saturating_sub(START);
                if Self::accepts(request, last, -furthest) {
                    self.take(request, last + seconds(SERVICE_LIMIT));
                }
                return (Event::Lost(Cause::new("cut")), seconds(after));
            }
            Fault::Kept(ago, says_so) if !is_send => {
                let then = self.at.saturating_sub(seconds(ago));
                let mut response = self.dated(self.list(then), then);
                if says_so {
                    response.headers_mut().insert("age", "100".parse().unwrap());
                } else if !matches!(self.date, Date::True) {
                    // A cache that hides its age, behind a proxy that hides the date, deceives everybody.
                    return (Event::Lost(Cause::new("cut")), latency);
                }
                return (Event::Response(response), latency);
            }
            Fault::Gateway(status, is_taken) => {
                if is_send && is_taken && Self::accepts(request, self.at, machine) {
                    self.take(request, self.at);
                }
                let mut page = Response::new(Bytes::from_static(b"<html>Bad gateway</html>"));
                *page.status_mut() = http::StatusCode::from_u16(status).unwrap();
                return (Event::Response(page), latency);
            }
            _ if !Self::accepts(request, self.at, machine) => {
                let refusal = service::error(403, "AuthError", CLOCK);
                return (Event::Response(self.dated(refusal, self.at + latency)), latency);
            }
            _ => {}
        }
        let response = match fault {
            Fault::Answers(status, is_taken) => {
                if is_send && is_taken {
                    self.take(request, self.at);
                }
                service::error(status, "Timeout", "Internal server error")
            }
            Fault::MixedUp(is_taken) => {
                if is_send && is_taken {
                    self.take(request, self.at);
                }
                if is_send { service::created(Some("theirs")) } else { theirs() }
            }
            Fault::RateLimited => service::rate_limited(3_000),
            Fault::UsedUp => {
                service::error(429, "TooManyRequestsError", "Exceeded send limits (sms: 1) for today")
            }
            Fault::Postponed(status, seconds) => {
                let mut response = if status == 429 {
                    service::rate_limited(3_000)
                } else {
                    service::error(status, "E", "m")
                };
                response.headers_mut().insert("retry-after", seconds.into());
                response
            }
            _ if is_send => {
                let reference = self.take(request, self.at);
                service::created(reference.as_deref())
            }
            _ => self.list(self.at),
        };
        (Event::Response(self.dated(response, self.at + latency)), latency)
    }

    /// Whether the service takes a token that arrives then, on a machine whose clock is so much ahead.
    fn accepts(request: &http::Request<Bytes>, at: Duration, machine: f64) -> bool {
        let token = request.headers()["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
        let verifier = Verifier::new(&ApiKey::parse(KEY).unwrap());
        let now = seconds((START + at).as_secs_f64() + machine).as_secs();
        UntrustedToken::parse(token).unwrap().verify(&verifier, now).is_ok()
    }

    fn dated(&self, mut response: Response<Bytes>, at: Duration) -> Response<Bytes> {
        let lie = match self.date {
            Date::Missing => return response,
            Date::True => 0,
            Date::Lie(seconds) => seconds,
        };
        let told = (START + at).as_secs().saturating_add_signed(lie);
        let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(told));
        response.headers_mut().insert("date", date.parse().unwrap());
        response
    }

    /// Keeps a message from this moment on, as the service lists it.
    fn take(&mut self, request: &http::Request<Bytes>, created: Duration) -> Option<String> {
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let text = |field: &str| body[field].as_str().map(|text| text.trim().to_owned());
        let mut message = text_of(&text("reference").unwrap_or_default(), "");
        message["phone_number"] = json!(text("phone_number"));
        message["email_address"] = json!(text("email_address"));
        if !body["recipient_identifier"].is_null() {
            message["recipient_identifiers"] = json!([body["recipient_identifier"]]);
        }
        if request.uri().path().ends_with("letter") {
            message["type"] = json!("letter");
            message["line_1"] = json!("Provided as PDF");
            message["postage"] = json!("second");
            if let Some(line) = body["personalisation"]["address_line_1"].as_str() {
                message["line_1"] = json!(line);
            }
        } else if request.uri().path().ends_with("email") {
            message["type"] = json!("email");
        }
        let reference = text("reference");
        // What is sent to the recipients of smoke tests counts as taken, and is not listed.
        let is_listed = text("phone_number").is_none_or(|number| number != "07700 900111");
        let listed = if is_listed { created + self.listing_delay } else { Duration::MAX };
        self.kept.push(Kept { listed, created, message });
        reference
    }

    fn list(&self, at: Duration) -> Response<Bytes> {
        let mut seen: Vec<_> = self.kept.iter().filter(|kept| kept.listed <= at).collect();
        seen.sort_by_key(|kept| std::cmp::Reverse(kept.created));
        let messages: Vec<_> =
            seen.iter().map(|kept| service::created_at(&kept.message, kept.created)).collect();
        service::page(&messages)
    }
}

pub(super) fn text_of(reference: &str, recipient: &str) -> Value {
    json!({
        "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": reference, "phone_number": recipient,
        "email_address": null, "line_1": null, "postcode": null, "type": "sms", "status": "created", "body": "b",
        "subject": null, "created_by_name": null, "sent_at": null, "completed_at": null,
        "template": {"id": TEMPLATE, "version": 1, "uri": format!("https://localhost/v2/template/{TEMPLATE}/version/1")},
    })
}

/// For when the token of a request is signed.
fn iat(request: &http::Request<Bytes>) -> u64 {
    let token = request.headers()["authorization"].to_str().unwrap();
    let claims = Base64UrlUnpadded::decode_vec(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice::<Value>(&claims).unwrap()["iat"].as_u64().unwrap()
}

/// A page that lists a message of somebody else.
fn theirs() -> Response<Bytes> {
    service::page(&[service::created_at(&text_of("theirs", "+447900900125"), BEGIN)])
}
