//! A service that commits, drops, hangs and lies, and a machine that sleeps and whose clock is set while it sends to it.

use std::fmt::Debug;
use std::time::{Duration, UNIX_EPOCH};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bytes::Bytes;
use fastrand::Rng;
use http::{Method, Response};
use notify_api::{
    ApiKey, Call, Cause, Endpoint, Error, Event, Now, Policy, RawResponse, Service, Session, Step, Unlimited,
};
use notify_jwt::{UntrustedToken, Verifier};
use notify_testkit::service::answer::CLOCK;
use serde_json::{Value, json};

use crate::{KEY, START, TEMPLATE, seconds, service};

/// The service commits a message within this time after the request arrived, or not at all.
const SERVICE_LIMIT: f64 = 30.0;
/// How long after a socket was closed, or its owner died, its bytes may still arrive.
const ORPHANED: f64 = 55.0;

/// What goes wrong with a request. Times are in seconds; where it says whether a message is taken, `None` is no.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    None,
    /// No connection.
    NotConnected,
    /// The connection is cut, or the attempt's time is over, `after` it began. The request was whole at the service
    /// `received` after the same moment, which may be later, and the message taken so long after that.
    Cut {
        after: f64,
        received: f64,
        taken: Option<f64>,
    },
    /// The connection is cut `after` it began. The request is whole in the last moment in which the machine of the
    /// service whose clock is furthest behind takes its token, and the message is taken in the last of its 30 seconds.
    LastMoment {
        after: f64,
    },
    /// Answered with this status in the service's words, and taken or not.
    Answers(u16, bool),
    /// Answered with this status in a gateway's words, and taken or not.
    Gateway(u16, bool),
    /// Answered with success and about another message, and taken or not.
    MixedUp(bool),
    /// A lookup is answered with what a cache kept from so many seconds ago; it says so, or not.
    Kept(f64, bool),
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
        // Until the last moment, one time in four.
        let commit = if rng.u8(0..4) == 0 { SERVICE_LIMIT } else { rng.f64() * SERVICE_LIMIT };
        let taken = is_taken.then_some(commit);
        match rng.u8(0..21) {
            0..=3 => Self::None,
            4 => Self::NotConnected,
            5 | 6 => Self::cut(is_taken),
            7 => Self::Cut { after: 0.1, received: 0.1, taken },
            8 => {
                let after = rng.f64() * 35.0;
                Self::Cut { after, received: rng.f64() * after, taken }
            }
            9 => Self::Cut { after: 35.0, received: 0.1, taken },
            10 | 11 => {
                let after = rng.f64() * 35.0;
                Self::Cut { after, received: after + rng.f64() * ORPHANED, taken }
            }
            12 => Self::RateLimited,
            // One in eighty: it ends a call.
            13 if rng.u8(0..4) == 0 => Self::UsedUp,
            14 => Self::Postponed(*rng.choice(&[429, 503]).unwrap(), rng.u64(0..100)),
            15 => Self::Gateway(*rng.choice(&[303, 403, 408, 429, 502, 504]).unwrap(), is_taken),
            16 => Self::MixedUp(is_taken),
            17 | 18 => Self::LastMoment { after: rng.f64() * 35.0 },
            19 => Self::Kept(rng.f64() * 100.0, rng.bool()),
            _ => Self::Answers(*rng.choice(&[500, 502, 503, 504, 101, 600]).unwrap(), is_taken),
        }
    }
}

