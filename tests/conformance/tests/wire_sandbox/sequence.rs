//! A whole recording replayed in its order, so that each answer can depend on earlier requests and on the time.

use std::collections::BTreeMap;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail, ensure};
use notify_sandbox::{Clock, DEFAULT_STEP, Sandbox, Service, Status, World};
use notify_testkit::http1::{self, Headers, RawRequest};
use notify_testkit::wire::{Exchange, Mask, Recording, Shift, compare};
use serde_json::{Value, json};

use super::timed_sandbox::{address, moment};

/// A sandbox to which all that was recorded happens again.
struct Sequence<'a> {
    recording: &'a Recording,
    sandbox: Sandbox,
    /// Which of the sandbox's ids stand for which recorded ones.
    ids: BTreeMap<String, String>,
    /// When the message of a recorded id was sent.
    sent: BTreeMap<String, SystemTime>,
}

/// Replays everything in the order of the recording, each at its own time. Returns what differed, by the name of the exchange.
pub(crate) fn replay_in_order(
    service: Service,
    recording: &Recording,
) -> Result<BTreeMap<String, Result<()>>> {
    let mut exchanges: Vec<&Exchange> =
        recording.exchanges.iter().filter(|exchange| exchange.response.is_some()).collect();
    exchanges.sort_by(|one, other| one.sent_at.total_cmp(&other.sent_at));
    let first = exchanges.first().context("a recording without exchanges")?;
    let world = World::load(&recording.world.path)?;
    let builder = Sandbox::builder().service(service).world(world).clock(Clock::frozen(moment(first)));
    let sandbox = builder.without_callbacks().start()?;
    let mut sequence = Sequence { recording, sandbox, ids: BTreeMap::new(), sent: BTreeMap::new() };
    let mut outcomes = BTreeMap::new();
    for exchange in exchanges {
        outcomes.insert(exchange.name.clone(), sequence.replay(exchange));
    }
    Ok(outcomes)
}

