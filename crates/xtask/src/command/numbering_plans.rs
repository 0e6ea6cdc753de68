//! `cargo xtask numbering-plans`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools::python;

/// Where the sandbox has them.
const FOLDER: &str = "crates/notify-sandbox/src/recipient/phone";

/// How many random numbers of each plan the sandbox's tests read.
const NUMBERS_OF_EACH: &str = "8";

/// The random numbers are the same for the same plans.
const SEED: &str = "1";

/// Writes the table of the world's numbering plans, and the random numbers that the sandbox is tested with
///
/// From the package phonenumbers, which the service uses. Its version, in tests/interop/python/requirements.txt, is that of
/// the service that was recorded: a later one has other plans.
#[derive(Debug, clap::Args)]
pub(crate) struct NumberingPlans {}

impl NumberingPlans {
    #[expect(clippy::unused_self, reason = "every command has its arguments, if only none")]
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let python = python::with_packages(shell, "tests/interop/python/requirements.txt")?;
        let script = "crates/xtask/src/command/numbering_plans.py";
        let (plans, numbers) = (format!("{FOLDER}/plans.txt"), format!("{FOLDER}/numbers.txt"));
        Ok(cmd!(shell, "{python} {script} {plans} {numbers} {NUMBERS_OF_EACH} {SEED}").run()?)
    }
}
