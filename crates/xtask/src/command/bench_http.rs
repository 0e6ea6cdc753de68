//! `cargo xtask bench-http`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::tools::debian;
use crate::workspace;

/// A send through the client may take at most this many times the instructions of bare reqwest.
const INSTRUCTIONS: f64 = 1.07;

/// The most memory that a process may use with 256 messages in flight, in units of 1,024 bytes.
const KILOBYTES: f64 = 16.0 * 1_024.0;

/// The measured speeds: the name, a description, and the least ratio to bare reqwest's speed, minus the difference
/// between two runs of bare reqwest.
///
/// Against a service that takes its time, the client must be just as fast. Against one that answers at once, only
/// processor time matters, so the speed may drop by as much as the instructions may grow.
const SPEEDS: [(&str, &str, f64); 2] = [
    ("in-5-ms", "messages a second, 32 in flight, of a service that answers after 5 ms", 1.0),
    ("at-once", "messages a second, 32 in flight, of one that answers at once", 1.0 / INSTRUCTIONS),
];

/// How much two runs of bare reqwest differ now and then, even if they did not this time.
const NOISE: f64 = 0.01;

/// Measures what a send costs through the client, compared with bare reqwest doing the same POST
///
/// Instructions are counted by valgrind and include the token on both sides. Fails if the client misses a bar.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchHttp {
    /// Print the table, and ignore the bars
    #[arg(long)]
    no_bars: bool,
}

impl BenchHttp {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let table = Table::measure(shell)?;
        print!("{}", table.print()?);
        if self.no_bars { Ok(()) } else { table.check() }
    }
}

/// The same as a step that writes a dated result, even if a bar is missed.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "bench-http")?;
    let table = Table::measure(shell)?;
    report.write(shell, &table.print()?)?;
    table.check()
}

/// The measured values by name: `instructions/ours`.
struct Table(BTreeMap<String, f64>);

impl Table {
    fn measure(shell: &Shell) -> Result<Self> {
        debian::require(shell, &["valgrind", "--version"], &["valgrind"])?;
        let cargo = workspace::cargo();
        Self::read(&cmd!(shell, "{cargo} bench --quiet --package notify-http-bench --bench send").read()?)
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

    /// The ratio to bare reqwest.
    fn ratio(&self, what: &str) -> Result<f64> {
        Ok(self.get(&format!("{what}/ours"))? / self.get(&format!("{what}/bare"))?)
    }

    /// How much two measurements of the same speed differ, as a fraction of it.
    fn noise(&self, speed: &str) -> Result<f64> {
        Ok((self.get(&format!("{speed}/again"))? - 1.0).abs())
    }

    fn print(&self) -> Result<String> {
        let mut text =
            "| a send | client | bare reqwest | client / bare |\n| --- | ---: | ---: | ---: |\n".to_owned();
        let mut row = |says: &str, ours: f64, bare: f64| {
            writeln!(text, "| {says} | {ours:.0} | {bare:.0} | {:.3} |", ours / bare)
        };
        for (what, says) in
            [("instructions", "instructions"), ("kilobytes", "peak memory with 256 in flight, KiB")]
        {
            row(says, self.get(&format!("{what}/ours"))?, self.get(&format!("{what}/bare"))?)?;
        }
        for (speed, says, _) in SPEEDS {
            let bare = self.get(&format!("{speed}/bare"))?;
            row(says, bare * self.get(&format!("{speed}/ours"))?, bare)?;
        }
        let [in_5_ms, at_once] = SPEEDS.map(|(speed, _, _)| self.noise(speed));
        writeln!(
            text,
            "\nTwo runs of bare reqwest: {:.1} % and {:.1} % apart in speed.",
            in_5_ms? * 100.0,
            at_once? * 100.0
        )?;
        Ok(text)
    }

    fn check(&self) -> Result<()> {
        let instructions = self.ratio("instructions")?;
        ensure!(
            instructions <= INSTRUCTIONS,
            "a send is {instructions:.3} times bare reqwest's instructions, over {INSTRUCTIONS}"
        );
        let kilobytes = self.get("kilobytes/ours")?;
        ensure!(kilobytes <= KILOBYTES, "256 in flight take {kilobytes:.0} KiB, over {KILOBYTES}");
        for (speed, says, bar) in SPEEDS {
            let (rate, least) = (self.get(&format!("{speed}/ours"))?, bar - self.noise(speed)?.max(NOISE));
            ensure!(rate >= least, "{says}: {rate:.3} times as many as bare reqwest, under {least:.3}");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "instructions/bare 100\ninstructions/ours 106\nkilobytes/bare 9000\nkilobytes/ours 9500\n\
                        at-once/bare 1000\nat-once/ours 0.998\nat-once/again 1.005\n\
                        in-5-ms/bare 1000\nin-5-ms/ours 1.001\nin-5-ms/again 1.0\n";

    #[test]
    fn a_client_that_costs_little_more_passes() {
        let table = Table::read(GOOD).unwrap();
        table.check().unwrap();
        assert!(table.print().unwrap().contains("| instructions | 106 | 100 | 1.060 |"));
    }

    #[test]
    fn each_bar_can_be_missed() {
        for (good, bad) in [
            ("instructions/ours 106", "instructions/ours 108"),
            ("kilobytes/ours 9500", "kilobytes/ours 16500"),
            ("at-once/ours 0.998", "at-once/ours 0.91"),
            ("in-5-ms/ours 1.001", "in-5-ms/ours 0.98"),
            ("at-once/ours 0.998\n", ""),
        ] {
            assert!(GOOD.contains(good));
            assert!(Table::read(&GOOD.replace(good, bad)).unwrap().check().is_err(), "{bad}");
        }
    }
}
