//! `cargo xtask fuzz`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::tools::cargo_tool;
use crate::workspace;

/// The version of cargo-fuzz.
const CARGO_FUZZ: &str = "0.13.2";

/// What there is to fuzz, in `tests/fuzz`.
const TARGETS: &[&str] = &["key", "verify", "date"];

/// How long each target runs on every change.
const ON_EVERY_CHANGE: u32 = 30;

/// How long each target runs as a proof: an hour in all.
const AS_A_PROOF: u32 = 1200;

/// Throws bytes from anywhere at what reads keys, tokens and dates
///
/// Starts from the corpus in tests/fuzz/corpus, and leaves what it found beside it, under target/; `--keep` takes the smallest set
/// that reaches as much into the corpus.
#[derive(Debug, clap::Args)]
pub(crate) struct Fuzz {
    /// How long each target runs
    #[arg(long, default_value_t = ON_EVERY_CHANGE)]
    seconds: u32,
    /// This target alone; may be given several times
    #[arg(long, value_name = "TARGET")]
    only: Vec<String>,
    /// Keeps what was found, minimised, in the corpus
    #[arg(long)]
    keep: bool,
}

impl Fuzz {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        for target in TARGETS
            .iter()
            .filter(|target| self.only.is_empty() || self.only.iter().any(|only| only == *target))
        {
            run(shell, target, self.seconds)?;
            if self.keep {
                keep(shell, target)?;
            }
        }
        Ok(())
    }
}

/// Half a minute a target, as a step.
pub(crate) fn on_every_change(shell: &Shell) -> Result<()> {
    Fuzz { seconds: ON_EVERY_CHANGE, only: Vec::new(), keep: false }.run(shell)
}

/// An hour, as a step that leaves a dated result.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "fuzz")?;
    Fuzz { seconds: AS_A_PROOF, only: Vec::new(), keep: true }.run(shell)?;
    let targets = TARGETS.join(", ");
    report.write(shell, &format!("{targets}: {AS_A_PROOF} seconds each, and nothing found."))
}

/// The words that start cargo-fuzz on this toolchain, and the environment that lets a stable one pass the flags of a fuzzer.
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

    /// Runs a subcommand of cargo-fuzz with these words.
    fn run(&self, shell: &Shell, words: &[&str]) -> Result<()> {
        let Some((program, before)) = self.command.split_first() else { return Ok(()) };
        let _bootstrap = self.bootstrap.then(|| shell.push_env("RUSTC_BOOTSTRAP", "1"));
        // What cargo told us about its own toolchain is not for another's.
        let mut command = cmd!(shell, "{program} {before...} {words...}");
        for variable in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
            command = command.env_remove(variable);
        }
        Ok(command.run()?)
    }
}

/// Where a run keeps what it finds.
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
            "-verbosity=1",
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
