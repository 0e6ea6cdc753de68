//! `cargo xtask inbox`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools::{debian, node};
use crate::workspace;

/// What the picture in the README is.
const PICTURE: &str = "docs/inbox.png";

/// Drives the sandbox's inbox in Chromium
///
/// Messages appear live and stay text, filters narrow them, axe-core finds nothing in light and dark, and no other site gets
/// in.
#[derive(Debug, clap::Args)]
pub(crate) struct Inbox {
    /// Take the picture in the README, docs/inbox.png, instead
    #[arg(long)]
    picture: bool,
}

impl Inbox {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        if self.picture { picture(shell) } else { on_every_change(shell) }
    }
}

/// As a step.
pub(crate) fn on_every_change(shell: &Shell) -> Result<()> {
    let modules = prepare(shell)?;
    let program = workspace::bin_dir()?.join("notify");
    let tests = cmd!(shell, "node --test tests/browser/");
    Ok(tests.env("NODE_PATH", modules).env("NOTIFY_PROGRAM", program).run()?)
}

fn picture(shell: &Shell) -> Result<()> {
    let modules = prepare(shell)?;
    let program = workspace::bin_dir()?.join("notify");
    let picture = cmd!(shell, "node tests/browser/picture.cjs {PICTURE}");
    Ok(picture.env("NODE_PATH", modules).env("NOTIFY_PROGRAM", program).run()?)
}

/// Builds the program and installs what drives the browser. Returns the folder for `NODE_PATH`.
fn prepare(shell: &Shell) -> Result<std::path::PathBuf> {
    let cargo = workspace::cargo();
    cmd!(shell, "{cargo} build --quiet --workspace --bin notify").run()?;
    debian::require(shell, &["/usr/bin/chromium", "--version"], &["chromium"])?;
    node::modules(shell, "tests/browser/package.json")
}
