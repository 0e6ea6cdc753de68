//! The outbox on PostgreSQL, and its simulation with many seeds.

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::step::cargo_test::{TEST_THREADS, threads};
use crate::tools::debian;
use crate::workspace;

/// Succeeds where a server and a pooler can be made, wherever the server's programs are.
const PROBE: [&str; 3] = [
    "sh",
    "-c",
    "{ ls /usr/lib/postgresql/*/bin/initdb || ls \"$NOTIFY_POSTGRES_BIN/initdb\"; } && PATH=$PATH:/usr/sbin pgbouncer --version",
];

/// Makes sure that a server can be started.
pub(crate) fn require_postgres(shell: &Shell) -> Result<()> {
    debian::require(shell, &PROBE, &["postgresql", "pgbouncer"])
}

/// Runs the tests of the store that needs a server, which they start in a folder of its own, and stop.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    require_postgres(shell)?;
    let cargo = workspace::cargo();
    // What `cargo test --workspace` leaves out: the library's and the program's tests that need the server, or wait until absence is
    // proved; then an example. Of the whole workspace, so that nothing is compiled again with fewer features.
    let tests = ["--quiet", "--workspace", "--test"];
    let _threads = shell.push_env(TEST_THREADS, threads());
    cmd!(shell, "{cargo} test {tests...} outbox -- --ignored").run()?;
    cmd!(shell, "{cargo} test {tests...} cli -- --ignored outbox").run()?;
    cmd!(shell, "{cargo} build --quiet --workspace --examples").run()?;
    cmd!(shell, "{cargo} test {tests...} run -- --ignored the_outbox").run()?;
    Ok(())
}

/// Runs ten million messages through two hundred workers in virtual time, optimised, and writes down what it counted.
pub(crate) fn fleet(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    let report = Report::begin(shell, "fleet")?;
    let text = cmd!(
        shell,
        "{cargo} test --quiet --profile bench --package notify-outbox --no-default-features --lib -- --ignored --nocapture ten_million_messages"
    )
    .read()?;
    let counts = text.lines().find(|line| line.starts_with("doubled 0")).context("nothing was counted")?;
    report.write(
        shell,
        &format!(
            "Two hundred workers on one store, in virtual time: {counts}.\n\n\
             Worker, pace and the machine of a row are what ships; the store keeps rows and slots as the database does, in \
             memory. Every 15 s on average a worker dies, or stands still for up to 200 s; of a thousand answers one is lost, \
             and its request arrives up to 50 s late. At least 97 % of the bucket is used, and a message costs at most a tenth \
             more than with one worker: otherwise this fails."
        ),
    )
}

/// Runs the simulation optimised, and writes down what it counted.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    let report = Report::begin(shell, "outbox")?;
    let text = cmd!(
        shell,
        "{cargo} test --quiet --profile bench --package notify-outbox --lib -- --ignored --nocapture many_thousands_of_messages"
    )
    .read()?;
    let counts = text.lines().find(|line| line.starts_with("doubled 0")).context("nothing was counted")?;
    report.write(
        shell,
        &format!(
            "Messages through an outbox, in virtual time: {counts}.\n\n\
             What runs is what ships: worker, machine, calls and lookups. What it meets: workers that are killed and \
             stopped at any point, up to 200 s; a store that cannot be reached, and has or has not done what it was \
             asked; requests that are lost, and arrive up to a minute late; commits up to the last of the service's \
             30 s; messages that the service takes back; errors of the service and of gateways; clocks of hosts that \
             are up to 28 s wrong."
        ),
    )
}
