//! The tests that need only Rust.

use std::io::{self, BufRead, BufReader, Write};
use std::num::NonZero;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result, ensure};
use xshell::Shell;

use crate::workspace;

/// How many tests to run at once.
pub(crate) const TEST_THREADS: &str = "RUST_TEST_THREADS";

/// Three for each core, since many tests wait: for a program, or until a token is too old.
pub(crate) fn threads() -> String {
    (3 * thread::available_parallelism().map_or(1, NonZero::get)).to_string()
}

/// All tests, including documentation tests.
///
/// Its output is thousands of lines long, so the error names the tests that failed.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    let mut tests = Command::new(workspace::cargo())
        .args(["test", "--workspace", "--no-fail-fast"])
        // A test that needs more than Rust is ignored here, and fails even where PostgreSQL is installed.
        .env("NOTIFY_POSTGRES_BIN", "/nonexistent")
        .env(TEST_THREADS, threads())
        .current_dir(shell.current_dir())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let output = tests.stdout.take().context("cargo has no output")?;
    let failed = copy(BufReader::new(output), io::stdout().lock())?;
    let status = tests.wait()?;
    ensure!(status.success(), "cargo test --workspace: {status}\n{}", failed.join("\n"));
    Ok(())
}

/// Copies what tests print, line by line, and returns the lines that say that a test failed.
fn copy(mut from: impl BufRead, mut to: impl Write) -> io::Result<Vec<String>> {
    let (mut failed, mut line) = (Vec::new(), Vec::new());
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        let text = String::from_utf8_lossy(&line);
        if text.starts_with("test ") && text.trim_end().ends_with("FAILED") {
            failed.push(format!("  {}", text.trim_end()));
        }
        line.clear();
    }
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_tests_are_named_and_everything_is_still_printed() {
        let printed = b"running 2 tests\ntest a ... ok\ntest b::c ... FAILED\n\xff\ntest result: FAILED. 1 passed; 1 failed";
        let mut copied = Vec::new();
        let failed = copy(&printed[..], &mut copied).unwrap();
        assert_eq!(copied, printed);
        assert_eq!(failed, ["  test b::c ... FAILED"]);
    }
}
