//! A service that commits, drops, hangs and lies, and a machine whose clock is set while it sends to it.

use std::fmt::Debug;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use fastrand::Rng;
use http::{Method, Response};
use notify_api::{
    ApiKey, Call, Cause, Endpoint, Error, Event, Now, Policy, RawAnswer, Session, Step, Unpaced,
};
use notify_jwt::{UntrustedToken, Verifier};
use serde_json::{Value, json};

use crate::{KEY, START, TEMPLATE, seconds, service};

/// The service commits a message within this time after the request arrived, or not at all.
const SERVICE_LIMIT: f64 = 29.5;
const CLOCK_REFUSAL: &str = "Error: Your system clock must be accurate to within 30 seconds";

/// What goes wrong with a request. Times are in seconds; where it says whether a message is taken, `None` is no.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    None,
    /// No connection.
    NotConnected,
    /// The connection is cut, or the attempt's time is over, `after` it began. The request was whole at the service
    /// `received` after the same moment, and the message taken so long after that.
    Cut {
        after: f64,
        received: f64,
        taken: Option<f64>,
    },
    /// Answered with this status, and taken or not.
    Answers(u16, bool),
    RateLimited,
    /// Refused, because the messages of the day are used up.
    UsedUp,
    /// Not taken, answered with this status, and asked to come back after so many seconds.
    Postponed(u16, u64),
}

impl Fault {
    /// Cut at once, after the message was taken or before.
    pub(crate) fn cut(is_taken: bool) -> Self {
        Self::Cut { after: 0.1, received: 0.05, taken: is_taken.then_some(0.0) }
    }

    pub(crate) fn any(rng: &mut Rng) -> Self {
        let is_taken = rng.bool();
        let taken = is_taken.then(|| rng.f64() * SERVICE_LIMIT);
        match rng.u8(0..15) {
            0..=3 => Self::None,
            4 => Self::NotConnected,
            5 | 6 => Self::cut(is_taken),
            7 => Self::Cut { after: 0.1, received: 0.1, taken },
            8 => {
                let after = rng.f64() * 35.0;
                Self::Cut { after, received: rng.f64() * after, taken }
            }
            9 => Self::Cut { after: 35.0, received: 0.1, taken },
            10 => Self::RateLimited,
            // One in sixty: it ends a call.
            11 if rng.u8(0..4) == 0 => Self::UsedUp,
            12 => Self::Postponed(*rng.choice(&[429, 503]).unwrap(), rng.u64(0..100)),
            _ => Self::Answers(*rng.choice(&[500, 502, 503, 504, 101, 600]).unwrap(), is_taken),
        }
    }
}

/// What the service says of its time in an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Date {
    True,
    Missing,
    /// By so many seconds off.
    Lie(i64),
}

/// A message that the service keeps: since when it lists it, and as it lists it.
#[derive(Debug)]
struct Kept {
    listed: Duration,
    created: Duration,
    message: Value,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) base_url: &'static str,
    pub(crate) date: Date,
    /// How long after it took a message the service lists it.
    pub(crate) listing_delay: Duration,
    /// From when on the machine's clock shows so many seconds too much.
    pub(crate) clock_steps: Vec<(Duration, f64)>,
    kept: Vec<Kept>,
    older: usize,
    at: Duration,
}

/// When the call begins, by the machine's monotonic clock.
const BEGIN: Duration = Duration::from_secs(1_000);

/// What became of one send.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The reference of the message that was reported sent.
    pub(crate) result: Result<String, Error>,
    pub(crate) taken: usize,
    pub(crate) posts: usize,
    pub(crate) lookups: usize,
    pub(crate) took: Duration,
    policy: Policy,
}

/// What was reported of one send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    Sent,
    NotSent,
    Unclear,
}

