//! The firmware on every board, compared with Python.

use std::ops::Range;

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;
use xshell::Shell;

use crate::firmware::cases::{self, Judged};
use crate::firmware::{self, Build, Case, Toolchain};
use crate::workspace;

/// How many keys and times each board gets.
const CASES: usize = 128;

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
    let judged = cases::judge(shell, cases::any(CASES, &mut rng))?;
    let bell = cases::judge(shell, vec![(cases::key(&mut rng), rng.u64(BELL))])?;
    for target in targets {
        let trial = Trial { shell, target };
        trial
            .programs(&judged)
            .and_then(|()| trial.bell(&bell))
            .with_context(|| format!("{target}, seed {seed}"))?;
        eprintln!("{target}: {CASES} tokens are Python's (seed {seed})");
    }
    Ok(())
}

/// What one target must pass.
struct Trial<'t> {
    shell: &'t Shell,
    target: &'t str,
}

impl Trial<'_> {
    /// The programs that do one thing each.
    fn programs(&self, judged: &[Judged]) -> Result<()> {
        self.print("token", judged.iter().map(|case| (case, "", case.token.as_str())))?;
        self.print("verify", judged.iter().map(|case| (case, case.token.as_str(), "accepted")))?;
        // Each case gets the token of the case before.
        let strange = judged.iter().skip(1).zip(judged);
        self.print("verify", strange.map(|(case, other)| (case, other.token.as_str(), "refused")))?;
        let dated = || judged.iter().filter(|case| !case.date.is_empty());
        self.print("date", dated().map(|case| (case, case.date.as_str(), "right")))?;
        // The token without its last letter.
        self.print("date", dated().map(|case| (case, &case.date[..case.date.len() - 1], "wrong")))?;
        self.print(
            "key",
            judged.iter().map(|case| (case, "", &case.key[case.key.len() - 73..case.key.len() - 37])),
        )
    }

    /// Has a program print one line per case, and compares each with what it should be.
    fn print<'c>(
        &self,
        name: &str,
        asked: impl Iterator<Item = (&'c Judged, &'c str, &'c str)>,
    ) -> Result<()> {
        let (cases, expected): (Vec<Case>, Vec<&str>) =
            asked.map(|(case, text, expected)| (Case::new(&case.key, case.moment, text), expected)).unzip();
        let printed = Build::SMALL.program(self.target, name)?.run(self.shell, &cases)?;
        ensure!(printed.len() == cases.len(), "{name}: {} lines for {} cases", printed.len(), cases.len());
        for ((case, expected), printed) in cases.iter().zip(expected).zip(printed) {
            ensure!(printed == expected, "{name}, at {}: printed {printed}, not {expected}", case.seconds);
        }
        Ok(())
    }

    /// The firmware itself: it learns the time, and its second token matches Python's.
    fn bell(&self, judged: &[Judged]) -> Result<()> {
        let program = Build::SMALL.program(self.target, "notify-firmware")?;
        for case in judged {
            let uptime = case.moment % 100_000;
            let printed = program.run(self.shell, &[Case::new(&case.key, uptime, &case.date)])?;
            let good = format!("Authorization: Bearer {}", case.token);
            let service = &case.key[case.key.len() - 73..case.key.len() - 37];
            let verified = format!("Verified: {service} {}", case.moment);
            let [first, second, third] = &printed[..] else { anyhow::bail!("not three lines: {printed:?}") };
            ensure!(
                first.starts_with("Authorization: Bearer ") && *first != good,
                "it knew the time: {first}"
            );
            ensure!(*second == good, "the second token is {second}, not {good}");
            ensure!(*third == verified, "printed {third}, not {verified}");
            // It must not accept a time before it was built.
            let back = "Sun, 06 Nov 1994 08:49:37 GMT";
            let refused = program.run(self.shell, &[Case::new(&case.key, uptime, back)]);
            ensure!(refused.is_err(), "the clock was set back to {back}");
        }
        Ok(())
    }
}
