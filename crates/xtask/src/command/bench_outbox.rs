//! `cargo xtask bench-outbox`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::workspace;

/// How many messages are under way at once, and how many of them a file does at least for each bare `fsync`.
const BARS: [(u32, f64); 4] = [(1, 0.0), (16, 0.0), (64, 50.0), (256, 150.0)];

/// Measures what a message costs in the outbox's file, beside bare `fsync`s of the same disk in the same run
///
/// Fails when the file does too few messages a bare `fsync`. The machine should do nothing else meanwhile.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchOutbox {
    /// Prints the table and holds the outbox to no bar
    #[arg(long)]
    no_bars: bool,
}

impl BenchOutbox {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let table = Table::measure(shell)?;
        print!("{}", table.print()?);
        if self.no_bars { Ok(()) } else { table.check() }
    }
}

/// The same as a step that leaves a dated result, whether or not a bar is missed.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "bench-outbox")?;
    let table = Table::measure(shell)?;
    report.write(shell, &table.print()?)?;
    table.check()
}

/// What was measured, by its name: `journal/64/per-fsync`.
struct Table(BTreeMap<String, f64>);

impl Table {
    fn measure(shell: &Shell) -> Result<Self> {
        let cargo = workspace::cargo();
        Self::read(
            &cmd!(shell, "{cargo} bench --quiet --package notify-outbox-bench --bench commits").read()?,
        )
    }

    fn read(text: &str) -> Result<Self> {
        let line = |line: &str| -> Result<(String, f64)> {
            let (name, number) = line.split_once(' ').context("a line is a name and a number")?;
            Ok((name.to_owned(), number.parse().with_context(|| format!("not a number: {number}"))?))
        };
        text.lines().map(line).collect::<Result<_>>().map(Self)
    }

    fn get(&self, name: &str) -> Result<f64> {
        self.0.get(name).copied().with_context(|| format!("{name} was not measured"))
    }

    fn print(&self) -> Result<String> {
        let mut text =
            "| at once | payload | messages a second | bare fsyncs a second | messages a fsync |\n\
                        | ---: | --- | ---: | ---: | ---: |\n"
                .to_owned();
        for (kind, says) in [("journal", "elsewhere"), ("payload", "300 bytes")] {
            for (at_once, _) in BARS {
                let get = |what: &str| self.get(&format!("{kind}/{at_once}/{what}"));
                writeln!(
                    text,
                    "| {at_once} | {says} | {:.0} | {:.0} | {:.1} |",
                    get("messages")?,
                    get("fsyncs")?,
                    get("per-fsync")?
                )?;
            }
        }
        Ok(text)
    }

    fn check(&self) -> Result<()> {
        for (at_once, least) in BARS {
            let does = self.get(&format!("journal/{at_once}/per-fsync"))?;
            ensure!(does >= least, "{does} messages a fsync with {at_once} at once, at least {least}");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_does_too_few_messages_a_fsync_misses_its_bar() {
        let text = |at_64: f64| {
            let mut text = String::new();
            for kind in ["journal", "payload"] {
                for (at_once, does) in [(1, 1.0), (16, 9.0), (64, at_64), (256, 160.0)] {
                    for (what, number) in [("messages", 100.0), ("fsyncs", 100.0), ("per-fsync", does)] {
                        writeln!(text, "{kind}/{at_once}/{what} {number}").unwrap();
                    }
                }
            }
            text
        };
        Table::read(&text(50.0)).unwrap().check().unwrap();
        let missed = Table::read(&text(49.9)).unwrap();
        assert!(missed.check().unwrap_err().to_string().contains("with 64 at once"));
        assert!(missed.print().unwrap().contains("| 64 | elsewhere | 100 | 100 | 49.9 |"));
    }
}
