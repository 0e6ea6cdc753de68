//! What was measured now, and what was measured before.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use anyhow::{Context as _, Result};
use xshell::Shell;

use super::FOLDER;

/// How much a figure may grow before someone must look: two parts in a hundred.
const GROWTH: (u64, u64) = (2, 100);

/// Everything that was measured with one compiler and one emulator.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Their versions, one per line.
    pub(crate) tools: Vec<String>,
    /// By board and quantity: `("Cortex-M3", "mint s flash")`.
    pub(crate) values: BTreeMap<(String, String), u64>,
}

impl Figures {
    /// The committed figures; empty if there are none yet.
    pub(crate) fn committed(shell: &Shell) -> Result<Self> {
        if !shell.path_exists(path()) {
            return Ok(Self { tools: Vec::new(), values: BTreeMap::new() });
        }
        Self::parse(&shell.read_file(path())?)
    }

    /// Adds the figures that were not measured this time, if the tools are the same.
    pub(crate) fn complete(&mut self, before: Self) {
        if self.tools == before.tools {
            for (place, value) in before.values {
                self.values.entry(place).or_insert(value);
            }
        }
    }

    /// Writes the figures to the committed file.
    pub(crate) fn record(&self, shell: &Shell) -> Result<()> {
        Ok(shell.write_file(path(), self.to_string())?)
    }

    pub(crate) fn get(&self, board: &str, what: &str) -> Result<u64> {
        let value = self.values.get(&(board.to_owned(), what.to_owned()));
        value.copied().with_context(|| format!("{what} was not measured on {board}"))
    }

    pub(crate) fn set(&mut self, board: &str, what: &str, value: u64) {
        self.values.insert((board.to_owned(), what.to_owned()), value);
    }

    /// Describes what has grown too much since the other figures were measured; `None` if they were measured with
    /// other tools.
    pub(crate) fn growth_since(&self, before: &Self) -> Option<Vec<String>> {
        if self.tools != before.tools {
            return None;
        }
        let (parts, whole) = GROWTH;
        let grown = self.values.iter().filter_map(|(place, now)| {
            let before = *before.values.get(place)?;
            let (board, what) = place;
            ((now - before.min(*now)) * whole > before * parts)
                .then(|| format!("{what} on {board} has grown from {before} to {now}"))
        });
        Some(grown.collect())
    }

    fn parse(text: &str) -> Result<Self> {
        let (tools, values) = text.split_once("\n\n").context("no empty line after the tools")?;
        let tools = tools.lines().map(str::to_owned).collect();
        let values = values.lines().map(|line| {
            let (board, rest) = line.split_once(' ').context("a figure without a board")?;
            let (what, value) = rest.rsplit_once(' ').context("a figure without a value")?;
            Ok(((board.to_owned(), what.to_owned()), value.parse().with_context(|| line.to_owned())?))
        });
        Ok(Self { tools, values: values.collect::<Result<_>>()? })
    }
}

/// One line per figure: board, quantity, value.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tool in &self.tools {
            writeln!(f, "{tool}")?;
        }
        f.write_char('\n')?;
        for ((board, what), value) in &self.values {
            writeln!(f, "{board} {what} {value}")?;
        }
        Ok(())
    }
}

fn path() -> String {
    format!("{FOLDER}/figures.txt")
}

#[cfg(test)]
mod tests {
    use super::Figures;

    fn figures(emulator: &str, instructions: u64) -> Figures {
        let mut figures =
            Figures { tools: vec!["rustc 1".to_owned(), emulator.to_owned()], values: [].into() };
        figures.set("Cortex-M0", "mint s instructions", instructions);
        figures.set("RV32IMC", "mint s panics", 0);
        figures
    }

    #[test]
    fn what_was_recorded_is_read_as_it_was() {
        let figures = figures("QEMU 1", 10_000);
        assert_eq!(Figures::parse(&figures.to_string()).unwrap(), figures);
    }

    #[test]
    fn growth_of_more_than_two_percent_is_reported() {
        let grown = |now| figures("QEMU 1", now).growth_since(&figures("QEMU 1", 10_000)).unwrap();
        assert_eq!(grown(9_000), [""; 0]);
        assert_eq!(grown(10_200), [""; 0]);
        assert_eq!(grown(10_201), ["mint s instructions on Cortex-M0 has grown from 10000 to 10201"]);
    }

    #[test]
    fn what_was_not_measured_stays_as_it_was_recorded_with_the_same_tools() {
        let mut now = figures("QEMU 1", 9_000);
        let mut before = figures("QEMU 1", 10_000);
        before.set("RV32IMC", "mint 3 flash", 4_000);
        now.complete(before);
        assert_eq!(now.get("Cortex-M0", "mint s instructions").unwrap(), 9_000);
        assert_eq!(now.get("RV32IMC", "mint 3 flash").unwrap(), 4_000);

        let mut other = figures("QEMU 2", 9_000);
        other.complete(now);
        other.get("RV32IMC", "mint 3 flash").unwrap_err();
    }

    #[test]
    fn figures_of_other_tools_are_not_compared() {
        assert_eq!(figures("QEMU 2", 20_000).growth_since(&figures("QEMU 1", 10_000)), None);
    }
}
