//! How soon the program is done that is shipped, and how large it is.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::workspace;

/// The most bytes of the program, stripped and with all features.
const MOST_BYTES: u64 = 12_000_000;

/// The most that a token may take beyond a program that does nothing.
const MOST: Duration = Duration::from_millis(5);

/// How often each is run, one after the other in turn. The fastest run counts: everything else is what the machine does besides.
const RUNS: usize = 300;

/// A key that no service has.
const KEY: &str = "start-up-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";

/// Measures `notify token` against `/bin/true`, and the file of the program.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "start-up")?;
    let cargo = workspace::cargo();
    let program = ["--package", "notify-cli", "--bin", "notify", "--all-features"];
    cmd!(shell, "{cargo} build --quiet --profile dist {program...}").run()?;
    let notify = workspace::target_dir()?.join("dist/notify");
    let bytes = fs::metadata(&notify)?.len();
    let (mut token, mut nothing) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        nothing = nothing.min(time(Path::new("/bin/true"), &[])?);
        token = token.min(time(&notify, &["token"])?);
    }
    let more = token.saturating_sub(nothing);
    let findings = format!(
        "| | measured | bar |\n| --- | ---: | ---: |\n\
         | `notify token` beyond `/bin/true`, the fastest of {RUNS} runs of each | {:.2} ms | {:.0} ms |\n\
         | the program, stripped and with all features | {:.1} MB | {:.0} MB |",
        milliseconds(more),
        milliseconds(MOST),
        megabytes(bytes),
        megabytes(MOST_BYTES),
    );
    eprintln!("{findings}");
    ensure!(more <= MOST, "`notify token` takes {:.2} ms more than /bin/true", milliseconds(more));
    ensure!(bytes <= MOST_BYTES, "the program has {:.1} MB", megabytes(bytes));
    report.write(shell, &findings)
}

/// How long a program takes from its start to its end.
fn time(program: &Path, args: &[&str]) -> Result<Duration> {
    let mut command = Command::new(program);
    command.args(args).env("NOTIFY_API_KEY", KEY).stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let took = start.elapsed();
    ensure!(status.success(), "{} ended with {status}", program.display());
    Ok(took)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "a file has far less than 2^52 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
