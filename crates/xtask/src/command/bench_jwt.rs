//! `cargo xtask bench-jwt`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::tools::{cargo_tool, debian};
use crate::workspace;

/// The name of notify-jwt in the benchmarks.
const OURS: &str = "notify_jwt";

/// The name of the lower bound in the benchmarks.
const FLOOR: &str = "floor";

/// Minting may take at most this many times the instructions of the lower bound.
const MINT_INSTRUCTIONS: f64 = 1.08;

/// Minting may take at most this many times the time of the lower bound, on a processor with SHA extensions.
const MINT_TIME: f64 = 1.6;

/// Time of a verification, at most this many times the floor's, on such a processor.
const VERIFY_TIME: f64 = 2.5;

/// Instructions of a verification, at most.
const VERIFY_INSTRUCTIONS: f64 = 22_500.0;

/// Measures minting and verifying, ours and others', compared with the lower bound
///
/// Instructions are counted by valgrind, with SHA-256 in software; time is measured with whatever the processor has.
/// Fails if notify-jwt misses a bar.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchJwt {
    /// Print the table, and ignore the bars
    #[arg(long)]
    no_bars: bool,
}

impl BenchJwt {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let table = Table::measure(shell)?;
        print!("{}", table.print()?);
        if self.no_bars { Ok(()) } else { table.check() }
    }
}

/// The same as a step that writes a dated result, even if a bar is missed.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "bench-jwt")?;
    let table = Table::measure(shell)?;
    report.write(shell, &table.print()?)?;
    table.check()
}

/// How many rounds of time measurements to run.
///
/// Other users of the machine slow it down for seconds at a time and never speed it up, so each result is the least
/// over all rounds.
const ROUNDS: usize = 15;

const BENCH: [&str; 4] = ["--quiet", "--package=notify-jwt-bench", "--features", "aws-lc"];

/// The measured values of each benchmark by name: `mint/floor`.
type Measured = BTreeMap<String, f64>;

/// Reads the instructions from gungraun's output.
fn instructions(shell: &Shell) -> Result<Measured> {
    debian::require(shell, &["valgrind", "--version"], &["valgrind"])?;
    let cargo = workspace::cargo();
    // The runner's version must match the library's.
    let id = cmd!(shell, "{cargo} pkgid gungraun").quiet().read()?;
    let (_, version) = id.rsplit_once('@').context("a package id ends in a version")?;
    let runner = cargo_tool::require(shell, "gungraun-runner", version)?;
    let _runner = shell.push_env("GUNGRAUN_RUNNER", runner);
    let _plain = shell.push_env("GUNGRAUN_COLOR", "never");
    let text = cmd!(shell, "{cargo} bench {BENCH...} --bench instructions").read()?;
    let mut measured = Measured::new();
    let mut name = None;
    for line in text.lines() {
        if let Some(count) = line.trim_start().strip_prefix("Instructions:") {
            let count = count.trim().split('|').next().unwrap_or_default().trim();
            let name: String = name.take().context("a count without a name")?;
            measured.insert(name, count.parse().with_context(|| format!("not a count: {count}"))?);
        } else if let Some(path) = line.strip_prefix("instructions::") {
            // instructions::tokens::mint floor:() -> …
            let (path, bench) = path.split_once(' ').context("a benchmark's line without a bench")?;
            let group = path.rsplit("::").next().unwrap_or(path);
            let bench = bench.split(':').next().unwrap_or(bench);
            name = Some(format!("{group}/{bench}"));
        }
    }
    Ok(measured)
}

/// Reads the least time in nanoseconds from criterion's output, in the format of Rust's own benchmarks.
fn time(shell: &Shell) -> Result<Measured> {
    let cargo = workspace::cargo();
    let mut measured = Measured::new();
    for backend in ["rust_crypto", "aws_lc"].into_iter().cycle().take(2 * ROUNDS) {
        let text = cmd!(shell, "{cargo} bench {BENCH...} --bench time -- --output-format bencher")
            .env("BACKEND", backend)
            .read()?;
        for line in text.lines() {
            // test mint/floor ... bench:         150 ns/iter (+/- 2)
            let Some((name, rest)) =
                line.strip_prefix("test ").and_then(|line| line.split_once(" ... bench:"))
            else {
                continue;
            };
            let nanoseconds = rest.trim().split(' ').next().unwrap_or_default().replace(',', "");
            let time: f64 = nanoseconds.parse().context(nanoseconds)?;
            measured.entry(name.to_owned()).and_modify(|least| *least = time.min(*least)).or_insert(time);
        }
    }
    Ok(measured)
}

/// All measurements of one run.
struct Table {
    instructions: Measured,
    time: Measured,
}

impl Table {
    fn measure(shell: &Shell) -> Result<Self> {
        Ok(Self { instructions: instructions(shell)?, time: time(shell)? })
    }

    fn get(measured: &Measured, action: &str, peer: &str) -> Result<f64> {
        measured
            .get(&format!("{action}/{peer}"))
            .copied()
            .with_context(|| format!("{action}/{peer} was not measured"))
    }

    fn print(&self) -> Result<String> {
        let mut text = String::new();
        for action in ["mint", "verify"] {
            writeln!(text, "| {action} | instructions | of the floor's | time | of the floor's |")?;
            writeln!(text, "| --- | ---: | ---: | ---: | ---: |")?;
            let floor =
                (Self::get(&self.instructions, action, FLOOR)?, Self::get(&self.time, action, FLOOR)?);
            let mut rows = Vec::new();
            for name in self.instructions.keys() {
                if let Some(peer) = name.strip_prefix(action).and_then(|rest| rest.strip_prefix('/')) {
                    let row =
                        (Self::get(&self.instructions, action, peer)?, Self::get(&self.time, action, peer)?);
                    rows.push((peer, row));
                }
            }
            rows.sort_by(|(_, (left, _)), (_, (right, _))| left.total_cmp(right));
            for (peer, (instructions, time)) in rows {
                writeln!(
                    text,
                    "| {} | {instructions:.0} | {:.2} | {time:.0} ns | {:.2} |",
                    peer.replace('_', "-"),
                    instructions / floor.0,
                    time / floor.1,
                )?;
            }
            writeln!(text)?;
        }
        Ok(text)
    }

    fn check(&self) -> Result<()> {
        let ratio = |measured, action| -> Result<f64> {
            Ok(Self::get(measured, action, OURS)? / Self::get(measured, action, FLOOR)?)
        };
        let mint = ratio(&self.instructions, "mint")?;
        ensure!(
            mint <= MINT_INSTRUCTIONS,
            "a mint is {mint:.3} times the floor's instructions, over {MINT_INSTRUCTIONS}"
        );
        let verify = Self::get(&self.instructions, "verify", OURS)?;
        ensure!(
            verify <= VERIFY_INSTRUCTIONS,
            "a verification is {verify:.0} instructions, over {VERIFY_INSTRUCTIONS}"
        );
        for (action, bar) in [("mint", MINT_TIME), ("verify", VERIFY_TIME)] {
            let time = ratio(&self.time, action)?;
            if has_sha_extensions() && time > bar {
                bail!("to {action} takes {time:.2} times the floor's time, over {bar}");
            }
        }
        Ok(())
    }
}

/// Whether this processor computes SHA-256 itself.
fn has_sha_extensions() -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        std::arch::is_x86_feature_detected!("sha")
    }
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    {
        false
    }
}
