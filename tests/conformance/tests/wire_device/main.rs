//! The client for devices, held to the recordings.
//!
//! Where it can say what was recorded, its request must be the recorded one: method, path and query, and body as JSON values.
//! Either way the recorded answer, cut into pieces at random, must come out as what it is: the id and the status of a message,
//! or the status and class of a refusal, or nothing certain.

mod asked;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use fastrand::Rng;
use notify_conformance::coverage::Suite;
use notify_embedded::{Answer, Call, NotificationId, Outcome, Query, Service};
use notify_jwt::{ApiKey, Clock, Signer, UntrustedToken, Verifier};
use notify_testkit::wire::{Exchange, Recording, Response};
use serde_json::Value;

use asked::Asked;

/// What signs. The answers do not depend on it.
const KEY: &str = "device-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";

/// What the service says when a token's time is off.
const CLOCK: &str = "Error: Your system clock must be accurate to within 30 seconds";

fn main() -> Result<ExitCode> {
    let recordings = [
        (Service::gov_uk(), Recording::gov_uk()?),
        (Service::gov_uk(), Recording::generated()?),
        (Service::notify_gov_au(), Recording::au()?),
        (Service::notify_gov_au(), Recording::au_generated()?),
        (Service::gc_notify(), Recording::gc()?),
        (Service::gc_notify(), Recording::gc_generated()?),
        (Service::va_notify(), Recording::va()?),
    ];
    let mut exchanges = Vec::new();
    for (service, recording) in recordings {
        let asked = recording.exchanges.into_iter().filter(Asked::is_for_a_device);
        exchanges.extend(asked.map(|exchange| (service.at_host("localhost"), Arc::new(exchange))));
    }
    let mut suite = Suite::new("device", exchanges.iter().map(|(_, exchange)| &exchange.name))?;
    for (service, exchange) in exchanges {
        let name = exchange.name.clone();
        suite.exchange(&name, move || judge(service, &exchange));
    }
    Ok(suite.run())
}

/// A device that asks, and its clock.
struct Device {
    signer: Signer,
    clock: Clock,
    rng: Rng,
}

impl Device {
    fn new(exchange: &Exchange) -> Result<Self> {
        let seed = exchange.name.bytes().fold(7, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte));
        let key = ApiKey::parse(KEY)?;
        let (signer, clock) = (Signer::new(&key), Clock::starting_at(1_700_000_000));
        Ok(Self { signer, clock, rng: Rng::with_seed(seed) })
    }

    /// The answer in pieces, an empty one at the end for a connection that is closed.
    fn pieces(&mut self, answer: &[u8]) -> Vec<Vec<u8>> {
        let mut pieces = Vec::new();
        let mut rest = answer;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(self.rng.usize(1..=rest.len().min(300)));
            pieces.push(piece.to_vec());
            rest = after;
        }
        pieces
    }

    fn send(&mut self, mut call: Call<'_>, answer: &[u8]) -> Result<Outcome> {
        call.request(&self.signer, &self.clock, 5, &mut vec![0; 1 << 16])?;
        for piece in self.pieces(answer) {
            if let Some(outcome) = call.received(&piece, &mut self.clock, 6) {
                return Ok(outcome);
            }
        }
        Ok(call.closed(&mut self.clock, 6))
    }

    fn ask(&mut self, mut query: Query<'_>, answer: &[u8]) -> Result<Answer> {
        query.request(&self.signer, &self.clock, 5, &mut vec![0; 1 << 16])?;
        for piece in self.pieces(answer) {
            if let Some(answer) = query.received(&piece, &mut self.clock, 6) {
                return Ok(answer);
            }
        }
        Ok(query.closed(&mut self.clock, 6))
    }
}

fn judge(service: Service<'_>, exchange: &Exchange) -> Result<()> {
    let recorded = exchange.response.as_ref().context("it was answered")?;
    let bytes = recorded.to_raw()?.to_bytes();
    let mut device = Device::new(exchange)?;
    let asked = Asked::by(exchange);
    if let Some(request) = asked.request(service, &device.signer, &device.clock)? {
        compare_request(exchange, &request)?;
    }
    let cut = device.rng.usize(0..bytes.len());
    match &asked {
        Asked::Message(message) => {
            let outcome = message.with(|message| device.send(Call::new(service, message), &bytes))?;
            compare_outcome(recorded, message.is_exact, &outcome)?;
            // An answer that is cut off says nothing.
            let outcome = message.with(|message| device.send(Call::new(service, message), &bytes[..cut]))?;
            ensure!(matches!(outcome, Outcome::Unknown { .. }), "cut off after {cut} bytes: {outcome:?}");
        }
        Asked::Id(id) => {
            compare_answer(recorded, &device.ask(Query::get(service, *id), &bytes)?)?;
            let answer = device.ask(Query::get(service, *id), &bytes[..cut])?;
            ensure!(matches!(answer, Answer::TryAgain(_)), "cut off after {cut} bytes: {answer:?}");
        }
        Asked::Reference(reference) => {
            compare_answer(recorded, &device.ask(Query::find(service, reference), &bytes)?)?;
        }
    }
    Ok(())
}

