//! Every combination of features.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::tools::cargo_tool;
use crate::workspace;

/// Checks every published crate with every combination of its features. The crates left out (tests, examples and
/// tasks) have none to combine.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let hack = cargo_tool::require(shell, "cargo-hack", "0.6.46")?;
    let target = workspace::target_dir()?.join("powerset");
    let scope = [
        "check",
        "--workspace",
        "--exclude=xtask",
        "--exclude=notify-testkit",
        "--exclude=notify-conformance",
        "--exclude=notify-interop",
        "--exclude=notify-examples",
        "--feature-powerset",
    ];
    let report = Report::begin(shell, "powerset")?;
    let combinations = cmd!(shell, "{hack} hack {scope...} --print-command-list").read()?;
    cmd!(shell, "{hack} hack {scope...} --target-dir {target}").env("RUSTFLAGS", "-Dwarnings").run()?;
    let count = combinations.lines().count();
    report.write(
        shell,
        &format!("{count} combinations, all without a warning:\n\n```text\n{combinations}\n```"),
    )
}
