//! `cargo xtask prove`

use anyhow::Result;
use xshell::Shell;

use crate::step::Selection;
use crate::steps;

/// Proves what takes hours, and writes dated results to tests/results/, to be committed
///
/// Run it before a release and after deep changes. Each step writes a result of its own, so that one can be run alone
/// with --only.
#[derive(Debug, clap::Args)]
pub(crate) struct Prove {
    #[command(flatten)]
    selection: Selection,
}

impl Prove {
    pub(crate) fn run(&self, shell: &Shell) -> Result<()> {
        self.selection.run("prove", steps::PROVE, shell)
    }
}
