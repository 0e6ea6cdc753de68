//! Dated results of long runs, committed with the code.

use std::time::Instant;

use anyhow::Result;
use xshell::{Shell, cmd};

/// A result in progress: it knows its commit and its start time.
pub(crate) struct Report<'a> {
    name: &'a str,
    start: Instant,
    code: String,
}

impl<'a> Report<'a> {
    /// Starts the result of this name, and notes the commit now, because work may go on meanwhile.
    pub(crate) fn begin(shell: &Shell, name: &'a str) -> Result<Self> {
        let commit = cmd!(shell, "git rev-parse --short=12 HEAD").quiet().read()?;
        let clean = cmd!(shell, "git status --porcelain --untracked-files=no").quiet().read()?.is_empty();
        let changes = if clean { "" } else { " with uncommitted changes" };
        Ok(Self { name, start: Instant::now(), code: format!("{commit}{changes}") })
    }

    /// Writes `tests/results/<date>-<name>.md`: what was found, and for which code, compiler and machine.
    pub(crate) fn write(&self, shell: &Shell, findings: &str) -> Result<()> {
        let date = cmd!(shell, "date -u +%Y-%m-%d").quiet().read()?;
        let rustc = cmd!(shell, "rustc --version").quiet().read()?;
        let minutes = self.start.elapsed().as_secs_f64() / 60.0;
        let cores = std::thread::available_parallelism()?;
        let processor = processor(shell);
        let path = format!("tests/results/{date}-{}.md", self.name);
        let text = format!(
            "# {} on {date}\n\n{}\n\nCommit {}; {rustc}; {cores} cores of {processor}; \
             {minutes:.1} minutes.\nAgain: `cargo xtask prove --only {}`.\n",
            self.name,
            findings.trim_end(),
            self.code,
            self.name
        );
        shell.write_file(&path, text)?;
        eprintln!("wrote {path}: commit it");
        Ok(())
    }
}

fn processor(shell: &Shell) -> String {
    shell
        .read_file("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        })
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}