/// Compares a request with the recorded one.
fn compare_request(exchange: &Exchange, request: &[u8]) -> Result<()> {
    ensure!(
        request.len() < 1024 || exchange.request.body()?.is_some_and(|body| body.len() > 600),
        "over 1 KB"
    );
    let text = std::str::from_utf8(request)?;
    let (head, body) = text.split_once("\r\n\r\n").context("a head and a body")?;
    let expected = format!("{} {} HTTP/1.1", exchange.request.method, exchange.request.path);
    let line = head.lines().next().unwrap_or_default();
    ensure!(line == expected, "{line} instead of {expected}");
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
    let token = UntrustedToken::from_bearer(header("Authorization: ").context("a token")?)?;
    token.verify(&Verifier::new(&ApiKey::parse(KEY)?), 1_700_000_005)?;
    if let Some(recorded) = exchange.request.body()? {
        let length = header("Content-Length:").context("a length")?.trim();
        ensure!(length.parse() == Ok(body.len()), "{length} is not {}", body.len());
        let (sent, recorded): (Value, Value) =
            (serde_json::from_str(body)?, serde_json::from_slice(&recorded)?);
        ensure!(sent == recorded, "{sent} instead of {recorded}");
    } else {
        ensure!(body.is_empty(), "a body: {body}");
    }
    Ok(())
}

/// The class of the first error in the service's own words, empty where they have none; `None` if these are not its words.
fn class(recorded: &Response) -> Option<&str> {
    let json = recorded.json.as_ref()?;
    if let Some(errors) = json["errors"].as_array().filter(|errors| !errors.is_empty()) {
        return errors[0]["error"].as_str();
    }
    (json["result"] == "error").then_some("")
}

fn is_clock(recorded: &Response) -> bool {
    let errors = recorded.json.as_ref().and_then(|json| json["errors"].as_array());
    recorded.status == 403
        && errors.is_some_and(|errors| {
            errors.iter().any(|error| error["error"] == "AuthError" && error["message"] == CLOCK)
        })
}

fn compare_outcome(recorded: &Response, is_exact: bool, outcome: &Outcome) -> Result<()> {
    let is_same = match (recorded.status, class(recorded), outcome) {
        (200..300, _, Outcome::Accepted(id)) => {
            let json = recorded.json.as_ref().context("a message")?;
            is_exact && json["id"] == id.to_string()
        }
        // Whoever asked for another message has no answer.
        (200..300, _, Outcome::Unknown { .. }) => !is_exact,
        // An interim response was recorded as the head, and the real one as the body.
        (100, _, Outcome::Accepted(_)) => is_exact,
        (403, _, Outcome::TryAgain(0)) => is_clock(recorded),
        (300..500, Some(class), Outcome::Refused(refusal)) => {
            refusal.status() == recorded.status
                && refusal.class() == class
                && refusal.is_clock() == is_clock(recorded)
        }
        (429, Some("RateLimitError"), Outcome::TryAgain(1..))
        | (300..500, None, Outcome::Unknown { .. })
        | (500.., _, Outcome::Unknown { .. }) => true,
        _ => false,
    };
    ensure!(is_same, "{} {:?} became {outcome:?}", recorded.status, recorded.json);
    Ok(())
}

fn compare_answer(recorded: &Response, answer: &Answer) -> Result<()> {
    let json = recorded.json.as_ref();
    let is_same = match (recorded.status, class(recorded), answer) {
        (200, _, Answer::Found(found)) => {
            let json = json.context("a message")?;
            let message = if json["notifications"].is_array() { &json["notifications"][0] } else { json };
            message["id"].as_str().and_then(|id| NotificationId::parse(id).ok()) == Some(found.id())
                && message["status"] == found.status()
        }
        (200, _, Answer::NotFound) => json.is_some_and(|json| json["notifications"] == serde_json::json!([])),
        (404, Some(_), Answer::NotFound) | (500.., _, Answer::TryAgain(_)) => true,
        (403, _, Answer::TryAgain(0)) => is_clock(recorded),
        (300..500, Some(class), Answer::Refused(refusal)) => {
            refusal.status() == recorded.status && refusal.class() == class
        }
        (_, None, Answer::TryAgain(_)) => recorded.status != 200,
        _ => bail!("{} {json:?} became {answer:?}", recorded.status),
    };
    ensure!(is_same, "{} {json:?} became {answer:?}", recorded.status);
    Ok(())
}