/// What the service, or a proxy, says of the time in an answer.
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
    /// Which service it is, where the base URL does not tell.
    pub(crate) service: Option<Service>,
    /// How long after it took a message the service lists it.
    pub(crate) listing_delay: Duration,
    /// From when on the machine's clock shows so many seconds too much.
    pub(crate) clock_steps: Vec<(Duration, f64)>,
    /// By how many seconds the clocks of the service's machines are apart at most.
    pub(crate) machines_apart: f64,
    /// Whether the machine sleeps, or the process is stopped, at points by chance.
    pub(crate) naps: bool,
    /// After the answer to the first message the machine sleeps so long.
    pub(crate) sleeps_after_first: Duration,
    kept: Vec<Kept>,
    rng: Rng,
    /// The true time, and how much of it the machine's monotonic clock has missed.
    at: Duration,
    slept: Duration,
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
    /// How often the connections had to be closed.
    pub(crate) reconnects: usize,
    pub(crate) took: Duration,
    /// When, since the call began, the latest token was minted.
    pub(crate) last_minted: Duration,
    has_napped: bool,
    /// Whether the machine's clock was set in the middle, so that it may not notice that it slept, or may believe so.
    is_misled: bool,
    policy: Policy,
}

/// What was reported of one send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Known {
    Sent,
    NotSent,
    Unclear,
}

