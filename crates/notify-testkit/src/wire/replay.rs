//! Replays an exchange against a server that has loaded the same world.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};

use super::authorization::Shift;
use super::compare::compare;
use super::exchange::{Exchange, Request};
use super::mask::Mask;
use super::recording::Recording;
use crate::http1::{self, RawResponse};

/// An exchange that depends on the second must be sent and answered within this time after its start.
const EARLY: Duration = Duration::from_millis(100);

/// How often a busy machine may miss that.
const TRIES: u32 = 20;

/// The time at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerClock {
    /// The same as on this machine.
    Right,
    /// Frozen at the time of the recording.
    AtTheRecording,
}

/// Sends the request of an exchange to a server on this machine, byte for byte but with tokens made again for the
/// server's time, and compares the answer with the recorded one.
///
/// # Errors
///
/// If the answer differs; the error lists all differences. Also if there is no answer, or the exchange cannot be
/// replayed.
pub fn replay(
    recording: &Recording,
    exchange: &Exchange,
    server: SocketAddr,
    clock: ServerClock,
) -> Result<()> {
    let recorded = exchange.response.as_ref().context("a callback cannot be replayed")?;
    let answered = match clock {
        ServerClock::AtTheRecording => ask(recording, exchange, server, Shift::default())?,
        ServerClock::Right if at_the_edge_of_a_second(exchange) => {
            early_in_a_second(|now| ask(recording, exchange, server, shift(exchange, now)?))?
        }
        ServerClock::Right => ask(recording, exchange, server, shift(exchange, since_1970())?)?,
    };
    let request = named_in(&exchange.request)?;
    let here = format!("http://{server}");
    let mut recorded_mask = Mask::new(&recording.world, &recording.base_url, &request);
    let mut answered_mask = Mask::new(&recording.world, &here, &request);
    let differences = compare(recorded, &mut recorded_mask, &answered, &mut answered_mask);
    if differences.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = differences.iter().map(ToString::to_string).collect();
    bail!("{} {}\n{}", exchange.request.method, exchange.request.path, list.join("\n"))
}

fn ask(recording: &Recording, exchange: &Exchange, server: SocketAddr, shift: Shift) -> Result<RawResponse> {
    let request = exchange.request.to_raw(&server.to_string(), &recording.world, shift)?;
    Ok(http1::exchange(server, &request)?)
}

fn shift(exchange: &Exchange, now: Duration) -> Result<Shift> {
    #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970, floored, of a recording")]
    let recorded = exchange.sent_at.floor() as i64;
    Ok(Shift { recorded, seconds: i64::try_from(now.as_secs())? - recorded })
}

/// The parts of a request that may contain an id which the answer repeats.
fn named_in(request: &Request) -> Result<String> {
    let body = request.body()?.unwrap_or_default();
    Ok(format!("{} {}", request.path, String::from_utf8_lossy(&body)))
}

fn at_the_edge_of_a_second(exchange: &Exchange) -> bool {
    ["iat-plus-", "iat-minus-"].iter().any(|case| exchange.name.contains(case))
}

