//! The sandbox compared with the recordings: every `fresh` exchange, replayed byte for byte, must get the recorded
//! answer.
//!
//! Each is replayed twice: against one sandbox that runs by this machine's clock and answers everything else at the
//! same time, and against a sandbox of its own whose clock stands at the moment of the recording. The generated ones and
//! those of the other services are replayed once. Some of these name days, which pass, and they are too many for a
//! sandbox each, so each recording has one sandbox whose clock is set for each exchange. What depends on earlier requests
//! is replayed in the order of the recording for the other services; for GOV.UK Notify, `sandbox_sequences` and `sandbox`
//! test it, and cover the exchanges that they name.

mod sequence;
mod timed_sandbox;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Error, Result};
use notify_conformance::coverage::Suite;
use notify_sandbox::{Clock, Sandbox, Service, World};
use notify_testkit::wire::{Exchange, Recording, Replay, ServerClock, replay};

use sequence::replay_in_order;
use timed_sandbox::{TimedSandbox, address, moment};

fn main() -> Result<ExitCode> {
    let (recording, generated) = (Arc::new(Recording::gov_uk()?), Arc::new(Recording::generated()?));
    let siblings = [
        (Service::NotifyGovAu, Arc::new(Recording::au()?)),
        (Service::NotifyGovAu, Arc::new(Recording::au_generated()?)),
        (Service::GcNotify, Arc::new(Recording::gc()?)),
        (Service::GcNotify, Arc::new(Recording::gc_generated()?)),
        (Service::VaNotify, Arc::new(Recording::va()?)),
    ];
    let recordings =
        [&recording, &generated].into_iter().chain(siblings.iter().map(|(_, recording)| recording));
    let mut suite = Suite::new("sandbox", recordings.flat_map(|recording| &recording.exchanges))?;
    suite.covered_by("tests/sandbox_sequences")?;
    suite.covered_by("tests/sandbox")?;
    let world = World::load(&recording.world.path)?;
    let shared = Arc::new(Sandbox::builder().world(world).without_callbacks().start()?);
    for exchange in fresh(&recording) {
        let (recording, shared, exchange) = (Arc::clone(&recording), Arc::clone(&shared), exchange.clone());
        let name = exchange.name.clone();
        suite.exchange(&name, move || replay_twice(&recording, &shared, &exchange));
    }
    for (service, recording) in [(Service::GovUk, generated)].into_iter().chain(siblings) {
        let sandbox = Arc::new(TimedSandbox::start(service, &recording)?);
        // Nothing of what is generated depends on earlier requests.
        let depends = |exchange: &Exchange| exchange.replay == Replay::Reference;
        let in_order = if recording.exchanges.iter().any(depends) {
            replay_in_order(service, &recording)?
        } else {
            BTreeMap::new()
        };
        for exchange in &recording.exchanges {
            let name = exchange.name.clone();
            let in_order = in_order.get(&name).filter(|_| depends(exchange)).map(as_text);
            if can_be_replayed_alone(exchange) {
                let (recording, sandbox, exchange) =
                    (Arc::clone(&recording), Arc::clone(&sandbox), exchange.clone());
                suite.exchange(&name, move || match in_order {
                    Some(Ok(())) => Ok(()),
                    _ => sandbox.replay(&recording, &exchange),
                });
            } else if let Some(in_order) = in_order {
                suite.exchange(&name, move || in_order.map_err(Error::msg));
            }
        }
    }
    Ok(suite.run())
}

/// The exchanges that can be replayed on their own, in the order they were recorded.
fn fresh(recording: &Recording) -> Vec<&Exchange> {
    let mut exchanges: Vec<&Exchange> =
        recording.exchanges.iter().filter(|exchange| exchange.replay == Replay::Fresh).collect();
    exchanges.sort_by(|one, other| one.sent_at.total_cmp(&other.sent_at));
    exchanges
}

/// Whether an answer of another service depends on the world alone. The recording says so of some; it also holds for
/// refusals other than those of a limit, even where they are accidents of the service's implementation.
fn can_be_replayed_alone(exchange: &Exchange) -> bool {
    let refused = |status| (400..=500).contains(&status) && status != 429;
    let status = exchange.response.as_ref().map(|response| response.status);
    exchange.replay == Replay::Fresh || status.is_some_and(refused)
}

/// An outcome that can be passed to another thread.
fn as_text(outcome: &Result<()>) -> Result<(), String> {
    outcome.as_ref().map_err(|error| format!("{error:#}")).copied()
}

fn replay_twice(recording: &Recording, shared: &Sandbox, exchange: &Exchange) -> Result<()> {
    replay(recording, exchange, address(shared)?, ServerClock::Right).context("by this machine's clock")?;
    let world = World::load(&recording.world.path)?;
    let clock = Clock::frozen(moment(exchange));
    let frozen = Sandbox::builder().world(world).clock(clock).without_callbacks().start()?;
    replay(recording, exchange, address(&frozen)?, ServerClock::AtTheRecording)
        .context("at the recorded moment")
}
