//! `cargo xtask numbering-plans`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools::python;

/// Where the sandbox keeps them.
const FOLDER: &str = "crates/notify-sandbox/src/recipient/phone";

/// How many random numbers per plan the sandbox's tests read.
const NUMBERS_OF_EACH: &str = "8";

/// The same plans give the same random numbers.
const SEED: &str = "1";

/// Writes the table of the world's numbering plans, and the random numbers to test the sandbox with
///
/// Takes them from the package phonenumbers, which the service uses. The version in
/// tests/interop/python/requirements.txt is that of the recorded service: later versions have other plans.
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