impl Outcome {
    /// What was reported, if it is true and within the bounds.
    pub(crate) fn check(&self) -> Result<Known, String> {
        let outcome = match &self.result {
            Ok(_) => Known::Sent,
            Err(error) if error.may_have_been_sent() => Known::Unclear,
            Err(_) => Known::NotSent,
        };
        let requirement =
            |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {self:?}")) };
        requirement(self.taken <= 1, "sent twice")?;
        requirement(outcome != Known::Sent || self.taken == 1, "reported sent and was not")?;
        requirement(outcome != Known::NotSent || self.taken == 0, "reported not sent and was")?;
        let timeout = self.policy.timeout_duration() + seconds(0.1);
        requirement(self.is_misled || self.last_minted <= timeout, "a token after the deadline")?;
        requirement(self.has_napped || self.is_misled || self.took <= timeout, "past the deadline")?;
        // The one that teaches the clock comes on top.
        let posts = usize::try_from(self.policy.attempt_count()).unwrap() + 1;
        requirement(self.posts <= posts, "more attempts than allowed")?;
        if let Err(error) = &self.result {
            let shown = format!("{error} {error:?}");
            requirement(!shown.contains("mine") && !shown.contains("7900900"), "shows personal data")?;
        }
        Ok(outcome)
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            base_url: "https://api.notifications.service.gov.uk",
            date: Date::True,
            service: None,
            listing_delay: Duration::ZERO,
            clock_steps: Vec::new(),
            machines_apart: 0.0,
            naps: false,
            sleeps_after_first: Duration::ZERO,
            kept: Vec::new(),
            rng: Rng::with_seed(7),
            at: BEGIN,
            slept: Duration::ZERO,
        }
    }

    /// A service whose machines' clocks are apart, which may hold a message to somebody else under the reference, and
    /// before which a proxy may lie about the time; and a machine that may sleep, and whose clock may be wrong and may
    /// be set.
    pub(crate) fn any(rng: &mut Rng) -> Self {
        let mut world = Self { machines_apart: 4.0, rng: rng.fork(), ..Self::new() };
        world.naps = rng.u8(0..3) == 0;
        if rng.u8(0..8) == 0 {
            world.hold_a_message("+447900900124", seconds(rng.f64() * 600.0));
        }
        match rng.u8(0..6) {
            0 => world.date = Date::Missing,
            1 => {
                let lies = [-2_000_000_000, -86_400, -50, -9, 10, 50, 7_200, 4_000_000_000];
                world.date = Date::Lie(*rng.choice(&lies).unwrap());
            }
            _ => {}
        }
        match rng.u8(0..4) {
            0 => {
                let step = |rng: &mut Rng| (seconds(rng.f64() * 100.0), (rng.f64() - 0.5) * 20_000.0);
                world.clock_steps = vec![(Duration::ZERO, step(rng).1), step(rng), step(rng)];
                world.clock_steps.sort_by_key(|(at, _)| *at);
            }
            // As wrong as the service puts up with.
            1 => world.clock_steps = vec![(Duration::ZERO, (rng.f64() - 0.5) * 56.0)],
            2 => world.clock_steps = vec![(Duration::ZERO, (rng.f64() - 0.5) * 8.0)],
            _ => {}
        }
        world
    }

    /// Holds a message of the same reference to this number, created so long before the call.
    pub(crate) fn hold_a_message(&mut self, recipient: &str, age: Duration) {
        let created = BEGIN.checked_sub(age).unwrap_or_default();
        self.kept.push(Kept { listed: created, created, message: text_of("mine", recipient) });
    }

    /// Sends one message through `faults`, one for each request.
    pub(crate) fn send<E: Endpoint>(
        &mut self,
        endpoint: &E,
        policy: Policy,
        mut faults: impl FnMut() -> Fault,
    ) -> Outcome {
        let key = ApiKey::parse(KEY).unwrap();
        let mut session = Session::builder(&key).policy(policy).rate_limiter(Unlimited);
        session = match self.service {
            Some(service) => session.service(service),
            None => session.base_url(self.base_url.parse().unwrap()),
        };
        let session = session.build();
        let kept = self.kept.len();
        let (mut posts, mut lookups, mut reconnects) = (0, 0, 0);
        let mut last_minted = Duration::ZERO;
        (self.at, self.slept) = (BEGIN, Duration::ZERO);
        let mut has_napped = false;
        let mut step = Call::new(&session, endpoint, self.now()).unwrap().next(Event::Start, self.now());
        let result = loop {
            step = match step {
                Step::Send(request, call) => {
                    last_minted = self.at.saturating_sub(BEGIN);
                    let limit = call.attempt_timeout(self.now());
                    *(if request.method() == Method::POST { &mut posts } else { &mut lookups }) += 1;
                    // Stopped after the token was minted, and before a byte was written.
                    has_napped |= self.nap();
                    let (event, after) = self.carry(&request, faults(), limit);
                    self.at += after;
                    if posts + lookups == 1 {
                        self.at += self.sleeps_after_first;
                        self.slept += self.sleeps_after_first;
                        has_napped |= !self.sleeps_after_first.is_zero();
                    }
                    has_napped |= self.nap();
                    call.next(event, self.now())
                }
                Step::Wait(wait, call) => {
                    self.at += wait;
                    has_napped |= self.nap();
                    call.next(Event::Elapsed, self.now())
                }
                Step::Reconnect(call) => {
                    reconnects += 1;
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
            reconnects,
            took: self.at.saturating_sub(BEGIN),
            last_minted,
            has_napped,
            is_misled: self.clock_steps.len() > 1,
            policy,
        }
    }

    /// Perhaps the machine sleeps, when its monotonic clock stands still, or the process is stopped, when it goes on.
    fn nap(&mut self) -> bool {
        if !self.naps || self.rng.u8(0..5) != 0 {
            return false;
        }
        let longest = *self.rng.choice(&[10.0, 40.0, 100.0, 30_000.0]).unwrap();
        let nap = seconds(self.rng.f64() * longest);
        self.at += nap;
        if self.rng.bool() {
            self.slept += nap;
        }
        true
    }

    fn now(&self) -> Now {
        let since = self.at.saturating_sub(BEGIN);
        let step = self.clock_steps.iter().rfind(|(at, _)| *at <= since);
        let unix = (START + self.at).as_secs_f64() + step.map_or(0.0, |(_, off)| *off);
        Now { monotonic: self.at.saturating_sub(self.slept), unix: seconds(unix) }
    }

    /// What becomes of a request within its time, and after how long.
    fn carry(&mut self, request: &http::Request<Bytes>, fault: Fault, limit: Duration) -> (Event, Duration) {
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

fn text_of(reference: &str, recipient: &str) -> Value {
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

/// The reference in an answer, whether it came at once or was found.
fn reference_in(raw: &RawResponse) -> String {
    let body: Value = serde_json::from_slice(raw.body()).unwrap();
    body["reference"].as_str().unwrap_or_default().to_owned()
}
