//! The sandbox held to the recordings: every `fresh` exchange, asked again byte for byte, must be answered as recorded.
//!
//! Each is asked twice: of one sandbox that runs by this machine's clock and is asked everything else at the same time,
//! and of a sandbox of its own whose clock stands at the moment of the recording. What depends on what went before is
//! judged in `sandbox_sequences` and `tester`, which claim the exchanges that they name.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use notify_sandbox::{Clock, Sandbox, World};
use notify_tests::claims::Suite;
use notify_tests::wire::{Exchange, Recording, Replay, ServerClock, replay};

fn main() -> Result<ExitCode> {
    let recording = Arc::new(Recording::gov_uk()?);
    let siblings = [Recording::au()?, Recording::gc()?];
    let all = recording.exchanges.iter().chain(siblings.iter().flat_map(|sibling| &sibling.exchanges));
    let mut suite = Suite::new("sandbox", all)?;
    suite.claims_of("tests/sandbox_sequences")?;
    suite.claims_of("tests/tester")?;
    let world = World::load(&recording.world.path)?;
    let shared = Arc::new(Sandbox::builder().world(world).without_callbacks().start()?);
    for exchange in recording.exchanges.iter().filter(|exchange| exchange.replay == Replay::Fresh) {
        let (recording, shared, exchange) = (Arc::clone(&recording), Arc::clone(&shared), exchange.clone());
        let name = exchange.name.clone();
        suite.exchange(&name, move || judge(&recording, &shared, &exchange));
    }
    Ok(suite.run())
}

fn judge(recording: &Recording, shared: &Sandbox, exchange: &Exchange) -> Result<()> {
    replay(recording, exchange, address(shared)?, ServerClock::Right).context("by this machine's clock")?;
    let then = UNIX_EPOCH + Duration::from_secs_f64(exchange.sent_at);
    let world = World::load(&recording.world.path)?;
    let frozen = Sandbox::builder().world(world).clock(Clock::frozen(then)).without_callbacks().start()?;
    replay(recording, exchange, address(&frozen)?, ServerClock::AtTheRecording)
        .context("at the recorded moment")
}

fn address(sandbox: &Sandbox) -> Result<SocketAddr> {
    Ok(sandbox.url().trim_start_matches("http://").parse()?)
}
