//! `cargo xtask picture`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::workspace;

/// Draws the pictures in the README: the demo and a session, crates/notify-cli/demo.svg and session.svg
///
/// A test fails when a picture is out of date.
#[derive(Debug, clap::Args)]
pub(crate) struct Picture {}

impl Picture {
    #[expect(clippy::unused_self, reason = "every command has its arguments, if only none")]
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let cargo = workspace::cargo();
        // The tests that compare the pictures also draw them.
        let draw = cmd!(shell, "{cargo} test --quiet --package notify-cli --test cli picture");
        Ok(draw.env("NOTIFY_DRAW_PICTURE", "1").run()?)
    }
}
