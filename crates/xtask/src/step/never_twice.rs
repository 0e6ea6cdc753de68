//! The simulation of sends, with millions of seeds.

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::workspace;

/// Runs it optimised, and records its counts.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    let report = Report::begin(shell, "never-twice")?;
    let text = cmd!(
        shell,
        "{cargo} test --quiet --profile bench --package notify-api --test machine -- --ignored --nocapture of_millions"
    )
    .read()?;
    let counts = text.lines().find(|line| line.starts_with("doubled 0")).context("nothing was counted")?;
    let device = cmd!(
        shell,
        "{cargo} test --quiet --profile bench --package notify-embedded --test never_twice -- --ignored --nocapture of_millions"
    )
    .read()?;
    let on_devices = device
        .lines()
        .find(|line| line.starts_with("doubled 0"))
        .context("nothing was counted on devices")?;
    report.write(
        shell,
        &format!(
            "Messages with a reference of their own, each through faults by chance: {counts}.\n\n\
             What they meet: connections that are cut before and after the service took the message, bytes that arrive up \
             to 55 s after their connection was closed, commits up to the last of the service's 30 s, machines of the \
             service whose clocks are 4 s apart, clocks up to 28 s wrong or set in the middle, a proxy whose `Date` is off, \
             answers and pages of other messages or from a cache, gateways' pages, and a process that sleeps or is stopped \
             at every point. What ends in doubt had too little time, or had another message under its reference.\n\n\
             Messages from devices (notify-embedded), which are also reset at every point, with records in flash cut short, and \
             whose uptime jumps: {on_devices}."
        ),
    )
}
