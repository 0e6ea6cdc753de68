//! A built program, and how to run it.

use std::fmt::Write as _;
use std::io::{BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use xshell::Shell;

use super::FOLDER;
use super::trace::{Call, Function};
use crate::tools::debian;
use crate::workspace;

/// One line of a program's input.
pub(crate) struct Case {
    pub(crate) key: String,
    pub(crate) seconds: u64,
    /// A token, a date, or nothing, depending on the program.
    pub(crate) text: String,
}

impl Case {
    pub(crate) fn new(key: &str, seconds: u64, text: &str) -> Self {
        Self { key: key.to_owned(), seconds, text: text.to_owned() }
    }
}

/// A program for one target.
pub(crate) struct Program {
    pub(crate) target: String,
    pub(crate) path: PathBuf,
}

impl Program {
    /// Runs it as `cargo run` does, and returns what it printed if it exited with 0.
    pub(crate) fn run(&self, shell: &Shell, cases: &[Case]) -> Result<Vec<String>> {
        let output = self.command(shell, cases, &[])?.stdin(Stdio::null()).output()?;
        let printed = String::from_utf8_lossy(&output.stdout);
        ensure!(
            output.status.success(),
            "{} exited with {}: {printed}{}",
            self.path.display(),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(printed.lines().map(str::to_owned).collect())
    }

    /// Runs it one instruction at a time, and returns the calls of a function. With registers, which take fifty times
    /// as long, it also returns their stack. It looks only at code in these address ranges.
    pub(crate) fn trace(
        &self,
        shell: &Shell,
        cases: &[Case],
        function: &mut Function,
        ranges: &str,
        registers: bool,
    ) -> Result<Vec<Call>> {
        let log = if registers { "nochain,exec,cpu" } else { "nochain,exec" };
        let mut child = self
            .command(shell, cases, &["-singlestep", "-d", log, "-dfilter", ranges])?
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = child.stderr.take().context("the log was asked for")?;
        let mut log = BufReader::with_capacity(1 << 16, log);
        let calls = function.calls(&mut log);
        // The emulator would wait until someone reads the rest.
        log.read_to_end(&mut Vec::new())?;
        let status = child.wait()?;
        ensure!(status.success(), "{} exited with {status}", self.path.display());
        calls
    }

    /// The path of the file.
    pub(crate) fn bytes(&self, shell: &Shell) -> Result<Vec<u8>> {
        Ok(shell.read_binary_file(&self.path)?)
    }

    /// The command from the firmware's own configuration for the target, in a folder with these cases.
    fn command(&self, shell: &Shell, cases: &[Case], more: &[&str]) -> Result<Command> {
        let configuration = shell.read_file(format!("{FOLDER}/.cargo/config.toml"))?;
        let runner = runner(&configuration, &self.target)
            .with_context(|| format!("{FOLDER}/.cargo/config.toml has no runner for {}", self.target))?;
        let mut words = runner.split(' ');
        let program = words.next().unwrap_or_default();
        // A program that is not on the path is named relative to the firmware's folder.
        let program = match program.strip_prefix("./") {
            Some(file) => shell.current_dir().join(FOLDER).join(file),
            None => program.into(),
        };
        let folder = workspace::target_dir()?.join("firmware-runs").join(&self.target);
        let mut input = String::new();
        for Case { key, seconds, text } in cases {
            writeln!(input, "{key}\t{seconds}\t{text}")?;
        }
        shell.write_file(folder.join("input.txt"), input)?;
        let mut command = Command::new(program);
        command.current_dir(folder).args(words).arg(&self.path).args(more);
        Ok(command)
    }
}

/// The runner of a target in a Cargo configuration.
fn runner<'c>(configuration: &'c str, target: &str) -> Option<&'c str> {
    let (_, section) = configuration.split_once(&format!("[target.{target}]\n"))?;
    let line = section.lines().next()?.strip_prefix("runner = \"")?;
    line.strip_suffix('"')
}

/// Installs what the runners call, if it is missing.
pub(crate) fn require_emulators(shell: &Shell) -> Result<()> {
    debian::require(shell, &["qemu-system-arm", "--version"], &["qemu-system-arm"])?;
    debian::require(shell, &["qemu-system-riscv32", "--version"], &["qemu-system-misc"])?;
    debian::require(shell, &["node", "--version"], &["nodejs"])
}
