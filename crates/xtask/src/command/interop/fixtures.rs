//! `cargo xtask interop fixtures`

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::tools::{node, python};
use crate::workspace;

/// Tests Python and Node programs with the sandbox, using the fixtures of the examples
///
/// Runs the examples for pytest and for Node's test runner, and a longer suite in pytest, against the program `notify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Fixtures {}

impl Fixtures {
    #[expect(clippy::unused_self, reason = "it has no options yet")]
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        on_every_change(shell)
    }
}

/// As a step.
pub(crate) fn on_every_change(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    cmd!(shell, "{cargo} build --quiet --workspace --bin notify --bin worlds").run()?;
    let _worlds = shell.push_env("NOTIFY_WORLDS", workspace::bin_dir()?.join("worlds"));
    let _program = shell.push_env("NOTIFY_PROGRAM", workspace::bin_dir()?.join("notify"));
    // If one fails, the others still run.
    let outcomes = [
        in_python(shell, "examples/python"),
        in_python(shell, "tests/interop/python/sandbox"),
        in_node(shell),
    ];
    let failed: Vec<String> =
        outcomes.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(failed.is_empty(), "these tests fail with the sandbox:\n{}", failed.join("\n"));
    Ok(())
}

fn in_python(shell: &Shell, folder: &str) -> Result<()> {
    let python = python::with_packages(shell, "tests/interop/python/requirements.txt")?;
    // The longer suite uses the example's fixture too.
    let path = shell.current_dir().join("examples/python");
    // Nothing may be left behind in the source tree.
    let options = ["-q", "-p", "no:cacheprovider"];
    cmd!(shell, "{python} -B -m pytest {options...} {folder}").env("PYTHONPATH", path).run()?;
    Ok(())
}

fn in_node(shell: &Shell) -> Result<()> {
    let modules = node::modules(shell, "tests/interop/node/package.json")?;
    cmd!(shell, "node --test examples/node/").env("NODE_PATH", modules).run()?;
    Ok(())
}
