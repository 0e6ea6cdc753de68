//! Servers that repeat the request in every place.

use std::time::SystemTime;

use notify_testkit::http1::{RawRequest, RawResponse, ScriptedServer};
use notify_testkit::service::answer::{CLOCK, error, page};
use serde_json::{Value, json};

/// How to answer every request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answers {
    /// With success, and the request in the body.
    Success,
    /// With a refusal of this status and class, and the request in every part of it.
    Refusal(u16, &'static str),
    /// With a server error in the service's own words, and nothing else.
    Fault,
    /// Like a proxy that repeats what it did not understand.
    Page,
    /// With the refusal of a token whose time is never right.
    WrongTime,
    /// The connection is closed in the middle of the answer.
    Half,
    /// With no answer: the connection is closed.
    Nothing,
    /// With no answer to messages, but lookups list them.
    LostThenListed,
}

impl Answers {
    pub(crate) const ALL: [Self; 12] = [
        Self::Success,
        Self::Refusal(400, "BadRequestError"),
        Self::Refusal(400, "ECHO"),
        Self::Refusal(403, "AuthError"),
        Self::Refusal(429, "RateLimitError"),
        Self::Refusal(429, "TooManyRequestsError"),
        Self::Fault,
        Self::Page,
        Self::WrongTime,
        Self::Half,
        Self::Nothing,
        Self::LostThenListed,
    ];
}

pub(crate) fn start(answers: Answers) -> ScriptedServer {
    let requests = std::sync::atomic::AtomicUsize::new(0);
    ScriptedServer::start(move |request| answer(answers, request, &requests)).unwrap()
}

fn answer(answers: Answers, request: &RawRequest, requests: &std::sync::atomic::AtomicUsize) -> Vec<u8> {
    let told = everything(request);
    match answers {
        Answers::Success => respond(200, &told, &json!({"id": told}).to_string()),
        Answers::Refusal(status, class) => {
            let class = if class == "ECHO" { &told } else { class };
            respond(status, &told, &error(status, class, &told))
        }
        Answers::Fault => {
            let id = "80f198ee56343ba864fe8b2a57d3eff7";
            respond(500, id, &error(500, "OperationalError", "Internal server error"))
        }
        Answers::Page => respond(502, &told, &format!("<html>{told}</html>")),
        Answers::WrongTime => respond(403, &told, &error(403, "AuthError", CLOCK)),
        Answers::Half => {
            let mut answer = respond(200, &told, &told);
            answer.truncate(answer.len() - 10);
            answer
        }
        Answers::Nothing => Vec::new(),
        Answers::LostThenListed if request.method == "GET" && request.target.contains("template_type=") => {
            respond(200, &told, &listed(request))
        }
        // Reads are retried, and answered then.
        Answers::LostThenListed => {
            let is_send = request.method == "POST" && !request.target.ends_with("preview");
            let number = if is_send { 0 } else { requests.fetch_add(1, std::sync::atomic::Ordering::SeqCst) };
            if number % 2 == 0 { Vec::new() } else { respond(200, &told, "{}") }
        }
    }
}

/// Everything that a request says, on one line.
fn everything(request: &RawRequest) -> String {
    let headers: Vec<_> = request.headers.iter().map(|(_, value)| value).collect();
    let body = String::from_utf8_lossy(&request.body);
    format!("{} {} {}", request.target, headers.join(" "), body).replace(['\r', '\n'], " ")
}

fn respond(status: u16, told: &str, body: &str) -> Vec<u8> {
    RawResponse::new(status, body)
        .header("Date", httpdate::fmt_http_date(SystemTime::now()))
        .header("X-B3-TraceId", told)
        .header("Content-Type", told)
        .header("Server", told)
        .header("Connection", "close")
        .to_bytes()
}

/// A message of the requested kind and reference, as if it had just been taken.
fn listed(request: &RawRequest) -> String {
    let kind = ["sms", "email", "letter"].into_iter().find(|kind| request.target.contains(kind)).unwrap();
    let created = jiff::Timestamp::now();
    let message: Value = json!({
        "id": crate::operations::ID, "reference": "reference of Kim 7", "phone_number": "+447900900123",
        "email_address": "kim.secret@example.com", "line_1": "Amala Bird", "type": kind, "status": "created",
        "template": {"id": crate::operations::ID, "version": 1, "uri": ""}, "body": "Kim Kardigan",
        "created_at": format!("{created:.6}"),
    });
    page(&[message], "").to_string()
}
