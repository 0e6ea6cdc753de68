//! One sandbox for many exchanges, each at its own time.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use notify_sandbox::{Clock, Sandbox, Service, World};
use notify_testkit::wire::{Exchange, Recording, ServerClock, replay};

/// A sandbox whose clock is frozen unless an exchange sets it.
pub(crate) struct TimedSandbox {
    sandbox: Sandbox,
    /// Only the holder may set the clock, and nobody else sends a request meanwhile.
    clock: Mutex<Clock>,
}

impl TimedSandbox {
    /// Starts a sandbox that is this service, with the world of a recording.
    pub(crate) fn start(service: Service, recording: &Recording) -> Result<Self> {
        // The world's revoked keys were revoked before the sandbox starts.
        let first = recording.exchanges.iter().map(moment).min().context("a recording without exchanges")?;
        let clock = Clock::frozen(first);
        let world = World::load(&recording.world.path)?;
        let sandbox = Sandbox::builder()
            .service(service)
            .world(world)
            .clock(clock.clone())
            .without_callbacks()
            .start()?;
        Ok(Self { sandbox, clock: Mutex::new(clock) })
    }

    /// Replays an exchange at the time of its recording.
    pub(crate) fn replay(&self, recording: &Recording, exchange: &Exchange) -> Result<()> {
        let clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        clock.set(moment(exchange));
        replay(recording, exchange, address(&self.sandbox)?, ServerClock::AtTheRecording)
    }
}

pub(crate) fn address(sandbox: &Sandbox) -> Result<SocketAddr> {
    Ok(sandbox.url().trim_start_matches("http://").parse()?)
}

/// The time at which an exchange was recorded.
pub(crate) fn moment(exchange: &Exchange) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs_f64(exchange.sent_at)
}
