//! `cargo xtask bench-outbox`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use xshell::{Shell, cmd};

use crate::results::Report;
use crate::step::outbox;
use crate::workspace;

/// What has to be reached: the name of a figure, its bar, and what it is a figure of.
const BARS: [Bar; 5] = [
    Bar::at_least("journal/64/per-fsync", 50.0, "messages a bare fsync in a file, with 64 at once"),
    Bar::at_least("journal/256/per-fsync", 150.0, "messages a bare fsync in a file, with 256 at once"),
    Bar::at_least("postgres/64/per-fsync", 20.0, "messages a bare fsync in PostgreSQL, with 64 at once"),
    Bar::at_least(
        "postgres/64/factor-of-two",
        1.5,
        "times as many with two workers on PostgreSQL, with 64 at once",
    ),
    Bar::at_most("postgres/slot/microseconds", 10.0, "microseconds to lease a slot of the pace"),
];
const AT_ONCE: [u32; 4] = [1, 16, 64, 256];

/// Measures what a message costs in the outbox, in a file and in PostgreSQL, beside bare `fsync`s of the same disk
///
/// Fails when a store does too few messages a bare `fsync`. Waits for a processor are left out, except where two workers may
/// wait for each other. The disk should do nothing else meanwhile.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchOutbox {
    /// Prints the tables and holds the outbox to no bar
    #[arg(long)]
    no_bars: bool,
}

impl BenchOutbox {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let figures = Figures::measure(shell)?;
        print!("{}", figures.print()?);
        if self.no_bars { Ok(()) } else { figures.check() }
    }
}

/// The same as a step that leaves a dated result, whether or not a bar is missed.
pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    let report = Report::begin(shell, "bench-outbox")?;
    let figures = Figures::measure(shell)?;
    report.write(shell, &figures.print()?)?;
    figures.check()
}

struct Bar {
    figure: &'static str,
    least: f64,
    most: f64,
    what: &'static str,
}

impl Bar {
    const fn at_least(figure: &'static str, least: f64, what: &'static str) -> Self {
        Self { figure, least, most: f64::INFINITY, what }
    }

    const fn at_most(figure: &'static str, most: f64, what: &'static str) -> Self {
        Self { figure, least: 0.0, most, what }
    }

    fn says(&self) -> String {
        if self.most.is_finite() {
            format!("at most {}", self.most)
        } else {
            format!("at least {}", self.least)
        }
    }
}

/// What was measured, by its name: `journal/64/per-fsync`.
struct Figures(BTreeMap<String, f64>);

impl Figures {
    fn measure(shell: &Shell) -> Result<Self> {
        outbox::require_postgres(shell)?;
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
        let mut text = "In a file:\n\n\
                        | at once | payload | messages a second | bare fsyncs a second | messages a fsync |\n\
                        | ---: | --- | ---: | ---: | ---: |\n"
            .to_owned();
        for (kind, says) in [("journal", "elsewhere"), ("payload", "300 bytes")] {
            for at_once in AT_ONCE {
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
        text += "\nIn PostgreSQL, with payloads of 300 bytes:\n\n\
                 | at once, each worker | one worker, messages a second | bare fsyncs a second | messages a fsync \
                 | two workers, messages a second | factor |\n\
                 | ---: | ---: | ---: | ---: | ---: | ---: |\n";
        for at_once in AT_ONCE {
            let get = |what: &str| self.get(&format!("postgres/{at_once}/{what}"));
            writeln!(
                text,
                "| {at_once} | {:.0} | {:.0} | {:.1} | {:.0} | {:.2} |",
                get("messages")?,
                get("fsyncs")?,
                get("per-fsync")?,
                get("two-workers")?,
                get("factor-of-two")?
            )?;
        }
        text += "\nEach is the median of slices that take turns with the bare disk. Waits for a processor are left out, except \
                 with two workers, which may wait for each other.\n\n| bar | | measured |\n| --- | ---: | ---: |\n";
        for bar in BARS {
            writeln!(text, "| {} | {} | {} |", bar.what, bar.says(), self.get(bar.figure)?)?;
        }
        Ok(text)
    }

    /// Names every bar that is missed.
    fn check(&self) -> Result<()> {
        let mut missed = Vec::new();
        for bar in BARS {
            let measured = self.get(bar.figure)?;
            if !(bar.least..=bar.most).contains(&measured) {
                missed.push(format!("{measured} {}, {}", bar.what, bar.says()));
            }
        }
        ensure!(missed.is_empty(), "{}", missed.join("; "));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that is measured, each bar reached; but for one figure.
    fn figures(but: &str, measured: f64) -> Figures {
        let mut text = String::new();
        for kind in ["journal", "payload", "postgres"] {
            for at_once in AT_ONCE {
                for what in ["messages", "fsyncs", "two-workers"] {
                    writeln!(text, "{kind}/{at_once}/{what} 100").unwrap();
                }
                writeln!(text, "{kind}/{at_once}/per-fsync 150\n{kind}/{at_once}/factor-of-two 1.5").unwrap();
            }
        }
        writeln!(text, "postgres/slot/microseconds 10\n{but} {measured}").unwrap();
        Figures::read(&text).unwrap()
    }

    #[test]
    fn each_bar_that_is_missed_is_named() {
        figures("journal/64/per-fsync", 50.0).check().unwrap();
        for (figure, measured, says) in [
            (
                "journal/64/per-fsync",
                49.9,
                "49.9 messages a bare fsync in a file, with 64 at once, at least 50",
            ),
            (
                "postgres/64/per-fsync",
                19.9,
                "19.9 messages a bare fsync in PostgreSQL, with 64 at once, at least 20",
            ),
            ("postgres/64/factor-of-two", 1.4, "1.4 times as many with two workers"),
            ("postgres/slot/microseconds", 10.1, "10.1 microseconds to lease a slot of the pace, at most 10"),
        ] {
            let missed = figures(figure, measured);
            let error = missed.check().unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
            missed.print().unwrap();
        }
    }

    #[test]
    fn the_tables_show_what_was_measured() {
        let text = figures("journal/64/per-fsync", 49.9).print().unwrap();
        assert!(text.contains("| 64 | elsewhere | 100 | 100 | 49.9 |"), "{text}");
        assert!(text.contains("| 64 | 100 | 100 | 150.0 | 100 | 1.50 |"), "{text}");
        assert!(text.contains("| microseconds to lease a slot of the pace | at most 10 | 10 |"), "{text}");
    }
}
