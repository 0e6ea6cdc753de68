//! A sandbox with the recorded world, on a clock that follows the recording.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_sandbox::{Clock, DEFAULT_STEP, IncomingText, RequestRecord, Sandbox, World};
use notify_testkit::http1::{self, Headers, RawRequest, RawResponse};
use notify_testkit::wire::{Exchange, Mask, Recording, Shift, compare, token};
use serde_json::Value;

/// The sandbox, and which of its ids correspond to which recorded ones.
pub(crate) struct Fixture {
    pub(crate) recording: Recording,
    sandbox: Sandbox,
    ids: RefCell<BTreeMap<String, String>>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::watched_by(|_| {})
    }

    /// A fixture with a log of its requests.
    pub(crate) fn watched_by(sink: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        let recording = Recording::gov_uk().unwrap();
        let world = World::load(&recording.world.path).unwrap();
        let clock = Clock::frozen(moment(recording.exchange("ok/sms-test-key").unwrap().sent_at));
        // The recorded receivers do not exist here.
        let builder = Sandbox::builder().world(world).clock(clock).without_callbacks().on_request(sink);
        let sandbox = builder.start().unwrap();
        Self { recording, sandbox, ids: RefCell::default() }
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    pub(crate) fn base_url(&self) -> &str {
        self.sandbox.url()
    }

    pub(crate) fn exchange(&self, name: &str) -> Exchange {
        self.recording.exchange(name).unwrap().clone()
    }

    /// The exchanges with this prefix, in the order they were recorded.
    pub(crate) fn group(&self, prefix: &str) -> Vec<Exchange> {
        let mut group: Vec<Exchange> = self
            .recording
            .exchanges
            .iter()
            .filter(|exchange| exchange.name.starts_with(prefix))
            .cloned()
            .collect();
        group.sort_by(|one, other| one.sent_at.total_cmp(&other.sent_at));
        assert!(!group.is_empty(), "nothing is recorded as {prefix}");
        group
    }

    /// Sends a recorded request at the recorded time, with our ids instead of the recorded ones.
    pub(crate) fn ask(&self, exchange: &Exchange) -> RawResponse {
        self.sandbox.clock().set(moment(exchange.sent_at));
        self.ask_now(exchange)
    }

    /// Sends a recorded request without moving the clock; the token is made for the clock's time.
    pub(crate) fn ask_now(&self, exchange: &Exchange) -> RawResponse {
        self.send(&self.request(exchange))
    }

    /// A recorded request, with a token for the clock's time.
    pub(crate) fn request(&self, exchange: &Exchange) -> RawRequest {
        #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970, floored, of a recording")]
        let recorded = exchange.sent_at.floor() as i64;
        let shift = Shift { recorded, seconds: i64::try_from(self.unix_seconds()).unwrap() - recorded };
        let host = self.base_url().trim_start_matches("http://").to_owned();
        let mut request = exchange.request.to_raw(&host, &self.recording.world, shift).unwrap();
        for (recorded, ours) in self.ids.borrow().iter() {
            request.target = request.target.replace(recorded, ours);
            request.target = request.target.replace(&recorded.to_uppercase(), &ours.to_uppercase());
        }
        request
    }

    /// Replays an exchange and expects the recorded answer. If the answer names a new message, its id is remembered.
    pub(crate) fn replay(&self, exchange: &Exchange) {
        let answer = self.ask(exchange);
        self.expect(exchange, &answer);
    }

    /// Compares an answer with the recorded one.
    pub(crate) fn expect(&self, exchange: &Exchange, answer: &RawResponse) {
        let recorded = exchange.response.as_ref().unwrap();
        let answer = &self.with_documents_elsewhere(answer);
        let mut recorded_mask = Mask::new(&self.recording.world, &self.recording.base_url, "");
        let mut answered_mask = Mask::new(&self.recording.world, self.base_url(), "");
        let differences = compare(recorded, &mut recorded_mask, answer, &mut answered_mask);
        let list: Vec<String> = differences.iter().map(ToString::to_string).collect();
        assert!(list.is_empty(), "{}\n{}", exchange.name, list.join("\n"));
        if let Some(recorded) = &recorded.json {
            self.learn(recorded, &json(answer));
        }
    }

    /// An answer whose links to files point to another server, as the service's links do.
    fn with_documents_elsewhere(&self, answer: &RawResponse) -> RawResponse {
        let mut answer = answer.clone();
        if let Ok(text) = str::from_utf8(&answer.body) {
            let links = format!("{}/d/", self.base_url());
            answer.body = text.replace(&links, "https://documents.example/d/").into_bytes();
        }
        answer
    }

    /// Maps the id in the recorded answer to the message in ours.
    pub(crate) fn learn(&self, recorded: &Value, answered: &Value) {
        if let (Some(recorded), Some(ours)) = (recorded["id"].as_str(), answered["id"].as_str()) {
            self.ids.borrow_mut().insert(recorded.to_owned(), ours.to_owned());
        }
    }

    /// Sends an unrecorded request, with a token of this key.
    pub(crate) fn call(&self, key: &str, method: &str, target: &str, body: &str) -> RawResponse {
        let token = token(self.recording.world.key(key).unwrap(), self.unix_seconds()).unwrap();
        let mut headers = Headers::default();
        headers.push("Host", self.base_url().trim_start_matches("http://"));
        headers.push("Authorization", format!("Bearer {token}"));
        headers.push("Content-Length", body.len().to_string());
        headers.push("Connection", "close");
        let body = body.as_bytes().to_vec();
        self.send(&RawRequest { method: method.to_owned(), target: target.to_owned(), headers, body })
    }

    pub(crate) fn send(&self, request: &RawRequest) -> RawResponse {
        let peer = self.base_url().trim_start_matches("http://").parse().unwrap();
        http1::exchange(peer, request).unwrap()
    }

    /// Lets messages move on by this many steps.
    pub(crate) fn advance_steps(&self, steps: u32) {
        self.sandbox.clock().advance(DEFAULT_STEP * steps);
    }

    /// Lets so little time pass that no message moves on.
    pub(crate) fn advance_a_moment(&self) {
        self.sandbox.clock().advance(Duration::from_millis(1));
    }

    /// Sets the status of the message that corresponds to this recorded id.
    pub(crate) fn set_status(&self, recorded: &str, status: &str) {
        let ids = self.ids.borrow();
        let ours = ids.get(recorded).unwrap_or_else(|| panic!("no message stands for {recorded}"));
        self.set_status_of(ours, status);
    }

    /// Sets the status of one of our messages, by its name.
    pub(crate) fn set_status_of(&self, id: &str, status: &str) {
        let body = serde_json::json!({"status": status}).to_string().into_bytes();
        let mut headers = Headers::default();
        headers.push("Host", self.base_url().trim_start_matches("http://"));
        headers.push("X-Sandbox", "1");
        headers.push("Content-Length", body.len().to_string());
        headers.push("Connection", "close");
        let target = format!("/sandbox/messages/{id}/status");
        let answer = self.send(&RawRequest { method: "PUT".to_owned(), target, headers, body });
        assert!((200..300).contains(&answer.status), "{status}: {}", String::from_utf8_lossy(&answer.body));
    }

    pub(crate) fn receive_text(&self, from: &str, content: &str) {
        self.sandbox.receive_text(IncomingText { from, content }).unwrap();
    }

    /// Maps a recorded message to one of ours.
    pub(crate) fn stand_for(&self, recorded: &str, answer: &RawResponse) {
        self.stand_for_id(recorded, json(answer)["id"].as_str().unwrap());
    }

    /// Maps a recorded message to the one with this id of ours.
    pub(crate) fn stand_for_id(&self, recorded: &str, ours: &str) {
        self.ids.borrow_mut().insert(recorded.to_owned(), ours.to_owned());
    }

    /// The version of a template that a message names, as in the world.
    pub(crate) fn template(&self, named: &Value) -> Value {
        let world: Value =
            serde_json::from_str(&std::fs::read_to_string(&self.recording.world.path).unwrap()).unwrap();
        let services = world["services"].as_array().unwrap();
        let mut templates = services.iter().flat_map(|service| service["templates"].as_array().unwrap());
        let template = templates.find(|one| one["id"] == named["id"] && one["version"] == named["version"]);
        template.unwrap_or_else(|| panic!("no template {named}")).clone()
    }

    fn unix_seconds(&self) -> u64 {
        self.sandbox.clock().now().duration_since(UNIX_EPOCH).unwrap().as_secs()
    }
}

/// The body of an answer; null if it is not JSON.
pub(crate) fn json(answer: &RawResponse) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn moment(unix_seconds: f64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs_f64(unix_seconds)
}
