//! The sandbox held to the recordings: every `fresh` exchange, asked again byte for byte, must be answered as recorded.
//!
//! Each is asked twice: of one sandbox that runs by this machine's clock and is asked everything else at the same time,
//! and of a sandbox of its own whose clock stands at the moment of the recording. The generated ones are asked once: some
//! name days, which pass, and they are too many for a sandbox each; so they share one whose clock is set for each of
//! them. What depends on what went before is judged in `sandbox_sequences` and `sandbox`, which claim the exchanges that
//! they name.

mod stage;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use notify_conformance::claims::Suite;
use notify_sandbox::{Clock, Sandbox, World};
use notify_testkit::wire::{Exchange, Recording, Replay, ServerClock, replay};

use stage::{Stage, address, moment};

fn main() -> Result<ExitCode> {
    let (recording, generated) = (Arc::new(Recording::gov_uk()?), Arc::new(Recording::generated()?));
    let siblings = [Recording::au()?, Recording::gc()?];
    let recordings = [&*recording, &*generated].into_iter().chain(&siblings);
    let mut suite = Suite::new("sandbox", recordings.flat_map(|recording| &recording.exchanges))?;
    suite.claims_of("tests/sandbox_sequences")?;
    suite.claims_of("tests/sandbox")?;
    let world = World::load(&recording.world.path)?;
    let shared = Arc::new(Sandbox::builder().world(world).without_callbacks().start()?);
    for exchange in fresh(&recording) {
        let (recording, shared, exchange) = (Arc::clone(&recording), Arc::clone(&shared), exchange.clone());
        let name = exchange.name.clone();
        suite.exchange(&name, move || judge(&recording, &shared, &exchange));
    }
    let stage = Arc::new(Stage::start(&generated)?);
    for exchange in fresh(&generated) {
        let (generated, stage, exchange) = (Arc::clone(&generated), Arc::clone(&stage), exchange.clone());
        let name = exchange.name.clone();
        suite.exchange(&name, move || stage.judge(&generated, &exchange));
    }
    Ok(suite.run())
}

/// The exchanges that can be asked on their own, in the order in which they were recorded.
fn fresh(recording: &Recording) -> Vec<&Exchange> {
    let mut exchanges: Vec<&Exchange> =
        recording.exchanges.iter().filter(|exchange| exchange.replay == Replay::Fresh).collect();
    exchanges.sort_by(|one, other| one.sent_at.total_cmp(&other.sent_at));
    exchanges
}

fn judge(recording: &Recording, shared: &Sandbox, exchange: &Exchange) -> Result<()> {
    replay(recording, exchange, address(shared)?, ServerClock::Right).context("by this machine's clock")?;
    let world = World::load(&recording.world.path)?;
    let clock = Clock::frozen(moment(exchange));
    let frozen = Sandbox::builder().world(world).clock(clock).without_callbacks().start()?;
    replay(recording, exchange, address(&frozen)?, ServerClock::AtTheRecording)
        .context("at the recorded moment")
}
