//! `cargo xtask fuzz`

use std::thread;

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::parallel;
use crate::results::Report;
use crate::tools::cargo_tool;
use crate::workspace;

/// The version of cargo-fuzz.
const CARGO_FUZZ: &str = "0.13.2";

/// The fuzz targets in `tests/fuzz`.
const TARGETS: &[&str] = &["key", "verify", "date", "answer"];

/// How long each target runs for every change.
const ON_EVERY_CHANGE: u32 = 30;

/// How long each target runs as a proof: an hour in total.
const AS_A_PROOF: u32 = 900;

/// Fuzzes the code that parses keys, tokens, dates and what is answered to devices
///
/// Starts from the corpus in tests/fuzz/corpus, and writes what it finds under target/. `--keep` adds to the corpus
/// the smallest set of inputs with the same coverage.
#[derive(Debug, clap::Args)]
pub(crate) struct Fuzz {
    /// How long to run each target
    #[arg(long, default_value_t = ON_EVERY_CHANGE)]
    seconds: u32,
    /// Run only this target; may be repeated
    #[arg(long, value_name = "TARGET")]
    only: Vec<String>,
    /// Keep what was found, minimised, in the corpus
    #[arg(long)]
    keep: bool,
}

impl Fuzz {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let targets: Vec<&str> = TARGETS
            .iter()
            .copied()
            .filter(|target| self.only.is_empty() || self.only.iter().any(|only| only == target))
            .collect();
        CargoFuzz::find(shell)?.run(shell, &["build", "--fuzz-dir", "tests/fuzz"])?;
        for together in targets.chunks(thread::available_parallelism()?.get()) {
            // Each uses one core.
            parallel::for_each(shell, together, |shell, target| run(shell, target, self.seconds))?;
        }
        if self.keep {
            targets.iter().try_for_each(|target| keep(shell, target))?;
        }
        Ok(())
    }
}

/// Half a minute per target, as a step.
pub(crate) fn on_every_change(shell: &Shell) -> Result<()> {
    Fuzz { seconds: ON_EVERY_CHANGE, only: Vec::new(), keep: false }.run(shell)
}

/// An hour, as a step that writes a dated result.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "fuzz")?;
    Fuzz { seconds: AS_A_PROOF, only: Vec::new(), keep: true }.run(shell)?;
    let targets = TARGETS.join(", ");
    report.write(shell, &format!("{targets}: {AS_A_PROOF} seconds each, and nothing found."))
}

/// The command that starts cargo-fuzz on this toolchain, and the environment that lets a stable toolchain pass a
/// fuzzer's flags.
struct CargoFuzz {
    command: Vec<String>,
    bootstrap: bool,
}

impl CargoFuzz {
    fn find(shell: &Shell) -> Result<Self> {
        let program = cargo_tool::require(shell, "cargo-fuzz", CARGO_FUZZ)?.display().to_string();
        let has_nightly = cmd!(shell, "rustup run nightly rustc --version")
            .quiet()
            .ignore_stdout()
            .ignore_stderr()
            .run()
            .is_ok();
        let command = if has_nightly {
            ["rustup", "run", "nightly", &program, "fuzz"].map(str::to_owned).to_vec()
        } else {
            vec![program, "fuzz".to_owned()]
        };
        Ok(Self { command, bootstrap: !has_nightly })
    }

    /// Runs a subcommand of cargo-fuzz with these arguments.
    fn run(&self, shell: &Shell, words: &[&str]) -> Result<()> {
        let Some((program, before)) = self.command.split_first() else { return Ok(()) };
        let _bootstrap = self.bootstrap.then(|| shell.push_env("RUSTC_BOOTSTRAP", "1"));
        // The variables that cargo sets for its own toolchain do not apply to another one.
        let mut command = cmd!(shell, "{program} {before...} {words...}");
        for variable in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
            command = command.env_remove(variable);
        }
        Ok(command.run()?)
    }
}

/// Where a run stores what it finds.
fn found(target: &str) -> Result<String> {
    Ok(workspace::target_dir()?.join("fuzz-corpus").join(target).display().to_string())
}

fn run(shell: &Shell, target: &str, seconds: u32) -> Result<()> {
    let found = found(target)?;
    shell.create_dir(&found)?;
    let corpus = format!("tests/fuzz/corpus/{target}");
    let seconds = format!("-max_total_time={seconds}");
    CargoFuzz::find(shell)?.run(
        shell,
        &[
            "run",
            "--fuzz-dir",
            "tests/fuzz",
            target,
            &found,
            &corpus,
            "--",
            &seconds,
            "-max_len=4096",
            "-verbosity=0",
        ],
    )
}

/// Makes a new corpus of the old one and of what was found: as few inputs as reach as much.
///
/// A merge takes all that is in its first folder, and from the others what reaches more; so the first one is empty.
fn keep(shell: &Shell, target: &str) -> Result<()> {
    let (found, smallest) = (found(target)?, format!("{}-smallest", found(target)?));
    shell.remove_path(&smallest)?;
    shell.create_dir(&smallest)?;
    let corpus = format!("tests/fuzz/corpus/{target}");
    let folders = [&smallest, &corpus, &found].map(String::as_str);
    let words = ["run", "--fuzz-dir", "tests/fuzz", target].into_iter().chain(folders);
    let words: Vec<&str> = words.chain(["--", "-merge=1", "-max_len=4096"]).collect();
    CargoFuzz::find(shell)?.run(shell, &words)?;
    shell.remove_path(&corpus)?;
    shell.create_dir(&corpus)?;
    for input in shell.read_dir(&smallest)? {
        shell.copy_file(input, &corpus)?;
    }
    Ok(())
}