/// Runs `ask` at the start of a second, and again if the machine was too slow to get its answer early in that second.
fn early_in_a_second<T>(mut ask: impl FnMut(Duration) -> Result<T>) -> Result<T> {
    for _ in 0..TRIES {
        let now = since_1970();
        let late = Duration::from_nanos(u64::from(now.subsec_nanos()));
        if late > EARLY / 2 {
            thread::sleep(Duration::from_secs(1).saturating_sub(late));
        }
        let now = since_1970();
        let answer = ask(now)?;
        if since_1970() <= Duration::from_secs(now.as_secs()) + EARLY {
            return Ok(answer);
        }
    }
    bail!("no answer came within the first {EARLY:?} of a second, in {TRIES} tries")
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970, or no token would be good")
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use serde_json::{Value, json};

    use super::*;
    use crate::http1::ScriptedServer;
    use crate::wire::Replay;

    static RECORDING: LazyLock<Recording> = LazyLock::new(|| Recording::gov_uk().unwrap());

    /// Replays an exchange against a server that gives the recorded answer, changed by `change`.
    fn replay_changed(name: &str, change: fn(&mut RawResponse)) -> Result<()> {
        let exchange = RECORDING.exchange(name)?;
        let mut answer = exchange.response.as_ref().context("no response")?.to_raw()?;
        change(&mut answer);
        let server = ScriptedServer::start(move |request| {
            let mut answer = answer.clone();
            // Links in an answer name the server that answers.
            let host = request.headers.get("Host").unwrap_or_default();
            answer.body = String::from_utf8_lossy(&answer.body).replace("127.0.0.1:16011", host).into_bytes();
            let mut bytes = answer.to_bytes();
            if request.method == "HEAD" {
                bytes.truncate(bytes.len() - answer.body.len());
            }
            bytes
        })?;
        replay(&RECORDING, exchange, server.address(), ServerClock::Right)
    }

    fn change_json(answer: &mut RawResponse, change: impl FnOnce(&mut Value)) {
        let mut json = serde_json::from_slice(&answer.body).unwrap();
        change(&mut json);
        answer.body = serde_json::to_vec(&json).unwrap();
    }

    #[test]
    fn the_recorded_answers_are_the_recorded_answers() {
        for exchange in RECORDING.exchanges.iter().filter(|exchange| exchange.replay == Replay::Fresh) {
            replay_changed(&exchange.name, |_| {}).with_context(|| exchange.name.clone()).unwrap();
        }
    }

    #[test]
    fn other_ids_are_the_same_answer_as_long_as_they_agree() {
        let other = "0e16d5a7-1feb-4d8a-a270-e37ed602b943";
        assert!(
            RECORDING.world.names("ac0864ff-acc8-4dd3-a1d0-34ce1fb8f955") && !RECORDING.world.names(other)
        );
        replay_changed("ok/sms-test-key", |answer| {
            change_json(answer, |json| {
                let other = "0e16d5a7-1feb-4d8a-a270-e37ed602b943";
                json["id"] = other.into();
                json["uri"] = format!("http://127.0.0.1:16011/v2/notifications/{other}").into();
            });
        })
        .unwrap();
        replay_changed("ok/sms-test-key", |answer| {
            change_json(answer, |json| json["id"] = "0e16d5a7-1feb-4d8a-a270-e37ed602b943".into());
        })
        .unwrap_err();
    }

    #[test]
    fn each_kind_of_difference_is_found_and_named() {
        let found = |name, change: fn(&mut RawResponse), at: &str| {
            let error = replay_changed(name, change).expect_err(at).to_string();
            assert!(error.contains(at), "{at} is not in: {error}");
        };
        found("auth/no-header", |answer| answer.status = 403, "status\n  recorded: 401\n  answered: 403");
        found("auth/no-header", |answer| answer.headers = [].into_iter().collect(), "Content-Type");
        found(
            "auth/order-no-auth-405",
            |answer| {
                let allowed = |(name, value): (&str, &str)| {
                    (name != "Allow").then(|| (name.to_owned(), value.to_owned()))
                };
                answer.headers = answer.headers.iter().filter_map(allowed).collect();
                answer.headers.push("Allow", "GET, OPTIONS");
            },
            "Allow\n  recorded: GET, HEAD, OPTIONS\n  answered: GET, OPTIONS",
        );
        found("auth/no-header", |answer| answer.body = b"<html>".to_vec(), "not JSON");
        found(
            "auth/no-header",
            |answer| change_json(answer, |json| json["errors"][0]["message"] = "no".into()),
            "$.errors[0].message",
        );
        found(
            "auth/no-header",
            |answer| change_json(answer, |json| json["more"] = json!(1)),
            "$.more\n  recorded: (absent)",
        );
        found(
            "ok/templates-all",
            |answer| change_json(answer, |json| json["templates"].as_array_mut().unwrap().reverse()),
            "$.templates[0].",
        );
        found(
            "ok/templates-all",
            |answer| change_json(answer, |json| drop(json["templates"].as_array_mut().unwrap().pop())),
            "answered: (absent)",
        );
        found(
            "ok/template-email",
            |answer| change_json(answer, |json| json["created_at"] = Value::Null),
            "$.created_at",
        );
    }

    #[test]
    fn a_cut_list_is_as_long_as_it_says() {
        let exchange = RECORDING.exchange("paging/page-1").unwrap();
        let mut json = exchange.response.as_ref().unwrap().json.clone().unwrap();
        let list = json["notifications"].as_array_mut().unwrap();
        let cut = list.iter().position(|item| item == "... 247 more ...").unwrap();
        let item = list[0].clone();
        list.splice(cut..=cut, std::iter::repeat_n(item, 247));
        let answer = |json: &Value| {
            let headers = [("Content-Type".to_owned(), "application/json".to_owned())].into_iter().collect();
            RawResponse { status: 200, headers, body: serde_json::to_vec(json).unwrap() }
        };
        let recorded = exchange.response.as_ref().unwrap();
        let differences = |json: &Value| {
            let mask = || Mask::new(&RECORDING.world, &RECORDING.base_url, &exchange.request.path);
            compare(recorded, &mut mask(), &answer(json), &mut mask())
        };
        assert_eq!(differences(&json), []);
        json["notifications"].as_array_mut().unwrap().pop();
        assert_ne!(differences(&json), []);
    }
}