impl Outcome {
    /// What was reported, if it is true and within the bounds.
    pub(crate) fn check(&self) -> Result<Verdict, String> {
        let verdict = match &self.result {
            Ok(_) => Verdict::Sent,
            Err(error) if error.may_have_been_sent() => Verdict::Unclear,
            Err(_) => Verdict::NotSent,
        };
        let requirement =
            |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {self:?}")) };
        requirement(self.taken <= 1, "sent twice")?;
        requirement(verdict != Verdict::Sent || self.taken == 1, "reported sent and was not")?;
        requirement(verdict != Verdict::NotSent || self.taken == 0, "reported not sent and was")?;
        requirement(self.took <= self.policy.timeout_duration() + seconds(0.1), "past the deadline")?;
        // The one that teaches the clock comes on top.
        let posts = usize::try_from(self.policy.attempt_count()).unwrap() + 1;
        requirement(self.posts <= posts, "more attempts than allowed")?;
        if let Err(error) = &self.result {
            let shown = format!("{error} {error:?}");
            requirement(!shown.contains("mine") && !shown.contains("7900900"), "shows personal data")?;
        }
        Ok(verdict)
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            base_url: "https://api.notifications.service.gov.uk",
            date: Date::True,
            listing_delay: Duration::ZERO,
            clock_steps: Vec::new(),
            kept: Vec::new(),
            older: 0,
            at: BEGIN,
        }
    }

    /// A service that may hold an older message of the same reference and may lie about its time, and a machine whose
    /// clock may be wrong and may be set. Not both: whoever is lied to about a time that it does not know is lost.
    pub(crate) fn any(rng: &mut Rng) -> Self {
        let mut world = Self::new();
        if rng.u8(0..4) == 0 {
            world.hold_an_older_message(seconds(40.0 + rng.f64() * 10_000.0));
        }
        match rng.u8(0..6) {
            0 => world.date = Date::Missing,
            1 => {
                let lies = [-2_000_000_000, -86_400, -50, 50, 7_200, 4_000_000_000];
                world.date = Date::Lie(*rng.choice(&lies).unwrap());
            }
            2 => {
                let step = |rng: &mut Rng| (seconds(rng.f64() * 100.0), (rng.f64() - 0.5) * 20_000.0);
                world.clock_steps = vec![(Duration::ZERO, step(rng).1), step(rng), step(rng)];
                world.clock_steps.sort_by_key(|(at, _)| *at);
            }
            _ => {}
        }
        world
    }

    pub(crate) fn hold_an_older_message(&mut self, age: Duration) {
        let created = BEGIN.checked_sub(age).unwrap_or_default();
        self.kept.push(Kept { listed: created, created, message: text_of("mine", "+447900900123") });
        self.older += 1;
    }

    /// Sends one message through `faults`, one for each request.
    pub(crate) fn send<E: Endpoint>(
        &mut self,
        endpoint: &E,
        policy: Policy,
        mut faults: impl FnMut() -> Fault,
    ) -> Outcome {
        let key = ApiKey::parse(KEY).unwrap();
        let session = Session::builder(&key)
            .policy(policy)
            .pacer(Unpaced)
            .base_url(self.base_url.parse().unwrap())
            .build();
        let kept = self.kept.len();
        let (mut posts, mut lookups) = (0, 0);
        self.at = BEGIN;
        let mut step = Call::new(&session, endpoint, self.now()).unwrap().next(Event::Start, self.now());
        let result = loop {
            step = match step {
                Step::Send(request, call) => {
                    let limit = call.attempt_timeout(self.now());
                    *(if request.method() == Method::POST { &mut posts } else { &mut lookups }) += 1;
                    let (event, after) = self.carry(&request, faults(), limit);
                    self.at += after;
                    call.next(event, self.now())
                }
                Step::Wait(wait, call) => {
                    self.at += wait;
                    call.next(Event::Elapsed, self.now())
                }
                Step::Done(result) => break result,
            }
        };
        let result = result.map(|raw| reference_in(&raw));
        Outcome {
            result,
            taken: self.kept.len() - kept,
            posts,
            lookups,
            took: self.at.saturating_sub(BEGIN),
            policy,
        }
    }

    fn now(&self) -> Now {
        let since = self.at.saturating_sub(BEGIN);
        let step = self.clock_steps.iter().rfind(|(at, _)| *at <= since);
        let unix = (START + self.at).as_secs_f64() + step.map_or(0.0, |(_, off)| *off);
        Now { monotonic: self.at, unix: seconds(unix) }
    }

    /// What becomes of a request within its time, and after how long.
    fn carry(&mut self, request: &http::Request<Bytes>, fault: Fault, limit: Duration) -> (Event, Duration) {
        let (event, after) = self.answer(request, fault);
        if after <= limit { (event, after) } else { (Event::Lost(Cause::timeout("time is over")), limit) }
    }

    fn answer(&mut self, request: &http::Request<Bytes>, fault: Fault) -> (Event, Duration) {
        let latency = seconds(0.05);
        let is_send = request.method() == Method::POST;
        match fault {
            Fault::NotConnected => return (Event::NotSent(Cause::new("refused")), latency),
            _ if !self.accepts(request) => {
                let refusal = service::error(403, "AuthError", CLOCK_REFUSAL);
                return (Event::Response(self.dated(refusal, self.at + latency)), latency);
            }
            Fault::Cut { after, received, taken } => {
                if let (true, Some(taken)) = (is_send, taken) {
                    self.take(request, self.at + seconds(received + taken));
                }
                return (Event::Lost(Cause::new("cut")), seconds(after));
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
                service::created(&reference)
            }
            _ => self.list(),
        };
        (Event::Response(self.dated(response, self.at + latency)), latency)
    }

    fn accepts(&self, request: &http::Request<Bytes>) -> bool {
        let token = request.headers()["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
        let verifier = Verifier::new(&ApiKey::parse(KEY).unwrap());
        UntrustedToken::parse(token).unwrap().verify(&verifier, (START + self.at).as_secs(), 30).is_ok()
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
    fn take(&mut self, request: &http::Request<Bytes>, created: Duration) -> String {
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let text = |field: &str| body[field].as_str().map(|text| text.trim().to_owned());
        let mut message = text_of(&text("reference").unwrap_or_default(), "");
        message["phone_number"] = json!(text("phone_number"));
        message["email_address"] = json!(text("email_address"));
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
        let reference = text("reference").unwrap_or_default();
        // What is sent to the recipients of smoke tests counts as taken, and is not listed.
        let is_listed = text("phone_number").is_none_or(|number| number != "07700 900111");
        let listed = if is_listed { created + self.listing_delay } else { Duration::MAX };
        self.kept.push(Kept { listed, created, message });
        reference
    }

    fn list(&self) -> Response<Bytes> {
        let mut seen: Vec<_> = self.kept.iter().filter(|kept| kept.listed <= self.at).collect();
        seen.sort_by_key(|kept| std::cmp::Reverse(kept.created));
        let messages: Vec<_> =
            seen.iter().map(|kept| service::created_at(&kept.message, kept.created)).collect();
        service::page(&messages)
    }
}

fn text_of(reference: &str, recipient: &str) -> Value {
    json!({
        "id": "c3c56b78-5cd6-40db-a6e2-ff640bfd498d", "reference": reference, "phone_number": recipient,
        "email_address": null, "line_1": null, "postcode": null, "type": "sms", "status": "created", "body": "b",
        "subject": null, "created_by_name": null, "sent_at": null, "completed_at": null,
        "template": {"id": TEMPLATE, "version": 1, "uri": format!("https://localhost/v2/template/{TEMPLATE}/version/1")},
    })
}

/// The reference in an answer, whether it came at once or was found.
fn reference_in(raw: &RawAnswer) -> String {
    let body: Value = serde_json::from_slice(raw.body()).unwrap();
    body["reference"].as_str().unwrap_or_default().to_owned()
}
