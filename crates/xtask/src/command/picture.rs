//! `cargo xtask picture`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

/// Draws the picture of the demo in the README, crates/notify-cli/demo.svg
///
/// A test fails when the picture is out of date.
#[derive(Debug, clap::Args)]
pub(crate) struct Picture {}

impl Picture {
    #[expect(clippy::unused_self, reason = "every command has its arguments, if only none")]
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let cargo = workspace::cargo();
        // The test that compares the picture also draws it.
        let draw = cmd!(shell, "{cargo} test --quiet --package notify-cli --test cli picture");
        Ok(draw.env("NOTIFY_DRAW_PICTURE", "1").run()?)
    }
}
