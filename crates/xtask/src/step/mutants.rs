//! Mutations of the code that the tests must notice.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::tools::cargo_tool;
use crate::workspace;

/// The whole of notify-jwt.
pub(crate) fn jwt(shell: &Shell) -> Result<()> {
    run(shell, "mutants-jwt", &["--package", "notify-jwt"])
}

/// The state machine of the call, and its parts.
pub(crate) fn call(shell: &Shell) -> Result<()> {
    run(
        shell,
        "mutants-call",
        &[
            "--package",
            "notify-api",
            "--file",
            "crates/notify-api/src/call.rs",
            "--file",
            "crates/notify-api/src/call/**",
            // Its simulations take most of the time of each mutation, and no example is about it.
            "--cargo-arg=--config=profile.dev.package.notify-api.opt-level=1",
            "--cargo-test-arg=--lib",
            "--cargo-test-arg=--test=machine",
        ],
    )
}

fn run(shell: &Shell, name: &str, scope: &[&str]) -> Result<()> {
    let mutants = cargo_tool::require(shell, "cargo-mutants", "27.1.0")?;
    let output = workspace::target_dir()?.join(name);
    shell.create_dir(&output)?;
    let report = Report::begin(shell, name)?;
    let command = cmd!(shell, "{mutants} mutants {scope...} --no-shuffle --colors never --output {output}");
    let status = Command::from(command).status()?;
    // 0: all caught; 2: some missed; 3: some timed out. With anything else there is nothing to report.
    ensure!(
        matches!(status.code(), Some(0 | 2 | 3)),
        "cargo mutants could not do its work; see {}/mutants.out/log",
        output.display()
    );
    let list = |outcome: &str| -> Result<Vec<String>> {
        let text = shell.read_file(output.join("mutants.out").join(format!("{outcome}.txt")))?;
        Ok(text.lines().map(str::to_owned).collect())
    };
    let (caught, unviable) = (list("caught")?.len(), list("unviable")?.len());
    let (missed, timeout) = (list("missed")?, list("timeout")?);
    let mut text = format!(
        "{caught} caught, {} missed, {} timed out, {unviable} do not compile.\n",
        missed.len(),
        timeout.len()
    );
    for (title, mutants) in [("Missed", &missed), ("Timed out (noticed, by never ending)", &timeout)] {
        if !mutants.is_empty() {
            writeln!(text, "\n{title}:\n\n```text\n{}\n```", mutants.join("\n"))?;
        }
    }
    report.write(shell, &text)?;
    ensure!(
        missed.is_empty(),
        "{} changes went unnoticed: write the tests that notice them, or exclude one with its reason in .cargo/mutants.toml\n{}",
        missed.len(),
        missed.join("\n")
    );
    Ok(())
}