impl Sequence<'_> {
    /// Replays an exchange. If messages in the answer differ, and the recorder's providers have reported on them in between,
    /// they get the statuses that were reported, and it is asked for once more.
    fn replay(&mut self, exchange: &Exchange) -> Result<()> {
        let outcome = self.ask(exchange);
        let recorded = exchange.response.as_ref().and_then(|response| response.json.as_ref());
        match recorded.filter(|_| outcome.is_err() && exchange.request.method == "GET") {
            Some(recorded) => {
                let before = self.report(recorded, exchange)?;
                let outcome = if before.is_empty() { outcome } else { self.ask(exchange) };
                for (id, status) in before {
                    self.set_status(&id, &status)?;
                }
                outcome
            }
            None => outcome,
        }
    }

    /// Gives each message in a recorded answer its recorded status. Returns our ids of them, each with the status to have
    /// afterwards.
    fn report(&self, recorded: &Value, exchange: &Exchange) -> Result<Vec<(String, String)>> {
        let listed = recorded["notifications"].as_array().into_iter().flatten();
        let mut before = Vec::new();
        for message in listed.chain([recorded]) {
            let (Some(id), Some(status)) = (message["id"].as_str(), message["status"].as_str()) else {
                continue;
            };
            let (Some(ours), Some(sent)) = (self.ids.get(id), self.sent.get(id)) else { continue };
            self.sandbox.clock().set(moment(exchange));
            let message_here = self.sandbox.message(ours).context("a message that was sent is kept")?;
            // One that is under way would stay there from now on.
            let natural = match message_here.status() {
                Status::Created | Status::Sending => Status::Delivered,
                status => status,
            };
            before.push((ours.clone(), natural.as_str().to_owned()));
            // What no provider ever got was at its end as soon as it was sent.
            let at = if message["sent_at"].is_null() { *sent } else { moment(exchange) };
            self.sandbox.clock().set(at);
            self.set_status(ours, status)?;
        }
        Ok(before)
    }

    fn set_status(&self, id: &str, status: &str) -> Result<()> {
        // Letters show two statuses under other names.
        let status = match status {
            "accepted" => "created",
            "received" => "delivered",
            word => word,
        };
        let body = json!({ "status": status }).to_string().into_bytes();
        let server = address(&self.sandbox)?;
        let mut headers = Headers::default();
        headers.push("Host", server.to_string());
        headers.push("X-Sandbox", "1");
        headers.push("Content-Length", body.len().to_string());
        headers.push("Connection", "close");
        let target = format!("/sandbox/messages/{id}/status");
        let answer =
            http1::exchange(server, &RawRequest { method: "PUT".to_owned(), target, headers, body })?;
        ensure!((200..300).contains(&answer.status), "{status}: {}", String::from_utf8_lossy(&answer.body));
        Ok(())
    }

    fn ask(&mut self, exchange: &Exchange) -> Result<()> {
        let recorded = exchange.response.as_ref().context("a callback cannot be asked for")?;
        let now = moment(exchange) + DEFAULT_STEP / 1_000;
        self.sandbox.clock().set(now);
        let server = address(&self.sandbox)?;
        let theirs = exchange.request.to_raw(&server.to_string(), &self.recording.world, Shift::default())?;
        let ours = self.with_our_ids(&theirs);
        let answered = http1::exchange(server, &ours)?;
        let here = format!("http://{server}");
        let mut recorded_mask = Mask::new(&self.recording.world, &self.recording.base_url, &text(&theirs));
        let mut answered_mask = Mask::new(&self.recording.world, &here, &text(&ours));
        let mut differences = compare(recorded, &mut recorded_mask, &answered, &mut answered_mask);
        if let (Some(recorded), true) = (&recorded.json, exchange.request.method == "POST") {
            self.learn(recorded, &serde_json::from_slice(&answered.body).unwrap_or_default());
            if let Some(id) = recorded["id"].as_str() {
                self.sent.insert(id.to_owned(), now);
            }
        }
        // An id of the request stays as it is in an answer, and ours are not the recorded ones.
        differences.retain(|difference| self.in_our_ids(&difference.recorded) != difference.answered);
        if differences.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = differences.iter().map(ToString::to_string).collect();
        bail!("{} {}\n{}", exchange.request.method, exchange.request.path, list.join("\n"))
    }

    /// A recorded request with our ids.
    fn with_our_ids(&self, request: &RawRequest) -> RawRequest {
        let mut request = request.clone();
        request.target = self.in_our_ids(&request.target);
        if let Ok(body) = std::str::from_utf8(&request.body) {
            // The new ids are as long as the old ones.
            request.body = self.in_our_ids(body).into_bytes();
        }
        request
    }

    fn in_our_ids(&self, text: &str) -> String {
        let bare = |id: &str| id.replace('-', "");
        self.ids.iter().fold(text.to_owned(), |text, (recorded, ours)| {
            text.replace(recorded, ours)
                .replace(&recorded.to_uppercase(), &ours.to_uppercase())
                .replace(&bare(recorded), &bare(ours))
        })
    }

    /// Notes which ids of an answer stand for which recorded ones.
    fn learn(&mut self, recorded: &Value, ours: &Value) {
        match (recorded, ours) {
            (Value::String(recorded), Value::String(ours)) => {
                let is_id =
                    |text: &str| text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
                if is_id(recorded) && is_id(ours) && !self.recording.world.names(recorded) {
                    self.ids.insert(recorded.clone(), ours.clone());
                }
            }
            (Value::Object(recorded), Value::Object(ours)) => {
                for (name, recorded) in recorded {
                    self.learn(recorded, ours.get(name).unwrap_or(&Value::Null));
                }
            }
            _ => {}
        }
    }
}

/// The parts of a request that may contain an id which the answer repeats.
fn text(request: &RawRequest) -> String {
    format!("{} {}", request.target, String::from_utf8_lossy(&request.body))
}
