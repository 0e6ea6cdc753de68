//! `cargo xtask test`

use anyhow::Result;
use xshell::Shell;

use crate::step::Selection;
use crate::steps;

/// Proves the product, as on every change: at most 15 minutes on two cores, once things are compiled
///
/// All tests of the workspace, then the judges from outside: implementations in other languages that must agree with
/// ours. The steps go on after one has failed; the last lines say which did, and how to run it alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    #[command(flatten)]
    selection: Selection,
}

impl Test {
    pub(crate) fn run(&self, shell: &Shell) -> Result<()> {
        self.selection.run("test", steps::TEST, shell)
    }
}
