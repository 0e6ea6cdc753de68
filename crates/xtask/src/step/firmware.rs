//! The firmware on every board, compared with Python.

use std::ops::Range;

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;
use xshell::{Shell, cmd};

use crate::firmware::test_vectors::{self, TestVector};
use crate::firmware::{self, Build, Case, Toolchain};
use crate::workspace;

/// How many test vectors each board gets.
const VECTORS: usize = 128;

/// When someone rings the bell: the firmware was built in 2026, but may have lain in a drawer since.
const BELL: Range<u64> = 1_770_000_000..2_070_000_000;

/// Builds the firmware for all boards and WebAssembly, and runs it.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let toolchain = Toolchain::find(shell)?;
    firmware::require_emulators(shell)?;
    let targets: Vec<&str> = firmware::targets().collect();
    toolchain.build(shell, Build::SMALL, &targets)?;
    let seed = workspace::fresh_seed()?;
    let mut rng = Rng::with_seed(seed.into());
    let vectors = test_vectors::from_python(shell, test_vectors::inputs(VECTORS, &mut rng))?;
    let bell = test_vectors::from_python(shell, vec![(test_vectors::key(&mut rng), rng.u64(BELL))])?;
    for target in targets {
        let trial = Trial { shell, target };
        trial
            .programs(&vectors)
            .and_then(|()| trial.bell(&bell))
            .with_context(|| format!("{target}, seed {seed}"))?;
        eprintln!("{target}: {VECTORS} tokens are Python's (seed {seed})");
    }
    front_page(shell, &toolchain)
}

/// The page that shows the firmware run, and what it says before that.
const PAGE: &str = "README.md";
const COMMAND: &str = "$ cd examples/firmware\n$ cargo run ";

/// Runs the firmware as the front page says, and compares what it prints with the page.
fn front_page(shell: &Shell, toolchain: &Toolchain) -> Result<()> {
    let page = shell.read_file(PAGE)?;
    let shown = page.split_once(COMMAND).and_then(|(_, rest)| rest.split_once('\n'));
    let (options, rest) = shown.with_context(|| format!("{PAGE} does not run the firmware"))?;
    let expected = rest.split_once("```").map_or(rest, |(output, _)| output);
    let (options, target) = options.split_once("--target ").context("the command names no target")?;
    let (cargo, options) = (workspace::cargo(), options.split_whitespace());
    let folder = Build::SMALL.folder()?;
    let printed = {
        let _folder = shell.push_dir(firmware::FOLDER);
        let command = cmd!(shell, "{cargo} run --quiet --locked {options...} --target-dir {folder}")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTFLAGS");
        toolchain.configure(command, &[target]).read()?
    };
    let is_as_shown = printed.lines().count() == expected.lines().count()
        && printed.lines().zip(expected.lines()).all(|(printed, expected)| {
            match expected.strip_suffix("[..]") {
                Some(start) => printed.starts_with(start),
                None => printed == expected,
            }
        });
    ensure!(is_as_shown, "{PAGE} shows\n{expected}and the firmware printed\n{printed}");
    Ok(())
}

/// What one target must pass.
struct Trial<'t> {
    shell: &'t Shell,
    target: &'t str,
}

impl Trial<'_> {
    /// The programs that do one thing each.
    fn programs(&self, vectors: &[TestVector]) -> Result<()> {
        self.print("token", vectors.iter().map(|vector| (vector, "", vector.token.as_str())))?;
        self.print("verify", vectors.iter().map(|vector| (vector, vector.token.as_str(), "accepted")))?;
        // Each gets the token of the one before.
        let strange = vectors.iter().skip(1).zip(vectors);
        self.print("verify", strange.map(|(vector, other)| (vector, other.token.as_str(), "refused")))?;
        let dated = || vectors.iter().filter(|vector| !vector.date.is_empty());
        self.print("date", dated().map(|vector| (vector, vector.date.as_str(), "right")))?;
        // The token without its last letter.
        self.print("date", dated().map(|vector| (vector, &vector.date[..vector.date.len() - 1], "wrong")))?;
        self.print(
            "key",
            vectors
                .iter()
                .map(|vector| (vector, "", &vector.key[vector.key.len() - 73..vector.key.len() - 37])),
        )
    }

    /// Has a program print one line per case, and compares each with what it should be.
    fn print<'c>(
        &self,
        name: &str,
        inputs: impl Iterator<Item = (&'c TestVector, &'c str, &'c str)>,
    ) -> Result<()> {
        let (cases, expected): (Vec<Case>, Vec<&str>) = inputs
            .map(|(vector, text, expected)| (Case::new(&vector.key, vector.moment, text), expected))
            .unzip();
        let printed = Build::SMALL.program(self.target, name)?.run(self.shell, &cases)?;
        ensure!(printed.len() == cases.len(), "{name}: {} lines for {} cases", printed.len(), cases.len());
        for ((case, expected), printed) in cases.iter().zip(expected).zip(printed) {
            ensure!(printed == expected, "{name}, at {}: printed {printed}, not {expected}", case.seconds);
        }
        Ok(())
    }

    /// The firmware itself: it learns the time, and its second token matches Python's.
    fn bell(&self, vectors: &[TestVector]) -> Result<()> {
        let program = Build::SMALL.program(self.target, "notify-firmware")?;
        for vector in vectors {
            let uptime = vector.moment % 100_000;
            let printed = program.run(self.shell, &[Case::new(&vector.key, uptime, &vector.date)])?;
            let good = format!("Authorization: Bearer {}", vector.token);
            let service = &vector.key[vector.key.len() - 73..vector.key.len() - 37];
            let verified = format!("Verified: {service} {}", vector.moment);
            let [first, second, third] = &printed[..] else { anyhow::bail!("not three lines: {printed:?}") };
            ensure!(
                first.starts_with("Authorization: Bearer ") && *first != good,
                "it knew the time: {first}"
            );
            ensure!(*second == good, "the second token is {second}, not {good}");
            ensure!(*third == verified, "printed {third}, not {verified}");
            // It must not accept a time before it was built.
            let back = "Sun, 06 Nov 1994 08:49:37 GMT";
            let refused = program.run(self.shell, &[Case::new(&vector.key, uptime, back)]);
            ensure!(refused.is_err(), "the clock was set back to {back}");
        }
        Ok(())
    }
}
